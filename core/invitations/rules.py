"""Tokens, codes and secrets: how they are made, written and compared."""

import hashlib
import hmac
import re
import secrets
from datetime import date

from core.kernel.ids import new_reference


_BYTES = 16
# What people take for each other when they copy a code by hand.
_MISREAD = str.maketrans("", "", " -–.")


def new_token() -> str:
    """128 random bits as 22 characters that fit an address."""
    return secrets.token_urlsafe(_BYTES)


def new_code() -> str:
    """A code to read out over the telephone: eight letters and digits, in two groups."""
    return new_reference()


def hashed(secret: str) -> str:
    """What is kept of a token, a code or a visit's secret.

    They are random and long, so that a plain hash tells nothing about them.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def normalised(code: str) -> str:
    """A code as it was made, however it was typed."""
    bare = code.upper().translate(_MISREAD)
    return f"{bare[:4]}-{bare[4:]}"


def could_be_token(text: str) -> bool:
    """Whether it has the shape of one: nothing else is looked for."""
    return re.fullmatch(r"[A-Za-z0-9_-]{22}", text) is not None


def same_day(one: date, other: date) -> bool:
    """Whether two dates agree, compared in constant time."""
    return hmac.compare_digest(one.isoformat(), other.isoformat())


def same(one: str, other: str) -> bool:
    """Whether two hashes agree, compared in constant time."""
    return hmac.compare_digest(one, other)
