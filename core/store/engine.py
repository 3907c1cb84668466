"""Open the operational store: SQLite by default, PostgreSQL by its URL."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import sqlcipher3.dbapi2
from sqlalchemy import event
from sqlalchemy.orm import Session

from core.config import settings


class Store:
    """A database and the two ways to use it.

    ``transaction`` writes: all or nothing. ``reading`` sees one moment and writes
    nothing. Never open one inside the other: on SQLite the inner would wait for ever.
    """

    def __init__(self, url: str, key: bytes) -> None:
        self.engine = _engine(url, key)
        # The same pool under another option: SQLAlchemy then begins without a lock.
        self._reader = self.engine.execution_options(ozone_reading=True)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session whose changes are kept if the block ends well, else undone."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for reading."""
        with Session(self._reader, expire_on_commit=False) as session:
            yield session


@lru_cache(maxsize=1)
def store() -> Store:
    """The store that the settings name."""
    return Store(settings().database_url, settings().key("database"))


def _engine(url: str, key: bytes) -> sa.Engine:
    if not url.startswith("sqlite"):
        return sa.create_engine(url, pool_pre_ping=True, pool_size=10)
    file = Path(sa.make_url(url).database or "")
    file.parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(
        url, module=sqlcipher3.dbapi2, pool_size=20, max_overflow=40
    )
    _prepare_connections(engine, key)
    _take_turns(engine, file.with_suffix(".lock"))
    return engine


def _prepare_connections(engine: sa.Engine, key: bytes) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: object) -> None:  # noqa: ANN401
        connection.isolation_level = None  # BEGIN is ours, see _take_turns
        cursor = connection.cursor()
        for pragma in (
            f"key = \"x'{key.hex()}'\"",
            "busy_timeout = 30000",
            "journal_mode = wal",
            # NORMAL may lose the last commits when the power goes.
            "synchronous = FULL",
            "foreign_keys = on",
        ):
            cursor.execute(f"pragma {pragma}")
        cursor.close()


def _take_turns(engine: sa.Engine, lock: Path) -> None:
    """Queue writers on a file lock: SQLite's own waiting is a sleep, not a queue."""

    @event.listens_for(engine, "begin")
    def _on_begin(connection: sa.Connection) -> None:
        if connection.get_execution_options().get("ozone_reading"):
            connection.exec_driver_sql("BEGIN")
            return
        held = connection.connection.info
        if "turn" not in held:
            held["turn"] = os.open(lock, os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(held["turn"], fcntl.LOCK_EX)
        # A reader that turns writer late can fail; a writer from the start cannot.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    # The engine's commit event comes before the commit; checkin comes after it.
    @event.listens_for(engine, "checkin")
    def _on_checkin(_dbapi: object, record: Any) -> None:  # noqa: ANN401
        if "turn" in record.info:
            fcntl.flock(record.info["turn"], fcntl.LOCK_UN)

    @event.listens_for(engine, "close")
    def _on_close(_dbapi: object, record: Any) -> None:  # noqa: ANN401
        if "turn" in record.info:
            os.close(record.info.pop("turn"))
