"""Sessions from files: what a table or a calendar says, before it is judged. Pure."""
