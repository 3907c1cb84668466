"""Numbers: extract, build, read, suppress, draw."""
