"""Small numbers: the one place that decides what may be shown.

The rule of Hospital Episode Statistics for anything below national level: a count of 1
to 7 is hidden, 0 shows, every other is rounded to the nearest 5; a total is rounded from
its own unrounded sum; a percentage comes from the rounded numerator and denominator;
no median on 1 to 7 people.

Rounding alone leaves corners: twelve hidden counts under a total of 10 are all 1. So the
tables are attacked before they are published (``withheld``): every published sum is
used to narrow what a hidden count can be, and where only one value is left, the sums
that gave it away are hidden too.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


SMALLEST_SHOWN = 8
ROUNDED_TO = 5
# A tenth of 20 people is two: no 90th percentile is one person's own wait.
FEWEST_FOR_P90 = 20
# From this denominator on, a decimal of a percentage says something.
DECIMALS_FROM = 4_000
HIDDEN = "*"

Counts = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

# More than any count; small enough that sums of it do not overflow.
_UNKNOWN = 10**9
# Bounds settle within a handful of rounds; more would be a loop.
_ROUNDS = 100


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


def statistic(
    value: float | None, count: int, fewest: int = SMALLEST_SHOWN
) -> float | None:
    """A median or percentile over ``count`` people; None over too few."""
    if value is None or math.isnan(value) or count < fewest:
        return None
    return round(value, 1)


@dataclass(frozen=True)
class Sums:
    """Which published counts add up to which: one entry for each child of a sum.

    ``relation`` numbers the sums from 0; ``parent`` has one entry for each of them.
    """

    relation: Counts
    child: Counts
    parent: Counts


def withheld(exact: Counts, sums: Sums) -> Flags:
    """The counts, beyond those of 1 to 7, that must not be shown either.

    Bounds are narrowed one sum at a time until nothing moves. That finds what a
    person with a spreadsheet finds; a linear program over all sums at once could find
    a little more, which is why the cells stay coarse as well.
    """
    hidden = (exact > 0) & (exact < SMALLEST_SHOWN)
    extra = np.zeros(len(exact), np.bool_)
    while True:
        low, high = bounds(exact, extra, sums)
        exposed = hidden & (low == high) & (exact >= 0)
        telling = _sums_around(exposed, sums)
        # Whatever is shown in those sums, but zeros: that nobody came is no secret.
        more = telling & ~hidden & ~extra & (exact > 0)
        if not more.any():
            return extra
        extra |= more


def bounds(exact: Counts, extra: Flags, sums: Sums) -> tuple[Counts, Counts]:
    """The least and the most that each count can be, for whoever has the tables."""
    low, high = _as_published(exact, extra)
    for _ in range(_ROUNDS):
        before = (low.copy(), high.copy())
        least = _added(low, sums)
        most = _added(high, sums)
        np.maximum.at(low, sums.parent, least)
        np.minimum.at(high, sums.parent, most)
        # A part is at most the whole less the least of the others, and so on.
        others_least = least[sums.relation] - before[0][sums.child]
        others_most = most[sums.relation] - before[1][sums.child]
        whole = sums.parent[sums.relation]
        np.minimum.at(high, sums.child, high[whole] - others_least)
        np.maximum.at(low, sums.child, low[whole] - others_most)
        if (low == before[0]).all() and (high == before[1]).all():
            break
    return low, high


def _as_published(exact: Counts, extra: Flags) -> tuple[Counts, Counts]:
    near = (exact + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO
    low = np.maximum(near - ROUNDED_TO // 2, SMALLEST_SHOWN)
    high = near + ROUNDED_TO // 2
    hidden = (exact > 0) & (exact < SMALLEST_SHOWN)
    low[hidden | extra], high[hidden] = 1, SMALLEST_SHOWN - 1
    high[extra] = _UNKNOWN
    low[exact == 0], high[exact == 0] = 0, 0
    return low, high


def _added(values: Counts, sums: Sums) -> Counts:
    totals = np.zeros(len(sums.parent), np.int64)
    np.add.at(totals, sums.relation, values[sums.child])
    return totals


def _sums_around(exposed: Flags, sums: Sums) -> Flags:
    """The wholes of the sums that an exposed count is a part of."""
    telling = np.zeros(len(exposed), np.bool_)
    telling[sums.parent[sums.relation[exposed[sums.child]]]] = True
    return telling
