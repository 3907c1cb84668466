"""Control charts of single values (XmR) by the rules of NHS England's Making Data Count.

Pure: a series in, a chart's figures out. The rules and their order of precedence are
those of the NHS-R community's package NHSRplotthedots 0.2.2, point by point, so that a
chart here and a chart in an NHS report say the same:

- mean over the group; moving range = distance of neighbours; ranges of at least 3.267
  times the mean range are left out once (screening), and limits stand 2.66 mean ranges
  from the mean, near limits two thirds of that;
- special causes, the first that fits: outside the limits; seven or more in a row that
  rise or fall; two of three close to one limit; seven or more in a row on one side.

A value that is missing (hidden because it is small, or never measured) is left out of
every sum and every rule, as if its neighbours stood side by side; it keeps its row, with
the lines that run through it. A chart with many of them says less than it seems to.

What a chart cannot tell: weeks that depend on each other (a list that is worked off, a
season) make limits too narrow; counts that are rarely above zero make them meaningless.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import repeat
from math import fsum
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.analytics.spc_rules import CAUSES, HIGH, special_causes


Better = Literal["higher", "lower", "neither"]
Assurance = Literal["consistent_pass", "consistent_fail", "inconsistent"]
Numbers = npt.NDArray[np.float64]

# With fewer points the limits still move a good deal with each new one.
FEWEST: Final = 13
# Three standard errors of a single value, in mean moving ranges: 3 / 1.128.
_REACH: Final = 2.66
_NEAR_REACH: Final = 2 * (_REACH / 3)
# How many mean moving ranges each limit stands from the mean.
_LINES: Final = {
    "lower": -_REACH,
    "upper": _REACH,
    "near_lower": -_NEAR_REACH,
    "near_upper": _NEAR_REACH,
}
# Three standard errors of a moving range; beyond it a range is an event of its own.
_SCREEN: Final = 3.267
# Limits fixed on fewer points would be fixed on chance.
_FEWEST_FIXED: Final = 12


@dataclass(frozen=True)
class Xmr:
    """A control chart in figures.

    ``points`` has a row for each value, in order of time: value, group (0 before the
    first rebase), mean, lower, upper, near_lower, near_upper, side (-1, 0, 1: below, on,
    above the mean), outside, close, cause (of ``spc_rules.CAUSES``; empty for common
    cause), kind (common, improvement, concern, neutral_high, neutral_low, missing) and
    short (its group has fewer than 13 values). Limits are missing where nothing varies.

    ``variation`` speaks of the newest known value: common, improvement_high,
    improvement_low, concern_high, concern_low, neutral_high or neutral_low; empty where
    nothing is known. ``assurance`` compares the newest limits with the target: whether
    chance alone can carry the measure across it; None without a target or a direction.
    A series without limits is ``inconsistent``, as in the reference.
    """

    points: pd.DataFrame
    better: Better
    target: float | None
    variation: str
    assurance: Assurance | None


def xmr(
    values: pd.Series,
    *,
    better: Better,
    target: float | None = None,
    rebase: Sequence[object] = (),
    fix_after: int | None = None,
    screen: bool = True,
) -> Xmr:
    """The chart of ``values``, one for each day, week or month, indexed by it.

    An index of dates becomes a DatetimeIndex and is put in order; other labels are taken
    in the order they stand. ``rebase`` starts a new group, with limits of its own, at the
    first point on or after each date (at the label itself where labels are no dates);
    what lies outside the series is passed over. ``fix_after`` takes each group's limits
    from its first so many known values, at least 12. ``screen`` off gives the limits of
    the older spreadsheet tool. Raises ValueError for two points with one label, a value
    that is infinite, or limits fixed on fewer than 12.
    """
    if fix_after is not None and fix_after < _FEWEST_FIXED:
        raise ValueError(f"limits are fixed on at least {_FEWEST_FIXED} values")
    values = _in_order(values)
    numbers = values.to_numpy(dtype="float64", na_value=np.nan)
    if np.isinf(numbers).any():
        raise ValueError("a value is a finite number or missing")
    groups = _groups(values.index, rebase)
    parts = np.split(numbers, np.flatnonzero(np.diff(groups)) + 1)
    points = pd.concat([_one_group(one, fix_after, screen) for one in parts])
    points.index = values.index
    points.insert(1, "group", groups)
    points["kind"] = [
        _kind(value, cause, better)
        for value, cause in zip(points["value"], points["cause"], strict=True)
    ]
    return Xmr(
        points, better, target, _variation(points), _assure(points, better, target)
    )


def _in_order(values: pd.Series) -> pd.Series:
    if not values.index.is_unique:
        raise ValueError("each point has a label of its own")
    if all(isinstance(one, date) for one in values.index):
        return values.set_axis(pd.DatetimeIndex(values.index)).sort_index()
    return values


def _groups(index: pd.Index, rebase: Sequence[object]) -> npt.NDArray[np.int64]:
    if isinstance(index, pd.DatetimeIndex):
        starts = pd.DatetimeIndex(list(rebase), tz=index.tz).sort_values()
        return np.asarray(starts.searchsorted(index, side="right"), np.int64)
    return np.cumsum(index.isin(list(rebase)), dtype=np.int64)


def _one_group(values: Numbers, fix_after: int | None, screen: bool) -> pd.DataFrame:
    """Everything about the points of one group but their kind."""
    known = ~np.isnan(values)
    mean, spread = _mean_and_spread(values[known][:fix_after], screen)
    lines = {name: mean + times * spread for name, times in _LINES.items()}
    # Where nothing varies there is a mean and no limit.
    found = pd.DataFrame({"value": values, "mean": mean, **lines})
    side = np.nan_to_num(np.sign(values - mean)).astype(np.int64)
    # What is missing is neither below nor above anything.
    outside = (values < lines["lower"]) | (values > lines["upper"])
    near = (values < lines["near_lower"]) | (values > lines["near_upper"])
    close = near & ~outside
    cause = np.full(len(values), "", dtype=object)
    cause[known] = special_causes(
        values[known], side[known], outside[known], close[known]
    )
    short = known.sum() < FEWEST
    return found.assign(
        side=side, outside=outside, close=close, cause=cause, short=short
    )


def _mean_and_spread(y: Numbers, screen: bool) -> tuple[float, float]:
    ranges = np.abs(np.diff(y))
    if screen:
        ranges = ranges[ranges < _SCREEN * _mean(ranges)]
    return _mean(y), _mean(ranges)


def _mean(y: Numbers) -> float:
    if not len(y):
        return np.nan
    n = len(y)
    first = fsum(y) / n
    # The division rounds once more: three times 0.1 would have a mean above 0.1, and a
    # constant series lie on one side of it. What is left over, exactly, puts that right.
    return first + fsum([*y, *repeat(-first, n)]) / n


def _kind(value: float, cause: str, better: Better) -> str:
    if np.isnan(value):
        return "missing"
    if not cause:
        return "common"
    high = CAUSES[cause] == HIGH
    if better == "neither":
        return "neutral_high" if high else "neutral_low"
    return "improvement" if high == (better == "higher") else "concern"


def _variation(points: pd.DataFrame) -> str:
    known = points[points["kind"] != "missing"]
    if known.empty:
        return ""
    last = known.iloc[-1]
    kind = str(last["kind"])
    if kind in ("improvement", "concern"):
        return f"{kind}_{CAUSES[str(last['cause'])]}"
    return kind


def _assure(
    points: pd.DataFrame, better: Better, target: float | None
) -> Assurance | None:
    known = points[points["kind"] != "missing"]
    if target is None or better == "neither" or known.empty:
        return None
    last = known.iloc[-1]
    if target > last["upper"]:
        return "consistent_fail" if better == "higher" else "consistent_pass"
    if target < last["lower"]:
        return "consistent_pass" if better == "higher" else "consistent_fail"
    return "inconsistent"
