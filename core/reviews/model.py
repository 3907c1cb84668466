"""What a specialist says."""

import uuid
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from core.access.model import Grade


class Certainty(StrEnum):
    """How sure a diagnosis is."""

    CERTAIN = "certain"
    PROBABLE = "probable"
    POSSIBLE = "possible"


class Complexity(StrEnum):
    """How hard what has to be done will be."""

    SIMPLE = "simple"
    MODERATE = "moderate"
    COMPLEX = "complex"


class Audience(StrEnum):
    """Whom a letter is for."""

    PRACTICE = "practice"
    PATIENT = "patient"


class MarkKind(StrEnum):
    """What a specialist draws over a picture; the picture itself stays as it is."""

    SCALE = "scale"
    MEASURE = "measure"
    OUTLINE = "outline"
    ARROW = "arrow"
    UNUSABLE = "unusable"


class SecondReadState(StrEnum):
    """Where a second read stands."""

    WAITING = "waiting"
    AGREED = "agreed"
    TO_SETTLE = "to_settle"
    SETTLED = "settled"


class OnwardState(StrEnum):
    """Where the way into a hospital stands."""

    PREPARED = "prepared"
    HANDED_OVER = "handed_over"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class RankedDiagnosis:
    """One entry of the coded list, in the order of likelihood."""

    code: str
    certainty: Certainty


@dataclass(frozen=True)
class Need:
    """What someone must be seen for, by whom at least, and by when."""

    procedure: str
    complexity: Complexity
    lowest_grade: Grade
    see_by: date
    minutes: int


@dataclass(frozen=True)
class Draft:
    """An opinion as it grows; ``rules.problems`` says what it lacks."""

    diagnoses: tuple[RankedDiagnosis, ...] = ()
    advice: str = ""
    outcome: str = ""
    need: Need | None = None
    prescribing: str = ""


@dataclass(frozen=True)
class Hold:
    """Who has a referral on the desk, until when."""

    person_id: uuid.UUID
    name: str
    until: str = field(default="")
