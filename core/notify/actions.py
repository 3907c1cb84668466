"""Put a message into the outbox."""

from sqlalchemy.orm import Session

from core.kernel import clock
from core.notify.model import Topic
from core.notify.tables import Outbox


def enqueue(session: Session, *, topic: Topic, address: str, **facts: str) -> None:
    """Promise a message; it leaves if and only if the transaction is kept."""
    now = clock.now()
    session.add(
        Outbox(
            topic=topic,
            address=address,
            facts=facts,
            created_at=now,
            available_at=now,
        )
    )
