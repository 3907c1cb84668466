"""What is done with clinics."""
