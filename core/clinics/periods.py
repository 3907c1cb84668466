"""The rules in force on a day: lists of clinics, misses, waiting lists, plans."""

from datetime import date

from pydantic import Field

from core.clinics.dated import Dated, held
from core.clinics.matching.policy import Policy


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


def heads_up_on(day: date) -> HeadsUpPeriods:
    """The periods in force on a day. Raises LookupError before the first."""
    return held("heads_up", HeadsUpPeriods, day)


def misses_on(day: date) -> MissRules:
    """What follows a miss on a day. Raises LookupError before the first version."""
    return held("booking", MissRules, day)


def waiting_list_on(day: date) -> WaitingListRules:
    """How a list is judged on a day. Raises LookupError before the first version."""
    return held("waiting_list", WaitingListRules, day)


def policy_on(day: date) -> Policy:
    """What a plan weighs on a day. Raises LookupError before the first version."""
    return held("policy", Policy, day)
