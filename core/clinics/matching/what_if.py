"""The difference that a change makes: between an instance and another made from it.

A difference is that of two exact relaxations. Prices times minutes would promise up to
twice of it, and between two plans the luck of rounding is as large as the difference.
"""

from dataclasses import dataclass

import numpy as np

from core.clinics.matching.bound import breached_if_left, relax
from core.clinics.matching.model import Instance, Whole
from core.clinics.matching.policy import Policy


@dataclass(frozen=True)
class Difference:
    """After less before: what is saved is negative.

    People are fractions of people, as appointments may be split; those who cannot be
    seen at all count as left without a place.
    """

    pence: float
    breaches: tuple[float, ...]
    unplaced: float


def difference(before: Instance, after: Instance, policy: Policy) -> Difference:
    """What the change makes, all of it: exact, and nothing for no change."""
    was, becomes = _value(before, policy), _value(after, policy)
    breaches = zip(was.breaches, becomes.breaches, strict=True)
    return Difference(
        pence=becomes.pence - was.pence,
        breaches=tuple(later - earlier for earlier, later in breaches),
        unplaced=becomes.unplaced - was.unplaced,
    )


def _value(instance: Instance, policy: Policy) -> Difference:
    """An instance against nothing at all; in a gap people are without a place, too."""
    solved = relax(instance, policy)
    gap: Whole = np.flatnonzero(solved.impossible)
    late = gap[breached_if_left(instance)[gap]]
    more = np.bincount(instance.cases.urgency[late], minlength=len(policy.urgencies))
    return Difference(
        pence=solved.with_gaps,
        breaches=tuple((np.array(solved.breaches) + more).tolist()),
        unplaced=solved.unplaced + len(gap),
    )
