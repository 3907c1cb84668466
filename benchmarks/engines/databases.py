"""The same questions in PostgreSQL and SQLite, on the same rows.

Both get the columns that questions read and no others, the indexes that somebody sensible
would make for them, and fresh statistics. The file that carries the rows is CSV, which both
take in fastest.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import psycopg

from benchmarks.engines.questions import Days, in_postgresql, in_sqlite
from benchmarks.send import postgres


# What counts read of each table, with the type of each column.
Columns = dict[str, dict[str, str]]
_INDEXED = {
    "referral": (
        "sent_day",
        "due_day",
        "answered_day",
        "acknowledged_day",
        "marked_day",
        "savings_day",
        "practice",
    ),
    "clinic_need": ("see_by",),
    "finding": ("known_day",),
    "second_read": ("read_day",),
    "picture": ("sent_day",),
    "routing": ("rule_class, decided_day", "referral"),
    "calendar": ("on_day",),
    "practice": ("practice",),
}
_UNREAD = ("patient", "referrer", "specialist", "ods_code", "appointment")
_KEPT_MOMENTS = ("withdrawn_at", "answered_at")
_VALUES = ("whole", "part", "median", "p90")
_POSTGRES = {"VARCHAR": "text", "DOUBLE": "double precision"}
_SETTINGS = (
    "set work_mem = '256MB'",
    "set maintenance_work_mem = '512MB'",
    "set max_parallel_workers_per_gather = 2",
)
_FROM = "select {} from mart.{}"


class PostgreSQL:
    """A server of its own, filled by COPY."""

    name = "PostgreSQL"

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        for statement in _SETTINGS:
            self._connection.execute(statement)

    def fill(self, mart: duckdb.DuckDBPyConnection, folder: Path) -> None:
        """The rows, the indexes, the statistics."""
        run: Any = self._connection.execute
        run("create schema mart")
        for table, kinds in columns(mart).items():
            typed = [
                f"{name} {_POSTGRES.get(kind, kind)}" for name, kind in kinds.items()
            ]
            run(f"create table mart.{table} ({', '.join(typed)})")
            file = folder / f"{table}.csv"
            rows = mart.table(f"mart.{table}").project(", ".join(kinds))
            rows.write_csv(str(file), header=False, na_rep="")
            self._copy(f"copy mart.{table} from stdin (format csv)", file)
            file.unlink()
            for index in _INDEXED[table]:
                run(f"create index on mart.{table} ({index})")
        run("vacuum analyze")

    def _copy(self, statement: Any, file: Path) -> None:  # noqa: ANN401  our own words
        copying = self._connection.cursor().copy(statement)
        with file.open("rb") as rows, copying as into:
            while chunk := rows.read(1 << 20):
                into.write(chunk)

    def close(self) -> None:
        """Let the server go."""
        self._connection.close()

    def ask(self, name: str, by: str, days: Days) -> pd.DataFrame:
        """A measure by something, as rows."""
        asked: Any = in_postgresql(name, by, days)
        found = self._connection.execute(asked)
        names = [one.name for one in found.description or ()]
        return pd.DataFrame(found.fetchall(), columns=names)


class SQLite:
    """A file, filled row by row; days are numbers in it, and moments microseconds."""

    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        self._connection = sqlite3.connect(":memory:", isolation_level=None)
        self._connection.execute("attach ? as mart", [str(folder / "mart.sqlite")])
        self._practices = pd.DataFrame()

    def fill(self, mart: duckdb.DuckDBPyConnection, folder: Path) -> None:
        """The rows, the indexes, the statistics."""
        del folder
        run = self._connection.execute
        run("pragma mart.synchronous = off")
        run("pragma mart.journal_mode = off")
        run("pragma mart.cache_size = -500000")
        run("pragma temp_store = memory")
        for table, kinds in columns(mart).items():
            run(f"create table mart.{table} ({', '.join(kinds)})")
            told = [_as_number(name, kind) for name, kind in kinds.items()]
            rows = mart.cursor().execute(_FROM.format(", ".join(told), table))
            marks = ", ".join("?" * len(kinds))
            run("begin")
            while batch := rows.fetchmany(50_000):
                into = f"insert into mart.{table} values ({marks})"  # noqa: S608  ours
                self._connection.executemany(into, batch)
            run("commit")
            for number, index in enumerate(_INDEXED[table]):
                run(f"create index mart.{table}_{number} on {table} ({index})")
        run("analyze mart")
        self._practices = mart.table("mart.practice").df().set_index("practice")

    def close(self) -> None:
        """Let the file go."""
        self._connection.close()

    def ask(self, name: str, by: str, days: Days) -> pd.DataFrame:
        """A measure by something, as rows; of groups all eight, one after the other."""
        told = {
            key: pd.DataFrame(
                self._connection.execute(asked).fetchall(), columns=["key", *_VALUES]
            ).set_index("key")
            for key, asked in in_sqlite(name, by, days)
        }
        if by == "group":
            found = pd.concat(dict(sorted(told.items())))
            return found.rename_axis(["dimension", "category"]).reset_index()
        [one] = told.values()
        if by != "practice":
            starts = pd.to_datetime(one.index, unit="D")
            return one.set_axis(starts).rename_axis(f"{by}_start").reset_index()
        found = self._practices.join(one, how="inner").reset_index()
        return found.sort_values(["name", "practice"], ignore_index=True)


def columns(connection: duckdb.DuckDBPyConnection) -> Columns:
    """Of each table what questions can read: no hashes of people, few of the moments."""
    told: Columns = {}
    for table in _INDEXED:
        there = connection.table(f"mart.{table}")
        pairs = zip(there.columns, map(str, there.types), strict=True)
        told[table] = {
            name: kind
            for name, kind in pairs
            if name not in _UNREAD
            and not name.startswith("seconds_")
            and (not kind.startswith("TIMESTAMP") or name in _KEPT_MOMENTS)
        }
    return told


@contextmanager
def databases(folder: Path) -> Iterator[list[PostgreSQL | SQLite]]:
    """Both, empty."""
    with (
        postgres() as url,
        closing(PostgreSQL(url)) as one,
        closing(SQLite(folder)) as another,
    ):
        yield [one, another]


def _as_number(name: str, kind: str) -> str:
    if kind == "DATE":
        return f"{name} - date '1970-01-01'"
    if kind.startswith("TIMESTAMP"):
        return f"epoch_us({name})"
    return f"cast({name} as integer)" if kind == "BOOLEAN" else name
