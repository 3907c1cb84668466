"""The four entry scripts."""
