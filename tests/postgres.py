"""PostgreSQL databases for tests: one that is emptied after each, and copies."""

import uuid
from contextlib import contextmanager

import psycopg

from core.store.engine import Store


# What changes with every table, column, constraint and trigger that is made or changed.
_CATALOGUE = """
select max(cast(cast(xmin as text) as bigint)), count(*)
from (
    select xmin from pg_class
    union all select xmin from pg_attribute
    union all select xmin from pg_constraint
    union all select xmin from pg_trigger
    union all select xmin from pg_proc
    union all select xmin from pg_namespace
) as catalogue
"""
# What brings back how it was: no rows, and numbers count from their start again.
_RESET = """
select 'delete from ' || quote_ident(tablename) from pg_tables
where schemaname = 'public' and tablename <> 'alembic_version'
union all
select format('select setval(%L, %s, false)', quote_ident(sequencename), start_value)
from pg_sequences where schemaname = 'public'
"""
_SIZE = "select pg_database_size(current_database())"
# Bytes of rows that are gone, through which every later question would have to go.
_ROOM = 2_000_000
# Somebody who was killed, or forgot to close.
_OTHERS = """
select pg_terminate_backend(pid, 5000) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid()
"""


class Emptied:
    """A copy of a template that is used again: to make one takes longer than most tests.

    ``store`` knows its statements from test to test. ``empty`` takes out every row and
    sets numbers back. Where somebody changed more than rows, or left the room of many, a
    new copy takes its place.
    """

    def __init__(self, server: str, template: str, key: bytes) -> None:
        self._server, self._template, self._key = server, template, key
        self._begin()

    def __enter__(self) -> "Emptied":
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def empty(self) -> None:
        """As it was at first."""
        self.store.engine.dispose()
        self._connection.execute(_OTHERS)
        grown = self._asked(_SIZE)[0][0] - self._size > _ROOM
        if grown or self._asked(_CATALOGUE) != self._catalogue:
            self._end()
            self._begin()
            return
        self._connection.execute(self._reset)

    def _begin(self) -> None:
        self.name = _copy(self._server, self._template)
        url = with_database(self._server, self.name)
        self.store = Store(url, self._key)
        self._connection = psycopg.connect(url, autocommit=True)
        # Rows that may only be added, and rows that others point to, go all the same.
        self._connection.execute("set session_replication_role = replica")
        self._reset = "; ".join(statement for (statement,) in self._asked(_RESET))
        self._catalogue, self._size = self._asked(_CATALOGUE), self._asked(_SIZE)[0][0]

    def _asked(self, statement):
        return self._connection.execute(statement).fetchall()

    def _end(self) -> None:
        self.store.engine.dispose()
        self._connection.close()
        _drop(self._server, self.name)


@contextmanager
def copied(server, template):
    """The URL of a copy of a template, for as long as the block lasts."""
    name = _copy(server, template)
    try:
        yield with_database(server, name)
    finally:
        _drop(server, name)


def with_database(url: str, name: str) -> str:
    return url.replace("/postgres?", f"/{name}?")


def _copy(server: str, template: str) -> str:
    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"create database {name} template {template}")
    return name


def _drop(server: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")
