"""Temporary."""

import numpy as np

from core.clinics.matching import costs
from core.clinics.matching.figures import figures
from core.clinics.matching.model import NOWHERE, Instance
from core.clinics.matching.plan import Plan
from core.clinics.matching.policy import Policy


def first_come(instance: Instance, policy: Policy) -> Plan:
    """By referral."""
    arcs = costs.arcs(instance, policy)
    n = len(instance.cases)
    free = instance.sessions.minutes.copy()
    session = np.full(n, NOWHERE)
    cost = costs.left_out(instance, policy)
    for i in np.lexsort((np.array(instance.cases.ids), instance.cases.referred)):
        a = slice(arcs.start[i], arcs.start[i + 1])
        js = arcs.session[a]
        order = np.lexsort((arcs.cost[a], instance.sessions.day[js]))
        for k in order:
            if free[js[k]] >= instance.cases.minutes[i]:
                session[i] = js[k]
                cost[i] = arcs.cost[a][k]
                free[js[k]] -= instance.cases.minutes[i]
                break
    imp = ~arcs.has_any
    cost[imp] = 0
    e = instance.cases.expected
    return Plan(
        session,
        instance.cases.minutes,
        cost,
        np.zeros(len(free)),
        0.0,
        int(cost.sum()),
        imp,
        ("",) * n,
        False,
        figures(instance, policy, session, imp, ~e),
        figures(instance, policy, session, imp, e),
    )
