"""Small instances for tests: by hand, or at random from a seed that hypothesis draws."""

import dataclasses
from datetime import date

import numpy as np
from hypothesis import strategies as st

from core.clinics.matching.model import EVERY_DAY, NOWHERE, Cases, Instance, Sessions
from core.clinics.matching.policy import Policy, Urgency


LENGTHS = np.array([10, 15, 20, 30, 40, 60])
HORIZON = 28
POLICY = Policy(
    effective_from=date(2023, 1, 1),
    source="made for tests",
    urgencies=(
        Urgency(code="cancer", label="Suspected cancer", weight=4),
        Urgency(code="urgent", label="Urgent", weight=2.5),
        Urgency(code="routine", label="Routine", weight=1),
    ),
    roles={"consultant": 260, "nurse": 85},
    breach=50_000,
    late_day=800,
    wait_day=8,
    km=35,
    not_preferred=2_000,
    not_placed=180_000,
    beyond_days=28,
    farthest_km=30,
    detour=1.3,
    complexity_grades={},
    book_ahead_days=21,
    expected_days=14,
    expected_value=0.8,
    move_penalty=30_000,
)


def cases(minutes, **given):
    """Cases of these lengths; everything else is easy unless it is given."""
    count = len(minutes)
    whole = {
        "urgency": 2,
        "due": 14,
        "ready": 0,
        "referred": -3,
        "kind": 0,
        "area": 0,
        "preferred": NOWHERE,
        "weekdays": EVERY_DAY,
    }
    arrays = {
        name: np.broadcast_to(np.asarray(given.get(name, usual)), count).astype(int)
        for name, usual in whole.items()
    }
    return Cases(
        ids=given.get("ids", tuple(f"case {number:05}" for number in range(count))),
        minutes=np.array(minutes, dtype=int),
        farthest=np.broadcast_to(given.get("farthest", np.inf), count).astype(float),
        expected=np.broadcast_to(given.get("expected", False), count),
        **arrays,
    )


def sessions(minutes, **given):
    """Sessions of these lengths; with ``slots`` for those that have a template."""
    count = len(minutes)
    whole = {"day": 1, "site": 0, "staff": 0, "role": 0}
    arrays = {
        name: np.broadcast_to(np.asarray(given.get(name, usual)), count).astype(int)
        for name, usual in whole.items()
    }
    slots = np.zeros((count, len(LENGTHS)), dtype=int)
    for session, own in given.get("slots", {}).items():
        for length, number in own.items():
            slots[session, list(LENGTHS).index(length)] = number
    templated = np.zeros(count, dtype=bool)
    templated[list(given.get("slots", {}))] = True
    able = given.get("able", np.ones((count, 3), dtype=bool))
    return Sessions(
        ids=given.get("ids", tuple(f"session {number:03}" for number in range(count))),
        minutes=np.array(minutes, dtype=int),
        able=np.broadcast_to(np.asarray(able, dtype=bool), (count, 3)),
        slots=slots,
        templated=templated,
        **arrays,
    )


def instance(some_cases, some_sessions, km=((5.0,),), horizon=HORIZON, weekday=0):
    return Instance(
        some_cases, some_sessions, np.array(km), LENGTHS, horizon, weekday=weekday
    )


def at_random(seed, count=30, stretches=6, templates="some"):
    """An instance with a little of everything that can stand in the way."""
    drawn = np.random.default_rng(seed)
    areas, sites, kinds = 4, 3, 3
    km = drawn.uniform(1, 45, (areas, sites))
    km[drawn.random(km.shape) < 0.1] = np.inf
    minutes = drawn.choice(LENGTHS, count)
    some_cases = Cases(
        ids=tuple(f"c{number}" for number in drawn.permutation(count).tolist()),
        minutes=minutes,
        urgency=drawn.integers(0, 3, count),
        due=drawn.integers(-5, HORIZON + 10, count),
        ready=drawn.integers(0, 10, count),
        referred=-drawn.integers(0, 30, count),
        kind=drawn.integers(0, kinds, count),
        area=drawn.integers(0, areas, count),
        preferred=np.where(drawn.random(count) < 0.3, drawn.integers(0, 4, count), -1),
        weekdays=np.where(
            drawn.random(count) < 0.3, drawn.integers(1, 128, count), EVERY_DAY
        ),
        farthest=np.where(
            drawn.random(count) < 0.3, drawn.uniform(5, 40, count), np.inf
        ),
        expected=drawn.random(count) < 0.1,
    )
    slots = drawn.integers(0, 3, (stretches, len(LENGTHS)))
    templated = {
        "all": np.ones(stretches, dtype=bool),
        "none": np.zeros(stretches, dtype=bool),
        "some": drawn.random(stretches) < 0.4,
    }[templates]
    slots = slots * templated[:, None]
    free = drawn.choice([0, 5, 60, 90, 120, 180], stretches)
    some_sessions = Sessions(
        ids=tuple(f"s{number}" for number in drawn.permutation(stretches).tolist()),
        day=drawn.integers(0, HORIZON, stretches),
        site=drawn.integers(0, sites, stretches),
        staff=drawn.integers(0, 4, stretches),
        role=drawn.integers(0, 2, stretches),
        minutes=np.where(templated, slots @ LENGTHS, free),
        able=drawn.random((stretches, kinds)) < 0.7,
        slots=slots,
        templated=templated,
    )
    return Instance(some_cases, some_sessions, km, LENGTHS, HORIZON, weekday=2)


def instances(templates=("all", "none", "some"), most=40):
    """Random instances as hypothesis draws them."""
    return st.builds(
        at_random,
        st.integers(0, 2**32 - 1),
        st.integers(0, most),
        st.integers(0, 8),
        st.sampled_from(templates),
    )


def reordered(one, seed):
    """The same instance with cases and sessions in another order, and where they went."""
    drawn = np.random.default_rng(seed)
    some = drawn.permutation(len(one.cases))
    those = drawn.permutation(len(one.sessions))
    return (
        dataclasses.replace(
            one, cases=_taken(one.cases, some), sessions=_taken(one.sessions, those)
        ),
        some,
        those,
    )


def _taken(held, order):
    return dataclasses.replace(
        held,
        ids=tuple(held.ids[one] for one in order),
        **{
            field.name: getattr(held, field.name)[order]
            for field in dataclasses.fields(held)
            if field.name != "ids"
        },
    )
