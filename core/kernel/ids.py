"""Identifiers: UUIDv7 for rows, short references for people to read out."""

import secrets
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from core.kernel import clock


# No 0/O, 1/I/L or U: a reference is read over the telephone.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 8
REFERENCES = len(_ALPHABET) ** _LENGTH


def _secret() -> int:
    return secrets.randbits(80)


_noise: ContextVar[Callable[[], int]] = ContextVar("ids_drawn_from", default=_secret)


def new_id() -> uuid.UUID:
    """A UUIDv7 (RFC 9562): sorts by the time it was made, to the millisecond."""
    return id_at(clock.now(), _noise.get()())


@contextmanager
def drawn_from(noise: Callable[[], int]) -> Iterator[None]:
    """Live through a block whose ids come from ``noise``, 80 bits at a time: made-up
    data that is the same each time.
    """
    token = _noise.set(noise)
    try:
        yield
    finally:
        _noise.reset(token)


def id_at(moment: datetime, noise: int) -> uuid.UUID:
    """The UUIDv7 of a moment; ``noise``, 80 bits, tells it from its neighbours."""
    milliseconds = int(moment.timestamp() * 1000)
    value = (milliseconds & (1 << 48) - 1) << 80 | noise
    value = value & ~(0xF << 76) | 0x7 << 76
    return uuid.UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


def new_reference() -> str:
    """A referral's name among people, such as ``K7QF-2M9X``; 6·10¹¹ of them."""
    return nth_reference(secrets.randbelow(REFERENCES))


def nth_reference(number: int) -> str:
    """One of the REFERENCES references; two numbers never share one."""
    letters = []
    for _ in range(_LENGTH):
        number, rest = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[rest])
    drawn = "".join(letters)
    return f"{drawn[:4]}-{drawn[4:]}"
