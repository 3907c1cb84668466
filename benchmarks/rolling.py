"""Three weeks of a region, day by day: half of the cases are not known on the first.

Sessions are lost, patients cancel, urgent ones keep coming. Ways to book are compared by
who is seen late in the end, and by how many patients were given another appointment.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.instances import DAYS, POLICY, Size, make
from core.clinics.matching import costs, slots
from core.clinics.matching.bound import relaxed
from core.clinics.matching.costs import Arcs
from core.clinics.matching.demand import in_turn
from core.clinics.matching.flow import cheapest
from core.clinics.matching.model import EVERY_DAY, NOWHERE, Cases, Instance
from core.clinics.matching.policy import Policy
from core.clinics.matching.regions import canonical, chosen


OURS = "urgent at once, routine 21 days ahead, room kept"
SIZE = Size(3_000, 450, 8, 60)
LAST_DAY = 21
_CANCELS = 0.004
# Places among the urgencies: who is booked at once and whom room is kept for.
_URGENT = 2


@dataclass(frozen=True)
class Way:
    """A way to book. ``penalty`` in pence for another appointment; None is never."""

    name: str
    ahead: int = 10**6
    keeps_room: bool = False
    penalty: int | None = None


WAYS = (
    Way("everybody at once"),
    Way("everybody at once, room kept", keeps_room=True),
    Way("urgent at once, routine 21 days ahead", POLICY.book_ahead_days),
    Way(OURS, POLICY.book_ahead_days, keeps_room=True),
    Way("moves at £300", penalty=POLICY.move_penalty),
    Way("moves at £300, room kept", penalty=POLICY.move_penalty, keeps_room=True),
    Way("all anew each day", penalty=0),
)


@dataclass(frozen=True)
class Result:
    """What came of a way. ``weighted`` are breaches in pence, ``seconds`` per day."""

    name: str
    breaches: tuple[int, ...]
    weighted: int
    moved: int
    seconds: float


@dataclass(frozen=True)
class _World:
    """What happens whatever is booked."""

    instance: Instance
    expected: Cases
    lost: dict[int, int]
    cancels: np.ndarray


def run(seed: int = 1) -> list[Result]:
    """Every way through the same three weeks."""
    world = _world(seed)
    return [_lived(world, way) for way in WAYS]


def _world(seed: int) -> _World:
    drawn = np.random.default_rng(seed)
    whole = make(SIZE, seed=seed)
    count = len(whole.cases)
    later = drawn.random(count) < 0.5
    comes = np.where(later, drawn.integers(1, LAST_DAY, count), 0)
    within = np.array(DAYS)[whole.cases.urgency]
    cases = replace(
        whole.cases,
        due=np.where(later, comes + within, whole.cases.due),
        ready=whole.cases.ready + comes,
        referred=np.where(later, comes, whole.cases.referred),
    )
    soon = np.argsort(whole.sessions.day + drawn.random(len(whole.sessions)))
    days = whole.sessions.day[soon]
    # Every second day a session of the next ten days is lost.
    lost = {
        day: int(drawn.choice(soon[(days > day) & (days <= day + 10)]))
        for day in range(0, LAST_DAY, 2)
    }
    return _World(
        replace(whole, cases=cases),
        _expected(make(SIZE, seed=seed + 1).cases, later.sum() / LAST_DAY * 7),
        lost,
        drawn.random((LAST_DAY, count)) < _CANCELS,
    )


def _expected(earlier: Cases, weekly: float) -> Cases:
    """Urgent cases of a fortnight, as other people's referrals were distributed."""
    urgent = earlier.urgency < _URGENT
    keys = np.stack((earlier.area, earlier.kind, earlier.minutes, earlier.urgency))
    groups, held = np.unique(keys[:, urgent], axis=1, return_counts=True)
    shares = [
        _Share(area, kind, minutes, urgency, number / len(earlier))
        for (area, kind, minutes, urgency), number in zip(
            groups.T.tolist(), held.tolist(), strict=True
        )
    ]
    return _expected_cases([weekly] * 2, shares, DAYS, POLICY)


@dataclass(frozen=True)
class _Share:
    """Which part of all referrals is of one area, kind, length and urgency."""

    area: int
    kind: int
    minutes: int
    urgency: int
    share: float


def _expected_cases(
    weekly: Sequence[float],
    shares: Sequence[_Share],
    days_to_due: Sequence[int],
    policy: Policy,
) -> Cases:
    """Cases that are not people yet, on the days for which the policy keeps room.

    ``weekly`` are means of the coming weeks, of all referrals of which ``shares`` are
    parts (they need not add up to one); ``days_to_due`` by urgency. Evenly over the
    days.
    """
    days = np.arange(policy.expected_days)
    each_day = np.asarray(weekly, dtype=np.float64)[days // 7] / 7
    so_far = np.concatenate(([0.0], np.cumsum(each_day)))
    which = in_turn(so_far[-1] * np.array([one.share for one in shares]))
    when = (np.arange(len(which)) + 0.5) / max(1, len(which))
    day = np.searchsorted(so_far, when * so_far[-1], side="right") - 1
    drawn = [shares[one] for one in which.tolist()]
    urgency = np.array([one.urgency for one in drawn], dtype=np.int64)
    count = len(drawn)
    return Cases(
        ids=tuple(f"expected {number:05}" for number in range(count)),
        minutes=np.array([one.minutes for one in drawn], dtype=np.int64),
        urgency=urgency,
        due=day + np.asarray(days_to_due, dtype=np.int64)[urgency],
        ready=day,
        referred=day,
        kind=np.array([one.kind for one in drawn], dtype=np.int64),
        area=np.array([one.area for one in drawn], dtype=np.int64),
        preferred=np.full(count, NOWHERE),
        weekdays=np.full(count, EVERY_DAY),
        farthest=np.full(count, np.inf),
        expected=np.ones(count, dtype=bool),
    )


def _lived(world: _World, way: Way) -> Result:
    cases = world.instance.cases
    booked = np.full(len(cases), NOWHERE)
    gone = np.zeros(len(world.instance.sessions), dtype=bool)
    moved, started = 0, time.perf_counter()
    for day in range(LAST_DAY + 1):
        if day < LAST_DAY:
            _news(world, day, booked, gone)
        planned = _planned(world, way, day, booked, gone)
        had = booked != NOWHERE
        moved += int((planned[had] != booked[had]).sum())
        at = world.instance.sessions.day[planned]
        urgent = cases.urgency < _URGENT
        tells = urgent | (at <= day + way.ahead) | (day == LAST_DAY)
        booked = np.where(had | tells, planned, NOWHERE)
    seconds = (time.perf_counter() - started) / (LAST_DAY + 1)
    late = np.where(
        booked == NOWHERE,
        cases.due < world.instance.horizon,
        world.instance.sessions.day[booked] > cases.due,
    )
    breaches = np.bincount(cases.urgency[late], minlength=len(POLICY.urgencies))
    weights = np.array([one.weight for one in POLICY.urgencies])
    return Result(
        way.name,
        tuple(breaches.tolist()),
        int(POLICY.breach * (breaches @ weights)),
        moved,
        seconds,
    )


def _news(world: _World, day: int, booked: np.ndarray, gone: np.ndarray) -> None:
    """A session is lost, patients cancel: they wait again. Nobody is unbooked else."""
    ahead = (booked != NOWHERE) & (world.instance.sessions.day[booked] > day)
    booked[ahead & world.cancels[day]] = NOWHERE
    if day in world.lost:
        gone[world.lost[day]] = True
        booked[ahead & (booked == world.lost[day])] = NOWHERE


def _planned(
    world: _World, way: Way, day: int, booked: np.ndarray, gone: np.ndarray
) -> np.ndarray:
    """Where everybody known is to be seen as of a day."""
    whole = world.instance
    cases, sessions = whole.cases, whole.sessions
    seen = (booked != NOWHERE) & (sessions.day[booked] <= day)
    fixed = (booked != NOWHERE) if way.penalty is None else seen
    known = np.flatnonzero((cases.referred <= day) & ~fixed)
    held = np.flatnonzero(fixed)
    minutes = sessions.minutes.copy()
    np.subtract.at(minutes, booked[held], cases.minutes[held])
    open_ = np.flatnonzero((sessions.day > day) & ~gone)
    left = replace(whole, sessions=replace(sessions, minutes=minutes))
    today = chosen(left, known, open_)
    today = replace(
        today, cases=replace(today.cases, ready=np.maximum(today.cases.ready, day + 1))
    )
    if way.keeps_room and day < LAST_DAY:
        today = replace(today, cases=_with_room(today.cases, world.expected, day))
    kept = np.full(len(today.cases), NOWHERE)
    kept[: len(known)] = np.append(np.searchsorted(open_, booked[known]), NOWHERE)[
        np.where(booked[known] == NOWHERE, -1, np.arange(len(known)))
    ]
    session = _best(today, kept, way.penalty or 0)[: len(known)]
    planned = booked.copy()
    planned[known] = np.append(open_, NOWHERE)[session]
    return planned


def _with_room(cases: Cases, expected: Cases, day: int) -> Cases:
    moved = replace(
        expected,
        due=expected.due + day + 1,
        ready=expected.ready + day + 1,
        referred=expected.referred + day + 1,
    )
    joined = {
        name: np.concatenate((getattr(cases, name), getattr(moved, name)))
        for name in Cases.__dataclass_fields__
        if name != "ids"
    }
    return Cases(ids=cases.ids + moved.ids, **joined)


def _best(today: Instance, kept: np.ndarray, penalty: int) -> np.ndarray:
    """The plan of a day in slots; another session than ``kept`` costs the penalty."""
    some, those = canonical(today)
    ordered = chosen(today, some, those)
    arcs = costs.arcs(ordered, POLICY)
    now = np.append(np.argsort(those), NOWHERE)[kept[some]][arcs.case]
    moves = (now != NOWHERE) & (arcs.session != now)
    arcs = Arcs(arcs.case, arcs.session, arcs.cost + penalty * moves, arcs.start)
    cut = slots.cut(ordered, arcs, relaxed(ordered, POLICY, arcs).share)
    made = slots.slot_network(ordered, POLICY, arcs, cut)
    arc, _slot = made.taken(cheapest(made.network))
    session = np.append(those[arcs.session], NOWHERE)[arc]
    return session[np.argsort(some)]


if __name__ == "__main__":
    for one in run():
        print(one)
