"""From exact cubes to what may be shown."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from duckdb import DuckDBPyConnection

from core.analytics import agreeing, disclosure, released, withholding
from core.analytics.bounds import Sums
from core.analytics.withholding import Ties


_FEW = disclosure.SMALLEST_SHOWN
_FIGURE = ("measure", "period", "audience", "practice", "dimension", "category")


@dataclass(frozen=True)
class _Table:
    """A cube of statistics: its key, and what each is over, and the fewest it may be."""

    key: tuple[str, ...]
    statistics: dict[str, tuple[str, int]]


_TABLES = {
    "figure": _Table(
        _FIGURE,
        {
            "median": ("whole", _FEW),
            "p90": ("whole", disclosure.FEWEST_FOR_P90),
        },
    ),
    "capacity": _Table(
        ("period", "audience", "grade"),
        {
            # Nobody's.
            "offered": ("offered", 0),
            "mean_arose": ("arose", _FEW),
            "mean_booked": ("booked", _FEW),
            "mean_used": ("used", _FEW),
        },
    ),
    "queue": _Table(("period", "audience", "grade"), {"target_weeks": ("arose", _FEW)}),
    "waits": _Table(
        ("period", "audience", "urgency"),
        {
            "median_weeks": ("seen", _FEW),
            "mean_weeks": ("seen", _FEW),
            "target_weeks": ("seen", _FEW),
        },
    ),
}


def disclose(
    connection: DuckDBPyConnection, before: released.Release | None = None
) -> None:
    """Put ``disclosed`` counts, and statistics cube by cube, beside the exact cubes.

    What the release ``before`` had (``released.last``) stays as it was.
    """
    counts = connection.table("counts").order("number").df()
    exact = counts["exact"].to_numpy(np.int64)
    earlier = released.beside(counts, connection.table("measure").df(), before)
    ties = Ties(
        secret=~counts["published"].to_numpy(np.bool_),
        twin=twins_of(connection, len(counts)),
        shown=earlier.shown,
        hidden=earlier.hidden,
    )
    hide = withholding.withheld(exact, sums_of(connection), ties)
    counts["shown"] = earlier.put_back(disclosure.all_rounded(exact, hide))
    counts["was_shown"] = earlier.shown
    published = counts[counts["published"]]
    kept = published.drop(
        columns=["number", "exact", "of_week", "of_month", "begun", "published"]
    )
    connection.from_df(kept).create("disclosed")
    agreeing.work_out(connection, None if before is None else before.agreement)
    for table, cube in _TABLES.items():
        rows = _shown(connection, table, cube)
        told = before.statistics(table) if before else None
        rows = released.as_before(rows, list(cube.key), told)
        connection.from_df(rows).create(f"disclosed_{table}")


def _shown(connection: DuckDBPyConnection, table: str, cube: _Table) -> pd.DataFrame:
    found: pd.DataFrame = connection.table(table).df()
    for name, (people, fewest) in cube.statistics.items():
        found[name] = disclosure.statistics(found[name], found[people], fewest)
    return found[[*cube.key, *cube.statistics]]


def sums_of(connection: DuckDBPyConnection) -> Sums:
    """Which exact counts add up to which."""
    addends = connection.table("addend").df()
    relation = addends.groupby(["axis", "parent"], sort=False).ngroup().to_numpy()
    parents = addends["parent"].to_numpy(np.int64)
    _, first = np.unique(relation, return_index=True)
    return Sums(
        relation=relation.astype(np.int64),
        child=addends["child"].to_numpy(np.int64),
        parent=parents[first],
    )


def twins_of(connection: DuckDBPyConnection, size: int) -> disclosure.Counts:
    """For each count the smallest number it goes by."""
    same = np.arange(size, dtype=np.int64)
    pairs = connection.table("twin").df()
    number, twin = pairs["number"].to_numpy(), pairs["twin"].to_numpy()
    same[number] = same[twin] = np.minimum(number, twin)
    return same
