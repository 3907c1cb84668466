"""Rows on their way to the store, many at a time."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.store.base import Base


class Rows:
    """Rows by table. Each row of a table names the same columns as its first."""

    def __init__(self) -> None:
        self._by_table: dict[str, list[dict[str, Any]]] = {}

    def add(self, table: type[Base], **values: Any) -> None:  # noqa: ANN401
        """Keep one row for the next ``write``."""
        self._by_table.setdefault(table.__tablename__, []).append(values)

    def write(self, session: Session) -> int:
        """Insert what was kept, parents before children. Returns how many rows."""
        written = 0
        for table in Base.metadata.sorted_tables:
            rows = self._by_table.pop(table.name, [])
            if rows:
                session.execute(sa.insert(table), rows)
            written += len(rows)
        return written
