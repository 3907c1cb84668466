"""The audit's table. Rows are added, never changed (a trigger refuses it)."""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.store.base import Base


class Audit(Base):
    """One thing that one person did, saw, or was refused."""

    __tablename__ = "audit"
    __table_args__ = (sa.Index(None, "patient_id", "moment"),)

    # A plain count: the chain's order, which UUIDs of two machines would not give.
    number: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True
    )
    moment: Mapped[datetime]
    person_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID | None]
    role: Mapped[str]
    action: Mapped[str]
    entity: Mapped[str]
    entity_id: Mapped[uuid.UUID | None]
    patient_id: Mapped[uuid.UUID | None]
    detail: Mapped[dict[str, Any]]
    hash: Mapped[str] = mapped_column(sa.String(64))
