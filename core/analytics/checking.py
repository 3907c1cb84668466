"""Run the checks once more, on the files that are read now."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from core.analytics import pipeline, versions
from core.analytics.connections import in_words
from core.analytics.versions import Current
from core.kernel import words
from core.kernel.errors import ServiceError


_STAGES = ("mart", "cubes", "published")


@dataclass(frozen=True)
class Checked:
    """What a check found: so many rows, or None where it needs more than the files."""

    stage: str
    name: str
    rows: int | None

    @property
    def sentence(self) -> str:
        """One line for people."""
        named = f"{self.stage}: {self.name.replace('_', ' ')}"
        if self.rows is None:
            return f"{named}: passed when it was built; needs what only a build has"
        return f"{named}: " + (
            f"fails on {words.plural(self.rows, 'row')}" if self.rows else "ok"
        )


def checked(folder: Path) -> Iterator[Checked]:
    """Every check in turn, on the newest version. Raises ServiceError where there is
    none, or it cannot be read.
    """
    there = versions.current(folder)
    if there is None:
        raise ServiceError(
            "No figures have been built yet: run “ozone analytics build”."
        )
    with in_words(), _opened(folder, there) as connection:
        for stage in _STAGES:
            for name in pipeline.checks(stage):
                yield Checked(stage, name, _found(connection, stage, name))


def _found(connection: duckdb.DuckDBPyConnection, stage: str, name: str) -> int | None:
    try:
        return pipeline.found_by(connection, stage, name)
    except duckdb.CatalogException:
        return None


@contextmanager
def _opened(folder: Path, there: Current) -> Iterator[duckdb.DuckDBPyConnection]:
    files = {"mart": there.version, "published": there.published}
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(
            "attach $1 as mart (read_only)", [_file(folder, "mart", files)]
        )
        connection.execute(
            "attach $1 as published (read_only)", [_file(folder, "published", files)]
        )
        # As the build has it: many checks ask for the last day that is over.
        connection.execute(
            "create table stg_snapshot as select $1::timestamptz as taken_at, "
            "$2::date as last_day",
            [there.data_as_of, date.fromisoformat(there.last_day)],
        )
        yield connection


def _file(folder: Path, kind: str, files: dict[str, int]) -> str:
    return str(versions.path(folder, kind, files[kind]))
