"""Bring messages from the outbox to their way out, each at least once."""

import logging
import smtplib
import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta

import sqlalchemy as sa

from core.config import Settings
from core.kernel import clock
from core.notify.model import WITH_ENCLOSURES, Enclosure, NotToBeSent
from core.notify.senders import Sender, compose
from core.notify.tables import Outbox
from core.store.engine import Store


log = logging.getLogger(__name__)

_BATCH = 20
# Longer than a batch can take: a worker that died gives its messages back after this.
_LEASE = timedelta(minutes=10)
_FIRST_WAIT = timedelta(minutes=1)
_LAST_ATTEMPT = 10
# An address with a line break, a fact that the template wants and nobody gave: such a
# message waits its turns and is given up like any other, and holds up none.
_CANNOT_BE_WRITTEN = (ValueError, LookupError)


# What a message encloses, fetched when it is sent. Raises LookupError where something
# is not there, NotToBeSent where it has lost its cause.
Enclose = Callable[[Outbox], Sequence[Enclosure]]


def nothing_enclosed(row: Outbox) -> Sequence[Enclosure]:
    """For messages that are words only. Raises LookupError for any other."""
    if row.topic in WITH_ENCLOSURES:
        raise LookupError("nobody is there to enclose what belongs to this message")
    return ()


def deliver(
    store: Store,
    sender: Sender,
    settings: Settings,
    enclose: Enclose = nothing_enclosed,
) -> int:
    """Send what is due. Returns how many messages left."""
    return sum(
        _send_one(store, sender, settings, enclose, one) for one in _lease(store)
    )


def stuck(store: Store) -> int:
    """How many messages were given up; somebody has to look at those."""
    with store.reading() as session:
        query = sa.select(sa.func.count()).where(Outbox.gave_up_at.is_not(None))
        return session.scalar(query) or 0


def _lease(store: Store) -> list[uuid.UUID]:
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
    with store.transaction() as session:
        return list(
            session.scalars(
                sa.update(Outbox)
                .where(Outbox.id.in_(due.with_for_update(skip_locked=True)))
                .values(leased_until=now + _LEASE, attempts=Outbox.attempts + 1)
                .returning(Outbox.id)
                .execution_options(synchronize_session=False)
            )
        )


def _send_one(
    store: Store,
    sender: Sender,
    settings: Settings,
    enclose: Enclose,
    message_id: uuid.UUID,
) -> bool:
    with store.reading() as session:
        row = session.get_one(Outbox, message_id)
    try:
        sender.send(
            compose(
                row.topic,
                row.facts,
                sent_from=settings.mail_from,
                address=row.address,
                enclosed=enclose(row),
            )
        )
    except NotToBeSent as dropped:
        _drop(store, row, str(dropped))
        return False
    except (OSError, smtplib.SMTPException, *_CANNOT_BE_WRITTEN) as error:
        log.warning("message %s did not leave: %s", message_id, error)
        _put_off(store, row, str(error))
        return False
    with store.transaction() as session:
        session.get_one(Outbox, message_id).done_at = clock.now()
    return True


def _drop(store: Store, row: Outbox, why: str) -> None:
    with store.transaction() as session:
        kept = session.get_one(Outbox, row.id)
        kept.done_at, kept.last_error = clock.now(), why[:500]


def _put_off(store: Store, row: Outbox, error: str) -> None:
    with store.transaction() as session:
        kept = session.get_one(Outbox, row.id)
        kept.last_error, kept.leased_until = error[:500], None
        if kept.attempts >= _LAST_ATTEMPT:
            kept.gave_up_at = clock.now()
        # One minute, two, four …: eight hours in all.
        kept.available_at = clock.now() + _FIRST_WAIT * 2 ** (kept.attempts - 1)
