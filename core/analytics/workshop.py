"""The scratch database of a build, with the two products attached to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from core.analytics import versions
from core.analytics.extract.snapshot import Snapshot


_ATTACH = {"mart": "attach $1 as mart", "published": "attach $1 as published"}
# Each product ends as one whole file, its write-ahead log folded in.
_DETACH = ("checkpoint mart", "checkpoint published", "detach mart", "detach published")


@contextmanager
def workshop(folder: Path, version: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """Where a version is built. ``mart`` and ``published`` are whole once it ends."""
    with duckdb.connect(versions.path(folder, "scratch", version)) as connection:
        # London's time is asked for where it matters; the host's never is.
        connection.execute("set TimeZone = 'UTC'")
        for kind, statement in _ATTACH.items():
            connection.execute(statement, [str(versions.path(folder, kind, version))])
        yield connection
        for statement in _DETACH:
            connection.execute(statement)


def load(connection: duckdb.DuckDBPyConnection, shot: Snapshot) -> None:
    """Everything that may cross, as it comes."""
    for name, batches in shot.tables():
        connection.from_arrow(next(batches)).create(name)
        for batch in batches:
            connection.from_arrow(batch).insert_into(name)
