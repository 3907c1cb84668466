"""Take messages that are due, so that no other worker sends them meanwhile."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from core.kernel import clock
from core.notify.tables import Outbox
from core.store.engine import Store


_BATCH = 20
# Longer than a stretch of sending and its last message: what a worker that died had
# taken is free again after this.
_LEASE = timedelta(minutes=2)


def take(store: Store) -> list[Outbox]:
    """Some messages, the longest due first, each with one attempt more; or none."""
    now = clock.now()
    due = (
        sa.select(Outbox.id)
        .where(
            Outbox.done_at.is_(None),
            Outbox.gave_up_at.is_(None),
            Outbox.available_at <= now,
            sa.or_(Outbox.leased_until.is_(None), Outbox.leased_until < now),
        )
        .order_by(Outbox.available_at)
        .limit(_BATCH)
    )
    with store.reading() as session:
        # Most of the time nothing is due, and nobody has to queue for that.
        if session.scalar(due.limit(1)) is None:
            return []
    taken: dict[str, Any] = {
        "leased_until": now + _LEASE,
        "attempts": Outbox.attempts + 1,
    }
    with store.transaction() as session:
        rows = session.scalars(
            sa.update(Outbox)
            .where(Outbox.id.in_(due.with_for_update(skip_locked=True)))
            .values(**taken)
            .returning(Outbox)
            .execution_options(synchronize_session=False)
        )
        return sorted(rows, key=lambda row: row.available_at)


def give_back(store: Store, rows: list[Outbox]) -> None:
    """What was taken together and not begun: whoever comes next has it at once."""
    with store.transaction() as session:
        session.execute(
            sa.update(Outbox)
            .where(
                Outbox.id.in_([row.id for row in rows]),
                Outbox.leased_until == rows[0].leased_until,
            )
            .values(leased_until=None, attempts=Outbox.attempts - 1)
        )
