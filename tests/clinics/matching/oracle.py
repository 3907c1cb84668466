"""The rules of matching once more, slowly and one case at a time; HiGHS for the optima."""

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp


def open_to(one, policy, case, session):
    """Whether a case may be seen in a session, as the rules are told."""
    cases, sessions = one.cases, one.sessions
    day, minutes = int(sessions.day[session]), int(cases.minutes[case])
    km = one.km[cases.area[case], sessions.site[session]]
    return (
        bool(sessions.able[session, cases.kind[case]])
        and km <= policy.farthest_km
        and km <= cases.farthest[case]
        and day >= cases.ready[case]
        and bool(cases.weekdays[case] >> ((day + one.weekday) % 7) & 1)
        and bool(slot_lengths(one, session, minutes))
    )


def slot_lengths(one, session, minutes):
    """Lengths that a case could take in a session when it is empty."""
    if not one.sessions.templated[session]:
        return [minutes] if one.sessions.minutes[session] >= minutes else []
    usable = [length for length in one.lengths.tolist() if length >= minutes][:3]
    held = dict(zip(one.lengths.tolist(), one.sessions.slots[session], strict=True))
    return [length for length in usable if held[length]]


def cost(one, policy, case, session):
    """Pence, as the policy tells it."""
    cases, sessions = one.cases, one.sessions
    weight = policy.urgencies[cases.urgency[case]].weight
    day = int(sessions.day[session])
    late = max(0, day - int(cases.due[case]))
    rate = list(policy.roles.values())[sessions.role[session]]
    km = one.km[cases.area[case], sessions.site[session]]
    other = cases.preferred[case] not in (-1, sessions.staff[session])
    total = (
        int(cases.minutes[case]) * rate
        + round(policy.km * km)
        + round(policy.wait_day * weight) * day
        + (round(policy.breach * weight) + round(policy.late_day * weight) * late)
        * (late > 0)
        + policy.not_preferred * other
    )
    return _weighed(one, policy, case, total)


def left_out(one, policy, case):
    """Pence for no place."""
    weight = policy.urgencies[one.cases.urgency[case]].weight
    late = max(0, one.horizon + policy.beyond_days - int(one.cases.due[case]))
    total = round(policy.not_placed * weight) + round(policy.late_day * weight) * late
    return _weighed(one, policy, case, total)


def _weighed(one, policy, case, total):
    return round(policy.expected_value * total) if one.cases.expected[case] else total


def all_arcs(one, policy):
    return [
        (case, session)
        for case in range(len(one.cases))
        for session in range(len(one.sessions))
        if open_to(one, policy, case, session)
    ]


def relaxation(one, policy):
    """The value of the relaxation in minutes, by HiGHS."""
    arcs = all_arcs(one, policy)
    possible = sorted({case for case, _session in arcs})
    if not possible:
        return 0.0
    free = [
        int(one.sessions.slots[session] @ one.lengths)
        if one.sessions.templated[session]
        else int(one.sessions.minutes[session]) // 5 * 5
        for session in range(len(one.sessions))
    ]
    once, within, costs = _rows(one, policy, arcs, possible)
    answer = linprog(
        costs, A_ub=within, b_ub=free, A_eq=once, b_eq=np.ones(len(possible))
    )
    assert answer.status == 0
    return float(answer.fun)


def _rows(one, policy, arcs, possible):
    columns = len(arcs) + len(possible)
    once = np.zeros((len(possible), columns))
    within = np.zeros((len(one.sessions), columns))
    costs = np.zeros(columns)
    for column, (case, session) in enumerate(arcs):
        once[possible.index(case), column] = 1
        within[session, column] = one.cases.minutes[case]
        costs[column] = cost(one, policy, case, session)
    for row, case in enumerate(possible):
        once[row, len(arcs) + row] = 1
        costs[len(arcs) + row] = left_out(one, policy, case)
    return once, within, costs


def best_in_minutes(one, policy):
    """The optimum of the plan in minutes (no templates), by HiGHS."""
    arcs = all_arcs(one, policy)
    possible = sorted({case for case, _session in arcs})
    if not possible:
        return 0.0
    once, within, costs = _rows(one, policy, arcs, possible)
    answer = milp(
        costs,
        constraints=[
            LinearConstraint(once, 1, 1),
            LinearConstraint(within, -np.inf, one.sessions.minutes),
        ],
        integrality=np.ones(len(costs)),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0},
    )
    assert answer.status == 0
    return float(answer.fun)


def best_in_slots(one, policy):
    """The optimum of the plan in templates' slots, by HiGHS."""
    arcs = [
        (case, session, length)
        for case, session in all_arcs(one, policy)
        for length in slot_lengths(one, session, int(one.cases.minutes[case]))
    ]
    possible = sorted({case for case, _session, _length in arcs})
    if not possible:
        return 0.0
    columns = len(arcs) + len(possible)
    once = np.zeros((len(possible), columns))
    rooms = {}
    costs = np.zeros(columns)
    for column, (case, session, length) in enumerate(arcs):
        once[possible.index(case), column] = 1
        rooms.setdefault((session, length), np.zeros(columns))[column] = 1
        costs[column] = cost(one, policy, case, session)
    for row, case in enumerate(possible):
        once[row, len(arcs) + row] = 1
        costs[len(arcs) + row] = left_out(one, policy, case)
    held = [
        one.sessions.slots[session, one.lengths.tolist().index(length)]
        for session, length in rooms
    ]
    answer = milp(
        costs,
        constraints=[
            LinearConstraint(once, 1, 1),
            LinearConstraint(np.array(list(rooms.values())), -np.inf, held),
        ],
        integrality=np.ones(columns),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0},
    )
    assert answer.status == 0
    return float(answer.fun)
