"""What if there were a session more, somebody fewer, other demand? Two relaxations tell.

Each question makes an instance of its own. Answers come from the exact relaxation, never
from the difference of two plans: a plan may miss a percent, which is more than what most
questions are about. Nor are they prices times minutes: each minute more is worth less.
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.clinics.matching import costs
from core.clinics.matching.bound import breached_if_left, relax
from core.clinics.matching.model import Instance, Real, Yes
from core.clinics.matching.policy import Policy
from core.clinics.matching.regions import chosen


@dataclass(frozen=True)
class Difference:
    """What changes: after less before, so what is negative is saved.

    ``breaches`` (by urgency) and ``unplaced`` are fractions of people. Unlike in a
    plan, who can be seen nowhere at all counts as unplaced: a session may be for them.
    """

    pence: float
    breaches: tuple[float, ...]
    unplaced: float
    minutes_short: float


def with_session(
    instance: Instance, like: int, days: Sequence[int], minutes: int
) -> Instance:
    """One more session on each of the days: the staff and the site of one there is.

    The new ones have no template.
    """
    site = int(instance.sessions.site[like])
    return _with_sessions(instance, site, [(like, day, minutes) for day in days])


def without_staff(
    instance: Instance, staff: int, first_day: int, last_day: int
) -> Instance:
    """Somebody is away from the first to the last day, both of them included."""
    sessions = instance.sessions
    away = (first_day <= sessions.day) & (sessions.day <= last_day)
    away &= sessions.staff == staff
    everybody = np.arange(len(instance.cases))
    return chosen(instance, everybody, np.flatnonzero(~away))


def with_site(
    instance: Instance, km_column: Real, sessions: Sequence[tuple[int, int, int]]
) -> Instance:
    """A site more, so many kilometres by road from each area.

    Its sessions are like one that there is elsewhere, on a day, for so many minutes.
    """
    km = np.column_stack((instance.km, km_column))
    new = instance.km.shape[1]
    return _with_sessions(dataclasses.replace(instance, km=km), new, sessions)


def with_demand(instance: Instance, factor: float, seed: int) -> Instance:
    """So many times the cases: some of them twice, or some of them not at all.

    Chance says which, the same for the same seed and ids. What a larger factor gives
    has everybody in it that a smaller one gives.
    """
    count = len(instance.cases)
    if not count:
        return instance
    times, more = divmod(int(factor * count + 0.5), count)
    ids = instance.cases.ids
    by_id = np.array(sorted(range(count), key=ids.__getitem__))
    held = np.full(count, times)
    held[by_id[np.random.default_rng(seed).permutation(count)[:more]]] += 1
    kept = np.flatnonzero(held)
    copied = by_id[np.repeat(np.arange(count), np.maximum(held[by_id] - 1, 0))]
    sessions = np.arange(len(instance.sessions))
    found = chosen(instance, np.concatenate((kept, copied)), sessions)
    originals = tuple(ids[one] for one in kept)
    names = _names(originals, [ids[one] for one in copied])
    cases = dataclasses.replace(found.cases, ids=names)
    return dataclasses.replace(found, cases=cases)


def pooled(instance: Instance, km: Real) -> Instance:
    """Patients may also go where no contract leads: areas by sites, by road."""
    if km.shape != instance.km.shape:
        raise ValueError(f"{km.shape} kilometres for {instance.km.shape}")
    return dataclasses.replace(instance, km=np.minimum(instance.km, km))


def difference(before: Instance, after: Instance, policy: Policy) -> Difference:
    """What the second costs more than the first, exactly: nought for the same."""
    old, new = _weighed(before, policy), _weighed(after, policy)
    breaches = zip(new.breaches, old.breaches, strict=True)
    return Difference(
        pence=new.pence - old.pence,
        breaches=tuple(after - before for after, before in breaches),
        unplaced=new.unplaced - old.unplaced,
        minutes_short=new.minutes_short - old.minutes_short,
    )


def interval(
    befores: Sequence[Instance], afters: Sequence[Instance], policy: Policy
) -> tuple[Difference, Difference, Difference]:
    """The same question asked at low, expected and high demand, in this order.

    The answers are the one with the least pence, the expected one, and the one with
    the most: a session more saves most where demand is high.
    """
    pairs = zip(befores, afters, strict=True)
    found = [difference(before, after, policy) for before, after in pairs]
    _, expected, _ = found
    low = min(found, key=lambda one: one.pence)
    high = max(found, key=lambda one: one.pence)
    return low, expected, high


def _weighed(instance: Instance, policy: Policy) -> Difference:
    """An instance against nothing at all."""
    known, cases = relax(instance, policy), instance.cases
    gaps = ~_possible(instance, policy)
    late = cases.urgency[gaps & breached_if_left(instance)]
    breaches = np.bincount(late, minlength=len(policy.urgencies)) + known.breaches
    left = costs.left_out(instance, policy)[gaps]
    return Difference(
        pence=known.pence + int(left.sum()),
        breaches=tuple(breaches.tolist()),
        unplaced=known.unplaced + int(gaps.sum()),
        minutes_short=known.minutes_short + int(cases.minutes[gaps].sum()),
    )


def _possible(instance: Instance, policy: Policy) -> Yes:
    possible = np.zeros(len(instance.cases), dtype=bool)
    for block in costs.blocks(instance, policy):
        possible[block.cases] = block.open.any(axis=1)
    return possible


def _with_sessions(
    instance: Instance, site: int, added: Sequence[tuple[int, int, int]]
) -> Instance:
    like, day, minutes = np.array(added, dtype=np.int64).reshape(-1, 3).T
    sessions, count = instance.sessions, len(like)
    everybody, old = np.arange(len(instance.cases)), np.arange(len(sessions))
    found = chosen(instance, everybody, np.concatenate((old, like)))
    ids = _names(sessions.ids, [sessions.ids[one] for one in like])
    slots = np.zeros((count, len(instance.lengths)), dtype=np.int64)
    made = dataclasses.replace(
        found.sessions,
        ids=ids,
        day=np.concatenate((sessions.day, day)),
        site=np.concatenate((sessions.site, np.full(count, site))),
        minutes=np.concatenate((sessions.minutes, minutes)),
        slots=np.concatenate((sessions.slots, slots)),
        templated=np.concatenate((sessions.templated, np.zeros(count, dtype=bool))),
    )
    return dataclasses.replace(found, sessions=made)


def _names(known: tuple[str, ...], copied: Sequence[str]) -> tuple[str, ...]:
    """The known ids, and one for each copy that nobody else has."""
    taken, names, last = set(known), list(known), dict.fromkeys(copied, 0)
    for one in copied:
        while (name := f"{one}+{last[one] + 1}") in taken:
            last[one] += 1
        last[one] += 1
        taken.add(name)
        names.append(name)
    return tuple(names)
