"""Why a case is seen where it is, and where minutes are short: in numbers and words."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.clinics.matching import costs
from core.clinics.matching.costs import Parts
from core.clinics.matching.model import Instance, Real
from core.clinics.matching.plan import Plan
from core.clinics.matching.policy import Policy
from core.clinics.matching.regions import chosen


FORTNIGHT = 14


@dataclass(frozen=True)
class Option:
    """One session that a case could be seen in. Pence.

    ``minutes_worth`` is what its minutes save when others have them; the plan looks for
    the least ``total`` of own cost and that.
    """

    session: int
    own: Parts
    minutes_worth: int
    total: int
    chosen: bool
    late_days: int


@dataclass(frozen=True)
class Shortage:
    """What a minute of a role is worth at a site in a fortnight: mean over sessions.

    ``fortnight`` counts from 0, ``site`` is its number in the instance.
    """

    role: str
    fortnight: int
    site: int
    pence_per_minute: float
    minutes: int


def options(
    instance: Instance, policy: Policy, plan: Plan, case_index: int, most: int = 5
) -> list[Option]:
    """The best few sessions of a case, the best first; the chosen one is among them."""
    found = _all_options(instance, policy, plan, case_index)
    mine = [one for one in found[most:] if one.chosen]
    return found[: most - len(mine)] + mine


def _all_options(
    instance: Instance, policy: Policy, plan: Plan, case: int
) -> list[Option]:
    alone = chosen(instance, np.array([case]), np.arange(len(instance.sessions)))
    minutes, due = int(instance.cases.minutes[case]), int(instance.cases.due[case])
    found = []
    for session in costs.arcs(alone, policy).session.tolist():
        own = costs.parts(instance, policy, case, session)
        worth = round(float(plan.prices[session]) * minutes)
        found.append(
            Option(
                session=session,
                own=own,
                minutes_worth=worth,
                total=own.total + worth,
                chosen=session == plan.session[case],
                late_days=max(0, int(instance.sessions.day[session]) - due),
            )
        )
    ids = instance.sessions.ids
    return sorted(found, key=lambda one: (one.total, not one.chosen, ids[one.session]))


def sentence(
    instance: Instance,
    policy: Policy,
    plan: Plan,
    case_index: int,
    label: Callable[[int], str],
) -> str:
    """Why, in one sentence. ``label`` says a session in words."""
    if plan.impossible[case_index]:
        return f"No session can take this case: {plan.reason[case_index]}."
    found = _all_options(instance, policy, plan, case_index)
    mine = next((one for one in found if one.chosen), None)
    if mine is None:
        return (
            "No place was left for this case: every session that could take it is "
            "worth more to others."
        )
    where = f"{label(mine.session)}, {_in_time(mine)}"
    cheapest = min(found, key=lambda one: (one.own.total, not one.chosen))
    if cheapest.chosen:
        return f"{where}: no other session would be better for this case."
    instead = f"{label(cheapest.session)} would be {_better(cheapest, mine)}"
    if cheapest.total < mine.total:
        return f"{where}: {instead}, but it is full with cases that fit it better."
    return (
        f"{where}: {instead}, but others need its minutes more "
        f"({_pounds(cheapest.minutes_worth)} against {_pounds(mine.minutes_worth)})."
    )


def _in_time(one: Option) -> str:
    if not one.late_days:
        return "in time"
    return f"{one.late_days} day{'s' if one.late_days > 1 else ''} late"


def _better(other: Option, mine: Option) -> str:
    if mine.late_days and not other.late_days:
        return "in time"
    if other.own.waiting + other.own.lateness < mine.own.waiting + mine.own.lateness:
        return "earlier"
    if other.own.travel < mine.own.travel:
        return "nearer"
    return "cheaper"


def _pounds(pence: int) -> str:
    return f"£{round(pence / 100):,}"


def shortages(instance: Instance, policy: Policy, prices: Real) -> list[Shortage]:
    """Where one more minute would save most, the dearest first; empty sessions count
    for nothing."""
    sessions, names = instance.sessions, list(policy.roles)
    keys = np.stack((sessions.role, sessions.day // FORTNIGHT, sessions.site))
    groups, member = np.unique(keys, axis=1, return_inverse=True)
    minutes = np.bincount(member, weights=sessions.minutes)
    worth = np.bincount(member, weights=prices * sessions.minutes)
    found = [
        Shortage(names[role], fortnight, site, value / held, int(held))
        for (role, fortnight, site), value, held in zip(
            groups.T.tolist(), worth.tolist(), minutes.tolist(), strict=True
        )
        if held
    ]
    return sorted(found, key=lambda one: -one.pence_per_minute)
