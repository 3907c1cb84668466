"""Small instances written case by case, for tests that follow one of them."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from core.clinics.matching.model import EVERY_DAY, NOWHERE, Cases, Instance, Sessions
from core.clinics.periods import policy_on


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
