"""Who may come in without an account: a patient, by a weblink, to their own referral."""
