"""What simple rules would do with the same cases and sessions: the plan's yardsticks.

One case after another takes the best place that is left, and nobody moves again. Both
rules go by ids alone where everything else is equal, never by the order given.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.clinics.matching import costs
from core.clinics.matching.costs import USABLE_LENGTHS, Arcs
from core.clinics.matching.figures import figures
from core.clinics.matching.model import NOWHERE, Instance, Whole, Yes
from core.clinics.matching.plan import Plan
from core.clinics.matching.policy import Policy
from core.clinics.matching.reasons import reasons
from core.clinics.matching.regions import canonical, chosen, regions


@dataclass(frozen=True)
class _Rule:
    """Whose turn it is, by a number for each case, and what they take, by one for each
    arc: the least first. What is equal goes by id."""

    turn: Callable[[Instance], Whole]
    rank: Callable[[Instance, Arcs], Whole]


def first_come(instance: Instance, policy: Policy) -> Plan:
    """In the order of referral, each the earliest day left, there the nearest site.

    Its prices and its bound are nought: nothing is proved.
    """
    return _planned(instance, policy, _Rule(_referred, _earliest_then_nearest))


def due_date(instance: Instance, policy: Policy) -> Plan:
    """In the order of due days, each the cheapest session left, at the plan's costs.

    Its prices and its bound are nought: nothing is proved.
    """
    return _planned(instance, policy, _Rule(_due, _cheapest))


def _referred(region: Instance) -> Whole:
    return region.cases.referred


def _due(region: Instance) -> Whole:
    return region.cases.due


def _earliest_then_nearest(region: Instance, arcs: Arcs) -> Whole:
    areas, area = np.unique(region.cases.area, return_inverse=True)
    distances, place = np.unique(region.km[areas], return_inverse=True)
    place = place.reshape(len(areas), -1)
    nearness = place[area[arcs.case], region.sessions.site[arcs.session]]
    rank: Whole = region.sessions.day[arcs.session] * len(distances) + nearness
    return rank


def _cheapest(_region: Instance, arcs: Arcs) -> Whole:
    return arcs.cost


class _Free:
    """What is left of the sessions. ``takes[k, j]``: whether session j still has room
    for a case of the k-th length."""

    def __init__(self, region: Instance) -> None:
        self.wanted = np.unique(region.cases.minutes)
        self.takes = np.array([costs.fits(region, int(one)) for one in self.wanted])
        self._first = np.searchsorted(region.lengths, self.wanted)
        self._lengths = region.lengths
        self._templated = region.sessions.templated
        self._minutes = region.sessions.minutes.copy()
        self._slots = region.sessions.slots.copy()

    def take(self, session: int, length: int) -> int:
        """A case of the k-th length moves in. Says how long its slot is."""
        if self._templated[session]:
            return self._take_slot(session, length)
        minutes = int(self.wanted[length])
        self._minutes[session] -= minutes
        self.takes[:, session] &= self.wanted <= self._minutes[session]
        return minutes

    def _take_slot(self, session: int, length: int) -> int:
        slots, first = self._slots[session], self._first
        shortest = first[length] + int(np.argmax(slots[first[length] :] > 0))
        slots[shortest] -= 1
        for at in np.flatnonzero(self.takes[:, session]):
            self.takes[at, session] = slots[
                first[at] : first[at] + USABLE_LENGTHS
            ].any()
        return int(self._lengths[shortest])


def _planned(instance: Instance, policy: Policy, rule: _Rule) -> Plan:
    count = len(instance.cases)
    session = np.full(count, NOWHERE, dtype=np.int64)
    slot = np.zeros(count, dtype=np.int64)
    cost = costs.left_out(instance, policy)
    impossible = np.ones(count, dtype=bool)
    by_id, sessions_by_id = canonical(instance)
    ordered = chosen(instance, by_id, sessions_by_id)
    # No region takes a place of another: each for itself comes to the same.
    for cases, sessions in regions(ordered, policy):
        region = chosen(ordered, cases, sessions)
        arcs = costs.arcs(region, policy)
        given = by_id[cases]
        impossible[given] = ~arcs.has_any
        case, taken, minutes = _one_by_one(region, arcs, rule)
        session[given[case]] = sessions_by_id[sessions[arcs.session[taken]]]
        slot[given[case]] = minutes
        cost[given[case]] = arcs.cost[taken]
    cost[impossible] = 0
    return _plan(instance, policy, session, slot, cost, impossible)


def _one_by_one(
    region: Instance, arcs: Arcs, rule: _Rule
) -> tuple[Whole, Whole, Whole]:
    """The cases that find a place, the arcs that they take, and minutes of their slots."""
    rank = rule.rank(region, arcs)
    free = _Free(region)
    length = np.searchsorted(free.wanted, region.cases.minutes)
    never = np.iinfo(np.int64).max
    found = []
    for case in np.lexsort((np.array(region.cases.ids), rule.turn(region))).tolist():
        first, end = arcs.start[case], arcs.start[case + 1]
        takes = free.takes[length[case], arcs.session[first:end]]
        if takes.any():
            # Sessions stand in the order of their ids, and the first of equals is taken.
            best = int(np.argmin(np.where(takes, rank[first:end], never)))
            minutes = free.take(int(arcs.session[first + best]), int(length[case]))
            found.append((case, first + best, minutes))
    case, taken, slot = np.array(found, dtype=np.int64).reshape(-1, 3).T
    return case, taken, slot


def _plan(
    instance: Instance,
    policy: Policy,
    session: Whole,
    slot: Whole,
    cost: Whole,
    impossible: Yes,
) -> Plan:
    gaps = np.flatnonzero(impossible)
    reason = dict(zip(gaps.tolist(), reasons(instance, policy, gaps), strict=True))
    people, not_yet = (
        figures(instance, policy, session, impossible, counted)
        for counted in (~instance.cases.expected, instance.cases.expected)
    )
    return Plan(
        session=session,
        slot=slot,
        cost=cost,
        prices=np.zeros(len(instance.sessions)),
        bound=0.0,
        total=int(cost.sum()),
        impossible=impossible,
        reason=tuple(reason.get(case, "") for case in range(len(instance.cases))),
        exact=False,
        figures=people,
        expected=not_yet,
    )
