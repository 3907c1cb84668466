"""What people do without a plan, for comparison: one case after another."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.clinics.matching import costs, slots
from core.clinics.matching.bound import lengths_of
from core.clinics.matching.costs import Arcs
from core.clinics.matching.figures import Figures, figures
from core.clinics.matching.model import NOWHERE, Instance, Real, Whole, Yes
from core.clinics.matching.policy import Policy
from core.clinics.matching.regions import canonical, chosen


@dataclass(frozen=True)
class Outcome:
    """Where the cases end up. The fields mean what they mean in ``plan.Plan``."""

    session: Whole
    slot: Whole
    cost: Whole
    total: int
    impossible: Yes
    figures: Figures
    expected: Figures


def first_come(instance: Instance, policy: Policy) -> Outcome:
    """In the order of referral: the earliest session with room, of those the nearest."""

    def ranked(ordered: Instance, arcs: Arcs) -> Real:
        site = ordered.sessions.site[arcs.session]
        km = ordered.km[ordered.cases.area[arcs.case], site]
        # No way is as long as a day is late.
        return ordered.sessions.day[arcs.session] * 1e6 + km

    return _one_by_one(instance, policy, instance.cases.referred, ranked)


def due_date(instance: Instance, policy: Policy) -> Outcome:
    """In the order of due days: the session with room that costs least."""

    def ranked(_ordered: Instance, arcs: Arcs) -> Real:
        return arcs.cost.astype(np.float64)

    return _one_by_one(instance, policy, instance.cases.due, ranked)


class _Room:
    """What is left of the sessions while they fill up."""

    def __init__(self, instance: Instance) -> None:
        given = slots.given(instance)
        self._lengths = lengths_of(instance)
        self._templated = instance.sessions.templated
        self._slots = given.count
        self._usable = given.usable[:, 0]
        self._minutes = instance.sessions.minutes.copy()
        # Sessions by lengths: whether a case of that length still fits.
        self.open = np.zeros(self._slots.shape, dtype=bool)
        for session in range(len(instance.sessions)):
            self._look(session)

    def _look(self, session: int) -> None:
        if self._templated[session]:
            left = np.append(self._slots[session], 0)[self._usable]
            self.open[session] = (left > 0).any(axis=1)
        else:
            self.open[session] = self._lengths <= self._minutes[session]

    def take(self, session: int, length: int) -> int:
        """Minutes of the slot that a case of a length gets in a session with room."""
        if self._templated[session]:
            usable = self._usable[length]
            free = usable[np.append(self._slots[session], 0)[usable] > 0]
            self._slots[session, free[0]] -= 1
            minutes = self._lengths[free[0]]
        else:
            minutes = self._lengths[length]
            self._minutes[session] -= minutes
        self._look(session)
        return int(minutes)


def _one_by_one(
    instance: Instance,
    policy: Policy,
    turn: Whole,
    ranked: Callable[[Instance, Arcs], Real],
) -> Outcome:
    cases, sessions = canonical(instance)
    ordered = chosen(instance, cases, sessions)
    arcs, room = costs.arcs(ordered, policy), _Room(ordered)
    leave, rank = costs.left_out(ordered, policy), ranked(ordered, arcs)
    length = np.searchsorted(lengths_of(ordered), ordered.cases.minutes).tolist()
    session = np.full(len(cases), NOWHERE)
    slot, cost = np.zeros_like(session), np.where(arcs.has_any, leave, 0)
    starts, ids = arcs.start.tolist(), np.array(ordered.cases.ids)
    for case in np.lexsort((ids, turn[cases])).tolist():
        those = slice(starts[case], starts[case + 1])
        fits = np.flatnonzero(room.open[arcs.session[those], length[case]])
        if len(fits):
            arc = starts[case] + int(fits[rank[those][fits].argmin()])
            session[case], cost[case] = arcs.session[arc], arcs.cost[arc]
            slot[case] = room.take(int(arcs.session[arc]), length[case])
    back = np.argsort(cases)
    return _outcome(
        instance,
        policy,
        np.append(sessions, NOWHERE)[session][back],
        slot[back],
        cost[back],
        ~arcs.has_any[back],
    )


def _outcome(
    instance: Instance,
    policy: Policy,
    session: Whole,
    slot: Whole,
    cost: Whole,
    impossible: Yes,
) -> Outcome:
    expected = instance.cases.expected
    people, not_yet = (
        figures(instance, policy, session, impossible, counted)
        for counted in (~expected, expected)
    )
    total = int(cost.sum())
    return Outcome(session, slot, cost, total, impossible, people, not_yet)
