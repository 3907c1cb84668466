"""Measures, counted: by day, by practice and by category, each from its own rows."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from duckdb import DuckDBPyConnection

from core.analytics.measures.definition import Measure, dimensions, measures


_FOLDER = Path(__file__).parent / "models"
_OF_ALL = {"count": ("fact_by_day",), "hours": ("fact_by_day", "hours_in_series")}
_OF_PRACTICES = {
    "count": ("fact_by_practice",),
    "hours": ("fact_by_practice", "hours_by_practice"),
}
_OF_A_DIMENSION = {
    "count": ("fact_by_category",),
    "hours": ("fact_by_category", "hours_by_category"),
}
_ANY_ROW = "select 1 from measure_fact limit 1"


def show_rows(connection: DuckDBPyConnection) -> None:
    """Make ``referral_row``, which measures count: the mart's referrals."""
    connection.sql(_text("cubes/referral_row")).create_view("referral_row")


def count(connection: DuckDBPyConnection) -> None:
    """Every measure into the tables that the cubes are summed from."""
    _describe(connection)
    made: set[str] = set()
    for measure in measures().values():
        turn_to(connection, measure)
        # What has no rows has no sums; to plan them takes longer than to see that.
        empty = not connection.execute(_ANY_ROW).fetchall()
        for grain in _grains(connection, measure):
            if grain not in made:
                _begin(connection, grain)
                made.add(grain)
            if not empty:
                connection.execute(f"insert into {grain} {_text(f'cubes/{grain}')}")


def turn_to(connection: DuckDBPyConnection, measure: Measure) -> None:
    """Make ``measure_fact`` this measure's rows, and ``measure`` its name."""
    rows = _text(f"measures/{measure.measure}")
    connection.execute(f"create or replace temp view measure_fact as {rows}")
    connection.execute("set variable measure = $1", [measure.measure])


def _grains(connection: DuckDBPyConnection, measure: Measure) -> Iterator[str]:
    """What to count it by, with the dimension at hand where there is one.

    Only the dimensions that it is published by, each by itself: a sum over all of them at
    once costs more, and most of it would be thrown away.
    """
    kind = "hours" if measure.kind == "hours" else "count"
    yield from _OF_ALL[kind]
    if measure.by_practice:
        yield from _OF_PRACTICES[kind]
    for dimension in measure.dimensions:
        connection.execute("set variable dimension = $1", [dimension])
        yield from _OF_A_DIMENSION[kind]


def _begin(connection: DuckDBPyConnection, grain: str) -> None:
    """Make the table of a grain, without rows, and what its SQL rests on."""
    if "category" in grain:
        rows = _text("cubes/dimension_fact")
        connection.execute(f"create or replace temp view dimension_fact as {rows}")
    connection.sql(_text(f"cubes/{grain}")).limit(0).create(grain)


def _describe(connection: DuckDBPyConnection) -> None:
    """Which measures there are, and what they are broken down by, as tables."""
    every = measures().values()
    kinds = [(one.measure, one.base, one.kind, one.by_practice) for one in every]
    columns = ["measure", "base", "kind", "by_practice"]
    connection.from_df(pd.DataFrame(kinds, columns=columns)).create("measure")
    wanted = [
        (one.measure, name, dimensions()[name].finest)
        for one in every
        for name in one.dimensions
    ]
    columns = ["measure", "dimension", "finest"]
    table = pd.DataFrame(wanted, columns=columns)
    connection.from_df(table).create("measure_dimension")
    known = [
        (one.dimension, category)
        for one in dimensions().values()
        for category in one.categories
    ]
    table = pd.DataFrame(known, columns=["dimension", "category"])
    connection.from_df(table).create("known_category")


def _text(name: str) -> str:
    return (_FOLDER / f"{name}.sql").read_text("utf-8")
