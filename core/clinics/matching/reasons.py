"""Why a case can be seen nowhere at all: the first thing that is missing."""

import numpy as np

from core.clinics.matching import costs
from core.clinics.matching.model import Instance, Whole
from core.clinics.matching.policy import Policy


NO_SESSIONS = "no sessions"
NOBODY_COMPETENT = "nobody competent"
NO_TIME_SO_LONG = "nobody competent has so much time at once"
NOBODY_WITHIN_REACH = "nobody competent within reach"
TOO_FAR_FOR_PATIENT = "nobody competent as near as the patient needs"
NOT_ON_THOSE_DAYS = "none on the days that suit"

# Rows of cases by sessions looked at together.
_AT_ONCE = 2_000_000


def reasons(instance: Instance, policy: Policy, impossible: Whole) -> list[str]:
    """One for each case that has no session, in the order given."""
    sessions = len(instance.sessions)
    if not sessions:
        return [NO_SESSIONS] * len(impossible)
    rows = max(1, _AT_ONCE // sessions)
    pieces = np.split(impossible, np.arange(rows, len(impossible), rows))
    return [said for piece in pieces for said in _reasons(instance, policy, piece)]


def _reasons(instance: Instance, policy: Policy, case: Whole) -> list[str]:
    cases, sessions = instance.cases, instance.sessions
    left = sessions.able.T[cases.kind[case]]
    km = instance.km[cases.area[case]][:, sessions.site]
    narrower = (
        (NOBODY_COMPETENT, left),
        (NO_TIME_SO_LONG, costs.able(instance, case)),
        (NOBODY_WITHIN_REACH, km <= policy.farthest_km),
        (TOO_FAR_FOR_PATIENT, km <= cases.farthest[case][:, None]),
        (NOT_ON_THOSE_DAYS, costs.suits(instance, case)),
    )
    found = np.full(len(case), "", dtype=object)
    for said, holds in narrower:
        left = left & holds
        found[(found == "") & ~left.any(axis=1)] = said
    return found.tolist()
