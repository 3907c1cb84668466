"""How long a clinic's list stays open, what follows a miss, when a list is too long.

Data with a date.
"""

import tomllib
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from core.config import REFERENCE


class Dated(BaseModel):
    """One version, in force from a day on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    effective_from: date
    source: str


class HeadsUpPeriods(Dated):
    """``open_days`` after a clinic its referrals can still be looked at by its holder.

    Histology is late ``histology_days`` after it was sent.
    """

    open_days: int = Field(ge=0)
    histology_days: int = Field(gt=0)


class MissRules(Dated):
    """Whoever missed at most ``rebook_after_misses`` appointments is booked again."""

    rebook_after_misses: int = Field(ge=0)


class WaitingListRules(Dated):
    """The target wait is ``factor`` times the mean wait that is aimed at.

    A list that is too long is to be at its target after ``weeks_to_target``.
    """

    factor: float = Field(gt=1)
    weeks_to_target: int = Field(gt=0)


Version = TypeVar("Version", bound=Dated)


def heads_up_on(day: date) -> HeadsUpPeriods:
    """The periods in force on a day. Raises LookupError before the first."""
    return _held("heads_up", HeadsUpPeriods, day)


def misses_on(day: date) -> MissRules:
    """What follows a miss on a day. Raises LookupError before the first version."""
    return _held("booking", MissRules, day)


def waiting_list_on(day: date) -> WaitingListRules:
    """How a list is judged on a day. Raises LookupError before the first version."""
    return _held("waiting_list", WaitingListRules, day)


def _held(name: str, kind: type[Version], day: date) -> Version:
    held = [
        one
        for one in map(kind.model_validate, _rows(name))
        if one.effective_from <= day
    ]
    if not held:
        raise LookupError(f"no {name} version holds yet")
    return max(held, key=lambda one: one.effective_from)


@lru_cache
def _rows(name: str) -> tuple[dict[str, Any], ...]:
    text = (REFERENCE / "clinics" / f"{name}.toml").read_text("utf-8")
    return tuple(tomllib.loads(text)["versions"])
