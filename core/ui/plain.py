"""Other people's words on a page."""

_MARKS = frozenset(r"\`*_{}[]()<>#+-.!|~$:")


def plain(words: str) -> str:
    """Words in which nothing is formatting, for use inside Markdown."""
    return "".join(f"\\{c}" if c in _MARKS else c for c in words)
