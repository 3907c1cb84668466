"""Columns that identify a person: encrypted one by one, whatever the database.

A sealed column cannot be searched. What must be found (an NHS number, a date of
birth) has a second column with a keyed hash, see ``index``.
"""

import hmac
import os
from collections.abc import Iterable
from functools import lru_cache

import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.engine import Dialect

from core.config import settings


_NONCE = 12


class Sealed(sa.TypeDecorator[str]):
    """Text under AES-256-GCM."""

    impl = sa.LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Seal."""
        if value is None:
            return None
        nonce = os.urandom(_NONCE)
        return nonce + _cipher().encrypt(nonce, value.encode(), None)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Open. Raises InvalidTag where the key is not the one it was sealed with."""
        if value is None:
            return None
        return _cipher().decrypt(value[:_NONCE], value[_NONCE:], None).decode()


def index(kind: str, value: str) -> str:
    """A keyed hash to find ``value`` by; equal values of one kind have equal hashes."""
    return hmac.digest(settings().key("index"), f"{kind}:{value}".encode(), "sha256")[
        :16
    ].hex()


def unseal(values: Iterable[bytes]) -> list[str]:
    """Open many at once. Raises InvalidTag as the column does."""
    opened = _cipher().decrypt
    return [opened(one[:_NONCE], one[_NONCE:], None).decode() for one in values]


def _cipher() -> AESGCM:
    return _cipher_under(settings().master_key.get_secret_value())


@lru_cache(maxsize=4)
def _cipher_under(_master_key: str) -> AESGCM:
    # By key, so that a process that turns to other settings seals by those.
    return AESGCM(settings().key("sealed"))
