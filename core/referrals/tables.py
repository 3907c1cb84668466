"""Referrals and what belongs to one."""

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.contracts.model import Level, Loop, Pool, Priority
from core.kernel.ids import new_id
from core.referrals.model import (
    AcknowledgementState,
    ConsentForm,
    ConsentGiver,
    ConsentLevel,
    ImageSet,
    Move,
    Route,
    Side,
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
        # A worklist is read in this order, however long it is; with what keeps a row
        # for somebody and what is searched, so that counting reads nothing else.
        sa.Index(
            "ix_referral_worklist",
            "pool_id",
            "state",
            "sub_specialty",
            "urgency",
            "due_at",
            "id",
            "reserved_for",
            "reserved_until",
            "practice_id",
            "reference",
        ),
        sa.Index(None, "pool_id", "state", "routed_at"),
        sa.Index(None, "state", "falls_back_at"),
        # Of the few that are kept; the others would only hide how few.
        sa.Index(
            None,
            "reserved_for",
            "state",
            sqlite_where=sa.text("reserved_for is not null"),
            postgresql_where=sa.text("reserved_for is not null"),
        ),
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
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    due_at: Mapped[datetime | None]
    # The specialist service that has it to answer, since when; set when it is sent.
    pool_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("organisation.id"))
    routed_at: Mapped[datetime | None]
    # When it leaves for the other pool if nobody has claimed it; None: it does not.
    falls_back_at: Mapped[datetime | None]
    # A sub-specialty that the routing policy keeps for those who take it, or "".
    sub_specialty: Mapped[str] = mapped_column(sa.String(40), default="")
    # The priority's place in a worklist, 0 the most urgent.
    urgency: Mapped[int | None]
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


class RoutingDecision(Base):
    """Which pool got a referral, and why; never changed. The last one holds."""

    __tablename__ = "routing_decision"
    __table_args__ = (
        # How many a pool was given today.
        sa.Index(None, "organisation_id", "moment"),
        sa.UniqueConstraint("referral_id", "number"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("referral.id"))
    number: Mapped[int]
    moment: Mapped[datetime] = mapped_column(index=True)
    pool: Mapped[Pool] = mapped_column(Word(Pool))
    organisation_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organisation.id"))
    policy_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("routing_policy.id")
    )
    # The rule's code, for counting, and the same in words, for people.
    rule: Mapped[str] = mapped_column(sa.String(40))
    reason: Mapped[str] = mapped_column(sa.Text)
    sub_specialty: Mapped[str] = mapped_column(sa.String(40), default="")


class Message(Base):
    """Words between practice and specialist about one referral; never changed."""

    __tablename__ = "message"
    __table_args__ = (
        sa.Index(None, "referral_id", "moment"),
        sa.Index(None, "for_person", "to"),
    )

    # Given by the screen, so that sending twice says it once.
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("referral.id"))
    moment: Mapped[datetime]
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organisation.id"))
    to: Mapped[Side] = mapped_column(Word(Side))
    # The specialist whom it concerns; nobody: whoever of the pool reads it first.
    for_person: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    words: Mapped[str] = mapped_column(sa.Text)


class UnreadMessage(Base):
    """That nobody of the side it is for has read a message; gone once somebody has.

    What waits is found here, however much was ever said.
    """

    __tablename__ = "unread_message"
    __table_args__ = (sa.Index(None, "for_person", "to"),)

    message_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("message.id"), primary_key=True
    )
    referral_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("referral.id"), index=True
    )
    to: Mapped[Side] = mapped_column(Word(Side))
    for_person: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))


class MessageReceipt(Base):
    """That somebody of the side it is for has read a message, and when."""

    __tablename__ = "message_receipt"

    message_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("message.id"), primary_key=True
    )
    person_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("person.id"), primary_key=True
    )
    moment: Mapped[datetime]


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
    # None: before that was kept.
    changed_at: Mapped[datetime | None] = mapped_column(index=True)


class Acknowledgement(Base):
    """That the practice has, or has not yet, taken up an answer."""

    __tablename__ = "acknowledgement"
    # Of all answers few wait; the service looks for those every minute.
    __table_args__ = (sa.Index(None, "state"),)

    referral_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("referral.id"), primary_key=True
    )
    # The opinion's version: an amended answer waits anew.
    version: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[AcknowledgementState] = mapped_column(Word(AcknowledgementState))
    # Whether nothing is left to do once it is acknowledged: nobody has to be seen.
    closes: Mapped[bool]
    person_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    moment: Mapped[datetime | None] = mapped_column(index=True)


class Escalated(Base):
    """That something waited too long, and who was told; once for each step."""

    __tablename__ = "escalation"
    __table_args__ = (sa.UniqueConstraint("referral_id", "loop", "since", "number"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("referral.id"), index=True
    )
    loop: Mapped[Loop] = mapped_column(Word(Loop))
    # The step of the contract's policy, from 1, and since when the thing waits.
    number: Mapped[int]
    since: Mapped[datetime]
    level: Mapped[Level] = mapped_column(Word(Level))
    contract_version_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("contract_version.id")
    )
    moment: Mapped[datetime] = mapped_column(index=True)
    # When it had been seen to; None: it waits still.
    settled_at: Mapped[datetime | None] = mapped_column(index=True)
