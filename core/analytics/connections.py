"""Open the newest published file, and no other, for reading and for nothing else."""

import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import duckdb
import pandas as pd

from core.analytics import versions
from core.kernel.errors import ServiceError


# A version can be swept between the pointer and the file; the next pointer is newer.
_TRIES = 3
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
        """A query of ``queries/`` with its parameters in order, from one whole version."""
        text = (_QUERIES / f"{name}.sql").read_text("utf-8")
        # Threads that share a connection spoil each other's results; cursors do not.
        with self._cursor() as cursor:
            return cursor.execute(text, chosen).df()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        with self._lock:
            for _ in range(_TRIES):
                there = versions.current(self._folder)
                if there is None:
                    break
                if self._open and self._open.version == there.version:
                    return self._open.connection.cursor()
                try:
                    self._turn_to(there.version)
                except duckdb.IOException:
                    continue
        raise ServiceError(
            "No figures have been published yet. They appear within minutes of the "
            "first referral; if not, tell your service manager."
        )

    def _turn_to(self, version: int) -> None:
        file = versions.path(self._folder, "published", version)
        connection = duckdb.connect(file, read_only=True)
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        # Cursors still at work keep the old version open until they are done.
        if self._open:
            self._open.connection.close()
        self._open = _Open(version, connection)


@lru_cache(maxsize=4)
def published(folder: Path) -> Published:
    """The one reader of a folder in this process."""
    return Published(folder)
