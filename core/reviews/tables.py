"""Claims, opinions, and opinions that are still being written."""

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.access.model import Grade
from core.kernel.ids import new_id
from core.reviews.model import Certainty, Complexity
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
    __table_args__ = (sa.UniqueConstraint("referral_id", "version"),)

    # Given by the screen, so that sending twice answers once.
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("referral.id"))
    version: Mapped[int]
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organisation.id"))
    moment: Mapped[datetime]
    # Seconds between opening the case and answering it.
    seconds: Mapped[float]
    advice: Mapped[str] = mapped_column(sa.Text)
    outcome: Mapped[str] = mapped_column(sa.String(40))
    procedure: Mapped[str | None] = mapped_column(sa.String(40))
    complexity: Mapped[Complexity | None] = mapped_column(Word(Complexity))
    lowest_grade: Mapped[Grade | None] = mapped_column(Word(Grade))
    see_by: Mapped[date | None]


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
