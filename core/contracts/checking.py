"""Whether a routing policy sends everything to somebody, found by trying it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import product

from core.access.model import Grade
from core.contracts.model import Pool, Priority, Terms
from core.contracts.policy import Condition, Facts, RoutingPolicy, Weekday
from core.contracts.routing import Decision, Load, Pools, decide
from core.contracts.rules import may_answer
from core.kernel.clock import LONDON
from core.specialties.model import Answer, Specialty


# Any Monday; the days after it are the other weekdays.
_MONDAY = datetime(2026, 1, 12, tzinfo=LONDON)
_USUAL_AGE = 40
_MIDDAY = time(12)
_JUST_BEFORE = timedelta(minutes=1)


@dataclass(frozen=True)
class Answerer:
    """A specialist as the rules see one."""

    pool: Pool
    grade: Grade | None
    interests: frozenset[str]

    def may_answer(self, terms: Terms, decision: Decision, priority: Priority) -> bool:
        """Whether what was decided leads to them."""
        return self.pool is decision.pool and may_answer(
            terms,
            priority,
            self.grade,
            sub_specialty=decision.sub_specialty if decision.restricted else "",
            interests=self.interests,
        )


def unknown_words(policy: RoutingPolicy, described: Specialty) -> Iterator[str]:
    """What the conditions name and the specialty does not have, in sentences."""
    sites = {one.code for one in described.sites}
    problems = {one.code for one in described.problems}
    questions = {one.id for one in described.questions}
    for one in policy.preferences:
        asked = {answered.question for answered in one.when.answers}
        wrong = {*one.when.sites} - sites | {*one.when.problems} - problems
        for word in sorted(wrong | asked - questions):
            yield f"“{one.label}” asks for “{word}”, which {described.name} has not."
        low, high = one.when.age_at_least, one.when.age_below
        if low is not None and high is not None and low >= high:
            yield f"“{one.label}” is for nobody: no age is {low} or more and below {high}."


def goes_to_nobody(
    policy: RoutingPolicy, pools: Pools, terms: Terms, people: Sequence[Answerer]
) -> str:
    """An example of a referral that nobody may answer, in a sentence; or nothing."""
    tried = product(_loads(policy), _moments(policy), _facts(policy))
    for load, moment, facts in tried:
        decision = decide(policy, pools, facts, load, moment)
        if not any(one.may_answer(terms, decision, facts.priority) for one in people):
            return _sentence(policy, pools, people, facts, moment, decision)
    return ""


def _facts(policy: RoutingPolicy) -> Iterator[Facts]:
    """Each priority, age on either side of each limit, and kind that is named."""
    conditions = [one.when for one in policy.preferences]
    limits = [one.age_below for one in conditions]
    limits += [one.age_at_least for one in conditions]
    ages = {_USUAL_AGE}
    for limit in limits:
        ages |= set() if limit is None else {max(limit - 1, 0), limit}
    kinds: list[Condition | None] = [None, *conditions]
    for kind, priority, age in product(kinds, Priority, sorted(ages)):
        yield _of_kind(kind, priority, age)


def _of_kind(kind: Condition | None, priority: Priority, age: int) -> Facts:
    if kind is None:
        return Facts(priority, age)
    answers: dict[str, Answer] = {
        one.question: one.any_of[0] for one in kind.answers if one.any_of
    }
    problem = next(iter(kind.problems), "")
    return Facts(priority, age, problem, frozenset(kind.sites[:1]), answers)


def _moments(policy: RoutingPolicy) -> Iterator[datetime]:
    """Each weekday, on either side of each hour that the rota names."""
    times = {_MIDDAY}
    if policy.rota is not None:
        hours = {policy.rota.begins, policy.rota.ends} - {None, time.min}
        times |= {one for one in hours if one is not None}
    for day, at in product(range(len(Weekday)), sorted(times)):
        moment = datetime.combine(_MONDAY + timedelta(days=day), at, LONDON)
        yield moment
        yield moment - _JUST_BEFORE


def _loads(policy: RoutingPolicy) -> Iterator[Load]:
    """An idle first pool, and one at each of its limits."""
    yield Load()
    if policy.daily_number is not None:
        yield Load(today=policy.daily_number)
    if policy.overflow.longer_than is not None:
        yield Load(waiting=policy.overflow.longer_than + 1)
    if policy.overflow.oldest_over_hours is not None:
        yield Load(oldest=_MONDAY - timedelta(days=365))


_WHEN = {
    "daily_number": ", once the other service has had its daily number,",
    "overflow_queue": ", while the other service's list is full,",
    "overflow_wait": ", while a case at the other service has waited too long,",
}


def _sentence(
    policy: RoutingPolicy,
    pools: Pools,
    people: Sequence[Answerer],
    facts: Facts,
    moment: datetime,
    decision: Decision,
) -> str:
    kind = policy.preference(facts)
    named = f" ({kind.label})" if kind else ""
    of_age = any(one.when.asks_age for one in policy.preferences)
    whom = f" for somebody aged {facts.age}" if of_age else ""
    day = Weekday.of(moment).capitalize()
    when = f" on a {day}" if policy.rota else ""
    when += _WHEN.get(decision.rule, "")
    priority = _spoken(facts.priority)
    article = "An" if priority[0] in "aeiou" else "A"
    return (
        f"{article} {priority} referral{named}{whom}{when} would go to "
        f"{pools.names[decision.pool]}, where nobody may answer it: "
        f"{_why(policy, people, facts, decision)}."
    )


def _why(
    policy: RoutingPolicy, people: Sequence[Answerer], facts: Facts, decision: Decision
) -> str:
    there = [one for one in people if one.pool is decision.pool]
    if not there:
        return "it has no specialists"
    kind = policy.preference(facts)
    if decision.restricted and kind is not None:
        there = [one for one in there if kind.code in one.interests]
        if not there:
            return f"no specialist there takes “{kind.label}”"
    grades = sorted({one.grade.label for one in there if one.grade})
    who = "those who take it there" if decision.restricted else "those who work there"
    return (
        f"the contract keeps {_spoken(facts.priority)} from {who} ({', '.join(grades)})"
    )


def _spoken(priority: Priority) -> str:
    return priority.value.replace("_", " ")
