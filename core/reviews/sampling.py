"""Which answers are read a second time: those under a rule, and some by lot."""

import hashlib
import hmac
import uuid
from typing import Final

from core.config import settings
from core.contracts.model import Priority, SecondReads


SAMPLE: Final = "sample"


def cause_of(
    wanted: SecondReads,
    opinion_id: uuid.UUID,
    outcome: str,
    priority: Priority | None,
    score: int | None,
) -> str | None:
    """The code of the rule that asks for it, "sample" for the lot, or None."""
    for rule in wanted.rules:
        if rule.fits(outcome, priority, score):
            return rule.code
    return SAMPLE if drawn(opinion_id) < wanted.sample else None


def drawn(opinion_id: uuid.UUID) -> float:
    """A lot from 0 to 1: always the same for one answer, foreseen by nobody."""
    key = settings().key("second reads")
    digest = hmac.digest(key, opinion_id.bytes, hashlib.sha256)
    return int.from_bytes(digest[:7], "big") / 2**56
