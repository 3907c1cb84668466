"""What a contract version says, as data with a date and a source."""

from datetime import date, time
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class ServiceModel(StrEnum):
    """Who answers."""

    OUTSOURCED = "outsourced"
    JOINT = "joint"


class Pool(StrEnum):
    """Whose specialists they are: the platform's, or the client's own."""

    PARTNER = "partner"
    LOCAL = "local"


class Priority(StrEnum):
    """How soon, as the referrer decided."""

    ROUTINE = "routine"
    URGENT = "urgent"
    SUSPECTED_CANCER = "suspected_cancer"

    @property
    def label(self) -> str:
        """The word on the screen."""
        return self.value.replace("_", " ").capitalize()


# Most urgent first: the order of every worklist.
PRIORITY_ORDER = (Priority.SUSPECTED_CANCER, Priority.URGENT, Priority.ROUTINE)


class Target(BaseModel):
    """An answer is due ``working_days`` after receipt; 0 is the same working day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    working_days: int


class SecondReadRule(BaseModel):
    """Answers that a second specialist always reads: all that is given must fit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    label: str
    outcomes: tuple[str, ...] = ()
    priorities: tuple[Priority, ...] = ()
    score_at_least: int | None = None

    def fits(self, outcome: str, priority: Priority | None, score: int | None) -> bool:
        """Whether an answer with this outcome falls under the rule."""
        least = self.score_at_least
        return (
            (not self.outcomes or outcome in self.outcomes)
            and (not self.priorities or priority in self.priorities)
            and (least is None or (score is not None and score >= least))
        )


class SecondReads(BaseModel):
    """Which answers are read a second time, blind, and by when."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    # Of all answers, drawn by lot; 0 to 1.
    sample: float = Field(ge=0, le=1)
    rules: tuple[SecondReadRule, ...] = ()
    working_days: int


class OnwardTerms(BaseModel):
    """The hospital that takes what the specialists send on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hospital: str
    # Its secure address: the only one a pack is ever sent to. Empty: not by mail.
    address: str = ""
    # By when someone there has to confirm, counted from the answer.
    confirm_within_hours: dict[Priority, int]
    # Who is told, beside the practice, where nobody has.
    escalate_to: str
    source: str

    @model_validator(mode="after")
    def _has_every_priority(self) -> "OnwardTerms":
        if set(self.confirm_within_hours) != set(Priority):
            raise ValueError("confirm_within_hours needs every priority")
        return self


class ClinicTerms(BaseModel):
    """Which of those who must be seen get their appointment here."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    # The hospital's own clinics are planned here too: who is sent to the hospital is
    # booked into them, and the booking confirms it.
    books_hospital: bool = False
    # Who was sent to a clinic before this day was given a date elsewhere.
    begins: date | None = None
    source: str


class InvitationTerms(BaseModel):
    """How patients are asked to send history and pictures themselves."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    expires_after_days: int = Field(default=14, ge=1, le=60)
    # Days after the link was sent at which it is sent again, while nothing came.
    remind_after_days: tuple[int, ...] = (3, 7, 11)
    # How long the link goes on to show what became of what was sent.
    status_for_days: int = Field(default=180, ge=1)
    code_hours: int = Field(default=24, ge=1, le=72)
    # Wrong dates of birth before nothing opens any more.
    tries: int = Field(default=5, ge=3, le=10)
    # Somebody of the practice looks at it before it goes on.
    practice_reviews: bool = False
    # What the patient says may earn another pathway than the practice chose. True: it
    # goes by that one; False: the practice looks at it first.
    score_raises_priority: bool = True
    # What the specialist is asked where the practice writes nothing else.
    question: str = "Please advise on diagnosis and treatment."
    source: str


class Loop(StrEnum):
    """Something that must not be left waiting."""

    UNACKNOWLEDGED = "unacknowledged"
    UNANSWERED_LINK = "unanswered_link"
    UNREVIEWED = "unreviewed"
    UNRETURNED = "unreturned"
    TARGET_AT_RISK = "target_at_risk"

    @property
    def label(self) -> str:
        """What a practice calls it."""
        return _LOOPS[self]


_LOOPS = {
    Loop.UNACKNOWLEDGED: "An answer that nobody has acknowledged",
    Loop.UNANSWERED_LINK: "A weblink that the patient has not finished",
    Loop.UNREVIEWED: "From a patient, and nobody has looked at it",
    Loop.UNRETURNED: "A specialist's question that nobody has answered",
    Loop.TARGET_AT_RISK: "An answer that is or will be late",
}


class Level(StrEnum):
    """Who is told that something waits."""

    PRACTICE = "practice"
    DEPUTY = "deputy"
    SERVICE_MANAGER = "service_manager"

    @property
    def label(self) -> str:
        """What people call it."""
        return {"practice": "practice inbox", "deputy": "deputy"}.get(
            self, "service manager"
        )


class EscalationStep(BaseModel):
    """Who is told, and when: so many working days after it began to wait, or with so
    many hours left until the target (fewer than none: after it).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    to: Level
    working_days: int | None = Field(default=None, ge=0)
    hours_left: int | None = None


class Escalation(BaseModel):
    """What happens, step by step, where something waits too long."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    # The service manager's address.
    manager: str
    steps: dict[Loop, tuple[EscalationStep, ...]]
    source: str

    @model_validator(mode="after")
    def _counts_as_its_loop_does(self) -> "Escalation":
        for loop, steps in self.steps.items():
            by_target = loop is Loop.TARGET_AT_RISK
            for one in steps:
                if (one.working_days is None) != by_target:
                    raise ValueError(f"{loop} counts otherwise")
                if (one.hours_left is None) == by_target:
                    raise ValueError(f"{loop} counts otherwise")
        return self


class Terms(BaseModel):
    """The rules of one contract version."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    service_model: ServiceModel
    # What comes in later counts as received on the next working day.
    day_closes: time
    targets: dict[Priority, Target]
    # Grades that must not answer a priority.
    not_answered_by: dict[Priority, tuple[str, ...]] = {}
    claim_lapses_after_minutes: int
    # A returned referral waits this long for whoever returned it, then for anyone.
    reserved_for_hours: int
    consent_form: Literal["verbal", "written"] = "verbal"
    # How long the service usually takes, as told to the sender; hours.
    usual_hours: dict[Priority, float]
    # None: nothing is read a second time.
    second_reads: SecondReads | None = None
    onward: OnwardTerms | None = None
    # None: whoever sees the patients keeps a diary of its own.
    clinics: ClinicTerms | None = None
    # None: no patient is sent a weblink.
    invitations: InvitationTerms | None = None
    # None: nobody is told but whoever looks.
    escalation: Escalation | None = None
    source: str
