"""How good forecasts have been: made again for the past, and compared with what came.

Pure. Each forecast sees only what was known on its day.
"""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from core.analytics.forecasting import WEEKS, forecast


# The first forecast knows three years: two waves and a trend are settled by then.
_FIRST: Final = 156


@dataclass(frozen=True)
class Accuracy:
    """Mean absolute error as a share of what came (0 to 1), ours and the naive one's.

    ``in_band`` should be near 0.80, ``below_p85`` near 0.85. Over ``weeks`` weeks in
    which something came and both had a forecast; None without any.
    """

    weeks: int
    error: float | None
    naive_error: float | None
    in_band: float | None
    below_p85: float | None


def back_test(
    history: pd.Series, open_days: pd.Series, *, first: int = _FIRST, every: int = WEEKS
) -> pd.DataFrame:
    """Forecasts made after ``first`` weeks and ``every`` so many, with what came.

    Rows by week: made_after (the last week known), actual, and the columns of
    ``Forecast.weeks``. Empty where history is too short.
    """
    parts = []
    for known in range(first, len(history) - WEEKS + 1, every):
        found = forecast(history.iloc[:known], open_days).weeks
        if found is not None:
            came = history.reindex(found.index)
            after = history.index[known - 1]
            parts.append(found.assign(made_after=after, actual=came))
    columns = [
        "mean",
        "low",
        "high",
        "p85",
        "capacity",
        "naive",
        "made_after",
        "actual",
    ]
    return pd.concat(parts) if parts else pd.DataFrame(columns=columns, dtype="float64")


def accuracy(tested: pd.DataFrame) -> Accuracy:
    """Those forecasts in five figures."""
    fair = tested.dropna(subset=["actual", "naive"])
    fair = fair[fair["actual"] > 0]
    if fair.empty:
        return Accuracy(0, None, None, None, None)
    came = fair["actual"].astype("float64")
    inside = (fair["low"] <= came) & (came <= fair["high"])
    return Accuracy(
        weeks=len(fair),
        error=float(((fair["mean"] - came).abs() / came).mean()),
        naive_error=float(((fair["naive"] - came).abs() / came).mean()),
        in_band=float(inside.mean()),
        below_p85=float((came <= fair["p85"]).mean()),
    )
