"""Ask the provider what became of messages that it took."""

import logging
import time
from datetime import datetime, timedelta

import sqlalchemy as sa

from core.kernel import clock
from core.notify.delivery import Bounced, nobody_told, record, will_not_arrive
from core.notify.govuk import Fate, GovUkNotify
from core.notify.tables import Outbox
from core.store.engine import Store


log = logging.getLogger(__name__)

_BATCH = 20
_STRETCH_S = 5.0
# Notify itself tries for three days before it says that it has failed.
_ASK_FOR = timedelta(days=4)
_SOON = timedelta(minutes=2)
_SELDOM = timedelta(hours=6)


def receive(store: Store, provider: GovUkNotify, bounced: Bounced = nobody_told) -> int:
    """Ask about messages whose time to ask has come. Returns of how many it is known.

    Asked after one minute and then at times that double, up to every six hours, for four
    days; after that nobody knows.
    """
    over, known = time.monotonic() + _STRETCH_S, 0
    try:
        while time.monotonic() < over and (rows := _due(store)):
            known += sum(_one(store, provider, bounced, row) for row in rows)
    except OSError as error:
        # It has its own troubles, and all are asked about again soon.
        log.warning("no receipts: %s", error)
    finally:
        provider.rest()
    return known


def _due(store: Store) -> list[Outbox]:
    now = clock.now()
    due = sa.select(Outbox.id).where(Outbox.ask_at <= now)
    due = due.order_by(Outbox.ask_at).limit(_BATCH)
    with store.reading() as session:
        if session.scalar(due.limit(1)) is None:
            return []
    with store.transaction() as session:
        # Another worker does not ask about the same meanwhile.
        return list(
            session.scalars(
                sa.update(Outbox)
                .where(Outbox.id.in_(due.with_for_update(skip_locked=True)))
                .values(ask_at=now + _SOON)
                .returning(Outbox)
                .execution_options(synchronize_session=False)
            )
        )


def _one(store: Store, provider: GovUkNotify, bounced: Bounced, row: Outbox) -> bool:
    fate, word = provider.fate(row.provider_id)
    now = clock.now()
    with store.transaction() as session:
        kept = session.get_one(Outbox, row.id)
        if kept.bounced_at is not None or kept.delivered_at is not None:
            return False
        match fate:
            case Fate.DELIVERED:
                record(session, kept, delivered_at=now, ask_at=None)
            case Fate.BOUNCED:
                values = {"bounced_at": now, "ask_at": None, "last_error": word}
                will_not_arrive(session, kept, bounced, **values)
            case Fate.UNKNOWN:
                record(session, kept, ask_at=None)
            case Fate.UNDER_WAY:
                record(session, kept, ask_at=_next(kept.done_at or now, now))
    return fate in (Fate.DELIVERED, Fate.BOUNCED)


def _next(sent: datetime, now: datetime) -> datetime | None:
    age = now - sent
    return None if age > _ASK_FOR else now + min(max(age, _SOON), _SELDOM)
