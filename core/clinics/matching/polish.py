"""The last percents of a small region's plan in free minutes: an integer program.

Slots cut from the relaxation lose a tenth wherever lengths do not fill a session. Over
the arcs that the prices call nearly as good as the best, an integer program finds almost
all of that again.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from core.clinics.matching.candidates import least_of_each
from core.clinics.matching.costs import Arcs
from core.clinics.matching.model import NOWHERE, Instance, Real, Whole


MOST_CASES = 2_500
# With so few arcs all of them are looked at, and the answer is as good as proven.
_FEW_ARCS = 8_000
# Else the arcs of a case that are within so many pence of its best, by cost and price:
# at least and at most so many. Where minutes are short a case has many equal ones.
_WITHIN = 1_000
_FEWEST, _MOST = 3, 12


@dataclass(frozen=True)
class _Limits:
    """They count work and not time, so that the plan is the same on any machine."""

    gap: float
    nodes: int


_ALL = _Limits(gap=1e-4, nodes=1_000)
# A first plan can be poor: one that is not within the gap is searched for a little on.
_SOME = _Limits(gap=5e-3, nodes=20)


def polished(
    instance: Instance, arcs: Arcs, leave: Whole, prices: Real, chosen: Whole
) -> Whole:
    """For each case the arc that it takes (NOWHERE for none), never dearer than given.

    ``chosen`` is such a choice; who has a slot of a template keeps it.
    """
    templated = instance.sessions.templated
    fixed = np.zeros(arcs.count, dtype=bool)
    placed = chosen != NOWHERE
    fixed[placed] = templated[arcs.session[chosen[placed]]]
    some = _worth_a_look(instance, arcs, prices)
    some = np.union1d(some, chosen[placed])
    free = ~fixed[arcs.case[some]] & ~templated[arcs.session[some]]
    some = some[free & (arcs.cost[some] < leave[arcs.case[some]])]
    limits = _ALL if len(arcs) <= _FEW_ARCS else _SOME
    found = _program(instance, arcs.only(some), leave, limits)
    better = np.where(fixed, chosen, NOWHERE)
    better[arcs.case[some[found]]] = some[found]
    return min(chosen, better, key=lambda one: _cost(arcs, leave, one))


def _worth_a_look(instance: Instance, arcs: Arcs, prices: Real) -> Whole:
    if len(arcs) <= _FEW_ARCS:
        return np.arange(len(arcs))
    ranked = arcs.cost + prices[arcs.session] * instance.cases.minutes[arcs.case]
    best = np.zeros(arcs.count)
    held = np.flatnonzero(arcs.has_any)
    best[held] = np.minimum.reduceat(ranked, arcs.start[held])
    most = least_of_each(arcs.start, ranked, _MOST)
    most = most[ranked[most] <= best[arcs.case[most]] + _WITHIN]
    return np.union1d(most, least_of_each(arcs.start, ranked, _FEWEST))


def _program(instance: Instance, arcs: Arcs, leave: Whole, limits: _Limits) -> Whole:
    """Which arcs are taken; none if the program finds nothing within its limits."""
    none = np.zeros(0, dtype=np.int64)
    cases, variables = np.flatnonzero(arcs.has_any), len(arcs)
    if not variables:
        return none
    row = np.searchsorted(cases, arcs.case)
    # A case takes one arc, or its last variable, which stands for no place.
    once = csr_array(
        (
            np.ones(variables + len(cases)),
            (np.r_[row, np.arange(len(cases))], np.arange(variables + len(cases))),
        )
    )
    sessions, minutes = instance.sessions.minutes, instance.cases.minutes
    within = csr_array(
        (minutes[arcs.case].astype(float), (arcs.session, np.arange(variables))),
        shape=(len(sessions), variables + len(cases)),
    )
    answer = milp(
        # In pounds: the solver's tolerances are made for numbers of that size.
        np.r_[arcs.cost, leave[cases]] / 100,
        constraints=[
            LinearConstraint(once, 1, 1),
            LinearConstraint(within, -np.inf, sessions),
        ],
        integrality=np.r_[np.ones(variables), np.zeros(len(cases))],
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": limits.gap, "node_limit": limits.nodes},
    )
    return none if answer.x is None else np.flatnonzero(answer.x[:variables] > 0.5)


def _cost(arcs: Arcs, leave: Whole, chosen: Whole) -> int:
    placed = chosen != NOWHERE
    return int(arcs.cost[chosen[placed]].sum() + leave[~placed].sum())
