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
                _insert(session.connection(), table, rows)
            written += len(rows)
        return written


def _insert(
    connection: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]
) -> None:
    """What ``connection.execute`` does, with the parameters made ready in one go: it
    looks at each row anew, which takes longer than the database does."""
    names, dialect = tuple(rows[0]), connection.dialect
    statement = sa.insert(table)
    compiled = statement.compile(dialect=dialect, column_keys=names)
    if set(compiled.params) != set(names):
        # Some column has a default of its own.
        connection.execute(statement, rows)
        return
    columns = {
        name: _ready(table.c[name], dialect, [row[name] for row in rows])
        for name in names
    }
    if compiled.positional:
        order = compiled.positiontup or ()
        lines = list(zip(*(columns[name] for name in order), strict=True))
        connection.exec_driver_sql(str(compiled), lines)
        return
    values = zip(*columns.values(), strict=True)
    named = [dict(zip(columns, line, strict=True)) for line in values]
    connection.exec_driver_sql(str(compiled), named)


def _ready(column: sa.Column[Any], dialect: sa.Dialect, values: list[Any]) -> list[Any]:
    """A column's values as the driver takes them."""
    process = column.type.dialect_impl(dialect).bind_processor(dialect)
    return values if process is None else list(map(process, values))
