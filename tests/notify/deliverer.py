"""Delivers in child processes and kills each of them, then lets one come to the end.

Usage: deliverer.py SETTINGS URL KEY START KILLS FOLDER. Half of the children kill
themselves just after a message was handed over, before it is marked; the others are
killed at a random moment. FOLDER gets ``kills``, how many were killed at work. Time
leaps to when the next message is due.
"""

import os
import random
import signal
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

import core.schema  # noqa: F401  all tables, as the worker knows them
from core import config
from core.kernel import clock
from core.notify import govuk
from core.notify.actions import enqueue
from core.notify.delivery import deliver
from core.notify.model import Topic
from core.notify.senders import sender
from core.notify.tables import Outbox
from core.store.engine import Store


SHORT_PATIENCE_S = 0.3


class Acknowledging:
    """A way out that counts what it handed over, and may die of it."""

    def __init__(self, way, acks, last):
        self.known, self.rest, self._way = way.known, way.rest, way
        self._acks, self._last, self._count = acks, last, 0

    def send(self, message):
        provider_id = self._way.send(message)
        self._count += 1
        os.write(self._acks, b".")
        if self._count == self._last:
            os.kill(os.getpid(), signal.SIGKILL)
        return provider_id


def main(
    settings: str, url: str, key: str, start: str, kills: str, folder: str
) -> None:
    config.use_settings_file(Path(settings))
    govuk._SECONDS = SHORT_PATIENCE_S
    here, secret = Path(folder), bytes.fromhex(key)
    (here / "acks").write_text("")
    remember(here, datetime.fromisoformat(start))
    chance, killed = random.Random(1), 0  # noqa: S311  when to kill, not a secret
    for number in range(int(kills)):
        many = chance.randint(20, 200)
        by_itself = number % 2 == 0
        child = forked(url, secret, here, many if by_itself else 0)
        if not by_itself:
            wait_for(here / "acks", many)
            time.sleep(chance.uniform(0, 0.01))
            os.kill(child, signal.SIGKILL)
        killed += os.WIFSIGNALED(os.waitpid(child, 0)[1])
    (here / "kills").write_text(str(killed))
    _, status = os.waitpid(forked(url, secret, here, 0), 0)
    sys.exit(status)


def forked(url: str, key: bytes, folder: Path, last: int) -> int:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work(Store(url, key), folder, last)
            code = 0
        finally:
            os._exit(code)
    return child


def work(store: Store, folder: Path, last: int) -> None:
    acks = os.open(folder / "acks", os.O_WRONLY | os.O_APPEND)
    way = Acknowledging(sender(config.settings()), acks, last)
    moment = datetime.fromisoformat((folder / "moment").read_text())
    while moment:
        remember(folder, moment)
        with clock.set_to(moment):
            deliver(store, way, fill=with_link, bounced=tell)
        moment = next_due(store, moment)


def with_link(row):
    return {"link": f"https://ozone.example/patient/i/{row.id.hex[:22]}"}


def tell(session, row):
    facts = {"practice": row.facts["practice"], "reference": "K7QF-2M9X"}
    enqueue(session, topic=Topic.NOT_DELIVERED, address="elm@p.example", **facts)


def next_due(store: Store, now: datetime) -> datetime | None:
    """When there is something to do again; None where everything is decided."""
    left = (Outbox.done_at.is_(None), Outbox.gave_up_at.is_(None))
    with store.reading() as session:
        free = session.scalar(
            sa.select(sa.func.min(Outbox.available_at)).where(
                *left, Outbox.leased_until.is_(None)
            )
        )
        held = session.scalar(sa.select(sa.func.min(Outbox.leased_until)).where(*left))
    moments = [one for one in (free, held) if one is not None]
    return max(now, min(moments) + timedelta(seconds=1)) if moments else None


def remember(folder: Path, moment: datetime) -> None:
    half = folder / "moment.half"
    half.write_text(moment.isoformat())
    half.replace(folder / "moment")


def wait_for(acks: Path, many: int) -> None:
    """Until the child has sent as many: a kill before that would prove little."""
    enough, patience = acks.stat().st_size + many, time.monotonic() + 20
    while acks.stat().st_size < enough and time.monotonic() < patience:
        time.sleep(0.001)


if __name__ == "__main__":
    main(*sys.argv[1:])
