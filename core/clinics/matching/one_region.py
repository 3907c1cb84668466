"""The plan of one region: relaxation, slots, polish."""

import dataclasses
from dataclasses import dataclass
from functools import partial

import numpy as np

from core.clinics.matching import costs, slots
from core.clinics.matching.bound import (
    Progress,
    lengths_of,
    minutes_network,
    relaxed,
)
from core.clinics.matching.candidates import (
    MINUTES,
    SLOTS,
    SLOTS_AFTER_MINUTES,
    guided,
    proven,
)
from core.clinics.matching.costs import Arcs
from core.clinics.matching.model import NOWHERE, Instance, Real, Whole, Yes
from core.clinics.matching.policy import Policy
from core.clinics.matching.polish import MOST_CASES, polished


# With more arcs than these a flow over all of them takes long: some are chosen.
_MANY_ARCS = 3_000_000


@dataclass(frozen=True)
class Effort:
    """How hard to try."""

    polish: bool
    exact: bool


@dataclass(frozen=True)
class Answer:
    """The plan of one region, in its own numbers. See ``plan.Plan``."""

    session: Whole
    slot: Whole
    cost: Whole
    impossible: Yes
    prices: Real
    bound: float
    exact: bool

    @classmethod
    def empty(cls, cases: int, sessions: int) -> "Answer":
        """Nobody is placed, and nobody can be."""
        return cls(
            session=np.full(cases, NOWHERE, dtype=np.int64),
            slot=np.zeros(cases, dtype=np.int64),
            cost=np.zeros(cases, dtype=np.int64),
            impossible=np.ones(cases, dtype=bool),
            prices=np.zeros(sessions),
            bound=0.0,
            exact=True,
        )


def _silent(_share: float, _words: str) -> None:
    """Nobody wants to know."""


def best(
    region: Instance, policy: Policy, effort: Effort, tell: Progress = _silent
) -> Answer:
    """Plan a region that is in canonical order."""
    tell(0.0, "who can be seen where")
    arcs = costs.arcs(region, policy)
    tell(0.1, "what minutes are worth")
    if len(arcs) > _MANY_ARCS and not effort.exact:
        return _by_candidates(region, policy, arcs, tell)
    solved = relaxed(region, policy, arcs)
    tell(0.3, "the best use of the slots")
    cut = slots.cut(region, arcs, solved.share)
    filled = slots.filled(region, policy, arcs, cut)
    templated = bool(region.sessions.templated.all())
    if effort.polish and not templated and len(region.cases) <= MOST_CASES:
        tell(0.4, "the last percents")
        filled = polished(region, policy, arcs, solved.per_minute, filled)
    found = _Found(*filled.taken, solved.per_minute, solved.pence)
    answer = _answer(region, policy, arcs, found)
    return dataclasses.replace(answer, exact=answer.exact or templated)


def _by_candidates(
    region: Instance, policy: Policy, arcs: Arcs, tell: Progress
) -> Answer:
    """Far less work, for a plan that is a little dearer, and proven only so far."""
    lengths = lengths_of(region)
    length = np.searchsorted(lengths, region.cases.minutes)
    asked = np.zeros((len(region.sessions), len(lengths)))
    cut, units = slots.given(region), None
    if not region.sessions.templated.all():
        pose = partial(minutes_network, region, policy)
        units = guided(arcs, length, pose, MINUTES, asked)
        network = units.posed.network
        share = np.zeros(len(arcs))
        share[units.kept] = units.flow.on_arc / network.supply[network.case]
        cut, asked = slots.cut(region, arcs, share), units.asked
    tell(0.5, "the best use of the slots")
    pose_slots = partial(slots.slot_network, region, policy, slots=cut)
    rounds = SLOTS_AFTER_MINUTES if units else SLOTS
    found = guided(arcs, length, pose_slots, rounds, asked)
    arc, slot = found.posed.taken(found.flow)
    taken = np.append(found.kept, NOWHERE)[arc]
    of = units or found
    prices = of.posed.per_minute(of.prices)
    return _answer(
        region, policy, arcs, _Found(taken, slot, prices, proven(arcs, length, of))
    )


@dataclass(frozen=True)
class _Found:
    """For each case an arc and the minutes of its slot; the prices and the bound."""

    arc: Whole
    slot: Whole
    prices: Real
    bound: float


def _answer(region: Instance, policy: Policy, arcs: Arcs, found: _Found) -> Answer:
    placed = np.flatnonzero(found.arc != NOWHERE)
    arc, count = found.arc[placed], len(region.cases)
    session = np.full(count, NOWHERE, dtype=np.int64)
    session[placed] = arcs.session[arc]
    cost = np.where(arcs.has_any, costs.left_out(region, policy), 0)
    cost[placed] = arcs.cost[arc]
    slot = np.zeros(count, dtype=np.int64)
    in_template = region.sessions.templated[session[placed]]
    own = region.cases.minutes[placed]
    slot[placed] = np.where(in_template, found.slot[placed], own)
    return Answer(
        session=session,
        slot=slot,
        cost=cost,
        impossible=~arcs.has_any,
        prices=found.prices,
        bound=found.bound,
        # A plan that costs what none can beat is proven, however it was found.
        exact=bool(cost.sum() <= found.bound),
    )
