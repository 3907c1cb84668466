"""What a specialist says."""

import uuid
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from core.access.model import Grade, Role
from core.access.rules import PRACTICE_STAFF
from core.kernel.errors import Conflict, NotAllowed


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

    @property
    def label(self) -> str:
        """What people call it."""
        return _ONWARD_LABELS[self]


_ONWARD_LABELS = {
    OnwardState.PREPARED: "To be handed over",
    OnwardState.HANDED_OVER: "Handed over, not confirmed",
    OnwardState.CONFIRMED: "Confirmed by the hospital",
    OnwardState.CANCELLED: "Cancelled",
}
# Where somebody still has to do something.
ONWARD_OPEN = (OnwardState.PREPARED, OnwardState.HANDED_OVER)


class OnwardStep(StrEnum):
    """What can happen on the way into a hospital."""

    PREPARE = "prepare"
    TAKE = "take"
    SEND = "send"
    CONFIRM = "confirm"
    ESCALATE = "escalate"
    CANCEL = "cancel"


@dataclass(frozen=True)
class OnwardRule:
    """From one of ``sources``, by one of ``who``, to ``target``; None: it stays."""

    sources: tuple[OnwardState, ...]
    target: OnwardState | None
    who: frozenset[Role]


_PRACTICE = frozenset(PRACTICE_STAFF)
_SPECIALISTS = frozenset({Role.SPECIALIST})
ONWARD_STEPS: dict[OnwardStep, OnwardRule] = {
    OnwardStep.PREPARE: OnwardRule((), OnwardState.PREPARED, _SPECIALISTS),
    # The practice has the pack, or a pack was sent to the hospital.
    OnwardStep.TAKE: OnwardRule(ONWARD_OPEN, OnwardState.HANDED_OVER, _PRACTICE),
    OnwardStep.SEND: OnwardRule(
        ONWARD_OPEN, OnwardState.HANDED_OVER, _PRACTICE | _SPECIALISTS
    ),
    # Also of one that is still prepared: the hospital may have it by another way.
    OnwardStep.CONFIRM: OnwardRule(
        ONWARD_OPEN, OnwardState.CONFIRMED, _PRACTICE | _SPECIALISTS
    ),
    OnwardStep.ESCALATE: OnwardRule(ONWARD_OPEN, None, frozenset({Role.SYSTEM})),
    OnwardStep.CANCEL: OnwardRule(
        (*ONWARD_OPEN, OnwardState.CONFIRMED),
        OnwardState.CANCELLED,
        _PRACTICE | _SPECIALISTS,
    ),
}


def next_onward(state: OnwardState | None, step: OnwardStep, role: Role) -> OnwardState:
    """Where ``step`` leads from ``state``. Raises NotAllowed, Conflict."""
    rule = ONWARD_STEPS[step]
    if role not in rule.who:
        raise NotAllowed("Your role does not include this.")
    if (state not in rule.sources) if state else bool(rule.sources):
        said = state.label.lower() if state else "not there"
        raise Conflict(f"This has changed meanwhile: it is {said}. Reload the page.")
    target = rule.target or state
    if target is None:
        raise Conflict("There is nothing to be handed over here.")
    return target


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
