"""What the matching works on. Days are numbers, day 0 is the first that is planned."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


Whole = NDArray[np.int64]
Real = NDArray[np.float64]
Yes = NDArray[np.bool_]
# Places of cases or sessions where there are millions of them.
Places = NDArray[np.int32]

NOWHERE = -1
EVERY_DAY = 0b1111111


@dataclass(frozen=True)
class Cases:
    """Who waits. Every array has one entry for each case, in the order of ``ids``.

    ``ids`` are stable names: the plan does not depend on the order of the cases.
    """

    ids: tuple[str, ...]
    # Multiples of 5; the same whoever does it.
    minutes: Whole
    # Place in ``Policy.urgencies``, 0 the most urgent.
    urgency: Whole
    # The last day in time, and the first day on which the patient can come.
    due: Whole
    ready: Whole
    # Day of referral, mostly negative: first come, first served goes by it.
    referred: Whole
    # Column of ``Sessions.able``: a procedure with all that decides who may do it.
    kind: Whole
    # Row of ``Instance.km``: where the patient comes from.
    area: Whole
    # Number of the staff member whom the patient should see, or NOWHERE.
    preferred: Whole
    # Days that suit, bit 0 for Monday, and the farthest that the patient can travel.
    weekdays: Whole
    farthest: Real
    # Not a person yet: demand that the forecast expects.
    expected: Yes

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Sessions:
    """Free time of staff. Every array has one entry for each stretch of free time.

    A stretch is a session, or what bookings have left of one: nothing is ever placed
    across a booking.
    """

    ids: tuple[str, ...]
    day: Whole
    # Column of ``Instance.km``.
    site: Whole
    staff: Whole
    # Place in ``Policy.roles``.
    role: Whole
    minutes: Whole
    # sessions by kinds: whether grade, competencies and equipment suffice.
    able: Yes
    # sessions by ``Instance.lengths``: how many slots of each length are free, for the
    # sessions that have a template. The others are given one by the plan.
    slots: Whole
    templated: Yes

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Instance:
    """One region's cases and sessions."""

    cases: Cases
    sessions: Sessions
    # areas by sites by road; infinite where the contract does not lead there.
    km: Real
    # Slot lengths in minutes, ascending.
    lengths: Whole
    # Days planned ahead, and the weekday of day 0 (0 is Monday).
    horizon: int
    weekday: int
