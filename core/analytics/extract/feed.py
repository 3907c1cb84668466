"""A feed: one table of the build, column by column, and how its rows are streamed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.orm import Session


# Large enough that Arrow's own work per batch vanishes, small enough for any machine.
_BATCH = 20_000

Values = dict[str, Sequence[Any]]
Shape = Callable[[Values], Values]
Columns = Mapping[str, tuple[type, sa.ColumnElement[Any]]]

_TYPES: Mapping[type, pa.DataType] = {
    int: pa.int64(),
    float: pa.float64(),
    str: pa.string(),
    bool: pa.bool_(),
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

    @property
    def schema(self) -> pa.Schema:
        """The columns' types, said beforehand: a first batch of nulls tells none."""
        return pa.schema(
            [(name, _TYPES[kind]) for name, (kind, _) in self.columns.items()]
        )

    def batches(self, session: Session) -> Iterator[pa.Table]:
        """What may cross, piece by piece."""
        streamed = self.rows.execution_options(yield_per=_BATCH)
        with session.execute(streamed) as result:
            for rows in result.partitions():
                values = zip(*rows, strict=True)
                named = dict(zip(self.columns, values, strict=True))
                yield pa.table(self.shape(named), schema=self.schema)


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


def aware(time: datetime) -> datetime:
    """What ``moment`` left unsaid."""
    return time if time.tzinfo else time.replace(tzinfo=UTC)
