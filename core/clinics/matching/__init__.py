"""Who is seen where, when and by whom. Pure: numbers in, a plan with its prices out."""
