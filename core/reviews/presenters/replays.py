"""Last month under another routing policy, in numbers and no person."""

import math
import statistics
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.access.model import OrganisationKind, Scope
from core.contracts.model import PRIORITY_ORDER, Pool, Priority
from core.contracts.policy import RoutingPolicy
from core.contracts.reading import Routing, answerers, routing_now
from core.contracts.reference import bank_holidays
from core.contracts.words import RULES
from core.kernel import clock, words
from core.kernel.clock import LONDON
from core.kernel.errors import NotAllowed
from core.reviews.history import Past, Span, past_of
from core.reviews.replay import Agreed, Replayed, replay


@dataclass(frozen=True)
class Figures:
    """How many a service answered, and the waits in words; "–" where there is none."""

    answered: int
    median: str
    ninety: str

    @property
    def said(self) -> str:
        """All of it in a few words."""
        if not self.answered:
            return "None"
        return (
            f"{self.answered}: half within {self.median}, nine of ten within "
            f"{self.ninety}"
        )


@dataclass(frozen=True)
class Line:
    """One service and priority, as it was and as it would have been."""

    service: str
    priority: str
    before: Figures
    after: Figures


@dataclass(frozen=True)
class Comparison:
    """Last month twice. ``rules``: words, how many before, how many after.

    ``says``: the same in sentences.
    """

    month: str
    sent: int
    says: list[str]
    lines: list[Line]
    rules: list[tuple[str, int, int]]
    waiting: tuple[int, int]


@dataclass(frozen=True)
class _Case:
    """What became of one case: who had it last, by which rule, and its wait."""

    priority: Priority
    pool: Pool
    rule: str
    wait: timedelta | None


def last_month(
    session: Session, scope: Scope, *, contract_id: uuid.UUID, policy: RoutingPolicy
) -> Comparison:
    """What was sent in the last whole month, and what ``policy`` would have made of it.

    Raises NotAllowed for anyone but the platform's own people: their scope sees no
    referral, and gets none here.
    """
    if scope.kind is not OrganisationKind.PLATFORM:
        raise NotAllowed("Only a service manager replays the routing.")
    routing = routing_now(session, contract_id)
    span = _last_month(clock.now())
    past = past_of(session, routing, policy, span)
    staffed = frozenset(one.pool for one in answerers(session, contract_id))
    agreed = Agreed(
        policy,
        routing.pools,
        routing.agreed.terms,
        as_decided=_is_same(policy, routing.policy),
        holidays=bank_holidays(),
        staffed=staffed,
    )
    before = list(_as_it_was(past, span.ends))
    after = list(_as_replayed(past, replay(past.sent, past.turns, agreed), span.ends))
    return Comparison(
        month=f"{span.begins.astimezone(LONDON):%B %Y}",
        sent=len(before),
        says=list(_says(routing, before, after, unchanged=agreed.as_decided)),
        lines=_lines(routing, before, after),
        rules=_rules(before, after),
        waiting=(_waiting(before), _waiting(after)),
    )


def _is_same(policy: RoutingPolicy, before: RoutingPolicy) -> bool:
    # Why it was agreed sends nothing anywhere.
    return policy.model_copy(update={"source": before.source}) == before


def _last_month(now: datetime) -> Span:
    first = now.astimezone(LONDON).replace(hour=0, minute=0, second=0, microsecond=0)
    ends = first.replace(day=1)
    return Span((ends - timedelta(days=1)).replace(day=1), ends)


def _as_it_was(past: Past, ends: datetime) -> Iterator[_Case]:
    for sent, at in zip(past.sent, past.answered_at, strict=True):
        wait = None if at is None or at >= ends else at - sent.sent_at
        held = sent.decision
        yield _Case(sent.facts.priority, held.pool, held.rule, wait)


def _as_replayed(
    past: Past, found: Sequence[Replayed], ends: datetime
) -> Iterator[_Case]:
    for sent, one in zip(past.sent, found, strict=True):
        at, held = one.answered_at, one.decision
        wait = None if at is None or at >= ends else at - sent.sent_at
        yield _Case(sent.facts.priority, held.pool, held.rule, wait)


def _says(
    routing: Routing,
    before: Sequence[_Case],
    after: Sequence[_Case],
    *,
    unchanged: bool,
) -> Iterator[str]:
    yield f"Sent: {words.plural(len(before), 'referral')}."
    if unchanged:
        yield "The policy is the one in force, so each goes where it went."
    for pool, name in routing.pools.names.items():
        was, would = (_with(cases, pool) for cases in (before, after))
        yield f"{name} had {was}, and would have {would}."
    was, would = _waiting(before), _waiting(after)
    yield f"At the end of the month {was} still waited; {would} would have."
    was_half, would_half = _half(before), _half(after)
    yield (
        f"Half of the answers came within {was_half}; they would have come within "
        f"{would_half}."
    )


def _with(cases: Sequence[_Case], pool: Pool) -> int:
    return sum(one.pool is pool for one in cases)


def _waiting(cases: Sequence[_Case]) -> int:
    return sum(one.wait is None for one in cases)


def _half(cases: Sequence[_Case]) -> str:
    waits = [one.wait.total_seconds() for one in cases if one.wait is not None]
    return words.length(statistics.median(waits)) if waits else "no time: none did"


def _lines(
    routing: Routing, before: Sequence[_Case], after: Sequence[_Case]
) -> list[Line]:
    return [
        Line(
            name,
            priority.label,
            _figures(before, pool, priority),
            _figures(after, pool, priority),
        )
        for pool, name in routing.pools.names.items()
        for priority in PRIORITY_ORDER
    ]


def _figures(cases: Sequence[_Case], pool: Pool, priority: Priority) -> Figures:
    waits = sorted(
        one.wait.total_seconds()
        for one in cases
        if one.wait is not None and one.pool is pool and one.priority is priority
    )
    if not waits:
        return Figures(0, "–", "–")
    ninety = waits[math.ceil(0.9 * len(waits)) - 1]
    return Figures(
        len(waits), words.length(statistics.median(waits)), words.length(ninety)
    )


def _rules(
    before: Sequence[_Case], after: Sequence[_Case]
) -> list[tuple[str, int, int]]:
    was, would = (Counter(one.rule for one in cases) for cases in (before, after))
    return [
        (said, was[rule], would[rule])
        for rule, said in RULES.items()
        if was[rule] or would[rule]
    ]
