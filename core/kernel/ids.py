"""Identifiers: UUIDv7 for rows, short references for people to read out."""

import secrets
import uuid

from core.kernel import clock


# No 0/O, 1/I/L or U: a reference is read over the telephone.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_id() -> uuid.UUID:
    """A UUIDv7 (RFC 9562): sorts by the time it was made, to the millisecond."""
    milliseconds = int(clock.now().timestamp() * 1000)
    value = (milliseconds & (1 << 48) - 1) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    return uuid.UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


def new_reference() -> str:
    """A referral's name among people, such as ``K7QF-2M9X``; 6·10¹¹ of them."""
    drawn = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"{drawn[:4]}-{drawn[4:]}"
