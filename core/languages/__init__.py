"""What patients read, one file per language."""
