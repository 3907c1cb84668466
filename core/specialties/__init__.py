"""A specialty, read from its reference file."""
