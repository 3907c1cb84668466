"""How a store writes its rows as lines of CSV: each database in its own way."""

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session


# Rows a batch: large enough that Arrow's own work vanishes, small for any machine.
_BATCH = 100_000


class Quoted(str):
    """Text that may have a comma."""


class SealedDay(bytes):
    """A day that is sealed. It is opened here, for this process's memory only."""


Columns = Mapping[str, tuple[type, sa.SQLColumnExpression[Any]]]


def word(column: Any) -> sa.ColumnElement[str]:  # noqa: ANN401  a mapped column
    """A word without its enumeration: the store refused others when it was written."""
    return sa.type_coerce(column, sa.String)


def lines(session: Session, query: sa.Select[Any], columns: Columns) -> Iterator[bytes]:
    """The rows of a query as text, many at a time."""
    connection = session.connection()
    line = on(session)
    written = line.of(query, columns).compile(
        dialect=connection.dialect, compile_kwargs={"literal_binds": True}
    )
    # A cursor of its own for each query: one that failed may give rows that are not so.
    cursor = connection.connection.cursor()
    try:
        yield from line.read(cursor, str(written))
    finally:
        cursor.close()


def on(session: Session) -> "type[_Sqlite] | type[_Postgres]":
    """The way of the database that is read."""
    return _ON[session.get_bind().dialect.name]


class _Sqlite:
    """Lines that SQLite puts together."""

    @staticmethod
    def of(query: sa.Select[Any], columns: Columns) -> sa.Select[Any]:
        texts = [_Sqlite._text(kind, source) for kind, source in columns.values()]
        with_commas = chain.from_iterable((sa.literal(","), text) for text in texts)
        return query.with_only_columns(sa.func.concat(*list(with_commas)[1:]))

    @staticmethod
    def _text(
        kind: type, source: sa.SQLColumnExpression[Any]
    ) -> sa.SQLColumnExpression[Any]:
        if kind is float:
            # All digits: SQLite's own text has 15.
            text = sa.func.printf("%!.17g", source)
            return sa.case((source.is_not(None), text), else_=None)
        if kind is SealedDay:
            return sa.func.hex(source)
        if kind is Quoted:
            doubled = sa.func.replace(source, '"', '""')
            return sa.literal('"') + doubled + sa.literal('"')
        if kind is uuid.UUID:
            return word(source)
        return source

    @staticmethod
    def among(
        key: sa.SQLColumnExpression[Any], ids: Sequence[uuid.UUID]
    ) -> sa.ColumnElement[bool]:
        # One text instead of thousands of values to be written into the query.
        listed = sa.func.json_each(json.dumps([one.hex for one in ids]))
        return word(key).in_(sa.select(sa.column("value")).select_from(listed))

    @staticmethod
    def read(cursor: Any, query: str) -> Iterator[bytes]:  # noqa: ANN401  a driver's
        cursor.execute(query)
        while rows := cursor.fetchmany(_BATCH):
            yield "\n".join(map(itemgetter(0), rows)).encode()


class _Postgres:
    """Lines that PostgreSQL copies out."""

    @staticmethod
    def of(query: sa.Select[Any], columns: Columns) -> sa.Select[Any]:
        return query.with_only_columns(
            *(_Postgres._text(kind, source) for kind, source in columns.values())
        )

    @staticmethod
    def _text(
        kind: type, source: sa.SQLColumnExpression[Any]
    ) -> sa.SQLColumnExpression[Any]:
        if kind is uuid.UUID:
            return sa.func.replace(sa.cast(source, sa.String), "-", "")
        if kind is SealedDay:
            return sa.func.encode(source, "hex")
        if kind is datetime:
            return sa.func.timezone("UTC", source)
        return source

    @staticmethod
    def among(
        key: sa.SQLColumnExpression[Any], ids: Sequence[uuid.UUID]
    ) -> sa.ColumnElement[bool]:
        listed = "{" + ",".join(one.hex for one in ids) + "}"
        return key == sa.any_(sa.cast(sa.literal(listed), ARRAY(sa.Uuid)))

    @staticmethod
    def read(cursor: Any, query: str) -> Iterator[bytes]:  # noqa: ANN401  a driver's
        # Doubled for a driver that fills in parameters; here it has none to fill in.
        query = query.replace("%%", "%")
        with cursor.copy("copy (" + query + ") to stdout (format csv)") as copied:
            lines: list[bytes] = []
            for line in copied:
                lines.append(bytes(line))
                if len(lines) == _BATCH:
                    yield b"".join(lines)
                    lines = []
            if lines:
                yield b"".join(lines)


_ON: Mapping[str, type[_Sqlite] | type[_Postgres]] = {
    "sqlite": _Sqlite,
    "postgresql": _Postgres,
}
