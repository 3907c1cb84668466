"""The plan of one region: relaxation, slots, polish."""

from dataclasses import dataclass

import numpy as np

from core.clinics.matching import costs, slots
from core.clinics.matching.bound import Progress, Relaxed, relaxed
from core.clinics.matching.costs import Arcs
from core.clinics.matching.model import NOWHERE, Instance, Real, Whole, Yes
from core.clinics.matching.policy import Policy


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
    bound = relaxed(region, policy, arcs)
    tell(0.4, "the best use of the slots")
    return _in_slots(region, policy, arcs, bound)


def _in_slots(region: Instance, policy: Policy, arcs: Arcs, bound: Relaxed) -> Answer:
    made, flow = slots.assigned(region, policy, arcs, slots.cut(region, bound))
    case, arc, minutes = made.chosen(flow)
    count = len(region.cases)
    session = np.full(count, NOWHERE, dtype=np.int64)
    slot = np.zeros(count, dtype=np.int64)
    cost = np.where(arcs.has_any, costs.left_out(region, policy), 0)
    session[case] = arcs.session[arc]
    cost[case] = arcs.cost[arc]
    own = region.sessions.templated[session[case]]
    slot[case] = np.where(own, minutes, region.cases.minutes[case])
    return Answer(
        session=session,
        slot=slot,
        cost=cost,
        impossible=~arcs.has_any,
        prices=bound.per_minute,
        bound=bound.pence,
        exact=bool(region.sessions.templated.all()) or cost.sum() == bound.pence,
    )
