"""Put a message into the outbox."""

import uuid

from sqlalchemy.orm import Session

from core.kernel import clock
from core.notify.model import Channel, Topic
from core.notify.tables import Outbox


def enqueue(
    session: Session,
    *,
    topic: Topic,
    address: str,
    channel: Channel = Channel.EMAIL,
    language: str = "en",
    about_id: uuid.UUID | None = None,
    **facts: str,
) -> Outbox:
    """Promise a message; it leaves if and only if the transaction is kept.

    ``about_id`` is the invitation that it is about, if any: who sent that is told where
    the message cannot be delivered.
    """
    now = clock.now()
    row = Outbox(
        topic=topic,
        channel=channel,
        language=language,
        address=address,
        about_id=about_id,
        facts=facts,
        created_at=now,
        available_at=now,
    )
    session.add(row)
    return row
