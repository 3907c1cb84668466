"""Moves of booked patients that would pay. Nobody is moved by it: a person decides."""

import dataclasses
from dataclasses import dataclass

import numpy as np

from core.clinics.matching import costs, slots
from core.clinics.matching.bound import lengths_of, relax, relaxed
from core.clinics.matching.model import NOWHERE, Instance, Places, Real, Whole
from core.clinics.matching.policy import Policy
from core.clinics.matching.regions import chosen


# Each is tried by a solution of its own, the most promising first.
MOST_TRIED = 20


@dataclass(frozen=True)
class Move:
    """A booked case that would leave one session for another. ``saves`` in pence.

    It may come late where it is and less so afterwards, never the other way about.
    """

    case: int
    at: int
    to: int
    saves: float
    late_days_before: int
    late_days_after: int


@dataclass(frozen=True)
class _Promise:
    case: int
    to: int
    own: int
    at_most: float


def worthwhile_moves(
    instance: Instance, policy: Policy, booked: Whole, most_tried: int = MOST_TRIED
) -> list[Move]:
    """Single moves that save more than a move is worth avoiding, the best first.

    ``booked`` has the session of each booked case, or NOWHERE. Unlike for a plan, the
    minutes or slots of sessions are all of theirs: bookings are taken off here. Each
    move is valued with all other bookings where they are, and who waits free to take
    what it opens; after one is made, ask again.
    """
    rest = without_booked(instance, booked)
    if rest is None:
        raise ValueError("more is booked than the sessions have")
    before = relax(rest, policy)
    found = []
    prices = _prices(instance, policy, booked, rest)
    for one in _promising(instance, policy, booked, prices)[:most_tried]:
        moved = booked.copy()
        moved[one.case] = one.to
        after = without_booked(instance, moved)
        if after is None:
            continue
        saves = before.with_gaps - relax(after, policy).with_gaps + one.own
        if saves > policy.move_penalty:
            found.append(
                _move(instance, one.case, int(booked[one.case]), one.to, saves)
            )
    return sorted(found, key=lambda move: (-move.saves, instance.cases.ids[move.case]))


def _move(instance: Instance, case: int, at: int, to: int, saves: float) -> Move:
    before, after = _late_days(instance, case, np.array([at, to])).tolist()
    return Move(case, at, to, saves, late_days_before=before, late_days_after=after)


def _late_days(instance: Instance, case: Whole | int, session: Whole | Places) -> Whole:
    """How many days after the last in time somebody is seen in a session."""
    late: Whole = instance.sessions.day[session] - instance.cases.due[case]
    return np.maximum(0, late)


def without_booked(instance: Instance, booked: Whole) -> Instance | None:
    """Who is not booked, and what bookings leave; None where they do not fit."""
    sessions = instance.sessions
    held = np.flatnonzero(booked != NOWHERE)
    minutes, count = sessions.minutes.copy(), slots.given(instance)
    np.subtract.at(minutes, booked[held], instance.cases.minutes[held])
    lengths = lengths_of(instance)
    # The shortest first, each the shortest slot: so all fit wherever all can.
    for case in held[np.argsort(instance.cases.minutes[held], kind="stable")].tolist():
        session = int(booked[case])
        if sessions.templated[session]:
            place = np.searchsorted(lengths, instance.cases.minutes[case])
            usable = count.usable[place, 0]
            free = usable[(usable != NOWHERE) & (count.count[session, usable] > 0)]
            if not len(free):
                return None
            count.count[session, free[0]] -= 1
    if (minutes < 0).any():
        return None
    own = np.searchsorted(lengths, instance.lengths)
    left = dataclasses.replace(sessions, minutes=minutes, slots=count.count[:, own])
    waiting = np.flatnonzero(booked == NOWHERE)
    everything = np.arange(len(sessions))
    return chosen(dataclasses.replace(instance, sessions=left), waiting, everything)


def _prices(instance: Instance, policy: Policy, booked: Whole, rest: Instance) -> Real:
    """What minutes are worth to those who wait, also where bookings leave none now.

    So who fits is asked of whole sessions, and what is free of the rest of them.
    """
    waiting = np.flatnonzero(booked == NOWHERE)
    whole = chosen(instance, waiting, np.arange(len(instance.sessions)))
    return relaxed(rest, policy, costs.arcs(whole, policy)).per_minute


def _promising(
    instance: Instance, policy: Policy, booked: Whole, prices: Real
) -> list[_Promise]:
    """Moves that could pay, by prices: few save more than this, and some far less.

    What minutes opened would save is at most, and what minutes taken would cost is at
    least, their price, but for lengths that fit only after the move.
    """
    held = np.flatnonzero(booked != NOWHERE)
    everything = np.arange(len(instance.sessions))
    arcs = costs.arcs(chosen(instance, held, everything), policy)
    case = held[arcs.case]
    now = _own_costs(instance, policy, booked, held)[arcs.case]
    at, minutes = booked[case], instance.cases.minutes[case]
    own = now - arcs.cost
    at_most = own + minutes * (prices[at] - prices[arcs.session])
    # Nobody gives up being seen in time, however much others gain by it.
    no_later = _late_days(instance, case, arcs.session) <= _late_days(
        instance, case, at
    )
    better = no_later & (at_most > policy.move_penalty) & (arcs.session != at)
    pays = np.flatnonzero(better)
    order = pays[np.lexsort((arcs.session[pays], case[pays], -at_most[pays]))]
    return [
        _Promise(int(case[one]), int(arcs.session[one]), int(own[one]), at_most[one])
        for one in order.tolist()
    ]


def _own_costs(instance: Instance, policy: Policy, booked: Whole, held: Whole) -> Whole:
    """What each booked case costs where it is, whether or not it would be sent there."""
    found = (
        costs.parts(instance, policy, case, int(booked[case])).total
        for case in held.tolist()
    )
    return np.fromiter(found, dtype=np.int64, count=len(held))
