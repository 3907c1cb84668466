"""The last percents of a small region's plan in free minutes: an integer program.

Slots cut from the relaxation lose a tenth wherever lengths do not fill a session. Given
the slots, people flow into them as a network, in whole numbers by itself; so only the
numbers of slots need to be whole, a few hundred instead of many thousand arcs. That is
why the program finds good plans fast. It looks at the arcs that prices call the best,
and cuts one half of the sessions anew at a time; each answer is filled over all arcs.
"""

import dataclasses
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from core.clinics.matching.bound import UNIT
from core.clinics.matching.candidates import least_of_each
from core.clinics.matching.costs import Arcs
from core.clinics.matching.duals import least_prices
from core.clinics.matching.model import NOWHERE, Instance, Places, Real, Whole
from core.clinics.matching.policy import Policy
from core.clinics.matching.slots import (
    Filled,
    SlotNetwork,
    Slots,
    filled,
    slot_network,
)


MOST_CASES = 2_500
# With so few arcs all are looked at, and all sessions cut at once, to a near proof.
_FEW_ARCS = 2_000
# Else so many of each case by the prices of minutes, so many by those of slots.
_BY_MINUTES, _BY_SLOTS = 5, 5
# How often all sessions are drawn by lot into two halves.
_TURNS = 2


@dataclass(frozen=True)
class _Limits:
    """They count work and not time, so that the plan is the same on any machine."""

    gap: float
    nodes: int


_AT_ONCE = _Limits(gap=1e-4, nodes=500)
_BY_HALVES = _Limits(gap=2e-3, nodes=5)


def polished(
    instance: Instance, policy: Policy, arcs: Arcs, prices: Real, start: Filled
) -> Filled:
    """Sessions without a template cut into slots that people fill better.

    Never dearer than ``start``. ``prices`` are those of the relaxation, per minute.
    """
    everything = np.arange(len(instance.sessions))
    if len(arcs) <= _FEW_ARCS:
        program = _Program.posed(instance, policy, arcs, start.slots)
        return _better(instance, policy, arcs, start, (program, everything, _AT_ONCE))
    best, luck = start, np.random.default_rng(0)
    for _ in range(_TURNS):
        for half in np.array_split(luck.permutation(everything), 2):
            some = arcs.only(_worth_a_look(instance, arcs, prices, best))
            program = _Program.posed(instance, policy, some, best.slots)
            attempt = (program, half, _BY_HALVES)
            best = _better(instance, policy, arcs, best, attempt)
    return best


def _better(
    instance: Instance,
    policy: Policy,
    arcs: Arcs,
    best: Filled,
    attempt: tuple["_Program", Whole, _Limits],
) -> Filled:
    program, anew, limits = attempt
    count = program.solved(best.slots, anew, limits)
    if count is None:
        return best
    other = filled(instance, policy, arcs, count)
    return other if other.flow.cost < best.flow.cost else best


def _worth_a_look(instance: Instance, arcs: Arcs, prices: Real, best: Filled) -> Whole:
    """The best arcs of each case by the prices of minutes, and of slots as they are."""
    lengths, made = best.slots.lengths, best.made
    in_minutes = prices[:, None] * lengths
    in_slots = made.asked(least_prices(made.network, best.flow))
    # Where there is no slot of a length there could be one: at the price of minutes.
    in_slots = np.where(np.isfinite(in_slots), in_slots, in_minutes)
    at = np.searchsorted(lengths, instance.cases.minutes)[arcs.case]
    taken = best.taken[0]
    return np.unique(
        np.concatenate(
            (
                least_of_each(
                    arcs.start, arcs.cost + in_minutes[arcs.session, at], _BY_MINUTES
                ),
                least_of_each(
                    arcs.start, arcs.cost + in_slots[arcs.session, at], _BY_SLOTS
                ),
                taken[taken != NOWHERE],
            )
        )
    )


@dataclass(frozen=True)
class _Program:
    """Numbers of slots in each room (a session and a length), and who flows there.

    Its variables are the arcs, then one for each case that stands for no place, then
    the rooms.
    """

    made: SlotNetwork
    cost: Real
    rules: list[LinearConstraint]
    # How many slots each room has at least and at most: a template's are given.
    least: Whole
    most: Whole

    @classmethod
    def posed(
        cls, instance: Instance, policy: Policy, arcs: Arcs, cut: Slots
    ) -> "_Program":
        """Any lengths that fit a session may become its slots, each for its own."""
        sessions = instance.sessions
        fit = sessions.minutes[:, None] // cut.lengths
        count = np.where(sessions.templated[:, None], cut.count, fit)
        usable = cut.usable.copy()
        usable[:, 1, 1:] = NOWHERE
        made = slot_network(instance, policy, arcs, Slots(cut.lengths, count, usable))
        network = made.network
        given = sessions.templated[made.session]
        wanted = np.bincount(network.place, minlength=len(network.room))
        none = np.zeros(len(network.room))
        return cls(
            made=made,
            # In pounds: the solver's tolerances are made for numbers of that size.
            cost=np.concatenate((network.cost / 100, network.leave / 100, none)),
            rules=_rules(made, np.where(given, 0, made.minutes), sessions.minutes),
            least=np.where(given, network.room, 0),
            most=np.where(given, network.room, np.minimum(network.room, wanted)),
        )

    def solved(self, slots: Slots, anew: Whole, limits: _Limits) -> Slots | None:
        """Some sessions cut anew as well as it gets within limits, if it gets so far."""
        made, rooms = self.made, len(self.most)
        length = np.searchsorted(slots.lengths, made.minutes)
        now = np.minimum(slots.count[made.session, length], self.most)
        free = np.isin(made.session, anew)
        people = len(self.cost) - rooms
        nobody, everybody = np.zeros(people), np.ones(people)
        least, most = np.where(free, self.least, now), np.where(free, self.most, now)
        answer = milp(
            self.cost,
            constraints=self.rules,
            integrality=np.concatenate((nobody, np.ones(rooms))),
            bounds=Bounds(
                np.concatenate((nobody, least)), np.concatenate((everybody, most))
            ),
            options={"mip_rel_gap": limits.gap, "node_limit": limits.nodes},
        )
        if answer.x is None:
            return None
        count = np.zeros_like(slots.count)
        count[made.session, length] = np.rint(answer.x[people:])
        return dataclasses.replace(slots, count=count)


def _rules(made: SlotNetwork, takes: Whole, minutes: Whole) -> list[LinearConstraint]:
    """A case is in one place; a room has its slots; a session has its minutes."""
    network = made.network
    arcs, cases, rooms = len(network.case), len(network.supply), len(network.room)
    arc, case, room = np.arange(arcs), np.arange(cases), np.arange(rooms)
    width = arcs + cases + rooms
    once = _matrix(
        (network.case, case), (arc, arcs + case), np.ones(arcs + cases), width
    )
    held = np.concatenate((np.ones(arcs), -np.ones(rooms)))
    filled = _matrix((network.place, room), (arc, arcs + cases + room), held, width)
    # In units of five minutes, as numbers near one are safer.
    cut = csr_array(
        (takes / UNIT, (made.session, arcs + cases + room)),
        shape=(len(minutes), width),
    )
    return [
        LinearConstraint(once, 1, 1),
        LinearConstraint(filled, -np.inf, 0),
        LinearConstraint(cut, -np.inf, minutes / UNIT),
    ]


def _matrix(
    rows: tuple[Places, Whole], columns: tuple[Whole, Whole], values: Real, width: int
) -> csr_array:
    row, column = np.concatenate(rows), np.concatenate(columns)
    height = int(row.max(initial=-1)) + 1
    return csr_array((values, (row, column)), shape=(height, width))
