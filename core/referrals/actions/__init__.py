"""What is done to a referral by the practice, and the one way to move its state."""
