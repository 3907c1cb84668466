"""What became of a message is asked for until it is known."""

from datetime import timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa

from core.kernel import clock
from core.kernel.ids import new_id
from core.notify.actions import enqueue
from core.notify.delivery import deliver
from core.notify.folder import FolderSender
from core.notify.model import Channel, Topic
from core.notify.receipts import receive
from core.notify.senders import govuk, sender
from core.notify.tables import Outbox
from tests.world import NOW


def sent(store, notified, topic=Topic.RECEIVED):
    with clock.set_to(NOW):
        with store.transaction() as session:
            row = enqueue(
                session,
                topic=topic,
                address="+447700900123",
                channel=Channel.TEXT,
                about_id=new_id(),
                practice="Elm",
            )
        assert deliver(store, sender(notified)) == 1
    return row


def asked_at(store, notified, after, told=None):
    with clock.set_to(NOW + after):
        return receive(
            store,
            govuk(notified),
            lambda _session, row: told.append(row.about_id),
        )


def kept(store):
    with store.reading() as session:
        return session.scalars(sa.select(Outbox)).one()


def test_what_was_delivered_is_known_after_a_minute(store, provider, notified):
    sent(store, notified)
    provider.statuses["+44"] = "delivered"
    assert asked_at(store, notified, timedelta(seconds=59)) == 0
    assert provider.asked == []
    assert asked_at(store, notified, timedelta(seconds=61)) == 1
    row = kept(store)
    assert row.delivered_at == NOW + timedelta(seconds=61)
    assert row.bounced_at is None
    assert asked_at(store, notified, timedelta(days=1)) == 0
    assert len(provider.asked) == 1


@pytest.mark.parametrize(
    "status", ["permanent-failure", "temporary-failure", "technical-failure"]
)
def test_what_bounced_is_told_once(store, provider, notified, status):
    row, told = sent(store, notified), []
    provider.statuses["+44"] = status
    for minute in range(1, 60, 5):
        asked_at(store, notified, timedelta(minutes=minute), told)
    assert told == [row.about_id]
    assert kept(store).bounced_at == NOW + timedelta(minutes=1)
    assert kept(store).last_error == status


def test_what_is_under_way_is_asked_for_ever_more_seldom_and_not_for_ever(
    sqlite_store, provider, notified
):
    sent(sqlite_store, notified)
    times = []
    for minute in range(0, 6 * 24 * 60, 5):
        before = len(provider.asked)
        asked_at(sqlite_store, notified, timedelta(minutes=minute))
        times += [minute] * (len(provider.asked) - before)
    assert 15 < len(times) < 30
    assert times[0] <= 5
    assert 4 * 24 * 60 <= times[-1] <= 4 * 24 * 60 + 365
    pauses = [b - a for a, b in pairwise(times)]
    assert pauses == sorted(pauses)
    assert kept(sqlite_store).ask_at is None


def test_a_provider_that_is_down_is_asked_again_and_stops_no_worker(
    sqlite_store, provider, notified
):
    sent(sqlite_store, notified)
    nowhere = notified.model_copy(update={"notify_url": "http://127.0.0.1:9"})
    assert asked_at(sqlite_store, nowhere, timedelta(minutes=1)) == 0
    provider.statuses["+44"] = "delivered"
    assert asked_at(sqlite_store, notified, timedelta(minutes=4)) == 1


def test_what_the_provider_has_forgotten_is_asked_for_no_more(
    sqlite_store, provider, notified
):
    sent(sqlite_store, notified)
    provider.taken.clear()
    assert asked_at(sqlite_store, notified, timedelta(minutes=1)) == 0
    row = kept(sqlite_store)
    assert (row.ask_at, row.delivered_at, row.bounced_at) == (None, None, None)


def test_a_mail_server_gives_nothing_to_ask_for(sqlite_store, provider, tmp_path):
    with sqlite_store.transaction() as session:
        enqueue(
            session,
            topic=Topic.RETURNED,
            address="elm@practice.example",
            practice="Elm",
            reference="R",
        )
    deliver(sqlite_store, FolderSender(tmp_path, "ozone@service.example"))
    assert kept(sqlite_store).ask_at is None
