"""The numbers that stand for people and things, as the standard library has them."""

import hmac

from core.config import settings


def number(kind, one):
    """64 bits of HMAC-SHA-256 under the key of the pseudonyms."""
    digest = hmac.digest(
        settings().key("pseudonyms"), f"{kind}:{one}".encode(), "sha256"
    )
    return int.from_bytes(digest[:8], "big", signed=True)
