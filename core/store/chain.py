"""Rows that cannot be changed unseen: each carries a hash of itself and the last."""

import hashlib
import json
from collections.abc import Mapping


START = "0" * 64


def link(previous: str, content: Mapping[str, object]) -> str:
    """The hash of a row that follows ``previous``; ``content`` as JSON can hold it."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(f"{previous}{text}".encode()).hexdigest()
