"""Kappa of every published period, worked out while the numbers are built.

A table of who said what against what would show cells of one or two people, so only what
comes out of it is published: kappa with its interval, to two places, over enough pairs.
"""

import pandas as pd
from duckdb import DuckDBPyConnection

from core.analytics import released
from core.reviews.agreement import agreement_in


# Below some 30 pairs the interval is rough; and a statistic on a few tells of them.
FEWEST = 30
_COLUMNS = ["measure", "period", "audience", "kappa", "low", "high"]


def work_out(
    connection: DuckDBPyConnection, before: pd.DataFrame | None = None
) -> None:
    """Make ``agreement`` of ``pair_count``: one row for each measure, period, audience.

    What was published ``before`` stays as it was.
    """
    pairs = connection.table("pair_count").df()
    rows = [
        (*map(str, key), *_kappa(group))
        for key, group in pairs.groupby(["measure", "period", "audience"], sort=True)
    ]
    found = pd.DataFrame(rows, columns=_COLUMNS)
    numbers = dict.fromkeys(("kappa", "low", "high"), "Float64")
    words = dict.fromkeys(("measure", "period", "audience"), "str")
    found = found.astype(words | numbers)
    found = released.as_before(found, _COLUMNS[:3], before)
    connection.from_df(found).create("agreement")


def _kappa(group: pd.DataFrame) -> tuple[float | None, float | None, float | None]:
    cells = {
        (str(one), str(other)): int(count)
        for one, other, count in zip(
            group["one"], group["other"], group["how_many"], strict=True
        )
    }
    found = agreement_in(cells)
    if (
        found.n < FEWEST
        or found.kappa is None
        or found.low is None
        or found.high is None
    ):
        return None, None, None
    return round(found.kappa, 2), round(found.low, 2), round(found.high, 2)
