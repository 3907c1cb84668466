"""From exact cubes to what may be shown."""

import numpy as np
import pandas as pd
from duckdb import DuckDBPyConnection

from core.analytics import disclosure


def disclose(connection: DuckDBPyConnection) -> None:
    """Put ``disclosed`` and ``disclosed_hours`` beside the exact cubes."""
    counts = connection.table("counts").order("number").df()
    exact = counts["exact"].to_numpy(np.int64)
    hide = disclosure.withheld(exact, sums_of(connection))
    counts["shown"] = _nullable(
        [
            None if hidden else disclosure.rounded(int(count))
            for count, hidden in zip(exact, hide, strict=True)
        ]
    )
    connection.from_df(counts.drop(columns=["number", "exact"])).create("disclosed")
    connection.from_df(_hours(connection)).create("disclosed_hours")


def _hours(connection: DuckDBPyConnection) -> pd.DataFrame:
    found: pd.DataFrame = connection.table("turnaround").df()
    for name, fewest in (
        ("median_hours", disclosure.SMALLEST_SHOWN),
        ("p90_hours", disclosure.FEWEST_FOR_P90),
    ):
        shown = [
            disclosure.statistic(value, count, fewest)
            for value, count in zip(found[name], found["answered"], strict=True)
        ]
        found[name] = pd.array(shown, dtype="Float64")
    return found.drop(columns=["answered", "within_target"])


def sums_of(connection: DuckDBPyConnection) -> disclosure.Sums:
    """Which exact counts add up to which."""
    addends = connection.table("addend").df()
    relation = addends.groupby(["axis", "parent"], sort=False).ngroup().to_numpy()
    parents = addends["parent"].to_numpy(np.int64)
    _, first = np.unique(relation, return_index=True)
    return disclosure.Sums(
        relation=relation.astype(np.int64),
        child=addends["child"].to_numpy(np.int64),
        parent=parents[first],
    )


def _nullable(values: list[int | None]) -> pd.Series:
    return pd.Series(pd.array(values, dtype="Int64"))
