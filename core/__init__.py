"""Ozone: what every app shares. The order of imports is in pyproject.toml."""
