"""Messages that must leave, written in the transaction that is their cause."""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.ids import new_id
from core.notify.model import Topic
from core.store.base import Base, Word


class Outbox(Base):
    """One message. ``facts`` hold nothing clinical and no name of a patient."""

    __tablename__ = "outbox"
    __table_args__ = (sa.Index(None, "done_at", "available_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    topic: Mapped[Topic] = mapped_column(Word(Topic))
    address: Mapped[str] = mapped_column(sa.String(200))
    facts: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    available_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    gave_up_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(sa.Text, default="")
