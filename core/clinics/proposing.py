"""From what was gathered to a proposal: places with their times, figures, reasons. Pure.

The same inputs give the same proposal, so that a kept plan can be made again.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.clinics.inputs import Inputs, NeedIn, StretchIn, instance_of
from core.clinics.matching import explain
from core.clinics.matching.baselines import Outcome, first_come
from core.clinics.matching.figures import Figures
from core.clinics.matching.model import NOWHERE, Instance
from core.clinics.matching.plan import Plan, solve
from core.clinics.matching.policy import Policy
from core.clinics.model import STEP_MINUTES
from core.clinics.what_ifs import each_extra_session


Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Place:
    """Where one need goes: a stretch, from a step of it on, for so many minutes."""

    need: NeedIn
    stretch: StretchIn | None
    first: int
    minutes: int
    cost: int
    km: float | None
    # Too far ahead to be booked now.
    later: bool
    # Days later than first come, first served; negative is earlier.
    against_first_come: int | None
    gap: str


@dataclass(frozen=True)
class Proposal:
    """A plan, ready to be kept."""

    inputs: Inputs
    places: Sequence[Place]
    figures: dict[str, Any]


def propose(
    inputs: Inputs, *, polish: bool = True, progress: Progress | None = None
) -> Proposal:
    """Plan, beside what first come, first served would do. Takes seconds."""
    policy, instance = inputs.rules, instance_of(inputs)
    plan = solve(instance, policy, polish=polish, progress=progress)
    queue = first_come(instance, policy)
    found = _places(inputs, policy, instance, plan, queue)
    return Proposal(inputs, found, _figures(inputs, instance, policy, plan, queue))


def _places(
    inputs: Inputs, policy: Policy, instance: Instance, plan: Plan, queue: Outcome
) -> list[Place]:
    firsts = _firsts(inputs, plan)
    least_urgent = policy.urgencies[-1].code
    found = []
    for at, need in enumerate(inputs.needs):
        if need.expected:
            continue
        session, other = int(plan.session[at]), int(queue.session[at])
        stretch = inputs.stretches[session] if session != NOWHERE else None
        against = None
        if stretch and other != NOWHERE:
            against = stretch.day - inputs.stretches[other].day
        found.append(
            Place(
                need=need,
                stretch=stretch,
                first=firsts.get(at, 0),
                minutes=int(plan.slot[at]) if stretch else need.minutes,
                cost=int(plan.cost[at]),
                km=_away(instance, at, session) if stretch else None,
                later=stretch is not None
                and need.urgency == least_urgent
                and stretch.day > policy.book_ahead_days,
                against_first_come=against,
                gap=plan.reason[at],
            )
        )
    return found


def _away(instance: Instance, case: int, session: int) -> float:
    site = instance.sessions.site[session]
    return round(float(instance.km[instance.cases.area[case], site]), 1)


def _firsts(inputs: Inputs, plan: Plan) -> dict[int, int]:
    """From which step of its session on each need is seen: the most urgent first."""
    members: dict[int, list[int]] = defaultdict(list)
    for at in np.flatnonzero(plan.session != NOWHERE):
        members[int(plan.session[at])].append(int(at))
    firsts: dict[int, int] = {}
    for session, cases in members.items():
        stretch = inputs.stretches[session]
        order = sorted(
            cases, key=lambda one: (inputs.needs[one].due, inputs.needs[one].id)
        )
        if stretch.templated:
            firsts |= _in_slots(stretch, order, plan)
        else:
            firsts |= _one_after_another(stretch, order, plan)
    return firsts


def _one_after_another(
    stretch: StretchIn, order: list[int], plan: Plan
) -> dict[int, int]:
    first, firsts = stretch.first, {}
    for at in order:
        firsts[at] = first
        first += int(plan.slot[at]) // STEP_MINUTES
    return firsts


def _in_slots(stretch: StretchIn, order: list[int], plan: Plan) -> dict[int, int]:
    """Slots of a template lie where they lie; of one length, the first comes first."""
    free: dict[int, list[int]] = defaultdict(list)
    for first, minutes in stretch.slots:
        free[minutes].append(first)
    return {at: free[int(plan.slot[at])].pop(0) for at in order}


def _figures(
    inputs: Inputs, instance: Instance, policy: Policy, plan: Plan, queue: Outcome
) -> dict[str, Any]:
    return {
        "planned": _told(policy, plan.figures),
        "first_come": _told(policy, queue.figures),
        "total_pence": plan.total,
        "first_come_pence": queue.total,
        "bound_pence": round(plan.bound),
        "exact": plan.exact,
        "expected": _told(policy, plan.expected),
        "gaps": _gaps(inputs, plan),
        "shortages": _shortages(inputs, instance, policy, plan),
        "extra_session": each_extra_session(inputs),
        "answer": {
            "session": plan.session.tolist(),
            "slot": plan.slot.tolist(),
            "cost": plan.cost.tolist(),
            "prices": [round(float(one), 4) for one in plan.prices],
            "impossible": plan.impossible.tolist(),
            "reason": list(plan.reason),
        },
    }


def _told(policy: Policy, figures: Figures) -> dict[str, Any]:
    codes = [one.code for one in policy.urgencies]
    seen = max(figures.placed, 1)
    return {
        "placed": figures.placed,
        "unplaced": figures.unplaced,
        "impossible": figures.impossible,
        "breaches": dict(zip(codes, figures.breaches, strict=True)),
        "staff_pence": figures.staff_pence,
        "km_each": round(figures.km / seen, 1),
        "days_waited": round(figures.days_waited, 1),
    }


def _gaps(inputs: Inputs, plan: Plan) -> list[dict[str, Any]]:
    """Who can be seen nowhere, counted by what for, from where, and why."""
    counts = Counter(
        (need.procedure, need.practice, plan.reason[at])
        for at, need in enumerate(inputs.needs)
        if plan.impossible[at] and not need.expected
    )
    return [
        {"procedure": procedure, "practice": practice, "reason": reason, "count": count}
        for (procedure, practice, reason), count in sorted(counts.items())
    ]


def _shortages(
    inputs: Inputs, instance: Instance, policy: Policy, plan: Plan
) -> list[dict[str, Any]]:
    """What a minute is worth by grade, fortnight and site: where capacity is short."""
    names, grades = sorted(inputs.sites), list(policy.roles)
    return [
        {
            "grade": grades[one.role],
            "fortnight": int(one.fortnight),
            "site": names[one.site],
            "pence_per_minute": round(float(one.pence_per_minute), 2),
            "minutes": int(one.minutes),
        }
        for one in explain.shortages(instance, policy, plan.prices)
    ]
