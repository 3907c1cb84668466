"""The service's numbers: extracted without names, built, checked, published, read."""
