"""A referral's life from draft to closed."""
