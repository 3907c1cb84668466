"""A feed: what is read of one table of the store, as text, and how it is streamed.

The store writes each row as one line of CSV, and Arrow reads the lines: a row is then
one object of Python's instead of twenty. A line is safe to take apart because nothing in
it was typed by anybody: ids, numbers, times, and words that stand on a list of ours (see
``listed``). Where a list's own words, or a public body's name, may have a comma, it is
``Quoted``. What does not fit its column stops the build.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.csv as arrow_csv  # type: ignore[import-untyped]
import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.analytics.extract.lines import Columns, Quoted, SealedDay, lines, on, word
from core.store.sealed import unseal


# Ids a query: what a database takes in one statement with ease.
_IDS = 5_000

Batch: TypeAlias = pa.Table
Values = Mapping[str, Sequence[Any]]


_TYPES: Mapping[type, pa.DataType] = {
    int: pa.int64(),
    float: pa.float64(),
    str: pa.string(),
    bool: pa.bool_(),
    date: pa.date32(),
    datetime: pa.timestamp("us", tz="UTC"),
    # As 32 digits.
    uuid.UUID: pa.string(),
    Quoted: pa.string(),
    SealedDay: pa.date32(),
}
# What a line has of these: the store's times are UTC without saying so.
_WRITTEN = {**_TYPES, datetime: pa.timestamp("us"), SealedDay: pa.string()}


@dataclass(frozen=True)
class Feed:
    """``rows`` selects the sources of ``columns``, in their order.

    ``name`` is that of the model which makes a table of them (``models/extract``), and
    ``keeps`` of one that remembers ids for later feeds. ``key``: where the referral's
    id is found, so that the rows of some referrals can be had alone; without one the
    whole is read each time, and is small.
    """

    name: str
    columns: Columns
    rows: sa.Select[Any]
    key: sa.SQLColumnExpression[Any] | None = None
    keeps: str = ""

    @property
    def schema(self) -> pa.Schema:
        """The columns' types in Arrow."""
        return schema({name: kind for name, (kind, _) in self.columns.items()})

    def batches(
        self, session: Session, only: Sequence[uuid.UUID] | None = None
    ) -> Iterator[Batch]:
        """The rows, piece by piece; the first is empty and tells the columns.

        ``only``: of these referrals alone.
        """
        yield self.schema.empty_table()
        for query in self._queries(session, only):
            for written in lines(session, query, self.columns):
                yield self._parsed(written)

    def _queries(
        self, session: Session, only: Sequence[uuid.UUID] | None
    ) -> Iterator[sa.Select[Any]]:
        if only is None or self.key is None:
            yield self.rows
            return
        among = on(session).among
        for start in range(0, len(only), _IDS):
            yield self.rows.where(among(self.key, only[start : start + _IDS]))

    def _parsed(self, lines: bytes) -> Batch:
        kinds = {name: kind for name, (kind, _) in self.columns.items()}
        types = {name: _WRITTEN[kind] for name, kind in kinds.items()}
        table = arrow_csv.read_csv(
            pa.BufferReader(lines),
            # One block: the batches are ours, and names may have line breaks.
            arrow_csv.ReadOptions(column_names=list(kinds), block_size=len(lines) + 1),
            arrow_csv.ParseOptions(newlines_in_values=Quoted in kinds.values()),
            arrow_csv.ConvertOptions(
                column_types=types,
                null_values=[""],
                strings_can_be_null=True,
                true_values=["1", "t"],
                false_values=["0", "f"],
            ),
        )
        for place, (name, kind) in enumerate(kinds.items()):
            if kind is SealedDay:
                table = table.set_column(place, name, _opened(table.column(name)))
        return table.cast(self.schema)


def schema(kinds: Mapping[str, type]) -> pa.Schema:
    """Types are said beforehand: a column of nulls tells none."""
    return pa.schema([(name, _TYPES[kind]) for name, kind in kinds.items()])


def batch(kinds: Mapping[str, type], values: Values) -> Batch:
    """A table of values that are at hand."""
    return pa.table(dict(values), schema=schema(kinds))


def select(columns: Columns) -> sa.Select[Any]:
    """The sources of columns, to be joined."""
    return sa.select(*(source for _, source in columns.values()))


def listed(
    column: Any,  # noqa: ANN401  a mapped column
    words: Iterable[str],
    other: str | None = None,
) -> sa.ColumnElement[str]:
    """A word that stands on a list of ours, else ``other``, inside the store already.

    A missing one stays missing.
    """
    said = word(column)
    known = said.in_(sorted(words))
    if other is None:
        return sa.case((known, said), else_=None)
    return sa.case((known, said), (said.is_not(None), other), else_=None)


def _opened(sealed: pa.ChunkedArray) -> pa.Array:
    days = unseal(map(bytes.fromhex, sealed.to_pylist()))
    return pa.array(days, pa.string()).cast(pa.date32())
