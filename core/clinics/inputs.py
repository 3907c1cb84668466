"""What a plan is made from, as it is kept with it; and the same as numbers. Pure."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Self

import numpy as np

from core.access.model import Grade
from core.clinics.matching.model import (
    EVERY_DAY,
    NOWHERE,
    Cases,
    Instance,
    Real,
    Sessions,
    Whole,
    Yes,
)
from core.clinics.matching.policy import Policy
from core.clinics.model import STEP_MINUTES


_GRADES = tuple(Grade)


@dataclass(frozen=True)
class NeedIn:
    """Somebody who waits; days are counted from the first one planned."""

    id: str
    version: int
    minutes: int
    urgency: str
    due: int
    ready: int
    referred: int
    procedure: str
    complexity: str
    lowest_grade: str
    practice: str
    contract: str
    prefers: str = ""
    weekdays: Sequence[int] = ()
    farthest: float | None = None
    expected: bool = False
    # The stretch that the patient is booked into, where moves are looked for.
    booked: str = ""

    @property
    def kind(self) -> tuple[str, str, str]:
        """All that decides who may do it."""
        return self.procedure, self.complexity, self.lowest_grade

    @property
    def area(self) -> tuple[str, str]:
        """Where they come from, and under which contract."""
        return self.practice, self.contract


@dataclass(frozen=True)
class StretchIn:
    """Free time of a session: from a step of five minutes on, or its free slots."""

    session: str
    first: int
    minutes: int
    day: int
    site: str
    staff: str
    grade: str
    procedures: Sequence[str]
    equipment: Sequence[str]
    # [[first step, minutes], …] of what is free of a template, if it has one.
    slots: Sequence[Sequence[int]] = ()
    templated: bool = False

    @property
    def id(self) -> str:
        """A stable name."""
        return f"{self.session}:{self.first:03}"


@dataclass(frozen=True)
class SiteIn:
    """Where a service sees patients; kilometres on the national grid."""

    service: str
    east: float
    north: float


@dataclass(frozen=True)
class Inputs:
    """Everything that is weighed, for one plan."""

    specialty: str
    first_day: str
    horizon: int
    policy: Mapping[str, Any]
    # East and north of each practice; none where it is not known.
    practices: Mapping[str, Sequence[float]]
    sites: Mapping[str, SiteIn]
    # The services whose clinics a contract's patients may go to.
    served: Mapping[str, Sequence[str]]
    # What has to stand in the room for a procedure.
    equipment: Mapping[str, Sequence[str]]
    needs: Sequence[NeedIn]
    stretches: Sequence[StretchIn]
    notes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def rules(self) -> Policy:
        """The policy that was in force."""
        return Policy.model_validate(self.policy)

    def as_json(self) -> dict[str, Any]:
        """To be kept."""
        return json.loads(json.dumps(asdict(self)))  # type: ignore[no-any-return]

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """As it was kept."""
        return cls(
            **{
                **kept,
                "sites": {name: SiteIn(**one) for name, one in kept["sites"].items()},
                "needs": [NeedIn(**one) for one in kept["needs"]],
                "stretches": [StretchIn(**one) for one in kept["stretches"]],
            }
        )

    @property
    def hash(self) -> str:
        """The same for the same inputs, in whatever order they were read."""
        kept = self.as_json()
        for name, key in (("needs", "id"), ("stretches", "session")):
            kept[name] = sorted(kept[name], key=lambda one: (one[key], str(one)))
        text = json.dumps(kept, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def instance_of(inputs: Inputs) -> Instance:
    """The inputs as the matching takes them: case i is need i, session j stretch j."""
    policy = inputs.rules
    kinds = _numbered(one.kind for one in inputs.needs)
    areas = _numbered(one.area for one in inputs.needs)
    sites = {name: at for at, name in enumerate(sorted(inputs.sites))}
    staff = _numbered(one.staff for one in inputs.stretches)
    lengths = _lengths(inputs)
    return Instance(
        cases=_cases(inputs, policy, kinds, areas, staff),
        sessions=_sessions(inputs, policy, kinds, sites, staff, lengths),
        km=_km(inputs, policy, areas, sites),
        lengths=np.array(lengths, dtype=np.int64),
        horizon=inputs.horizon,
        weekday=date.fromisoformat(inputs.first_day).weekday(),
    )


def may_do(
    kind: tuple[str, str, str],
    stretch: StretchIn,
    equipment: Sequence[str],
    policy: Policy,
) -> bool:
    """Whether grade, competence and room suffice for a kind of work."""
    procedure, complexity, lowest = kind
    grade = _GRADES.index(Grade(stretch.grade))
    needed = [Grade(lowest), Grade(policy.complexity_grades[complexity])]
    return (
        procedure in stretch.procedures
        and all(grade <= _GRADES.index(one) for one in needed)
        and set(equipment) <= set(stretch.equipment)
    )


def _numbered(keys: Any) -> dict[Any, int]:  # noqa: ANN401  any hashable keys
    return {key: at for at, key in enumerate(sorted(set(keys)))}


def _lengths(inputs: Inputs) -> list[int]:
    wanted = {one.minutes for one in inputs.needs}
    there = {minutes for one in inputs.stretches for _, minutes in one.slots}
    return sorted(wanted | there) or [STEP_MINUTES]


def _cases(
    inputs: Inputs,
    policy: Policy,
    kinds: dict[tuple[str, str, str], int],
    areas: dict[tuple[str, str], int],
    staff: dict[str, int],
) -> Cases:
    needs = inputs.needs
    urgencies = {one.code: at for at, one in enumerate(policy.urgencies)}
    return Cases(
        ids=tuple(one.id for one in needs),
        minutes=_whole(one.minutes for one in needs),
        urgency=_whole(urgencies[one.urgency] for one in needs),
        due=_whole(one.due for one in needs),
        ready=_whole(one.ready for one in needs),
        referred=_whole(one.referred for one in needs),
        kind=_whole(kinds[one.kind] for one in needs),
        area=_whole(areas[one.area] for one in needs),
        preferred=_whole(staff.get(one.prefers, NOWHERE) for one in needs),
        weekdays=_whole(_mask(one.weekdays) for one in needs),
        farthest=_real(np.inf if n.farthest is None else n.farthest for n in needs),
        expected=_yes(one.expected for one in needs),
    )


def _sessions(
    inputs: Inputs,
    policy: Policy,
    kinds: dict[tuple[str, str, str], int],
    sites: dict[str, int],
    staff: dict[str, int],
    lengths: list[int],
) -> Sessions:
    stretches, roles = inputs.stretches, list(policy.roles)
    slots = np.zeros((len(stretches), len(lengths)), dtype=np.int64)
    able = np.zeros((len(stretches), len(kinds)), dtype=np.bool_)
    for at, one in enumerate(stretches):
        for _, minutes in one.slots:
            slots[at, lengths.index(minutes)] += 1
        for kind, column in kinds.items():
            wanted = inputs.equipment.get(kind[0], ())
            able[at, column] = may_do(kind, one, wanted, policy)
    return Sessions(
        ids=tuple(one.id for one in stretches),
        day=_whole(one.day for one in stretches),
        site=_whole(sites[one.site] for one in stretches),
        staff=_whole(staff[one.staff] for one in stretches),
        role=_whole(roles.index(one.grade) for one in stretches),
        minutes=_whole(one.minutes for one in stretches),
        able=able,
        slots=slots,
        templated=_yes(one.templated for one in stretches),
    )


def _km(
    inputs: Inputs,
    policy: Policy,
    areas: dict[tuple[str, str], int],
    sites: dict[str, int],
) -> Real:
    km = np.full((len(areas), max(len(sites), 1)), np.inf)
    for (practice, contract), row in areas.items():
        at, services = inputs.practices.get(practice), inputs.served.get(contract, ())
        for name, column in sites.items():
            site = inputs.sites[name]
            if site.service not in services:
                continue
            # Of a practice whose place is not known, nobody is sent by distance.
            away = np.hypot(at[0] - site.east, at[1] - site.north) if at else 0.0
            km[row, column] = away * policy.detour
    return km


def _mask(weekdays: Sequence[int]) -> int:
    return sum(1 << one for one in weekdays) or EVERY_DAY


def _whole(values: Any) -> Whole:  # noqa: ANN401  numbers of any kind
    return np.fromiter(values, dtype=np.int64)


def _real(values: Any) -> Real:  # noqa: ANN401  numbers of any kind
    return np.fromiter(values, dtype=np.float64)


def _yes(values: Any) -> Yes:  # noqa: ANN401  truths of any kind
    return np.fromiter(values, dtype=np.bool_)
