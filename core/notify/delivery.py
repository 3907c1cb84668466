"""Bring messages from the outbox to their way out, each at least once.

A receiver that looks at a message's key sees each once: the key is the outbox's id, and
the same on each attempt.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.kernel import clock
from core.notify.leases import give_back, take
from core.notify.model import (
    BY_LANGUAGE,
    WITH_ENCLOSURES,
    WITH_LINK,
    Enclosure,
    NotToBeSent,
    NoWayOut,
    Outgoing,
    Refused,
)
from core.notify.senders import Sender
from core.notify.tables import Outbox
from core.notify.templates import worded
from core.notify.undisturbed import undisturbed
from core.store.engine import Store


log = logging.getLogger(__name__)

# As long as messages are sent at a stretch: other chores wait for that, and for the
# message that is on its way then (a server that hangs is left after 20 seconds).
_STRETCH_S = 10.0
_FIRST_WAIT = timedelta(minutes=1)
_LAST_ATTEMPT = 10
_FIRST_ASKED = timedelta(minutes=1)
# An address with a line break, a fact that the template wants and nobody gave: such a
# message waits its turns and is given up like any other, and holds up none.
_CANNOT_BE_WRITTEN = (ValueError, LookupError)


# What a message encloses, fetched when it is sent. Raises LookupError where something
# is not there, NotToBeSent where it has lost its cause.
Enclose = Callable[[Outbox], Sequence[Enclosure]]
# Facts that are made when a message is sent, such as its link. Raises NotToBeSent where
# it has lost its cause. It may be asked again for one message, and an earlier attempt may
# have arrived unseen: what it gave then has to go on being good.
Fill = Callable[[Outbox], Mapping[str, str]]
# Tells who asked for it that a message to a patient will not arrive, in the transaction
# that records that.
Bounced = Callable[[Session, Outbox], None]


def nothing_enclosed(row: Outbox) -> Sequence[Enclosure]:
    """For messages that are words only. Raises LookupError for any other."""
    if row.topic in WITH_ENCLOSURES:
        raise LookupError("nobody is there to enclose what belongs to this message")
    return ()


def nothing_filled(row: Outbox) -> Mapping[str, str]:
    """For messages whose facts are all there. Raises LookupError for any other."""
    if row.topic in WITH_LINK:
        raise LookupError("nobody is there to make the link for this message")
    return {}


def nobody_told(session: Session, row: Outbox) -> None:
    """For whoever sends nothing to patients."""


def deliver(
    store: Store,
    sender: Sender,
    enclose: Enclose = nothing_enclosed,
    *,
    fill: Fill = nothing_filled,
    bounced: Bounced = nobody_told,
) -> int:
    """Send what is due, the longest due first, until nothing is or a stretch is over.

    Returns how many messages left. A signal to end is heard between two messages.
    """
    return _Stretch(store, sender, enclose, fill, bounced).gone_through()


def stuck(store: Store) -> int:
    """How many messages will not arrive and nobody was told: somebody has to look."""
    told = sa.and_(
        Outbox.bounced_at.is_not(None),
        Outbox.about_id.is_not(None),
        Outbox.topic.in_(BY_LANGUAGE),
    )
    failed = sa.or_(Outbox.gave_up_at.is_not(None), Outbox.bounced_at.is_not(None))
    with store.reading() as session:
        query = sa.select(sa.func.count()).where(failed, ~told)
        return session.scalar(query) or 0


def will_not_arrive(
    session: Session, row: Outbox, bounced: Bounced, **values: object
) -> None:
    """Record that a message failed for good, and have it told where it was a patient's.

    A message to staff that bounces tells nobody: who would be told is who it did not
    reach. ``stuck`` counts it.
    """
    record(session, row, **values)
    if row.about_id is not None and row.topic in BY_LANGUAGE:
        bounced(session, row)


def said(row: Outbox, error: Exception) -> str:
    """What was said of a message, without whose address it is: that stays sealed."""
    return str(error).replace(row.address, "[address]")[:500]


def record(session: Session, row: Outbox, **values: object) -> None:
    """Change a message that was read in another transaction."""
    change = sa.update(Outbox).where(Outbox.id == row.id).values(**values)
    session.execute(change, execution_options={"synchronize_session": False})


@dataclass(frozen=True)
class _Stretch:
    """One stretch of sending."""

    store: Store
    sender: Sender
    enclose: Enclose
    fill: Fill
    bounced: Bounced

    def gone_through(self) -> int:
        over, left = time.monotonic() + _STRETCH_S, 0
        try:
            while time.monotonic() < over and (rows := take(self.store)):
                left += self._batch(rows, over)
        finally:
            self.sender.rest()
        return left

    def _batch(self, rows: list[Outbox], over: float) -> int:
        left = 0
        waiting = rows[::-1]
        try:
            while waiting and time.monotonic() < over:
                with undisturbed():
                    left += self._one(waiting.pop())
        finally:
            if waiting:
                give_back(self.store, waiting)
        return left

    def _one(self, row: Outbox) -> bool:
        try:
            provider_id = self._sent(row)
        except NotToBeSent as dropped:
            self._record(row, done_at=clock.now(), last_error=str(dropped)[:500])
            return False
        except NoWayOut as refused:
            log.warning("message %s will not leave: %s", row.id, said(row, refused))
            self._give_up(row, refused)
            return False
        except (OSError, *_CANNOT_BE_WRITTEN) as error:
            log.warning("message %s did not leave: %s", row.id, said(row, error))
            self._put_off(row, error)
            return False
        now = clock.now()
        ask = now + _FIRST_ASKED if provider_id else None
        self._record(row, done_at=now, provider_id=provider_id, ask_at=ask)
        return True

    def _sent(self, row: Outbox) -> str:
        """Send a message that was not sent. Returns the provider's id of it."""
        if row.attempts > 1 and row.topic not in WITH_ENCLOSURES:
            # A worker may have died, or an answer been lost, after it was handed over.
            known = self.sender.known(row.id)
            if known is not None:
                return known
        facts = {**row.facts, **self.fill(row)}
        subject, body = worded(row.topic, row.channel, row.language, facts)
        enclosed = tuple(self.enclose(row))
        return self.sender.send(
            Outgoing(row.id, row.channel, row.address, subject, body, enclosed)
        )

    def _put_off(self, row: Outbox, error: Exception) -> None:
        if row.attempts >= _LAST_ATTEMPT:
            self._give_up(row, error)
            return
        # One minute, two, four …: eight hours in all.
        again = clock.now() + _FIRST_WAIT * 2 ** (row.attempts - 1)
        why = said(row, error)
        self._record(row, available_at=again, leased_until=None, last_error=why)

    def _give_up(self, row: Outbox, error: Exception) -> None:
        now, why = clock.now(), said(row, error)
        values = {"gave_up_at": now, "last_error": why, "leased_until": None}
        if isinstance(error, Refused):
            values["bounced_at"] = now
        with self.store.transaction() as session:
            will_not_arrive(session, row, self.bounced, **values)

    def _record(self, row: Outbox, **values: object) -> None:
        with self.store.transaction() as session:
            record(session, row, **values)
