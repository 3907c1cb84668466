"""What would change: another instance made from one, and the difference it makes.

A difference is that of two exact relaxations. Prices times minutes would promise up to
twice of it, and between two plans the luck of rounding is as large as the difference.
"""

import dataclasses
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.clinics.matching.bound import breached_if_left, relax
from core.clinics.matching.model import Instance, Real, Sessions, Whole, Yes
from core.clinics.matching.policy import Policy
from core.clinics.matching.regions import chosen


@dataclass(frozen=True)
class Weekly:
    """A session that somebody would hold every week. ``weekday`` 0 is Monday.

    ``able`` says for each kind whether it can be done there; ``role`` is the place in
    ``Policy.roles``. The plan cuts its time as it needs.
    """

    name: str
    weekday: int
    minutes: int
    site: int
    staff: int
    role: int
    able: Yes
    first_day: int = 0


@dataclass(frozen=True)
class Difference:
    """After less before: what is saved is negative.

    People are fractions of people, as appointments may be split; those who cannot be
    seen at all count as left without a place.
    """

    pence: float
    breaches: tuple[float, ...]
    unplaced: float


def with_weekly_session(instance: Instance, more: Weekly) -> Instance:
    """One more session in each week that is planned."""
    days = np.arange(max(0, more.first_day), instance.horizon)
    days = days[(days + instance.weekday) % 7 == more.weekday]
    count = len(days)
    added = Sessions(
        ids=tuple(f"{more.name} {day}" for day in days.tolist()),
        day=days,
        site=np.full(count, more.site),
        staff=np.full(count, more.staff),
        role=np.full(count, more.role),
        minutes=np.full(count, more.minutes),
        able=np.tile(np.asarray(more.able, dtype=bool), (count, 1)),
        slots=np.zeros((count, len(instance.lengths)), dtype=np.int64),
        templated=np.zeros(count, dtype=bool),
    )
    return dataclasses.replace(instance, sessions=_both(instance.sessions, added))


def _both(held: Sessions, added: Sessions) -> Sessions:
    if set(held.ids) & set(added.ids):
        raise ValueError("there is a session of that name already")
    arrays = {
        field.name: np.concatenate(
            (getattr(held, field.name), getattr(added, field.name))
        )
        for field in dataclasses.fields(held)
        if field.name != "ids"
    }
    return Sessions(ids=held.ids + added.ids, **arrays)


def without_staff(instance: Instance, staff: int, first: int, last: int) -> Instance:
    """Without a staff member's sessions from one day to another, both included."""
    sessions = instance.sessions
    away = (sessions.staff == staff) & (sessions.day >= first) & (sessions.day <= last)
    return chosen(instance, np.arange(len(instance.cases)), np.flatnonzero(~away))


def with_site(instance: Instance, km: Real, weekly: Sequence[Weekly]) -> Instance:
    """With another site: so far by road from each area, with these weekly sessions.

    What the sessions say of their site is not looked at: it is the new one.
    """
    site = instance.km.shape[1]
    wider = dataclasses.replace(instance, km=np.column_stack((instance.km, km)))
    for one in weekly:
        wider = with_weekly_session(wider, dataclasses.replace(one, site=site))
    return wider


def with_demand(instance: Instance, factor: float, seed: int = 0) -> Instance:
    """With so many times the cases: some of them drawn again, or left out.

    Which ones depends on the seed and their ids alone, and whoever is there at a lower
    factor is there at a higher one.
    """
    if factor < 0:
        raise ValueError("demand is not negative")
    cases = instance.cases
    order = sorted(range(len(cases)), key=lambda one: _drawn(cases.ids[one], seed))
    wanted = round(factor * len(cases))
    copies = -(-wanted // max(1, len(cases)))
    many = np.tile(np.array(order, dtype=np.int64), max(1, copies))[:wanted]
    scaled = chosen(instance, many, np.arange(len(instance.sessions)))
    again = np.arange(wanted) // max(1, len(cases))
    ids = tuple(
        f"{name} again {turn}" if turn else name
        for name, turn in zip(scaled.cases.ids, again.tolist(), strict=True)
    )
    return dataclasses.replace(scaled, cases=dataclasses.replace(scaled.cases, ids=ids))


def _drawn(name: str, seed: int) -> bytes:
    return hashlib.blake2b(f"{seed} {name}".encode(), digest_size=8).digest()


def pooled(instance: Instance, km: Real) -> Instance:
    """With other ways open: areas by sites, infinite where none leads."""
    if km.shape != instance.km.shape:
        raise ValueError("the same areas and sites are needed")
    return dataclasses.replace(instance, km=km)


def difference(before: Instance, after: Instance, policy: Policy) -> Difference:
    """What the change makes, all of it: exact, and nothing for no change."""
    was, becomes = _value(before, policy), _value(after, policy)
    breaches = zip(was.breaches, becomes.breaches, strict=True)
    return Difference(
        pence=becomes.pence - was.pence,
        breaches=tuple(later - earlier for earlier, later in breaches),
        unplaced=becomes.unplaced - was.unplaced,
    )


def differences(
    before: Sequence[Instance], after: Sequence[Instance], policy: Policy
) -> tuple[Difference, ...]:
    """The same at low, expected and high demand, in the order given."""
    pairs = zip(before, after, strict=True)
    return tuple(difference(one, other, policy) for one, other in pairs)


def _value(instance: Instance, policy: Policy) -> Difference:
    """An instance against nothing at all; in a gap people are without a place, too."""
    solved = relax(instance, policy)
    gap: Whole = np.flatnonzero(solved.impossible)
    late = gap[breached_if_left(instance)[gap]]
    more = np.bincount(instance.cases.urgency[late], minlength=len(policy.urgencies))
    return Difference(
        pence=solved.with_gaps,
        breaches=tuple((np.array(solved.breaches) + more).tolist()),
        unplaced=solved.unplaced + len(gap),
    )
