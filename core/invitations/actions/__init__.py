"""What is done with an invitation, by the practice, the patient and the service."""
