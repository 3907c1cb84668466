"""What a plan comes to: the figures people ask for."""

import math
from dataclasses import dataclass

import numpy as np

from core.clinics.matching.bound import breached, breached_if_left
from core.clinics.matching.costs import Weights
from core.clinics.matching.model import NOWHERE, Instance, Whole, Yes
from core.clinics.matching.policy import Policy


@dataclass(frozen=True)
class Figures:
    """``breaches`` by urgency: seen after the due day, or left without a place although
    due within the days planned. ``days_waited`` is a mean from referral to the day seen,
    over those placed; ``km`` the sum of their ways there by road."""

    placed: int
    unplaced: int
    impossible: int
    breaches: tuple[int, ...]
    staff_pence: int
    km: float
    days_waited: float


def figures(
    instance: Instance, policy: Policy, session: Whole, impossible: Yes, counted: Yes
) -> Figures:
    """The figures over some of the cases."""
    cases, sessions = instance.cases, instance.sessions
    seen = np.flatnonzero(counted & (session != NOWHERE))
    left = counted & (session == NOWHERE) & ~impossible
    at = session[seen]
    late = np.zeros(len(cases), dtype=bool)
    late[seen] = breached(instance, seen, sessions.day[at])
    late |= left & breached_if_left(instance)
    rate = Weights.of(policy).rate[sessions.role[at]]
    waited = sessions.day[at] - cases.referred[seen]
    breaches = np.bincount(cases.urgency[late], minlength=len(policy.urgencies))
    return Figures(
        placed=len(seen),
        unplaced=int(left.sum()),
        impossible=int((counted & impossible).sum()),
        breaches=tuple(breaches.tolist()),
        staff_pence=int(cases.minutes[seen] @ rate),
        # Rounded once, so that no order of the cases shows in it.
        km=math.fsum(instance.km[cases.area[seen], sessions.site[at]]),
        days_waited=float(waited.mean()) if len(seen) else 0.0,
    )
