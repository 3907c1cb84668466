"""Who is seen where and when: the best plan of a region, with its prices and its proof."""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

import numpy as np

from core.clinics.matching.bound import Progress
from core.clinics.matching.figures import Figures, figures
from core.clinics.matching.model import NOWHERE, Instance, Real, Whole, Yes
from core.clinics.matching.one_region import Answer, Effort, best
from core.clinics.matching.policy import Policy
from core.clinics.matching.reasons import reasons
from core.clinics.matching.regions import canonical, chosen, regions


@dataclass(frozen=True)
class Plan:
    """Every array has one entry for each case, or each session, as they were given.

    ``session`` is NOWHERE where a case finds no place; ``slot`` is the length of the
    slot used, in minutes; ``cost`` is in pence, as is their sum ``total``. ``prices``
    are pence per minute: what one more minute of a session would save. No plan costs
    less than ``bound``. ``impossible`` cases have no session at all (a gap in who can
    do what where): they cost nothing and ``reason`` says what is missing. ``exact``
    means that no plan in the given slots is cheaper. ``figures`` count people,
    ``expected`` those who are not people yet.
    """

    session: Whole
    slot: Whole
    cost: Whole
    prices: Real
    bound: float
    total: int
    impossible: Yes
    reason: tuple[str, ...]
    exact: bool
    figures: Figures
    expected: Figures


def solve(
    instance: Instance,
    policy: Policy,
    *,
    polish: bool = True,
    exact: bool = False,
    workers: int = 1,
    progress: Progress | None = None,
) -> Plan:
    """Plan an instance, each of its regions for itself.

    The plan is the same in whatever order cases and sessions are given. ``exact`` looks
    at all arcs of regions that are too large for that to be quick; ``workers`` above 1
    solves regions in so many processes.
    """
    tell = progress or (lambda _share, _words: None)
    cases, sessions = canonical(instance)
    ordered = chosen(instance, cases, sessions)
    parts = regions(ordered, policy)
    answers = _answers(ordered, policy, parts, Effort(polish, exact), workers, tell)
    tell(1.0, "done")
    joined = _joined(ordered, parts, answers)
    back_cases, back_sessions = np.argsort(cases), np.argsort(sessions)
    to_given = np.append(sessions, NOWHERE)
    return _plan(
        instance,
        policy,
        Answer(
            session=to_given[joined.session][back_cases],
            slot=joined.slot[back_cases],
            cost=joined.cost[back_cases],
            impossible=joined.impossible[back_cases],
            prices=joined.prices[back_sessions],
            bound=joined.bound,
            exact=joined.exact,
        ),
    )


def _answers(
    instance: Instance,
    policy: Policy,
    parts: list[tuple[Whole, Whole]],
    effort: Effort,
    workers: int,
    tell: Progress,
) -> list[Answer]:
    regions_ = (chosen(instance, *part) for part in parts)
    if workers > 1 and len(parts) > 1:
        with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
            found = pool.map(partial(best, policy=policy, effort=effort), regions_)
            return [_told(one, at, parts, tell) for at, one in enumerate(found, 1)]
    answers = []
    for at, region in enumerate(regions_):
        within = _within(tell, at, len(parts))
        answers.append(best(region, policy, effort, within))
    return answers


def _told(
    answer: Answer, done: int, parts: list[tuple[Whole, Whole]], tell: Progress
) -> Answer:
    tell(done / len(parts), f"region {done} of {len(parts)}")
    return answer


def _within(tell: Progress, at: int, count: int) -> Progress:
    """Progress of one region as progress of all."""

    def tell_part(share: float, words: str) -> None:
        where = words if count == 1 else f"region {at + 1} of {count}: {words}"
        tell((at + share) / count, where)

    return tell_part


def _joined(
    instance: Instance, parts: list[tuple[Whole, Whole]], answers: list[Answer]
) -> Answer:
    count = len(instance.cases)
    whole = Answer.empty(count, len(instance.sessions))
    for (cases, sessions), one in zip(parts, answers, strict=True):
        whole.session[cases] = np.append(sessions, NOWHERE)[one.session]
        whole.slot[cases] = one.slot
        whole.cost[cases] = one.cost
        whole.impossible[cases] = one.impossible
        whole.prices[sessions] = one.prices
    return Answer(
        whole.session,
        whole.slot,
        whole.cost,
        whole.impossible,
        whole.prices,
        bound=sum(one.bound for one in answers),
        exact=all(one.exact for one in answers),
    )


def _plan(instance: Instance, policy: Policy, answer: Answer) -> Plan:
    gaps = np.flatnonzero(answer.impossible)
    reason = [""] * len(instance.cases)
    for case, said in zip(gaps, reasons(instance, policy, gaps), strict=True):
        reason[case] = said
    expected = instance.cases.expected
    people, not_yet = (
        figures(instance, policy, answer.session, answer.impossible, counted)
        for counted in (~expected, expected)
    )
    return Plan(
        session=answer.session,
        slot=answer.slot,
        cost=answer.cost,
        prices=answer.prices,
        bound=answer.bound,
        total=int(answer.cost.sum()),
        impossible=answer.impossible,
        reason=tuple(reason),
        exact=answer.exact,
        figures=people,
        expected=not_yet,
    )
