"""Numbers that stand for people, and bands that stand for ages."""

import hmac
from collections.abc import Sequence
from datetime import date, datetime

from core.config import settings
from core.kernel.clock import LONDON
from core.kernel.words import age


# Lower bounds, as cancer statistics are cut; a single year of age can tell a person.
_BANDS = ((85, "85+"), (75, "75-84"), (65, "65-74"), (50, "50-64"), (30, "30-49"))
# About 200 bytes each.
_REMEMBERED = 1_000_000


class Pseudonyms:
    """Keyed hashes: the same person is the same number, and no number leads back.

    64 bits of HMAC-SHA-256; without the key, trying all NHS numbers or ids finds
    nobody. Among 100 million referrals the chance that any two share a number is 1
    in 3,700, and the build's check of keys would say so.
    """

    def __init__(self) -> None:
        self._key = settings().key("pseudonyms")
        self._known: dict[tuple[str, str], int] = {}

    def numbers(self, kind: str, ids: Sequence[str | None]) -> list[int | None]:
        """The numbers for ids of one kind; kinds do not match each other."""
        # A referral comes by in every feed; hashing it once a batch is the slow part.
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        return [None if one is None else self._number(kind, one) for one in ids]

    def _number(self, kind: str, one: str) -> int:
        known = self._known.get((kind, one))
        if known is None:
            digest = hmac.digest(self._key, f"{kind}:{one}".encode(), "sha256")
            known = int.from_bytes(digest[:8], "big", signed=True)
            self._known[kind, one] = known
        return known


def age_band(born: str, sent: datetime) -> str:
    """The band of the age when the referral was sent."""
    local = sent.astimezone(LONDON).date()
    years = age(date.fromisoformat(born), local)
    for least, band in _BANDS:
        if years >= least:
            return band
    return "18-29" if years >= 18 else "0-17"
