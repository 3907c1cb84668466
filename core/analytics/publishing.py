"""From exact cubes to what may be shown."""

import numpy as np
import pandas as pd
from duckdb import DuckDBPyConnection

from core.analytics import disclosure


_FEW = disclosure.SMALLEST_SHOWN
# By cube: its key, for those with a practice and a priority.
_CELL = ("period", "audience", "practice", "priority")
_KEYS = {
    "turnaround": _CELL,
    "stages": _CELL,
    "capacity": ("period", "audience", "grade"),
    "queue": ("audience", "grade"),
    "waits": ("period", "audience", "urgency"),
}
# By cube: each statistic, the count of those it is over, and the fewest it may be.
_STATISTICS = {
    "turnaround": {
        "median_hours": ("answered", _FEW),
        "p90_hours": ("answered", disclosure.FEWEST_FOR_P90),
    },
    "stages": {
        "median_hours_in_pool": ("answered", _FEW),
        "median_hours_in_hand": ("answered", _FEW),
        "median_hours_at_practice": ("returned", _FEW),
        "median_hours_to_acknowledge": ("acknowledged", _FEW),
    },
    "capacity": {
        "mean_arose": ("arose", _FEW),
        "mean_booked": ("booked", _FEW),
        "mean_used": ("used", _FEW),
    },
    "queue": {"target_weeks": ("arose", _FEW)},
    "waits": {
        "median_weeks": ("seen", _FEW),
        "mean_weeks": ("seen", _FEW),
        "target_weeks": ("seen", _FEW),
    },
}


def disclose(connection: DuckDBPyConnection) -> None:
    """Put ``disclosed`` counts, and statistics cube by cube, beside the exact cubes."""
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
    for table, statistics in _STATISTICS.items():
        shown = _shown(connection, table, statistics)
        connection.from_df(shown).create(f"disclosed_{table}")


def _shown(
    connection: DuckDBPyConnection,
    table: str,
    statistics: dict[str, tuple[str, int]],
) -> pd.DataFrame:
    found: pd.DataFrame = connection.table(table).df()
    for name, (people, fewest) in statistics.items():
        shown = [
            disclosure.statistic(value, count, fewest)
            for value, count in zip(found[name], found[people], strict=True)
        ]
        found[name] = pd.array(shown, dtype="Float64")
    return found[[*_KEYS[table], *statistics]]


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
