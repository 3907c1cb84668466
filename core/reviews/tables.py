"""Claims, opinions, and opinions that are still being written."""

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.access.model import Grade
from core.kernel.ids import new_id
from core.reviews.model import (
    Audience,
    Certainty,
    Complexity,
    MarkKind,
    OnwardState,
    SecondReadState,
)
from core.store.base import Base, Word


class Claim(Base):
    """That somebody has a referral on the desk. One at a time, the database sees to."""

    __tablename__ = "claim"
    __table_args__ = (
        sa.Index(
            "uq_claim_open",
            "referral_id",
            unique=True,
            sqlite_where=sa.text("ended_at is null"),
            postgresql_where=sa.text("ended_at is null"),
        ),
        sa.Index(None, "person_id", "ended_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("referral.id"), index=True
    )
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    started_at: Mapped[datetime]
    lapses_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Opinion(Base):
    """What a specialist answered. An amendment is a new version."""

    __tablename__ = "opinion"
    __table_args__ = (
        sa.UniqueConstraint("referral_id", "version"),
        sa.Index(None, "person_id", "moment"),
    )

    # Given by the screen, so that sending twice answers once.
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("referral.id"))
    version: Mapped[int]
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organisation.id"))
    moment: Mapped[datetime] = mapped_column(index=True)
    # Seconds between opening the case and answering it.
    seconds: Mapped[float]
    advice: Mapped[str] = mapped_column(sa.Text)
    prescribing: Mapped[str] = mapped_column(sa.Text, default="")
    outcome: Mapped[str] = mapped_column(sa.String(40))
    procedure: Mapped[str | None] = mapped_column(sa.String(40))
    complexity: Mapped[Complexity | None] = mapped_column(Word(Complexity))
    lowest_grade: Mapped[Grade | None] = mapped_column(Word(Grade))
    see_by: Mapped[date | None]
    minutes: Mapped[int | None]


class OpinionDiagnosis(Base):
    """One of an opinion's diagnoses; rank 1 is the likeliest."""

    __tablename__ = "opinion_diagnosis"

    opinion_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("opinion.id"), primary_key=True
    )
    rank: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(60))
    certainty: Mapped[Certainty] = mapped_column(Word(Certainty))


class OpinionDraft(Base):
    """An opinion that one person is writing; kept through lapses and closed tabs."""

    __tablename__ = "opinion_draft"

    referral_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("referral.id"), primary_key=True
    )
    person_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("person.id"), primary_key=True
    )
    content: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]


class AdviceSnippet(Base):
    """Advice that one specialist keeps to use again."""

    __tablename__ = "advice_snippet"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    specialty: Mapped[str] = mapped_column(sa.String(40))
    label: Mapped[str] = mapped_column(sa.String(80))
    words: Mapped[str] = mapped_column(sa.Text)
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class Letter(Base):
    """A letter as it was sent with one version of an answer; never changed."""

    __tablename__ = "letter"
    __table_args__ = (sa.UniqueConstraint("opinion_id", "audience"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    opinion_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("opinion.id"))
    audience: Mapped[Audience] = mapped_column(Word(Audience))
    # What it says, word for word, and the PDF of it in the vault.
    content: Mapped[dict[str, Any]]
    template: Mapped[str] = mapped_column(sa.String(40))
    blob: Mapped[str] = mapped_column(sa.String(80))
    made_at: Mapped[datetime]


class ImageMark(Base):
    """Something drawn over a picture: points in its pixels, never burned in."""

    __tablename__ = "image_mark"

    # Given by the screen, so that sending twice draws once.
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    image_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("image.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    kind: Mapped[MarkKind] = mapped_column(Word(MarkKind))
    # {"points": [[x, y], …]} from the upper left; a scale also has {"mm": …}.
    content: Mapped[dict[str, Any]]
    made_at: Mapped[datetime] = mapped_column(index=True)
    removed_at: Mapped[datetime | None] = mapped_column(index=True)


class SecondRead(Base):
    """That a second specialist looks at an answered case without seeing the answer."""

    __tablename__ = "second_read"
    __table_args__ = (
        sa.UniqueConstraint("opinion_id"),
        sa.Index(None, "pool_id", "state", "due_at"),
        sa.Index(None, "first_reader", "state"),
        sa.Index(None, "reader", "state"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("referral.id"), index=True
    )
    opinion_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("opinion.id"))
    pool_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organisation.id"))
    # "sample", or the code of the rule that asked for it.
    cause: Mapped[str] = mapped_column(sa.String(40))
    state: Mapped[SecondReadState] = mapped_column(Word(SecondReadState))
    created_at: Mapped[datetime] = mapped_column(index=True)
    due_at: Mapped[datetime]
    first_reader: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    reader: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    read_at: Mapped[datetime | None] = mapped_column(index=True)
    diagnosis: Mapped[str | None] = mapped_column(sa.String(60))
    certainty: Mapped[Certainty | None] = mapped_column(Word(Certainty))
    outcome: Mapped[str | None] = mapped_column(sa.String(40))
    same_group: Mapped[bool | None]
    same_outcome: Mapped[bool | None]
    settled_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    settled_at: Mapped[datetime | None] = mapped_column(index=True)
    # Whose reading held: "first", "second" or "neither", and why.
    settled_for: Mapped[str | None] = mapped_column(sa.String(10))
    settled_words: Mapped[str] = mapped_column(sa.Text, default="")


class Onward(Base):
    """A way into a hospital that an answer opened, until someone there confirms it."""

    __tablename__ = "onward"
    __table_args__ = (sa.Index(None, "state", "confirm_by"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("referral.id"), index=True
    )
    opinion_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("opinion.id"), unique=True
    )
    state: Mapped[OnwardState] = mapped_column(Word(OnwardState))
    confirm_by: Mapped[datetime]
    escalated_at: Mapped[datetime | None] = mapped_column(index=True)


class OnwardMove(Base):
    """One step on that way: what, when, who; never changed."""

    __tablename__ = "onward_move"
    __table_args__ = (sa.UniqueConstraint("onward_id", "number"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    onward_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("onward.id"))
    number: Mapped[int]
    move: Mapped[str] = mapped_column(sa.String(40))
    to_state: Mapped[OnwardState] = mapped_column(Word(OnwardState))
    moment: Mapped[datetime] = mapped_column(index=True)
    person_id: Mapped[uuid.UUID]
    # To whom, or by whom there, in words.
    words: Mapped[str] = mapped_column(sa.Text, default="")


class Feedback(Base):
    """What the practice made of one answer: the two questions, each one click."""

    __tablename__ = "feedback"

    opinion_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("opinion.id"), primary_key=True
    )
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    moment: Mapped[datetime] = mapped_column(index=True)
    helpful: Mapped[bool | None]
    instructive: Mapped[bool | None]
