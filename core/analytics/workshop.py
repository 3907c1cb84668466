"""The scratch database of a build, with the products attached to it."""

import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import duckdb

from core.analytics import versions
from core.analytics.extract.door import opened
from core.analytics.extract.feed import Batch, Feed
from core.analytics.extract.snapshot import Snapshot


_ATTACH = {"mart": "attach $1 as mart", "published": "attach $1 as published"}
# Each product ends as one whole file, its write-ahead log folded in.
_DETACH = {
    "mart": ("checkpoint mart", "detach mart"),
    "published": ("checkpoint published", "detach published"),
}


@contextmanager
def workshop(folder: Path, version: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """Where a version is built. ``mart`` and ``published`` are whole once it ends."""
    with _scratch(folder, version) as connection:
        for kind, statement in _ATTACH.items():
            connection.execute(statement, [str(versions.path(folder, kind, version))])
        yield connection
        for kind in _DETACH:
            put_away(connection, kind)


@contextmanager
def bench(folder: Path, version: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """Where some referrals are counted anew: ``mart`` is in memory, and has only them."""
    with _scratch(folder, version) as connection:
        connection.execute("attach ':memory:' as mart")
        yield connection


def take_out(connection: duckdb.DuckDBPyConnection, kind: str, file: Path) -> None:
    """Attach a product's file, to be written."""
    connection.execute(_ATTACH[kind], [str(file)])


def put_away(connection: duckdb.DuckDBPyConnection, kind: str) -> None:
    """Detach a product; its file is whole."""
    for statement in _DETACH[kind]:
        connection.execute(statement)


def load(
    connection: duckdb.DuckDBPyConnection,
    shot: Snapshot,
    only: Sequence[uuid.UUID] | None = None,
) -> None:
    """Everything that may cross; ``only``: of the referrals with these ids."""
    with opened(connection) as door:
        for name, rows in shot.tables():
            door.take(name, rows)
        for feed, came in _read_ahead(_batches(shot, only)):
            if feed.keeps:
                door.through(feed.keeps, came)
            door.through(feed.name, came)


@contextmanager
def _scratch(folder: Path, version: int) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(versions.path(folder, "scratch", version)) as connection:
        # London's time is asked for where it matters; the host's never is.
        connection.execute("set TimeZone = 'UTC'")
        yield connection


def _batches(
    shot: Snapshot, only: Sequence[uuid.UUID] | None
) -> Iterator[tuple[Feed, Batch]]:
    for feed in shot.feeds():
        for came in feed.batches(shot.session, only):
            yield feed, came


def _read_ahead(
    batches: Iterator[tuple[Feed, Batch]],
) -> Iterator[tuple[Feed, Batch]]:
    """The same, each read from the store while the one before goes through the door."""
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(next, batches, None)
        while (one := coming.result()) is not None:
            coming = reader.submit(next, batches, None)
            yield one
