"""Open the newest published file, and no other, for reading and for nothing else."""

import threading
from contextlib import suppress
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
_LOCKED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "lock_configuration": "true",
}
_QUERIES = Path(__file__).parent / "models" / "queries"


@dataclass(frozen=True)
class _Open:
    version: int
    connection: duckdb.DuckDBPyConnection


class Published:
    """The published figures of one folder, in whichever version is the newest."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._open: _Open | None = None

    def query(self, name: str, *chosen: str) -> pd.DataFrame:
        """A query of ``queries/`` with its parameters in order, from one version."""
        # Threads that share a connection spoil each other's results; cursors do not.
        with self.cursor() as cursor:
            return cursor.execute(_text(name), chosen).df()

    def row(self, name: str) -> tuple[Any, ...]:
        """The first row of a query; its times aware, which ``.df()`` cannot yet do
        without a warning from pandas.
        """
        with self.cursor() as cursor:
            return cursor.execute(_text(name)).fetchall()[0]

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor on the newest version. Raises ServiceError where there is none."""
        with self._lock:
            for _ in range(_TRIES):
                there = versions.current(self._folder)
                if there is None or (
                    self._open and self._open.version == there.version
                ):
                    break
                with suppress(duckdb.IOException):
                    self._turn_to(there.version)
            if self._open:
                return self._open.connection.cursor()
        raise ServiceError(
            "No figures have been published yet. They appear within minutes of the "
            "first referral; if not, tell your service manager."
        )

    def _turn_to(self, version: int) -> None:
        file = versions.path(self._folder, "published", version)
        connection = duckdb.connect(file, read_only=True, config=_LOCKED)
        # Cursors still at work keep the old version open until they are done.
        if self._open:
            self._open.connection.close()
        self._open = _Open(version, connection)


def _text(name: str) -> str:
    return (_QUERIES / f"{name}.sql").read_text("utf-8")


@lru_cache(maxsize=4)
def published(folder: Path) -> Published:
    """The one reader of a folder in this process."""
    return Published(folder)
