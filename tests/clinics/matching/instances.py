"""Small instances by hand, random ones of any size, and the policy that they are for."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from core.clinics.matching.model import EVERY_DAY, NOWHERE, Cases, Instance, Sessions
from core.clinics.matching.policy import policy_on


POLICY = policy_on(date(2026, 11, 23))
ROLES = list(POLICY.roles)
CONSULTANT, NURSE = ROLES.index("consultant"), ROLES.index("specialist_nurse")
CANCER, URGENT, ROUTINE = range(3)
LENGTHS = (10, 15, 20, 30, 40, 60)


@dataclass(frozen=True)
class Case:
    """One case; those given no name are called by their place."""

    minutes: int = 20
    urgency: int = ROUTINE
    due: int = 60
    ready: int = 0
    referred: int = -10
    kind: int = 0
    area: int = 0
    preferred: int = NOWHERE
    weekdays: int = EVERY_DAY
    farthest: float = np.inf
    expected: bool = False
    name: str = ""


@dataclass(frozen=True)
class Session:
    """One session; with ``slots`` (length: how many), it has a template."""

    day: int = 0
    minutes: int = 180
    site: int = 0
    staff: int = 0
    role: int = CONSULTANT
    able: tuple[int, ...] = (0,)
    slots: tuple[tuple[int, int], ...] = ()
    name: str = ""


def instance(cases=(), sessions=(), km=((5.0,),), lengths=LENGTHS, horizon=56):
    """An instance from its cases and sessions. Day 0 is a Monday."""
    kinds = 1 + max((one.kind for one in cases), default=0)
    kinds = max(
        kinds, 1 + max((max(one.able, default=0) for one in sessions), default=0)
    )
    able = np.zeros((len(sessions), kinds), dtype=bool)
    slots = np.zeros((len(sessions), len(lengths)), dtype=np.int64)
    for at, one in enumerate(sessions):
        able[at, list(one.able)] = True
        for minutes, count in one.slots:
            slots[at, lengths.index(minutes)] += count
    return Instance(
        cases=_arrays(Cases, cases, "case"),
        sessions=Sessions(
            ids=_ids(sessions, "session"),
            able=able,
            slots=slots,
            templated=np.array([bool(one.slots) for one in sessions], dtype=bool),
            **{
                name: np.array([getattr(one, name) for one in sessions], dtype=np.int64)
                for name in ("day", "site", "staff", "role", "minutes")
            },
        ),
        km=np.array(km, dtype=float),
        lengths=np.array(lengths, dtype=np.int64),
        horizon=horizon,
        weekday=0,
    )


def _arrays(kind, those, called):
    types = {"farthest": np.float64, "expected": np.bool_}
    names = [name for name in Case.__dataclass_fields__ if name != "name"]
    return kind(
        ids=_ids(those, called),
        **{
            name: np.array(
                [getattr(one, name) for one in those], dtype=types.get(name, np.int64)
            )
            for name in names
        },
    )


def _ids(those, called):
    return tuple(one.name or f"{called}-{at:06}" for at, one in enumerate(those))


def at_random(seed, cases, sessions, *, sites=2, areas=3, templated=0.0, expected=0.0):
    """Cases and sessions as chance has it: about as much time as is needed, not always
    where, when and by whom it is needed."""
    dice = np.random.default_rng(seed)
    kinds = 3
    minutes = dice.choice([10, 15, 20, 30, 40, 60], cases)
    each = 5 * max(2, int(minutes.sum() / max(sessions, 1) / 5))
    staff = dice.integers(0, max(1, sessions // 3) + 1, sessions)
    role = staff % len(ROLES)
    in_slots = dice.random(sessions) < templated
    slots = dice.integers(0, 3, (sessions, len(LENGTHS))) * in_slots[:, None]
    urgency = dice.integers(0, 3, cases)
    limit = np.array([14, 28, 90])[urgency]
    ago = (dice.random(cases) * limit * 1.2).astype(np.int64)
    return Instance(
        cases=Cases(
            ids=tuple(f"case-{at:06}" for at in range(cases)),
            minutes=minutes.astype(np.int64),
            urgency=urgency,
            due=limit - ago,
            ready=dice.integers(0, 5, cases),
            referred=-ago,
            kind=dice.integers(0, kinds, cases),
            area=dice.integers(0, areas, cases),
            preferred=np.where(
                dice.random(cases) < 0.2,
                dice.integers(0, max(1, sessions // 3) + 1, cases),
                NOWHERE,
            ),
            weekdays=np.where(
                dice.random(cases) < 0.2, dice.integers(1, 128, cases), EVERY_DAY
            ),
            farthest=np.where(dice.random(cases) < 0.1, 12.0, np.inf),
            expected=dice.random(cases) < expected,
        ),
        sessions=Sessions(
            ids=tuple(f"session-{at:06}" for at in range(sessions)),
            day=dice.integers(0, 56, sessions),
            site=dice.integers(0, sites, sessions),
            staff=staff,
            role=role,
            minutes=np.where(
                in_slots,
                slots @ np.array(LENGTHS),
                5 * dice.integers(each // 10, each // 4 + 1, sessions),
            ),
            able=dice.random((sessions, kinds)) < 0.7,
            slots=slots,
            templated=in_slots,
        ),
        km=np.round(dice.random((areas, sites)) * 40, 1),
        lengths=np.array(LENGTHS, dtype=np.int64),
        horizon=56,
        weekday=0,
    )


SMALL = st.builds(
    at_random,
    seed=st.integers(0, 2**32 - 1),
    cases=st.integers(0, 14),
    sessions=st.integers(0, 7),
    templated=st.sampled_from([0.0, 0.4, 1.0]),
    expected=st.sampled_from([0.0, 0.2]),
)
# The solver starts anew for each; the first of them loads it.
FEW = settings(max_examples=40, deadline=None)
