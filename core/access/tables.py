"""Organisations, people, and their signed-in sessions."""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.access.model import App, Grade, OrganisationKind, Role
from core.kernel.ids import new_id
from core.store.base import Base, Word


class Organisation(Base):
    """A practice, a specialist service, a commissioner."""

    __tablename__ = "organisation"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[OrganisationKind] = mapped_column(Word(OrganisationKind))
    name: Mapped[str] = mapped_column(sa.String(200))
    ods_code: Mapped[str | None] = mapped_column(sa.String(10), unique=True)


class Person(Base):
    """Someone who signs in; known to the identity provider by issuer and subject."""

    __tablename__ = "person"
    __table_args__ = (sa.UniqueConstraint("issuer", "subject"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    issuer: Mapped[str] = mapped_column(sa.String(300))
    subject: Mapped[str] = mapped_column(sa.String(200))
    name: Mapped[str] = mapped_column(sa.String(200))
    active: Mapped[bool] = mapped_column(default=True)


class Membership(Base):
    """What a person is at an organisation."""

    __tablename__ = "membership"
    __table_args__ = (sa.UniqueConstraint("person_id", "organisation_id", "role"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("organisation.id"), index=True
    )
    role: Mapped[Role] = mapped_column(Word(Role))
    grade: Mapped[Grade | None] = mapped_column(Word(Grade))
    # Codes of the sub-specialties that a specialist takes, as a specialty names them.
    interests: Mapped[list[Any]] = mapped_column(default=list)
    ended_at: Mapped[datetime | None]


class SignInSession(Base):
    """One sign-in to one app.

    The identity provider's cookie lasts a month and cannot be taken back; this row
    can. ``token`` is a hash of what tells one sign-in from the next.
    """

    __tablename__ = "sign_in_session"
    __table_args__ = (sa.UniqueConstraint("person_id", "app", "token"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    app: Mapped[App] = mapped_column(Word(App))
    token: Mapped[str] = mapped_column(sa.String(64))
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
