"""Measures, counted: by day, by practice and by category, each from its own rows."""

from pathlib import Path

import pandas as pd
from duckdb import DuckDBPyConnection

from core.analytics.measures.definition import Measure, dimensions, measures


_FOLDER = Path(__file__).parent / "models"
_COUNTS = ("fact_by_day", "fact_by_practice", "fact_by_category")
_HOURS = ("hours_in_series", "hours_by_practice", "hours_by_category")


def count(connection: DuckDBPyConnection) -> None:
    """Every measure into the tables that the cubes are summed from."""
    _describe(connection)
    for measure in measures().values():
        turn_to(connection, measure)
        for grain in _grains(measure):
            rows = connection.sql(_text(f"cubes/{grain}"))
            if _is_there(connection, grain):
                rows.insert_into(grain)
            else:
                rows.create(grain)


def turn_to(connection: DuckDBPyConnection, measure: Measure) -> None:
    """Make ``measure_fact`` this measure's rows, and ``measure`` its name."""
    rows = connection.sql(_text(f"measures/{measure.measure}"))
    rows.create_view("measure_fact", replace=True)
    connection.execute("set variable measure = $1", [measure.measure])


def _grains(measure: Measure) -> list[str]:
    """All tables, so that each is there; percentiles only where there are hours."""
    wanted = list(_COUNTS)
    if measure.kind == "hours":
        wanted += _HOURS
    if not measure.by_practice:
        wanted = [one for one in wanted if not one.endswith("practice")]
    return wanted


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


def _is_there(connection: DuckDBPyConnection, table: str) -> bool:
    found = connection.execute(
        "select 1 from duckdb_tables() where table_name = $1", [table]
    )
    return bool(found.fetchall())


def _text(name: str) -> str:
    return (_FOLDER / f"{name}.sql").read_text("utf-8")
