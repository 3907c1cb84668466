"""Invitations, their links, and the browsers that opened one.

No token, code or secret is kept: only its hash, by which whoever brings it is found.
"""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.invitations.model import InvitationState, Step, StopReason, Way
from core.kernel.ids import new_id
from core.store.base import Base, Sealed, Word


class Invitation(Base):
    """That a patient was asked to send history and pictures themselves."""

    __tablename__ = "invitation"
    __table_args__ = (
        sa.Index(None, "state", "expires_at"),
        sa.Index(None, "state", "remind_at"),
        sa.Index(None, "practice_id", "state"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("referral.id"), unique=True
    )
    patient_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("patient.id"))
    practice_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organisation.id"))
    contract_version_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("contract_version.id")
    )
    # The referral's name among people.
    reference: Mapped[str] = mapped_column(sa.String(20))
    state: Mapped[InvitationState] = mapped_column(Word(InvitationState))
    way: Mapped[Way] = mapped_column(Word(Way))
    # Where messages go: an e-mail address or a telephone number; "" for a paper.
    address: Mapped[str] = mapped_column(Sealed)
    language: Mapped[str] = mapped_column(sa.String(10))
    # Whether the patient wants to be told when it moves.
    wants_messages: Mapped[bool]
    created_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime]
    # Each the first time; None: not yet.
    sent_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    # The last time it was sent by somebody: reminders and escalation count from here.
    asked_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    stopped_for: Mapped[StopReason | None] = mapped_column(Word(StopReason))
    expires_at: Mapped[datetime]
    wrong_dates: Mapped[int] = mapped_column(default=0)
    reminders: Mapped[int] = mapped_column(default=0)
    remind_at: Mapped[datetime | None]
    changed_at: Mapped[datetime] = mapped_column(index=True)


class InvitationEvent(Base):
    """One step of one invitation; never changed."""

    __tablename__ = "invitation_event"
    __table_args__ = (sa.Index(None, "invitation_id", "moment"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    invitation_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("invitation.id"))
    step: Mapped[Step] = mapped_column(Word(Step))
    state: Mapped[InvitationState] = mapped_column(Word(InvitationState))
    moment: Mapped[datetime] = mapped_column(index=True)
    person_id: Mapped[uuid.UUID]
    role: Mapped[str] = mapped_column(sa.String(40))
    reason: Mapped[str] = mapped_column(sa.Text, default="")


class Link(Base):
    """One address, or one short code, that opens an invitation."""

    __tablename__ = "invitation_link"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    invitation_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("invitation.id"), index=True
    )
    way: Mapped[Way] = mapped_column(Word(Way))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    made_at: Mapped[datetime]
    # A code's own end; an address ends with its invitation.
    expires_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Visit(Base):
    """One browser that opened a link; known by a cookie whose hash is here."""

    __tablename__ = "invitation_visit"
    __table_args__ = (sa.Index(None, "link_id", "started_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    invitation_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("invitation.id"), index=True
    )
    link_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("invitation_link.id"))
    secret_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    language: Mapped[str] = mapped_column(sa.String(10))
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    # When the page itself ran: a robot that looks at links in messages runs none.
    shown_at: Mapped[datetime | None]
    proved_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class WrongGuess(Base):
    """How many links and codes from one place were wrong in one hour."""

    __tablename__ = "wrong_guess"

    # A keyed hash of the address on the internet.
    place: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int]
