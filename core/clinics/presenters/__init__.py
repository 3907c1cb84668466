"""What is shown of clinics."""
