"""The demo's reference files: places, people, names, cases, phrases."""

import tomllib
from datetime import date, time
from functools import lru_cache
from typing import Literal

from core.access.model import Grade, Role
from core.config import REFERENCE
from core.contracts.model import Priority, Terms
from core.contracts.policy import RoutingPolicy, Weekday
from core.demo.entries import Entry, Places, read


class PersonEntry(Entry):
    """Someone who signs in."""

    user_name: str
    given_name: str
    family_name: str
    title: str = ""
    role: Role
    grade: Grade | None = None
    interests: tuple[str, ...] = ()
    at: str
    password: str

    @property
    def name(self) -> str:
        """As colleagues call them."""
        return f"{self.title} {self.given_name} {self.family_name}".strip()


class ColleagueEntry(Entry):
    """A specialist who answers and never signs in. ``share``: of the work."""

    name: str
    grade: Grade
    interests: tuple[str, ...] = ()
    at: str
    share: float


class ClinicPersonEntry(Entry):
    """Somebody who sees patients in clinics and never signs in."""

    name: str
    grade: Grade
    at: str


class People(Entry):
    """Everyone with a name of their own."""

    people: tuple[PersonEntry, ...]
    colleagues: tuple[ColleagueEntry, ...]
    clinic_people: tuple[ClinicPersonEntry, ...]
    # Procedures by grade.
    competencies: dict[Grade, tuple[str, ...]]


class PatternEntry(Entry):
    """Sessions that come back, see data/reference/demo/sessions.toml."""

    person: str
    site: str
    room: str
    weekday: Weekday
    begins: time
    minutes: int
    template: str = ""
    every_weeks: int = 1
    # How many weeks after the others it begins.
    first_week: int = 0


class ContractEntry(Entry):
    """A contract, its first version, and its first routing policy.

    ``commissioner``: the key by which the places have it.
    """

    name: str
    commissioner: str
    effective_from: date
    terms: Terms
    routing: RoutingPolicy


class Case(Entry):
    """What patients come with, see data/reference/demo/cases.toml."""

    diagnosis: str
    problem: Literal["lesion", "rash", "other"]
    look: str
    shares: tuple[float, float, float]
    age: tuple[float, float]
    dark: float
    size: tuple[float, float]
    sites: tuple[str, ...]
    outcomes: dict[str, float]
    procedure: str
    wondered: tuple[str, ...]
    confused_with: tuple[str, ...]
    advice: tuple[str, ...]

    def share(self, priority: Priority) -> float:
        """Its weight among the referrals of one priority."""
        return self.shares[_PRIORITIES.index(priority)]


_PRIORITIES = (Priority.ROUTINE, Priority.URGENT, Priority.SUSPECTED_CANCER)

Names = dict[str, dict[str, list[str]]]
Phrases = dict[str, list[str]]
Spot = tuple[str, float, float, float, float]


@lru_cache(maxsize=1)
def places() -> Places:
    """The organisations."""
    return Places.model_validate(read("places.toml"))


@lru_cache(maxsize=1)
def people() -> People:
    """The people."""
    return People.model_validate(read("people.toml"))


@lru_cache(maxsize=1)
def patterns() -> tuple[PatternEntry, ...]:
    """The clinics of a week."""
    found = read("sessions.toml")["patterns"]
    return tuple(PatternEntry.model_validate(entry) for entry in found)


@lru_cache(maxsize=1)
def contracts() -> dict[str, ContractEntry]:
    """The demo's contracts, by name in the file."""
    file = REFERENCE / "contracts" / "demo.toml"
    return {
        name: ContractEntry.model_validate(entry)
        for name, entry in tomllib.loads(file.read_text("utf-8")).items()
    }


@lru_cache(maxsize=1)
def cases() -> tuple[Case, ...]:
    """What patients come with."""
    return tuple(Case.model_validate(entry) for entry in read("cases.toml")["cases"])


@lru_cache(maxsize=1)
def names() -> Names:
    """Family and given names by group."""
    return read("names.toml")


@lru_cache(maxsize=1)
def phrases() -> Phrases:
    """What people write, by occasion."""
    return read("phrases.toml")


@lru_cache(maxsize=1)
def body() -> dict[str, Spot]:
    """Where on the body map pins fall, by site."""
    return {site: tuple(spot) for site, spot in read("body.toml").items()}
