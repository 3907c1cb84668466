"""What it costs to see a case in a session, in whole pence, and where it can be at all."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.clinics.matching.model import EVERY_DAY, Instance, Places, Real, Whole, Yes
from core.clinics.matching.policy import Policy


# A case may take a slot of its own length or one of the next two; else minutes that
# someone longer needs are gone.
USABLE_LENGTHS = 3


@dataclass(frozen=True)
class Parts:
    """One cost, told. Pence; a case that is only expected weighs its share in ``total``."""

    staff: int
    travel: int
    waiting: int
    lateness: int
    not_preferred: int
    total: int


@dataclass(frozen=True)
class Weights:
    """The policy's money as arrays: by role, and by urgency with its weight in it."""

    rate: Whole
    breach: Whole
    late_day: Whole
    wait_day: Whole
    not_placed: Whole

    @classmethod
    def of(cls, policy: Policy) -> "Weights":
        """Each is rounded to a whole penny once, so that parts add up exactly."""
        weight = np.array([one.weight for one in policy.urgencies])

        def weighed(pence: int) -> Whole:
            return whole(pence * weight)

        return cls(
            rate=np.array(list(policy.roles.values()), dtype=np.int64),
            breach=weighed(policy.breach),
            late_day=weighed(policy.late_day),
            wait_day=weighed(policy.wait_day),
            not_placed=weighed(policy.not_placed),
        )


@dataclass(frozen=True)
class Block:
    """Cases of one area, kind and length, and the sessions that can be theirs.

    ``cost`` and ``open`` are cases by sessions; a cost counts only where it is open.
    """

    cases: Whole
    sessions: Whole
    cost: Whole
    open: Yes


@dataclass(frozen=True)
class Arcs:
    """Every case with every session that it can be seen in, sorted by case.

    The arcs of case i are ``start[i]`` to ``start[i + 1]``.
    """

    case: Places
    session: Places
    cost: Whole
    start: Whole

    def __len__(self) -> int:
        return len(self.case)

    @cached_property
    def has_any(self) -> Yes:
        """For each case, whether there is a session for it at all."""
        return np.diff(self.start) > 0

    def only(self, kept: Yes | Whole) -> "Arcs":
        """Some of the arcs, in their order."""
        case = self.case[kept]
        return Arcs(case, self.session[kept], self.cost[kept], starts(case, self.count))

    @property
    def count(self) -> int:
        """How many cases there are."""
        return len(self.start) - 1


def whole(pence: NDArray[np.floating[Any]]) -> Whole:
    """To the nearest penny."""
    return np.asarray(np.rint(pence), dtype=np.int64)


def starts(case: Places, count: int) -> Whole:
    """Where the arcs of each case begin, in arcs sorted by case."""
    held = np.bincount(case, minlength=count)
    ends: Whole = np.concatenate(([0], np.cumsum(held)))
    return ends


def left_out(instance: Instance, policy: Policy) -> Whole:
    """What it costs, for each case, to find no place within the days planned."""
    cases, weights = instance.cases, Weights.of(policy)
    late = np.maximum(0, instance.horizon + policy.beyond_days - cases.due)
    cost = weights.not_placed[cases.urgency] + weights.late_day[cases.urgency] * late
    return _shared(cost, cases.expected, policy)


def fits(instance: Instance, minutes: int) -> Yes:
    """In which sessions so many minutes find room when nobody else is there."""
    sessions = instance.sessions
    first = int(np.searchsorted(instance.lengths, minutes))
    usable = sessions.slots[:, first : first + USABLE_LENGTHS] > 0
    return np.where(sessions.templated, usable.any(axis=1), sessions.minutes >= minutes)


def blocks(instance: Instance, policy: Policy) -> Iterator[Block]:
    """All costs, an area, kind and length at a time."""
    cases, sessions = instance.cases, instance.sessions
    if not len(cases) or not len(sessions):
        return
    weights = Weights.of(policy)
    room = {int(one): fits(instance, int(one)) for one in np.unique(cases.minutes)}
    order = np.lexsort((cases.minutes, cases.kind, cases.area))
    keys = np.stack((cases.area, cases.kind, cases.minutes))[:, order]
    changed = np.flatnonzero((keys[:, 1:] != keys[:, :-1]).any(axis=0)) + 1
    reached = (NOT_YET, np.zeros(0, dtype=np.int64))
    for group in np.split(order, changed):
        first = int(group[0])
        area, kind = int(cases.area[first]), int(cases.kind[first])
        if reached[0] != area:
            near = instance.km[area, sessions.site] <= policy.farthest_km
            reached = (area, np.flatnonzero(near))
        can = sessions.able[reached[1], kind]
        can &= room[int(cases.minutes[first])][reached[1]]
        if can.any():
            yield _block(instance, policy, weights, group, reached[1][can])


NOT_YET = -1


def _block(
    instance: Instance, policy: Policy, weights: Weights, group: Whole, those: Whole
) -> Block:
    cases, sessions = instance.cases, instance.sessions
    minutes, area = cases.minutes[group[0]], cases.area[group[0]]
    km = instance.km[area, sessions.site[those]]
    day, urgency = sessions.day[those], cases.urgency[group][:, None]
    fixed = minutes * weights.rate[sessions.role[those]] + travel(km, policy)
    late = day - cases.due[group][:, None]
    cost = fixed + weights.wait_day[urgency] * day
    cost += (late > 0) * (weights.breach[urgency] + weights.late_day[urgency] * late)
    preferred = cases.preferred[group][:, None]
    if (preferred >= 0).any():
        other = (preferred >= 0) & (sessions.staff[those] != preferred)
        cost += other * policy.not_preferred
    return Block(
        cases=group,
        sessions=those,
        cost=_shared(cost, cases.expected[group][:, None], policy),
        open=_open(instance, group, those, km),
    )


def _open(instance: Instance, group: Whole, those: Whole, km: Real) -> Yes:
    cases, day = instance.cases, instance.sessions.day[those]
    is_open: Yes = day >= cases.ready[group][:, None]
    farthest, weekdays = cases.farthest[group], cases.weekdays[group]
    if farthest.min() < km.max():
        is_open &= km <= farthest[:, None]
    if (weekdays & EVERY_DAY != EVERY_DAY).any():
        is_open &= on_weekday(weekdays[:, None], day, instance.weekday)
    return is_open


def on_weekday(weekdays: Whole, day: Whole, first: int) -> Yes:
    """Whether a planned day is a day of the week that suits."""
    suitable: Yes = (weekdays >> ((day + first) % 7) & 1) == 1
    return suitable


def travel(km: Real, policy: Policy) -> Whole:
    """Pence for so many kilometres."""
    return whole(policy.km * km)


def _shared(cost: Whole, expected: Yes, policy: Policy) -> Whole:
    if not expected.any():
        return cost
    share = whole(cost * policy.expected_value)
    return np.where(expected, share, cost)


def arcs(instance: Instance, policy: Policy) -> Arcs:
    """Every arc there is. Twenty thousand cases and 2,000 sessions have ten million."""
    case, session, cost = [], [], []
    for block in blocks(instance, policy):
        row, column = np.nonzero(block.open)
        case.append(block.cases[row].astype(np.int32))
        session.append(block.sessions[column].astype(np.int32))
        cost.append(block.cost[row, column])
    return joined(case, session, cost, len(instance.cases))


def joined(
    case: list[Places], session: list[Places], cost: list[Whole], count: int
) -> Arcs:
    """Arcs found piece by piece, sorted by case."""
    if not case:
        none = np.zeros(0, dtype=np.int32)
        return Arcs(none, none, np.zeros(0, dtype=np.int64), starts(none, count))
    cases, sessions = np.concatenate(case), np.concatenate(session)
    costs = np.concatenate(cost)
    if (cases[1:] < cases[:-1]).any():
        order = np.argsort(cases, kind="stable")
        cases, sessions, costs = cases[order], sessions[order], costs[order]
    return Arcs(cases, sessions, costs, starts(cases, count))


def parts(instance: Instance, policy: Policy, case: int, session: int) -> Parts:
    """One cost in its parts. Says nothing about whether the case may be seen there."""
    cases, sessions, weights = instance.cases, instance.sessions, Weights.of(policy)
    urgency, day = int(cases.urgency[case]), int(sessions.day[session])
    late = max(0, day - int(cases.due[case]))
    preferred = int(cases.preferred[case])
    other = preferred >= 0 and preferred != int(sessions.staff[session])
    km = instance.km[cases.area[case], [int(sessions.site[session])]]
    staff = int(cases.minutes[case] * weights.rate[sessions.role[session]])
    told = (
        staff,
        int(travel(km, policy)[0]),
        int(weights.wait_day[urgency]) * day,
        int(weights.breach[urgency] + weights.late_day[urgency] * late) if late else 0,
        policy.not_preferred if other else 0,
    )
    total = np.array([sum(told)], dtype=np.int64)
    return Parts(*told, int(_shared(total, cases.expected[[case]], policy)[0]))


def eligible(instance: Instance, policy: Policy, case: Whole) -> Yes:
    """Some cases by all sessions: who can be seen where. The slow way, for a few."""
    return able(instance, case) & near(instance, policy, case) & suits(instance, case)


def able(instance: Instance, case: Whole) -> Yes:
    """Somebody competent, with room for the whole appointment."""
    cases, sessions = instance.cases, instance.sessions
    room = {
        int(one): fits(instance, int(one)) for one in np.unique(cases.minutes[case])
    }
    long = [room[int(one)] for one in cases.minutes[case]]
    shape = (len(case), len(sessions))
    can: Yes = sessions.able.T[cases.kind[case]]
    can &= np.array(long, dtype=bool).reshape(shape)
    return can


def near(instance: Instance, policy: Policy, case: Whole) -> Yes:
    """Within what the policy asks of anybody, and within what this patient can do."""
    cases = instance.cases
    km = instance.km[cases.area[case]][:, instance.sessions.site]
    return km <= np.minimum(policy.farthest_km, cases.farthest[case])[:, None]


def suits(instance: Instance, case: Whole) -> Yes:
    """On a day on which the patient can come."""
    cases, day = instance.cases, instance.sessions.day
    weekdays = cases.weekdays[case][:, None]
    ready = day >= cases.ready[case][:, None]
    return ready & on_weekday(weekdays, day, instance.weekday)
