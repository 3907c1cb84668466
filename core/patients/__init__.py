"""Register and find patients."""
