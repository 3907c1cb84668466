"""Practices and the devices on their desks."""
