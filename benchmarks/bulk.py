"""Many rows into a store, past the ORM: for what is only measured or read."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from core.store.base import Base
from core.store.engine import Store


# Enough for every page that many inserts touch, in KiB.
_CACHE = "pragma cache_size = -200000"
# Ids of copies begin with their number, those of originals with the time.
_FIRST_ORIGINAL = uuid.UUID("01000000-0000-0000-0000-000000000000")
Rows = dict[type[Base], list[dict[str, Any]]]


def add(rows: Rows, table: type[Base], row: dict[str, Any]) -> None:
    """Put one row to the others of its table."""
    rows.setdefault(table, []).append(row)


def write(store: Store, rows: Rows) -> None:
    """Write them in one transaction, table by table as they came first."""
    with store.engine.begin() as connection:
        for model, values in rows.items():
            table = model.__table__
            assert isinstance(table, sa.Table)
            columns = [_value(column, connection.dialect) for column in table.columns]
            lines = [tuple(value(row) for value in columns) for row in values]
            _write(connection, table, lines)


def multiply(store: Store, models: Sequence[type[Base]], times: int) -> None:
    """Copy all rows of these tables, parents first, until there are ``times`` as many.

    A copy has ids of its own, and points at the copies of what its original points at.
    """
    tables = [model.__table__ for model in models]
    with store.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(_CACHE)
        for table in tables:
            assert isinstance(table, sa.Table)
            columns = [_copied(connection, one, tables) for one in table.columns]
            originals = sa.select(*columns).where(_id_of(table) >= _FIRST_ORIGINAL)
            statement = table.insert().from_select(list(table.columns), originals)
            for number in range(1, times):
                connection.execute(statement, {"copy": f"{number:08x}"})


def refresh_statistics(store: Store) -> None:
    """What a database does by itself after a while."""
    with store.engine.begin() as connection:
        connection.exec_driver_sql("analyze")


def _write(
    connection: sa.Connection, table: sa.Table, lines: list[tuple[Any, ...]]
) -> None:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" for _ in table.columns)
        connection.exec_driver_sql(_CACHE)
        connection.exec_driver_sql(
            f"insert into {table.name} ({names}) values ({marks})",  # noqa: S608
            lines,
        )
        return
    cursor = connection.connection.cursor()
    with cursor.copy(f"copy {table.name} ({names}) from stdin") as copy:  # type: ignore[attr-defined]
        for line in lines:
            copy.write_row(line)


def _value(
    column: sa.Column[Any], dialect: sa.Dialect
) -> Callable[[dict[str, Any]], Any]:
    """How a row's value of a column goes to the driver."""
    name, first = column.name, _default(column)
    process = column.type.dialect_impl(dialect).bind_processor(dialect)
    if process is None:
        return lambda row: row[name] if name in row else first()
    return lambda row: process(row[name] if name in row else first())


def _default(column: sa.Column[Any]) -> Callable[[], Any]:
    default = column.default
    if default is None:
        return lambda: None
    assert isinstance(default, sa.ColumnDefault)
    value = default.arg
    return (lambda: value(None)) if callable(value) else (lambda: value)


def _id_of(table: sa.Table) -> sa.Column[Any]:
    return next(iter(table.primary_key.columns))


def _copied(
    connection: sa.Connection, column: sa.Column[Any], tables: Sequence[Any]
) -> sa.ColumnElement[Any]:
    copy = sa.bindparam("copy", type_=sa.String)
    to_copies = any(key.column.table in tables for key in column.foreign_keys)
    if to_copies or column.name == "id":
        if connection.dialect.name == "sqlite":
            return copy + sa.func.substr(sa.type_coerce(column, sa.String), 9)
        plain = sa.func.replace(sa.cast(column, sa.String), "-", "")
        return sa.cast(copy + sa.func.substr(plain, 9), sa.Uuid)
    if column.name == "reference":
        return sa.type_coerce(column, sa.String) + copy
    return column
