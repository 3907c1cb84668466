"""A mail server takes messages; what it refuses for good is not sent again."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.kernel import clock
from core.kernel.ids import new_id
from core.notify.actions import enqueue
from core.notify.delivery import deliver, stuck
from core.notify.model import Channel, Outgoing, Refused, Topic
from core.notify.smtp import SmtpSender
from core.notify.tables import Outbox
from tests.world import NOW


FROM = "Ozone <ozone@service.example>"


@pytest.fixture
def way(inbox):
    """A way out through the mail server."""
    sender = SmtpSender(inbox.url, FROM)
    yield sender
    sender.rest()


def promise(store, address="elm@practice.example", topic=Topic.RECEIVED, **more):
    with store.transaction() as session:
        return enqueue(
            session, topic=topic, address=address, practice="Elm Practice", **more
        )


def outbox(store):
    with store.reading() as session:
        return session.scalars(sa.select(Outbox)).one()


def a_message(address="elm@practice.example"):
    return Outgoing(new_id(), Channel.EMAIL, address, "A subject", "Words.\n")


def test_a_message_says_who_it_is_and_that_a_machine_wrote_it(sqlite_store, inbox, way):
    with clock.set_to(NOW):
        row = promise(sqlite_store)
        assert deliver(sqlite_store, way) == 1
    (mail,) = inbox.messages
    assert mail["Message-ID"] == f"<{row.id}@service.example>"
    assert mail["X-Idempotency-Key"] == str(row.id)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "09:00" in mail["Date"] or str(NOW.day) in mail["Date"]


class Killed(BaseException):
    """A worker that ends between sending and marking."""


def test_killed_between_sending_and_marking_a_receiver_counts_one(
    sqlite_store, inbox, way
):
    class Deadly(SmtpSender):
        def send(self, message):
            super().send(message)
            raise Killed

    with clock.set_to(NOW):
        row = promise(sqlite_store)
        with pytest.raises(Killed):
            deliver(sqlite_store, Deadly(inbox.url, FROM))
    with clock.set_to(NOW + timedelta(minutes=3)):
        assert deliver(sqlite_store, way) == 1
    assert inbox.keys == [str(row.id)] * 2
    assert len({mail["Message-ID"] for mail in inbox.messages}) == 1


def test_an_address_that_bounces_is_given_up_at_once_and_whoever_sent_it_is_told(
    store, inbox, way
):
    told, about = [], new_id()
    promise(store, "gone@home.example", about_id=about)
    deliver(store, way, bounced=lambda _session, row: told.append(row.about_id))
    row = outbox(store)
    assert row.bounced_at is not None
    assert row.gave_up_at is not None
    assert row.attempts == 1
    assert "nobody here" in row.last_error
    assert told == [about]
    assert stuck(store) == 0
    with clock.set_to(clock.now() + timedelta(days=1)):
        assert deliver(store, way) == 0
    assert inbox.messages == []


@pytest.mark.parametrize(
    ("says", "for_good"),
    [
        ("550 5.1.1 unknown", True),
        ("550 no such person", True),
        ("552 5.2.2 mailbox full", True),
        ("451 4.7.1 greylisted, come back", False),
        ("452 4.2.2 mailbox full for now", False),
        ("421 4.3.2 closing", False),
        ("530 5.7.0 sign in first", False),
        ("550 5.7.1 relaying denied", False),
    ],
)
def test_only_what_is_said_about_the_address_is_for_good(inbox, way, says, for_good):
    inbox.refuses = says
    with pytest.raises(Refused if for_good else OSError):
        way.send(a_message())


@pytest.mark.parametrize("trouble", ["lost", "421 4.3.2 closing"])
def test_a_connection_that_was_lost_is_opened_again(inbox, way, trouble):
    inbox.refuses = trouble
    with pytest.raises(OSError, match=r"."):
        way.send(a_message())
    inbox.refuses = ""
    way.send(a_message())
    assert len(inbox.messages) == 1


def test_one_connection_serves_many_messages_also_after_one_was_refused(inbox, way):
    way.send(a_message())
    first = way._open
    with pytest.raises(Refused):
        way.send(a_message("gone@home.example"))
    way.send(a_message())
    assert way._open is first
    assert len(inbox.messages) == 2
    way.rest()
    way.send(a_message())
    assert way._open is not first
