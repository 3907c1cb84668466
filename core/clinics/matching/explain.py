"""Why a case goes where it goes, and where minutes are short: prices, told in words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from core.clinics.matching import costs, regions
from core.clinics.matching.bound import minutes_free
from core.clinics.matching.costs import USABLE_LENGTHS, Parts
from core.clinics.matching.model import NOWHERE, Instance, Real, Whole
from core.clinics.matching.plan import Plan
from core.clinics.matching.policy import Policy
from core.kernel.words import plural


FORTNIGHT = 14

# What differs by less is the same in whole pounds, and as good.
_AS_GOOD = 100


@dataclass(frozen=True)
class Option:
    """One way to see a case, or NOWHERE. Pence.

    ``minutes_worth`` is what its minutes would save others; ``total`` adds that to the
    cost. Without a place a case is ``late_days`` late at least.
    """

    session: int
    parts: Parts
    minutes_worth: int
    total: int
    chosen: bool
    late_days: int


@dataclass(frozen=True)
class Shortage:
    """What one more minute of a grade is worth on average, in a fortnight at a site.

    ``role`` is its place in ``Policy.roles``; fortnight 0 begins on the first day
    planned; ``minutes`` are those there are. It says nothing of what many minutes more
    would save: they are worth less and less.
    """

    role: int
    fortnight: int
    site: int
    pence_per_minute: float
    minutes: int


def options(
    instance: Instance, policy: Policy, plan: Plan, case: int, most: int = 5
) -> list[Option]:
    """The ways to see a case with the least totals, the least first.

    The chosen one is always there and, with two or more, the one that itself costs
    least. Who can be seen nowhere has the option of no place alone, at no cost.
    """
    if plan.impossible[case]:
        return [Option(NOWHERE, Parts(0, 0, 0, 0, 0, 0), 0, 0, True, 0)]
    return _listed(instance, policy, plan, case, most)


def _listed(
    instance: Instance, policy: Policy, plan: Plan, case: int, most: int
) -> list[Option]:
    session, cost, total = _weighed(instance, policy, plan, case)
    order = _ascending(instance, session, total)
    chosen = int(np.flatnonzero(session == plan.session[case])[0])
    cheapest = int(_ascending(instance, session, cost)[0])
    shown = list(dict.fromkeys([chosen, cheapest, *order.tolist()]))[: max(most, 1)]
    return [
        _option(instance, policy, plan, case, int(session[at]))
        for at in order.tolist()
        if at in shown
    ]


def _weighed(
    instance: Instance, policy: Policy, plan: Plan, case: int
) -> tuple[Whole, Whole, Whole]:
    """Where the case can be seen, NOWHERE the last; what it costs; with its minutes."""
    alone = regions.chosen(
        instance, np.array([case]), np.arange(len(instance.sessions))
    )
    arcs = costs.arcs(alone, policy)
    worth = costs.whole(plan.prices[arcs.session] * alone.cases.minutes[0])
    session = np.append(arcs.session, NOWHERE).astype(np.int64)
    cost = np.append(arcs.cost, costs.left_out(alone, policy))
    return session, cost, cost + np.append(worth, 0)


def _ascending(instance: Instance, session: Whole, pence: Whole) -> Whole:
    """The least first; of equals by day, then by id, and no place the last."""
    ids = np.array([*instance.sessions.ids, ""])[session]
    day = np.append(instance.sessions.day, instance.horizon)[session]
    order: Whole = np.lexsort((ids, day, session == NOWHERE, pence))
    return order


def _option(
    instance: Instance, policy: Policy, plan: Plan, case: int, session: int
) -> Option:
    due, chosen = int(instance.cases.due[case]), bool(plan.session[case] == session)
    if session == NOWHERE:
        parts, worth, day = _left(instance, policy, case), 0, instance.horizon
    else:
        parts = costs.parts(instance, policy, case, session)
        minutes = int(instance.cases.minutes[case])
        worth = int(np.rint(plan.prices[session] * minutes))
        day = int(instance.sessions.day[session])
    return Option(session, parts, worth, parts.total + worth, chosen, max(0, day - due))


def _left(instance: Instance, policy: Policy, case: int) -> Parts:
    """No place costs what lateness costs, and that is all."""
    alone = regions.chosen(instance, np.array([case]), np.zeros(0, dtype=np.int64))
    total = int(costs.left_out(alone, policy)[0])
    return Parts(0, 0, 0, total, 0, total)


def sentence(
    instance: Instance,
    policy: Policy,
    plan: Plan,
    case: int,
    label: Callable[[int], str],
    options: Sequence[Option] | None = None,
) -> str:
    """Why this place and no other. ``label`` names a session as people know it."""
    if plan.impossible[case]:
        return f"No place: {plan.reason[case]}."
    known = options or _listed(instance, policy, plan, case, most=5)
    here = next(one for one in known if one.chosen)
    others = [one for one in known if not one.chosen]
    telling = _Telling(instance, plan, int(instance.cases.minutes[case]), label)
    only = costs.eligible(instance, policy, np.array([case])).sum() == 1
    if only and here.session != NOWHERE:
        return telling.the_only_one(here)
    return f"{telling.here(here)}; {telling.against(here, others)}."


@dataclass(frozen=True)
class _Telling:
    """The words for the options of a case of so many minutes."""

    instance: Instance
    plan: Plan
    minutes: int
    label: Callable[[int], str]

    def the_only_one(self, here: Option) -> str:
        name = f"{self.label(here.session)}{_late(here, ', {},')}"
        return f"{name} is the only session for them: it {self._costs(here)}."

    def here(self, here: Option) -> str:
        if here.session == NOWHERE:
            return f"No place, which weighs {_pounds(here.total)}"
        name = f"{self.label(here.session)}{_late(here, ', {},')}"
        return f"{name} {self._costs(here)}"

    def against(self, here: Option, others: list[Option]) -> str:
        """Why not elsewhere: it is full, others need it more, or it is dearer."""
        best = others[0]
        if best.total < here.total - _AS_GOOD:
            return self._cheaper_on_paper(here, best)
        cheapest = min(others, key=lambda one: one.parts.total)
        if cheapest.parts.total < here.parts.total and cheapest.session != NOWHERE:
            return (
                f"{self.label(cheapest.session)} would cost only "
                f"{_pounds(cheapest.parts.total)}{_late(cheapest)}, but its "
                f"{self.minutes} minutes are worth {_pounds(cheapest.minutes_worth)} "
                "to others"
            )
        if best.session == NOWHERE:
            return f"otherwise no place at all, which weighs {_pounds(best.total)}"
        if best.total < here.total + _AS_GOOD:
            return f"{self.label(best.session)} would come to as much{_late(best)}"
        return f"anywhere else is dearer, next {self._at(best)}{_late(best)}"

    def _cheaper_on_paper(self, here: Option, best: Option) -> str:
        """Prices are for appointments that could be split; the plan splits none."""
        if best.session == NOWHERE:
            return f"on paper no place at all is cheaper, at {_pounds(best.total)}"
        said = f"the cheapest on paper, {self._at(best)}{_late(best)},"
        if self._full(best.session):
            return f"{said} is full"
        if best.parts.total < here.parts.total:
            return f"{said} has room: this plan is not the best there is"
        return f"{said} is so only where appointments can be split"

    def _costs(self, one: Option) -> str:
        said = f"costs {_pounds(one.parts.total)} and "
        if not one.minutes_worth:
            return f"{said}nobody else needs its {self.minutes} minutes"
        return (
            f"{said}its {self.minutes} minutes are worth {_pounds(one.minutes_worth)} "
            f"to others: {_pounds(one.total)} in all"
        )

    def _at(self, one: Option) -> str:
        return f"{self.label(one.session)} at {_pounds(one.total)}"

    def _full(self, session: int) -> bool:
        """Whether the plan leaves no room there for an appointment of this length."""
        sessions, lengths = self.instance.sessions, self.instance.lengths
        taken = self.plan.slot[self.plan.session == session]
        if not sessions.templated[session]:
            return bool(sessions.minutes[session] - taken.sum() < self.minutes)
        left = sessions.slots[session] - (taken[:, None] == lengths).sum(axis=0)
        first = int(np.searchsorted(lengths, self.minutes))
        return not (left[first : first + USABLE_LENGTHS] > 0).any()


def _late(one: Option, said: str = ", where they would be {}") -> str:
    late = plural(one.late_days, "day")
    return said.format(f"{late} late") if one.late_days else ""


def _pounds(pence: int) -> str:
    pounds = pence / 100
    return f"£{pounds:,.2f}" if 0 < pounds < 10 else f"£{pounds:,.0f}"


def shortages(instance: Instance, policy: Policy, prices: Real) -> list[Shortage]:
    """Where capacity is short: by grade, fortnight and site, the dearest first.

    Prices are pence per minute, one for each session; those of longer sessions count
    for more.
    """
    sessions, minutes = instance.sessions, minutes_free(instance)
    fortnight = sessions.day // FORTNIGHT
    where = (sessions.role, fortnight, sessions.site)
    shape = (len(policy.roles), fortnight.max(initial=0) + 1, instance.km.shape[1])
    there, worth = np.zeros(shape, dtype=np.int64), np.zeros(shape)
    np.add.at(there, where, minutes)
    np.add.at(worth, where, minutes * prices)
    found = []
    for role, then, site in np.argwhere(there).tolist():
        here = int(there[role, then, site])
        mean = float(worth[role, then, site]) / here
        found.append(Shortage(role, then, site, mean, here))
    return sorted(found, key=lambda one: -one.pence_per_minute)
