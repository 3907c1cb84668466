"""Made-up regions to match: cases, sessions, distances and a policy of four urgencies.

Nine tenths of the minutes on offer are wanted, but skills and weeks are uneven, so some
are short of everything they need. What nobody within reach can do is left out.
"""

import dataclasses
from dataclasses import dataclass
from datetime import date

import numpy as np

from core.clinics.matching.costs import arcs
from core.clinics.matching.model import EVERY_DAY, NOWHERE, Cases, Instance, Sessions
from core.clinics.matching.policy import Policy, Urgency
from core.clinics.matching.regions import chosen


HORIZON = 56
# By urgency: the share of all cases, and the days within which they are to be seen.
_SHARES = (0.30, 0.12, 0.20, 0.38)
DAYS = (14, 28, 42, 126)
_ROLES = {
    "consultant": (260, 0.30),
    "registrar": (145, 0.17),
    "gpwer": (160, 0.15),
    "nurse": (85, 0.27),
    "assistant": (45, 0.11),
}
# Minutes, share of cases, and which part of each role's people can do it.
_KINDS = (
    (20, 0.34, (1, 1, 0.95, 0.10, 0)),
    (30, 0.13, (1, 0.55, 0, 0, 0)),
    (40, 0.12, (1, 0.90, 0.60, 0.35, 0)),
    (60, 0.04, (1, 0.35, 0, 0, 0)),
    (20, 0.09, (1, 1, 0.80, 0.70, 0)),
    (30, 0.07, (1, 1, 0.80, 0.60, 0)),
    (10, 0.08, (1, 1, 1, 1, 0.30)),
    (30, 0.03, (0.80, 0.50, 0, 0.50, 0.25)),
    (15, 0.04, (0.50, 0.30, 0, 0.60, 0.50)),
    (10, 0.06, (1, 1, 1, 1, 1)),
)
LENGTHS = np.array([10, 15, 20, 30, 40, 60])
# Who sees a patient first should see them again, for what is only looked at.
_SEEN_AGAIN = (0, 1)


@dataclass(frozen=True)
class Size:
    """How large an instance is. Regions lie too far apart to help one another."""

    cases: int
    sessions: int
    sites: int
    areas: int
    regions: int = 1


SIZES = {
    "200": Size(200, 40, 1, 8),
    "2k": Size(2_000, 300, 8, 60),
    "20k": Size(20_000, 2_000, 25, 250),
    "200k": Size(200_000, 15_000, 336, 6_300, 42),
}
POLICY = Policy(
    effective_from=date(2023, 1, 1),
    source="made for benchmarks",
    urgencies=(
        Urgency(code="cancer_14", label="Suspected cancer", weight=4),
        Urgency(code="days_28", label="Within 28 days", weight=3),
        Urgency(code="weeks_6", label="Within 6 weeks", weight=2),
        Urgency(code="weeks_18", label="Within 18 weeks", weight=1),
    ),
    roles={name: rate for name, (rate, _share) in _ROLES.items()},
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


def make(size: Size, *, load: float = 0.90, seed: int = 1) -> Instance:
    """An instance of a size; the same one for the same seed."""
    drawn = np.random.default_rng(seed)
    where = _Map.drawn(drawn, size)
    kind = drawn.choice(len(_KINDS), size.cases, p=_share([one[1] for one in _KINDS]))
    minutes = np.array([one[0] for one in _KINDS])[kind]
    sessions, staff = _sessions(drawn, size, minutes.sum() / load)
    cases = _cases(drawn, size, kind, minutes)
    cases = dataclasses.replace(cases, preferred=_preferred(drawn, cases, staff, where))
    whole = Instance(cases, sessions, where.km, LENGTHS, HORIZON, weekday=0)
    return _restricted(whole)


@dataclass(frozen=True)
class _Map:
    km: np.ndarray
    area_region: np.ndarray
    site_region: np.ndarray

    @classmethod
    def drawn(cls, drawn: np.random.Generator, size: Size) -> "_Map":
        site = np.arange(size.sites) % size.regions
        area = np.arange(size.areas) % size.regions
        # Middles on a grid, so that no two regions touch.
        side = int(np.ceil(np.sqrt(size.regions)))
        number = np.arange(size.regions)
        middle = np.stack((number % side, number // side), axis=1) * 400.0
        spread = 18 if size.sites > size.regions else 6
        sites = middle[site] + drawn.normal(0, spread, (size.sites, 2))
        areas = middle[area] + drawn.normal(0, spread, (size.areas, 2))
        apart = np.sqrt(((areas[:, None] - sites[None]) ** 2).sum(axis=2))
        km = np.where(area[:, None] == site[None], POLICY.detour * apart, np.inf)
        return cls(km, area, site)


@dataclass(frozen=True)
class _Staff:
    role: np.ndarray
    home: np.ndarray


def _sessions(
    drawn: np.random.Generator, size: Size, wanted: float
) -> tuple[Sessions, _Staff]:
    """Their minutes add up to what is wanted; 85 in 100 are at the home site."""
    people = max(5, size.sessions // 10)
    # As many of each role as its share says, and each role at all sites: luck would
    # leave small regions without.
    ends = np.cumsum(_share([share for _, share in _ROLES.values()]))
    role = np.searchsorted(ends, (np.arange(people) + 0.5) / people)
    home = (np.arange(people) + drawn.integers(0, size.sites)) % size.sites
    can = np.array([one[2] for one in _KINDS]).T[role]
    able = drawn.random(can.shape) < can
    staff = drawn.permutation(np.arange(size.sessions) % people)
    week = drawn.integers(0, HORIZON // 7, size.sessions)
    day = week * 7 + drawn.integers(0, 5, size.sessions)
    # Every region-th site is of the same region, so a step of so many stays in it.
    steps = drawn.integers(0, size.sites // size.regions, size.sessions) * size.regions
    away = drawn.random(size.sessions) >= 0.85
    site = np.where(away, (home[staff] + steps) % size.sites, home[staff])
    drawn_minutes = drawn.choice([150, 180, 210, 240], size.sessions)
    minutes = drawn_minutes * wanted / drawn_minutes.sum()
    sessions = Sessions(
        ids=tuple(f"s{number:06}" for number in range(size.sessions)),
        day=day,
        site=site,
        staff=staff,
        role=role[staff],
        minutes=np.maximum(60, np.rint(minutes / 30).astype(np.int64) * 30),
        able=able[staff],
        slots=np.zeros((size.sessions, len(LENGTHS)), dtype=np.int64),
        templated=np.zeros(size.sessions, dtype=bool),
    )
    return sessions, _Staff(role, home)


def _cases(
    drawn: np.random.Generator, size: Size, kind: np.ndarray, minutes: np.ndarray
) -> Cases:
    count = size.cases
    urgency = drawn.choice(4, count, p=_share(list(_SHARES)))
    within = np.array(DAYS)[urgency]
    gone = np.minimum(drawn.exponential(within * 0.22), within * 1.2).astype(np.int64)
    people = drawn.gamma(4, 1, size.areas)
    return Cases(
        ids=tuple(f"c{number:06}" for number in range(count)),
        minutes=minutes,
        urgency=urgency,
        due=within - gone,
        ready=drawn.integers(0, 3, count),
        referred=-gone,
        kind=kind,
        area=drawn.choice(size.areas, count, p=people / people.sum()),
        preferred=np.full(count, NOWHERE),
        weekdays=np.full(count, EVERY_DAY),
        farthest=np.full(count, np.inf),
        expected=np.zeros(count, dtype=bool),
    )


def _preferred(
    drawn: np.random.Generator, cases: Cases, staff: _Staff, where: _Map
) -> np.ndarray:
    """A fifth of the cases that are only looked at have a consultant of their own."""
    again = np.isin(cases.kind, _SEEN_AGAIN) & (drawn.random(len(cases)) < 0.2)
    luck = drawn.random(len(cases))
    consultants = np.flatnonzero(staff.role == 0)
    region = where.site_region[staff.home[consultants]]
    found = np.full(len(cases), NOWHERE)
    of_case = where.area_region[cases.area]
    for one in np.unique(region):
        those = consultants[region == one]
        mine = again & (of_case == one)
        found[mine] = those[(luck[mine] * len(those)).astype(np.int64)]
    return found


def _restricted(instance: Instance) -> Instance:
    held = arcs(instance, POLICY).has_any
    return chosen(instance, np.flatnonzero(held), np.arange(len(instance.sessions)))


def _share(weights: list[float]) -> np.ndarray:
    return np.array(weights) / sum(weights)
