"""A feed: one table of the build, column by column, and how its rows are streamed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeAlias

import pyarrow as pa  # type: ignore[import-untyped]
import sqlalchemy as sa
from sqlalchemy.orm import Session


# Large enough that Arrow's own work per batch vanishes, small enough for any machine.
_BATCH = 20_000

Values = dict[str, Sequence[Any]]
Batch: TypeAlias = pa.Table
Shape = Callable[[Values], Values]
Columns = Mapping[str, tuple[type, sa.ColumnElement[Any]]]

_TYPES: Mapping[type, pa.DataType] = {
    int: pa.int64(),
    float: pa.float64(),
    str: pa.string(),
    bool: pa.bool_(),
    date: pa.date32(),
    datetime: pa.timestamp("us", tz="UTC"),
}


@dataclass(frozen=True)
class Feed:
    """``rows`` selects the sources of ``columns``, in their order; ``shape`` turns a
    batch of them into what may cross.
    """

    table: str
    columns: Columns
    rows: sa.Select[Any]
    shape: Shape = dict

    def batches(self, session: Session) -> Iterator[Batch]:
        """What may cross, piece by piece; the first is empty and tells the columns."""
        kinds = {name: kind for name, (kind, _) in self.columns.items()}
        yield batch(kinds, {name: [] for name in kinds})
        streamed = self.rows.execution_options(yield_per=_BATCH)
        # The connection's own rows: the session would wrap each one anew.
        with session.connection().execute(streamed) as result:
            for rows in result.partitions():
                columns: Iterator[Sequence[Any]] = zip(*rows, strict=True)
                values = dict(zip(kinds, columns, strict=True))
                yield batch(kinds, self.shape(values))


def batch(kinds: Mapping[str, type], values: Values) -> Batch:
    """Rows for DuckDB. Types are said beforehand: a column of nulls tells none."""
    schema = pa.schema([(name, _TYPES[kind]) for name, kind in kinds.items()])
    return pa.table(values, schema=schema)


def select(columns: Columns) -> sa.Select[Any]:
    """The sources of columns, to be joined."""
    return sa.select(*(source for _, source in columns.values()))


def hexed(column: Any) -> sa.ColumnElement[str]:  # noqa: ANN401  a mapped column
    """An id as 32 digits: SQLite keeps it so, PostgreSQL with hyphens."""
    return sa.func.replace(sa.cast(column, sa.String), "-", "")


def word(column: Any) -> sa.ColumnElement[str]:  # noqa: ANN401  a mapped column
    """A word without its enumeration: the store refused others when it was written."""
    return sa.type_coerce(column, sa.String)


def moment(column: Any) -> sa.ColumnElement[datetime]:  # noqa: ANN401  a mapped column
    """A time without our own type's work on each row; SQLite's are UTC unsaid."""
    return sa.type_coerce(column, sa.DateTime(timezone=True))


def day(column: Any) -> sa.ColumnElement[date]:  # noqa: ANN401  a mapped column
    """A day, which has no zone."""
    return sa.type_coerce(column, sa.Date)


def aware(time: datetime) -> datetime:
    """What ``moment`` left unsaid."""
    return time if time.tzinfo else time.replace(tzinfo=UTC)
