"""The relaxation in minutes: what no plan can beat, and what a minute is worth."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.clinics.matching import costs
from core.clinics.matching.costs import Arcs
from core.clinics.matching.duals import least_prices
from core.clinics.matching.flow import Flow, Network, cheapest, scale
from core.clinics.matching.model import Instance, Places, Real, Whole, Yes
from core.clinics.matching.policy import Policy
from core.clinics.matching.regions import canonical, chosen


# All lengths are multiples of it.
UNIT = 5

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Relaxation:
    """The cheapest plan when an appointment may be split among sessions.

    ``pence`` is a lower bound for every plan; ``prices`` are pence per minute for each
    session: what one more minute would save. ``breaches`` (by urgency) and
    ``unplaced`` are fractions of people, those who are only expected among them;
    ``impossible`` cases (no session at all) are in none of the figures;
    ``with_gaps`` is ``pence`` with as much for each of them as for no place. Compare
    that: else a session that is the first for somebody would look like a loss.
    """

    pence: float
    prices: Real
    breaches: tuple[float, ...]
    unplaced: float
    minutes_short: float
    impossible: Yes
    with_gaps: float


@dataclass(frozen=True)
class Relaxed:
    """A relaxation as the plan goes on from it: arcs, network, flow and unit prices."""

    arcs: Arcs
    made: "MinutesNetwork"
    flow: Flow
    prices: Whole

    @cached_property
    def share(self) -> Real:
        """Which part of its case each arc carries."""
        return self.flow.on_arc / self.made.network.supply[self.arcs.case]

    @property
    def pence(self) -> float:
        """The value of the relaxation."""
        return self.flow.cost / self.made.factor

    @property
    def per_minute(self) -> Real:
        """Prices in pence per minute."""
        return self.made.per_minute(self.prices)


def relax(instance: Instance, policy: Policy) -> Relaxation:
    """The exact relaxation. A region of 2,000 cases and 300 sessions takes a third of a
    second, 20,000 and 2,000 half a minute."""
    cases, sessions = canonical(instance)
    ordered = chosen(instance, cases, sessions)
    solved = relaxed(ordered, policy, costs.arcs(ordered, policy))
    prices = np.zeros(len(sessions))
    prices[sessions] = solved.per_minute
    breaches, left = _people(ordered, policy, solved)
    gaps = ~solved.arcs.has_any
    return Relaxation(
        pence=solved.pence,
        prices=prices,
        breaches=breaches,
        unplaced=float(left.sum()),
        minutes_short=float(left @ ordered.cases.minutes),
        impossible=gaps[np.argsort(cases)],
        with_gaps=solved.pence + float(costs.left_out(ordered, policy)[gaps].sum()),
    )


def relaxed(instance: Instance, policy: Policy, arcs: Arcs) -> Relaxed:
    """Solve the relaxation on some arcs, for an instance in canonical order."""
    made = minutes_network(instance, policy, arcs)
    flow = cheapest(made.network)
    return Relaxed(arcs, made, flow, least_prices(made.network, flow))


@dataclass(frozen=True)
class MinutesNetwork:
    """The network of units of time, and the factor that makes its costs whole."""

    network: Network
    factor: int
    lengths: Whole

    @property
    def arc(self) -> Whole:
        """It has the arcs that it was made from."""
        return np.arange(len(self.network.case))

    def per_minute(self, prices: Whole) -> Real:
        """Prices of units as pence per minute."""
        return prices / (self.factor * UNIT)

    def asked(self, prices: Whole) -> Real:
        """What the minutes of a case of each length cost in each session."""
        asked: Real = self.per_minute(prices)[:, None] * self.lengths
        return asked


def minutes_network(instance: Instance, policy: Policy, arcs: Arcs) -> MinutesNetwork:
    """Pose the relaxation.

    A case without any arc sends nothing: it is a gap in what staff can do, no cost.
    """
    units = instance.cases.minutes // UNIT
    leave = costs.left_out(instance, policy)
    dearest = int(max(arcs.cost.max(initial=1), leave.max(initial=1)))
    factor = scale(units[arcs.has_any], dearest, len(units) + len(instance.sessions))
    each = np.maximum(units, 1)
    return MinutesNetwork(
        network=Network(
            supply=np.where(arcs.has_any, units, 0),
            room=minutes_free(instance) // UNIT,
            case=arcs.case,
            place=arcs.session,
            cost=arcs.cost * factor // each[arcs.case],
            leave=leave * factor // each,
            start=arcs.start,
        ),
        factor=factor,
        lengths=lengths_of(instance),
    )


def lengths_of(instance: Instance) -> Whole:
    """All lengths that templates or cases have, ascending."""
    return np.union1d(instance.lengths, instance.cases.minutes).astype(np.int64)


def minutes_free(instance: Instance) -> Whole:
    """Minutes that cases can have in each session: of its slots, where it has them."""
    sessions = instance.sessions
    in_slots = sessions.slots @ instance.lengths
    return np.where(sessions.templated, in_slots, sessions.minutes)


def breached(instance: Instance, case: Whole | Places, day: Whole) -> Yes:
    """Whether it is too late for a case to be seen on a day."""
    return day > instance.cases.due[case]


def breached_if_left(instance: Instance) -> Yes:
    """Who is certainly late when no planned day is theirs."""
    return instance.cases.due < instance.horizon


def _people(
    instance: Instance, policy: Policy, solved: Relaxed
) -> tuple[tuple[float, ...], Real]:
    arcs, urgency = solved.arcs, instance.cases.urgency
    left = solved.flow.left / np.maximum(solved.made.network.supply, 1)
    used = np.flatnonzero(solved.flow.on_arc)
    case, day = arcs.case[used], instance.sessions.day[arcs.session[used]]
    late = solved.share[used] * breached(instance, case, day)
    count = len(policy.urgencies)
    breaches = np.zeros(count)
    breaches += np.bincount(urgency[case], weights=late, minlength=count)
    never = left * breached_if_left(instance)
    breaches += np.bincount(urgency, weights=never, minlength=count)
    return tuple(breaches.tolist()), left
