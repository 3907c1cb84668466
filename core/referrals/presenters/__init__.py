"""What screens of the practice, and the specialist's, show of a referral."""
