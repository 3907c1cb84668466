"""The same problems for HiGHS, without anything of ours but costs and slots."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from core.clinics.matching import costs, slots
from core.clinics.matching.model import Instance
from core.clinics.matching.policy import Policy
from core.clinics.matching.regions import canonical, chosen


@dataclass(frozen=True)
class Answer:
    """Pence: the best that was found, and what nothing can cost less than."""

    value: float
    bound: float


def in_minutes(instance: Instance, policy: Policy, *, seconds: float) -> Answer:
    """The plan in minutes over all arcs, to one part in 2,000 or as far as it gets."""
    arcs = costs.arcs(instance, policy)
    return _solved(
        arcs.case,
        arcs.session,
        instance.cases.minutes[arcs.case],
        arcs.cost,
        instance.sessions.minutes,
        costs.left_out(instance, policy),
        {"mip_rel_gap": 5e-4, "time_limit": seconds},
    )


def in_slots(instance: Instance, policy: Policy) -> Answer:
    """The plan in given slots."""
    ordered = chosen(instance, *canonical(instance))
    arcs = costs.arcs(ordered, policy)
    network = slots.slot_network(ordered, policy, arcs, slots.given(ordered)).network
    return _solved(
        network.case,
        network.place,
        np.ones(len(network.case)),
        network.cost,
        network.room,
        network.leave,
        {"mip_rel_gap": 0.0},
    )


def _solved(
    case: np.ndarray,
    place: np.ndarray,
    takes: np.ndarray,
    cost: np.ndarray,
    room: np.ndarray,
    leave: np.ndarray,
    options: dict[str, float],
) -> Answer:
    arcs, cases = len(case), len(leave)
    rows = np.r_[case, np.arange(cases)]
    columns = np.arange(arcs + cases)
    once = csr_array((np.ones(arcs + cases), (rows, columns)))
    within = csr_array(
        (takes.astype(float), (place, np.arange(arcs))), shape=(len(room), arcs + cases)
    )
    answer = milp(
        np.r_[cost, leave] / 100,
        constraints=[
            LinearConstraint(once, 1, 1),
            LinearConstraint(within, -np.inf, room),
        ],
        integrality=np.r_[np.ones(arcs), np.zeros(cases)],
        bounds=Bounds(0, 1),
        options=options,
    )
    value = np.inf if answer.fun is None else answer.fun * 100
    return Answer(value, answer.mip_dual_bound * 100)
