"""Cases in rooms at least cost: a transport network, solved exactly in whole numbers.

Because a case takes as many minutes whoever sees it, the relaxation of the plan in
minutes is such a network (units of time flow from cases to sessions), and the plan in
slots is one as well (a case flows to a slot as a whole).
"""

from dataclasses import dataclass

import numpy as np
from ortools.graph.python import min_cost_flow

from core.clinics.matching.model import Places, Whole


# What the solver can still multiply by the number of its nodes in 64 bits.
_LARGEST = 2**60


@dataclass(frozen=True)
class Network:
    """Each case sends its supply along its arcs into rooms, or leaves it at a price.

    Arcs are sorted by case; ``start`` has one entry more than there are cases. Costs are
    for one unit, and whole.
    """

    supply: Whole
    room: Whole
    case: Places
    place: Places
    cost: Whole
    leave: Whole
    start: Whole


@dataclass(frozen=True)
class Flow:
    """The cheapest flow: units on each arc, and units that each case leaves."""

    on_arc: Whole
    left: Whole
    cost: int


def cheapest(network: Network) -> Flow:
    """Solve. Raises OverflowError for costs that no whole number can hold."""
    count, rooms, arcs = len(network.supply), len(network.room), len(network.case)
    if not count:
        none = np.zeros(0, dtype=np.int64)
        return Flow(none, none, 0)
    sink, numbers = count + rooms, np.arange(count)
    solver = min_cost_flow.SimpleMinCostFlow()
    add = solver.add_arcs_with_capacity_and_unit_cost
    add(
        network.case,
        network.place + np.int32(count),
        network.supply[network.case],
        network.cost,
    )
    free = np.zeros(rooms, dtype=np.int64)
    add(np.arange(count, sink), np.full(rooms, sink), network.room, free)
    add(numbers, np.full(count, sink), network.supply, network.leave)
    solver.set_nodes_supplies(
        np.arange(sink + 1), np.r_[network.supply, free, -network.supply.sum()]
    )
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise OverflowError(f"the flow has no answer: {status}")
    flows = np.asarray(solver.flows(np.arange(arcs + rooms + count)), dtype=np.int64)
    on_arc, left = flows[:arcs], flows[arcs + rooms :]
    cost = int(on_arc @ network.cost) + int(left @ network.leave)
    return Flow(on_arc, left, cost)


def scale(units: Whole, dearest: int, nodes: int) -> int:
    """What costs are multiplied by so that they stay whole when divided among units.

    Lengths that have no small common multiple, or huge costs, get the largest factor
    that fits: the flow is then exact for costs that differ by less than a penny.
    """
    if not len(units):
        return 1
    common = int(np.lcm.reduce(np.unique(units).astype(object)))
    fits = _LARGEST // max(1, dearest * nodes)
    return max(1, min(common, fits))
