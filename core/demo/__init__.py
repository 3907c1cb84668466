"""A believable synthetic service."""
