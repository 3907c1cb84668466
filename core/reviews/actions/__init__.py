"""What a specialist does to a referral."""
