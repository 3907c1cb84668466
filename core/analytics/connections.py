"""Open the newest published file, and no other, for reading and for nothing else."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from core.analytics import versions
from core.kernel.errors import ServiceError


# A version can be swept between the pointer and the file; the next pointer is newer.
_TRIES = 3
# No other file, no address, and no way back to a looser setting.
LOCKED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "lock_configuration": "true",
}
_QUERIES = Path(__file__).parent / "models" / "queries"
_UNREADABLE = (
    "These figures cannot be read: they were made by another version of the program, or "
    "their file is damaged. They are made anew within minutes; if not, ask your service "
    "manager to run “ozone doctor”."
)
_log = logging.getLogger(__name__)


@dataclass
class _Open:
    """An open version, and how many are reading it."""

    version: int
    connection: duckdb.DuckDBPyConnection
    readers: int = 0

    def close_if_idle(self) -> None:
        # Closing a connection closes its cursors, whatever they are in the middle of:
        # the last reader of an old version closes it.
        if self.readers == 0:
            self.connection.close()


class Published:
    """The published figures of one folder, in whichever version is the newest."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._open: _Open | None = None

    def query(self, name: str, *chosen: str) -> pd.DataFrame:
        """A query of ``queries/`` with its parameters in order, from one version."""
        with self.cursor() as cursor:
            return cursor.execute(_text(name), chosen).df()

    def row(self, name: str) -> tuple[Any, ...]:
        """The first row of a query; its times aware, which ``.df()`` cannot yet do
        without a warning from pandas.
        """
        with self.cursor() as cursor:
            return cursor.execute(_text(name)).fetchall()[0]

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor on the newest version. Raises ServiceError where there is none, or
        what is asked for is not in it.
        """
        used = self._enter()
        try:
            # Threads that share a connection spoil each other's results.
            with in_words(), used.connection.cursor() as cursor:
                yield cursor
        finally:
            self._leave(used)

    def _enter(self) -> _Open:
        with self._lock:
            there = None
            for _ in range(_TRIES):
                there = versions.current(self._folder)
                newest = self._open and there and self._open.version == there.published
                if there is None or newest:
                    break
                with suppress(duckdb.Error):
                    self._turn_to(there.published)
            if self._open:
                self._open.readers += 1
                return self._open
        if there:
            raise ServiceError(_UNREADABLE)
        raise ServiceError(
            "No figures have been published yet. They appear within minutes of the "
            "first referral; if not, tell your service manager."
        )

    def _leave(self, used: _Open) -> None:
        with self._lock:
            used.readers -= 1
            if used is not self._open:
                used.close_if_idle()

    def _turn_to(self, version: int) -> None:
        file = versions.path(self._folder, "published", version)
        new = _Open(version, duckdb.connect(file, read_only=True, config=LOCKED))
        old, self._open = self._open, new
        if old:
            old.close_if_idle()


@contextmanager
def in_words() -> Iterator[None]:
    """Live through a block in which figures are read: whatever DuckDB has to say of the
    file goes to the log, and a sentence to whoever reads. Raises ServiceError.
    """
    try:
        yield
    except duckdb.Error as error:
        _log.exception("Figures could not be read")
        raise ServiceError(_UNREADABLE) from error


def _text(name: str) -> str:
    return (_QUERIES / f"{name}.sql").read_text("utf-8")


@lru_cache(maxsize=4)
def published(folder: Path) -> Published:
    """The one reader of a folder in this process."""
    return Published(folder)
