"""Small numbers: the rule by which a count may be shown, or not.

The rule of Hospital Episode Statistics for anything below national level: a count of 1
to 7 is hidden, 0 shows, every other is rounded to the nearest 5; a total is rounded from
its own unrounded sum; a percentage comes from the rounded numerator and denominator;
no median on 1 to 7 people.

Alone, the rule leaves corners; ``withholding`` sees to them.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd


SMALLEST_SHOWN = 8
ROUNDED_TO = 5
# A tenth of 20 people is two: no 90th percentile is one person's own wait.
FEWEST_FOR_P90 = 20
# From this denominator on, a decimal of a percentage says something.
DECIMALS_FROM = 4_000
HIDDEN = "*"

Counts = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def rounded(count: int) -> int | None:
    """What is published for a count; None where it is hidden."""
    if count < 0:
        raise ValueError("a count is not negative")
    if 0 < count < SMALLEST_SHOWN:
        return None
    return (count + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO


def percent(part: int | None, whole: int | None) -> float | None:
    """A percentage of published counts; None where either is hidden or there is none."""
    if part is None or not whole:
        return None
    return round(100 * part / whole, 1 if whole >= DECIMALS_FROM else 0)


def all_rounded(exact: Counts, hide: Flags) -> pd.Series:
    """What is published for many counts; missing where one is small, or is to be hidden."""
    near = (exact + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO
    return pd.Series(near, dtype="Int64").mask(is_small(exact) | hide)


def statistics(
    values: pd.Series, people: pd.Series, fewest: int = SMALLEST_SHOWN
) -> pd.Series:
    """Medians and percentiles over ``people``, to a tenth; missing over too few."""
    return values.astype("Float64").round(1).mask(people.to_numpy() < fewest)


def is_small(exact: Counts) -> Flags:
    """Which counts are hidden by themselves."""
    small: Flags = (exact > 0) & (exact < SMALLEST_SHOWN)
    return small
