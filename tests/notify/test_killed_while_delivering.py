"""Ten thousand messages, receivers that fail, a worker that is killed: each told once."""

import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.kernel import clock
from core.kernel.ids import new_id
from core.notify.actions import enqueue
from core.notify.model import Channel, Topic
from core.notify.tables import Outbox
from tests.conftest import KEY
from tests.notify import servers
from tests.notify.servers import ByReference, mail_server, notify_server
from tests.world import NOW


DELIVERER = Path(__file__).with_name("deliverer.py")
SETTINGS = """
OZONE_ENVIRONMENT=service
OZONE_MASTER_KEY={master}
OZONE_SMTP_URL={smtp}
OZONE_NOTIFY_URL={notify}
OZONE_NOTIFY_KEY={key}
OZONE_NOTIFY_TEXT_TEMPLATE=a-template
"""
# A third of all calls fail, each in one of these ways.
MAIL_TROUBLE = {"451 4.3.0 later": 0.12, "lost": 0.11, "kept": 0.1}
TEXT_TROUBLE = {429: 0.1, 500: 0.1, "lost": 0.06, "kept": 0.069, "slow": 0.001}


def failing(kinds, seed):
    """Trouble by chance, the same each time as far as the order of calls is."""
    chance = random.Random(seed)  # noqa: S311  which call fails, not a secret
    names, weights = [*kinds, ""], [*kinds.values(), 1 - sum(kinds.values())]
    return lambda _told: chance.choices(names, weights)[0]


def nowhere(count):
    """Numbers of the messages whose address is none."""
    return range(7, count, 49)


def promise(store, count):
    """A quarter by mail, the others by text."""
    with clock.set_to(NOW), store.transaction() as session:
        for number in range(count):
            by_mail = number % 4 == 0
            enqueue(
                session,
                topic=Topic.INVITED if by_mail else Topic.RECEIVED,
                channel=Channel.EMAIL if by_mail else Channel.TEXT,
                address=address(number, by_mail, number in nowhere(count)),
                practice=f"Practice {number}",
                about_id=new_id(),
            )


def address(number, by_mail, gone):
    if by_mail:
        return f"{'gone' if gone else 'pat'}{number}@home.example"
    return "0770" if gone else f"+447700{number:06}"


def run(store, tmp_path, inbox, provider, kills):
    settings = tmp_path / "settings.env"
    settings.write_text(
        SETTINGS.format(
            master="5a" * 32, smtp=inbox.url, notify=provider.url, key=servers.KEY
        )
    )
    url = store.engine.url.render_as_string(hide_password=False)
    arguments = [settings, url, KEY.hex(), NOW.isoformat(), kills, tmp_path]
    store.engine.dispose()
    subprocess.run(
        [sys.executable, DELIVERER, *map(str, arguments)], check=True, timeout=600
    )
    assert int((tmp_path / "kills").read_text()) == kills, "not all died at work"


def check(store, inbox, provider, count):
    with store.reading() as session:
        rows = session.scalars(sa.select(Outbox)).all()
    done = {str(row.id) for row in rows if row.done_at}
    failed = {str(row.id) for row in rows if row.gave_up_at}
    assert done.isdisjoint(failed)
    assert len(done | failed) == len(rows)
    mails, texts = Counter(inbox.keys), Counter(provider.keys)
    assert set(mails) | set(texts) == done
    assert set(mails).isdisjoint(texts)
    assert set(texts.values()) == {1}, "Notify counts nothing: it has to be told once"
    assert mails.total() > len(mails), "no mail came twice, and nothing is proved"
    ids = {(one["X-Idempotency-Key"], one["Message-ID"]) for one in inbox.messages}
    assert len(ids) == len(mails)
    assert all(row.bounced_at for row in rows if row.gave_up_at)
    told = [row for row in rows if row.topic is Topic.NOT_DELIVERED]
    assert len(failed) == len(told) == len(nowhere(count))
    assert len(rows) == count + len(told)


def deliver_all(store, tmp_path, count, kills):
    with mail_server() as inbox, notify_server(ByReference()) as provider:
        inbox.trouble = failing(MAIL_TROUBLE, 1)
        provider.trouble = failing(TEXT_TROUBLE, 2)
        provider.late_s = 0.4
        promise(store, count)
        run(store, tmp_path, inbox, provider, kills)
        check(store, inbox, provider, count)


@pytest.mark.slow
def test_ten_thousand_messages_are_told_once_each_by_a_worker_killed_fifty_times(
    sqlite_store, tmp_path
):
    deliver_all(sqlite_store, tmp_path, 10_000, kills=50)


@pytest.mark.slow
def test_a_worker_killed_six_times_tells_each_message_once_on_both_databases(
    store, tmp_path
):
    deliver_all(store, tmp_path, 1_000, kills=6)
