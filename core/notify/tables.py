"""Messages that must leave, written in the transaction that is their cause."""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.ids import new_id
from core.notify.model import Channel, Topic
from core.store.base import Base, Sealed, Word


class Outbox(Base):
    """One message. ``facts`` hold nothing clinical and no name of a patient.

    ``id`` is what a receiver knows it again by. ``about_id`` is the invitation that it
    is about. ``provider_id`` is the provider's own name for it, ``ask_at`` when to ask
    there next what became of it. ``delivered_at`` and ``bounced_at`` stay empty where
    nobody says: a mail server only says that it took a message.
    """

    __tablename__ = "outbox"
    __table_args__ = (sa.Index(None, "done_at", "available_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    topic: Mapped[Topic] = mapped_column(Word(Topic))
    channel: Mapped[Channel] = mapped_column(Word(Channel), default=Channel.EMAIL)
    language: Mapped[str] = mapped_column(sa.String(10), default="en")
    # A patient's own, where the message is to one.
    address: Mapped[str] = mapped_column(Sealed)
    about_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    facts: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    available_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    gave_up_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(sa.Text, default="")
    provider_id: Mapped[str] = mapped_column(sa.String(80), default="")
    ask_at: Mapped[datetime | None] = mapped_column(index=True)
    delivered_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]
