"""What can be known of a count by whoever has the published tables: the least and the most.

Each published figure stands for an interval, each star for 1 to 7 or, under a star, 0 to 7;
and every sum among them narrows its parts and its whole.
"""

from dataclasses import dataclass

import numpy as np

from core.analytics.disclosure import (
    ROUNDED_TO,
    SMALLEST_SHOWN,
    Counts,
    Flags,
    is_small,
)


# More than any count; small enough that sums of it do not overflow.
_UNKNOWN = 10**9
# Bounds settle within some tens of rounds; more would be a loop.
_ROUNDS = 1000


@dataclass(frozen=True)
class Sums:
    """Which published counts add up to which: one entry for each child of a sum.

    ``relation`` numbers the sums from 0; ``parent`` has one entry for each of them.
    """

    relation: Counts
    child: Counts
    parent: Counts


def bounds(
    exact: Counts,
    withheld: Flags,
    sums: Sums,
    secret: Flags | None = None,
    of: Flags | None = None,
) -> tuple[Counts, Counts]:
    """The least and the most that each count can be, for whoever has the tables.

    ``of``: these only, if given; of others it is what each tells by itself. Raises
    ValueError where ``exact`` does not add up.
    """
    no = np.zeros(len(exact), np.bool_)
    low, high = _as_published(exact, withheld, sums, no if secret is None else secret)
    rows = np.arange(len(sums.child))
    if of is not None:
        rows = np.flatnonzero(of[sums.child])
    for _ in range(_ROUNDS):
        before = (low.copy(), high.copy())
        _narrow(low, high, sums, rows)
        if (low > high).any():
            raise ValueError("the counts do not add up")
        moved = (low != before[0]) | (high != before[1])
        if not moved.any():
            break
        # Only a sum in which something moved can narrow anything further.
        again = moved[sums.parent]
        again[sums.relation[moved[sums.child]]] = True
        rows = np.flatnonzero(again[sums.relation])
    return low, high


def _narrow(low: Counts, high: Counts, sums: Sums, rows: Counts) -> None:
    """Narrow the bounds, in place, by the sums that ``rows`` of them are in."""
    of, part = sums.relation[rows], sums.child[rows]
    whole = sums.parent[of]
    least, most = added(low, sums, rows)[of], added(high, sums, rows)[of]
    # A part is at most the whole less the least of the others, and so on.
    np.minimum.at(high, part, high[whole] - (least - low[part]))
    np.maximum.at(low, part, low[whole] - (most - high[part]))
    np.maximum.at(low, whole, least)
    np.minimum.at(high, whole, most)


def across(part: Flags, sums: Sums, secret: Flags) -> Flags:
    """The wholes of these parts in sums whose parts are all secret: as weeks lie across
    months, by days in common.
    """
    told = np.zeros(len(sums.parent), np.bool_)
    told[sums.relation[~secret[sums.child]]] = True
    met = np.zeros(len(sums.parent), np.bool_)
    met[sums.relation[part[sums.child]]] = True
    found = np.zeros(len(part), np.bool_)
    found[sums.parent[met & ~told]] = True
    return found


def added(values: Counts, sums: Sums, rows: Counts | None = None) -> Counts:
    """Each sum of its parts; those that ``rows`` leave out are 0."""
    of, part = sums.relation, sums.child
    if rows is not None:
        of, part = of[rows], part[rows]
    # Exact in floats (everything is far below 2**53), and ten times as fast as ``add.at``.
    return np.bincount(of, values[part], len(sums.parent)).astype(np.int64)


def _as_published(
    exact: Counts, withheld: Flags, sums: Sums, secret: Flags
) -> tuple[Counts, Counts]:
    near = (exact + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO
    low = np.maximum(near - ROUNDED_TO // 2, SMALLEST_SHOWN)
    high = near + ROUNDED_TO // 2
    low[exact == 0], high[exact == 0] = 0, 0
    star = is_small(exact) | (withheld & (exact == 0))
    low[star], high[star] = 1, SMALLEST_SHOWN - 1
    # Under a hidden whole, a star can be a zero; so it can where only days in common are,
    # and one is where it was hidden before and its whole no longer is.
    under = np.zeros(len(exact), np.bool_)
    under[sums.child[star[sums.parent[sums.relation]]]] = True
    low[under | (star & across(under, sums, secret)) | (exact == 0)] = 0
    large = withheld & (exact >= SMALLEST_SHOWN)
    low[large], high[large] = 0, _UNKNOWN
    low[secret], high[secret] = 0, _UNKNOWN
    return low, high
