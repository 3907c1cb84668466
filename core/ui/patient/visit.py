"""How a browser is known between its requests: one cookie, and the hash of it."""

import hashlib
from collections.abc import Mapping
from typing import Final


NAME: Final = "patient"
COOKIE: Final = "ozone_visit"


def secret_in(cookies: Mapping[str, str]) -> str:
    """The visit's secret; "" where there is none."""
    return cookies.get(COOKIE, "")


def browser_of(secret: str) -> str:
    """What binds a ticket to this browser without telling the secret."""
    return hashlib.sha256(f"{COOKIE} {secret}".encode()).hexdigest()
