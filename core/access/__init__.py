"""Who someone is, what they may do, and what they may see."""
