"""Replay what was sent under another routing policy: who would have answered, when.

The queue model, in the words of the page. Each service answers at the moments at which
it did answer, and whoever answered then takes the first case of its worklist that they
may answer: the most urgent, then the one due first. A referral is answered only after
it was sent. What nobody claims in time goes to the other service, as the policy says.
What is left over waits at the end. Questions to the practice take no time of their
own. There is no chance in it: the same input gives the same result.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from heapq import heappop, heappush

from core.access.model import Grade
from core.contracts.model import PRIORITY_ORDER, Pool, Priority, Terms
from core.contracts.policy import Facts, RoutingPolicy
from core.contracts.routing import (
    Decision,
    Load,
    Pools,
    decide,
    fall_back,
    leaves_at,
)
from core.contracts.rules import may_answer
from core.kernel.clock import LONDON


@dataclass(frozen=True)
class Sent:
    """A referral as it was sent. ``decision``: where it was, from ``routed_at`` on."""

    sent_at: datetime
    due_at: datetime
    facts: Facts
    decision: Decision
    routed_at: datetime


@dataclass(frozen=True)
class Turn:
    """That somebody of a pool took a case and answered it."""

    taken_at: datetime
    answered_at: datetime
    pool: Pool
    grade: Grade | None
    interests: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Agreed:
    """What the replay is played under.

    ``as_decided``: each is where it was then, from when it was there, as under an
    unchanged policy.
    """

    policy: RoutingPolicy
    pools: Pools
    terms: Terms
    as_decided: bool = False
    holidays: Collection[date] = ()
    # Pools in which nobody may answer are not fallen back to.
    staffed: frozenset[Pool] = frozenset(Pool)


@dataclass(frozen=True)
class Replayed:
    """What became of one referral: the last decision, and the answer or None."""

    decision: Decision
    answered_at: datetime | None


def replay(
    sent: Sequence[Sent], turns: Sequence[Turn], agreed: Agreed
) -> list[Replayed]:
    """What would have become of each referral, in the order in which they came."""
    queues = _Queues(sent, agreed)
    for moment, _, step in _in_order(sent, turns, as_decided=agreed.as_decided):
        queues.fall_back_until(moment)
        if isinstance(step, Turn):
            queues.answer(step)
        else:
            queues.arrive(step, moment)
    return [
        Replayed(decision, queues.answered.get(number))
        for number, decision in sorted(queues.decided.items())
    ]


def _in_order(
    sent: Sequence[Sent], turns: Sequence[Turn], *, as_decided: bool
) -> Iterator[tuple[datetime, int, int | Turn]]:
    """Everything that happens; at one moment, what is sent before who is free."""
    steps: list[tuple[datetime, int, int | Turn]] = [
        (one.routed_at if as_decided else one.sent_at, number, number)
        for number, one in enumerate(sent)
    ]
    for place, turn in enumerate(turns):
        steps.append((turn.taken_at, len(sent) + place, turn))
    yield from sorted(steps, key=lambda step: step[:2])


_Kind = tuple[Priority, str]
_Place = tuple[int, datetime, datetime, int]


@dataclass
class _Pool:
    """One pool's worklist: a heap for each kind that not everybody may answer."""

    kinds: dict[_Kind, list[_Place]] = field(default_factory=dict)
    waiting: dict[int, datetime] = field(default_factory=dict)
    # The numbers in the order of arrival; those gone are dropped when met.
    arrivals: list[tuple[datetime, int]] = field(default_factory=list)

    def oldest(self) -> datetime | None:
        while self.arrivals and not self._is_there(self.arrivals[0]):
            heappop(self.arrivals)
        return self.arrivals[0][0] if self.arrivals else None

    def _is_there(self, arrival: tuple[datetime, int]) -> bool:
        since, number = arrival
        return self.waiting.get(number) == since

    def put(self, kind: _Kind, place: _Place, since: datetime) -> None:
        heappush(self.kinds.setdefault(kind, []), place)
        heappush(self.arrivals, (since, place[-1]))
        self.waiting[place[-1]] = since

    def take_first(self, kinds: Collection[_Kind]) -> int | None:
        """The number of the first case of these kinds, off the list."""
        heaps = [self._clean(self.kinds[kind]) for kind in kinds]
        fullest = [heap for heap in heaps if heap]
        if not fullest:
            return None
        number = heappop(min(fullest))[-1]
        del self.waiting[number]
        return number

    def _clean(self, heap: list[_Place]) -> list[_Place]:
        while heap and heap[0][-1] not in self.waiting:
            heappop(heap)
        return heap


class _Queues:
    def __init__(self, sent: Sequence[Sent], agreed: Agreed) -> None:
        self.sent, self.agreed = sent, agreed
        self.policy = agreed.policy
        self.pools = {pool: _Pool() for pool in agreed.pools.names}
        self.decided: dict[int, Decision] = {}
        self.answered: dict[int, datetime] = {}
        self._given: dict[date, int] = {}
        self._leaving: list[tuple[datetime, int]] = []

    def arrive(self, number: int, moment: datetime) -> None:
        one, agreed = self.sent[number], self.agreed
        decision = one.decision
        if not agreed.as_decided:
            decision = decide(
                agreed.policy,
                agreed.pools,
                one.facts,
                self._load(moment),
                moment,
                agreed.holidays,
            )
        if decision.pool is self.policy.first:
            day = moment.astimezone(LONDON).date()
            self._given[day] = self._given.get(day, 0) + 1
        self._put(number, decision, moment)

    def answer(self, turn: Turn) -> None:
        there = self.pools[turn.pool]
        able = [kind for kind in there.kinds if self._may(turn, kind)]
        number = there.take_first(able)
        if number is not None:
            self.answered[number] = turn.answered_at

    def fall_back_until(self, moment: datetime) -> None:
        while self._leaving and self._leaving[0][0] <= moment:
            at, number = heappop(self._leaving)
            held = self.decided[number]
            priority = self.sent[number].facts.priority
            onward = fall_back(self.policy, self.agreed.pools, held, priority)
            there = self.pools[held.pool].waiting
            if onward and onward.pool in self.agreed.staffed and number in there:
                del there[number]
                self._put(number, onward, at)

    def _put(self, number: int, decision: Decision, moment: datetime) -> None:
        one, before = self.sent[number], self.decided.get(number)
        self.decided[number] = decision
        priority = one.facts.priority
        kept = decision.sub_specialty if decision.restricted else ""
        place = (PRIORITY_ORDER.index(priority), one.due_at, one.sent_at, number)
        self.pools[decision.pool].put((priority, kept), place, moment)
        if self.agreed.as_decided:
            return
        leaves = leaves_at(
            self.policy,
            self.agreed.pools,
            decision,
            priority,
            moment,
            () if before is None else (before.pool,),
        )
        if leaves is not None:
            heappush(self._leaving, (leaves, number))

    def _load(self, moment: datetime) -> Load:
        first = self.pools.get(self.policy.first)
        if first is None:
            return Load()
        today = self._given.get(moment.astimezone(LONDON).date(), 0)
        return Load(today, len(first.waiting), first.oldest())

    def _may(self, turn: Turn, kind: _Kind) -> bool:
        priority, kept = kind
        return may_answer(
            self.agreed.terms,
            priority,
            turn.grade,
            sub_specialty=kept,
            interests=turn.interests,
        )
