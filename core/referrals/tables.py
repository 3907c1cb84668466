"""Referrals and what belongs to one."""

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.contracts.model import Priority
from core.kernel.ids import new_id
from core.referrals.model import (
    AcknowledgementState,
    ConsentForm,
    ConsentGiver,
    ConsentLevel,
    ImageSet,
    Move,
    Route,
    State,
    Step,
)
from core.store.base import Base, Word


class Referral(Base):
    """One question about one patient's skin. Its state follows from its events."""

    __tablename__ = "referral"
    __table_args__ = (
        sa.Index(None, "state", "due_at"),
        sa.Index(None, "practice_id", "state"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    state: Mapped[State] = mapped_column(Word(State))
    patient_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("patient.id"), index=True
    )
    practice_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organisation.id"))
    contract_version_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("contract_version.id")
    )
    specialty: Mapped[str] = mapped_column(sa.String(40))
    specialty_version: Mapped[str] = mapped_column(sa.String(20))
    route: Mapped[Route] = mapped_column(Word(Route))
    problem: Mapped[str | None] = mapped_column(sa.String(40))
    priority: Mapped[Priority | None] = mapped_column(Word(Priority))
    # What the score offered, and why the referrer chose otherwise.
    offered_priority: Mapped[Priority | None] = mapped_column(Word(Priority))
    override_reason: Mapped[str] = mapped_column(sa.Text, default="")
    score: Mapped[int | None]
    question: Mapped[str] = mapped_column(sa.Text, default="")
    working_diagnosis: Mapped[str] = mapped_column(sa.Text, default="")
    # The honest counterfactual: a clinic visit, had this service not been there?
    would_have_referred: Mapped[bool | None]
    acting_for: Mapped[str] = mapped_column(sa.String(200), default="")
    chaperone: Mapped[str] = mapped_column(sa.String(200), default="")
    imperfect_reason: Mapped[str] = mapped_column(sa.String(60), default="")
    image_set: Mapped[ImageSet | None] = mapped_column(Word(ImageSet))
    listed_for: Mapped[date | None]
    started_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    started_at: Mapped[datetime]
    sent_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    sent_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    # Kept for whoever sent it back, until then.
    reserved_for: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    reserved_until: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    changed_at: Mapped[datetime] = mapped_column(index=True)


class ReferralEvent(Base):
    """One move of one referral; never changed, and chained to the one before."""

    __tablename__ = "referral_event"
    __table_args__ = (sa.UniqueConstraint("referral_id", "number"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("referral.id"))
    number: Mapped[int]
    move: Mapped[Move] = mapped_column(Word(Move))
    from_state: Mapped[State | None] = mapped_column(Word(State))
    to_state: Mapped[State] = mapped_column(Word(State))
    moment: Mapped[datetime] = mapped_column(index=True)
    person_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID]
    role: Mapped[str] = mapped_column(sa.String(40))
    # Words for people: a question back, an answer to it, a withdrawal's cause.
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    hash: Mapped[str] = mapped_column(sa.String(64))


class HistoryAnswer(Base):
    """The answer to one question of the specialty file."""

    __tablename__ = "history_answer"

    referral_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("referral.id"), primary_key=True
    )
    question_id: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    # {"value": …}: a JSON column cannot tell a bare null from none.
    content: Mapped[dict[str, Any]]


class Lesion(Base):
    """A pin on the body map, with a number, and pictures of its own."""

    __tablename__ = "lesion"
    __table_args__ = (sa.UniqueConstraint("referral_id", "number"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("referral.id"))
    number: Mapped[int]
    site: Mapped[str] = mapped_column(sa.String(60))
    side: Mapped[str] = mapped_column(sa.String(10))
    # 0 to 1 from the left and the top of the figure on that side.
    x: Mapped[float]
    y: Mapped[float]
    removed_at: Mapped[datetime | None]


class Consent(Base):
    """What the patient agreed to, how, and to whom they said so."""

    __tablename__ = "consent"

    referral_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("referral.id"), primary_key=True
    )
    level: Mapped[ConsentLevel] = mapped_column(Word(ConsentLevel))
    form: Mapped[ConsentForm] = mapped_column(Word(ConsentForm))
    given_by: Mapped[ConsentGiver] = mapped_column(Word(ConsentGiver))
    recorded_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime]


class StepTime(Base):
    """Seconds that one person spent on one step."""

    __tablename__ = "step_time"
    __table_args__ = (sa.UniqueConstraint("referral_id", "step", "person_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("referral.id"))
    step: Mapped[Step] = mapped_column(Word(Step))
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    seconds: Mapped[float]


class Acknowledgement(Base):
    """That the practice has, or has not yet, taken up an answer."""

    __tablename__ = "acknowledgement"

    referral_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("referral.id"), primary_key=True
    )
    # The opinion's version: an amended answer waits anew.
    version: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[AcknowledgementState] = mapped_column(Word(AcknowledgementState))
    # Whether nothing is left to do once it is acknowledged: nobody has to be seen.
    closes: Mapped[bool]
    person_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    moment: Mapped[datetime | None]
