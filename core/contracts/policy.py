"""A routing policy as data: who comes first, until when, and what goes elsewhere."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.contracts.model import Pool, Priority
from core.kernel.clock import LONDON
from core.specialties.model import Answer
from core.specialties.model import Condition as Answered


_DATA = ConfigDict(frozen=True, extra="forbid")
_Count = Annotated[int, Field(ge=0)]
_Hours = Annotated[int, Field(ge=1)]


class Weekday(StrEnum):
    """A day of the week, Monday first."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"

    @property
    def label(self) -> str:
        """As it is written."""
        return self.value.capitalize()

    @classmethod
    def of(cls, moment: datetime) -> "Weekday":
        """The day on London's calendar."""
        return tuple(cls)[moment.astimezone(LONDON).weekday()]


@dataclass(frozen=True)
class Facts:
    """What the rules may ask of a referral. ``age``: completed years."""

    priority: Priority
    age: int
    problem: str = ""
    sites: frozenset[str] = frozenset()
    answers: Mapping[str, Answer] = field(default_factory=dict)


class Condition(BaseModel):
    """All that is named must hold; of several words in one place, any one."""

    model_config = _DATA

    age_below: int | None = None
    age_at_least: int | None = None
    priorities: tuple[Priority, ...] = ()
    problems: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    # Each a history question, and the answers of which one must have been given.
    answers: tuple[Answered, ...] = ()

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if not self.model_dump(exclude_defaults=True):
            raise ValueError("a preference needs a condition")
        return self

    @property
    def asks_age(self) -> bool:
        """Whether the patient's age matters."""
        return self.age_below is not None or self.age_at_least is not None

    def holds(self, facts: Facts) -> bool:
        """Whether a referral is of this kind."""
        return (
            (self.age_below is None or facts.age < self.age_below)
            and (self.age_at_least is None or facts.age >= self.age_at_least)
            and (not self.priorities or facts.priority in self.priorities)
            and (not self.problems or facts.problem in self.problems)
            and (not self.sites or not facts.sites.isdisjoint(self.sites))
            and all(one.holds(facts.answers) for one in self.answers)
        )


class Preference(BaseModel):
    """Where one sub-specialty goes. ``pool`` None: wherever the other rules send it.

    ``only_interested``: only specialists who take this sub-specialty may answer it.
    """

    model_config = _DATA

    code: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    label: str = Field(min_length=1, max_length=80)
    when: Condition
    pool: Pool | None = None
    only_interested: bool = False


class Rota(BaseModel):
    """When the first pool is on duty, on London's clock; ``ends`` is off duty again."""

    model_config = _DATA

    weekdays: tuple[Weekday, ...] = Field(min_length=1)
    begins: time = time.min
    ends: time | None = None

    def on_duty(self, moment: datetime, holidays: Collection[date]) -> bool:
        """Whether it is on duty then. Nobody is on a bank holiday."""
        local = moment.astimezone(LONDON)
        begun = self.begins <= local.time()
        in_time = begun and (self.ends is None or local.time() < self.ends)
        works = Weekday.of(moment) in self.weekdays and local.date() not in holidays
        return works and in_time


class Overflow(BaseModel):
    """When the first pool has enough: too many waiting, or one for too long."""

    model_config = _DATA

    longer_than: _Count | None = None
    oldest_over_hours: _Hours | None = None


class RoutingPolicy(BaseModel):
    """Who answers what. ``first`` gets a referral unless a rule says otherwise.

    ``daily_number`` is counted by the London day; ``fallback_after_hours`` by the
    clock, nights and weekends included, since what waits too long is not safer for
    its being Sunday. None, or nothing named: no limit.
    """

    model_config = _DATA

    first: Pool = Pool.LOCAL
    daily_number: _Count | None = None
    rota: Rota | None = None
    overflow: Overflow = Overflow()
    preferences: tuple[Preference, ...] = ()
    fallback_after_hours: dict[Priority, _Hours] = {}
    source: str = "No policy has been saved: the client's own specialists come first"

    @model_validator(mode="after")
    def _codes_differ(self) -> Self:
        codes = [one.code for one in self.preferences]
        if len(set(codes)) < len(codes):
            raise ValueError("two preferences have the same code")
        return self

    def preference(self, facts: Facts) -> Preference | None:
        """The first sub-specialty whose condition holds."""
        return next((one for one in self.preferences if one.when.holds(facts)), None)
