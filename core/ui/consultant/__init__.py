"""The specialist's screens."""
