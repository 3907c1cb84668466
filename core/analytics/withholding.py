"""What has to be hidden beyond small counts, because it would give one away.

Alone, the rule of ``disclosure`` leaves corners: twelve hidden counts under a total
published as 10 are all 1, and zeros beside a hidden total say what none of three people
had. So two things are added. Under a hidden whole, zeros are hidden as well. And the tables
are attacked before they are published: every sum among them narrows what a hidden count can
be, and where two values are left, or one, what it follows from is hidden too; then all sums
together are asked what they tell, and nothing is published that tells a hidden count.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from core.analytics.all_sums import told_by_all
from core.analytics.bounds import Sums, across, added, bounds
from core.analytics.disclosure import SMALLEST_SHOWN, Counts, Flags, is_small


# Three values at least are left by each sum.
_TOO_FEW = 2


@dataclass(frozen=True)
class Ties:
    """What holds for counts beside their sums; one entry for each count.

    ``secret``: never published, but worked out by whoever has the others. ``twin``: the
    number of a group of counts that are the same one under several names. ``shown`` and
    ``hidden``: so it was when it was published before, and so it stays.
    """

    secret: Flags
    twin: Counts
    shown: Flags
    hidden: Flags

    @classmethod
    def none(cls, size: int) -> "Ties":
        """Counts that are all published, all different, and all new."""
        no = np.zeros(size, np.bool_)
        return cls(no, np.arange(size, dtype=np.int64), no, no)


def withheld(exact: Counts, sums: Sums, ties: Ties | None = None) -> Flags:
    """The counts, beyond those of 1 to 7, that must not be shown either.

    Zeros under a hidden whole; what leaves a hidden count fewer than three values by one
    sum after another (what a person with a spreadsheet finds); and what leaves it one by
    all sums at once.
    """
    held = ties or Ties.none(len(exact))
    veiled = _zeros_under_hidden(exact, sums, held.secret)
    extra = held.hidden & (exact >= SMALLEST_SHOWN)
    apart = _apart(sums, len(exact))
    low, high = bounds(exact, veiled | extra, sums, held.secret)
    stars = is_small(exact) & ~held.secret
    unsure = stars & _near_what_is_new(held, apart)
    while True:
        exposed = is_small(exact) & (high - low < _TOO_FEW)
        # What was shown before is known: to hide it now would help nobody.
        open_ = (exact >= SMALLEST_SHOWN) & ~extra & ~held.secret & ~held.shown
        more = _next_to_hide(exact, exposed, open_, (low, high), sums)
        if not more.any():
            told = told_by_all(exact, (low, high), sums, unsure)
            unsure[:] = False
            more = _smallest_of_each(exact, open_, told)
        if not more.any():
            return veiled | extra
        more = np.isin(held.twin, held.twin[more]) & (exact >= SMALLEST_SHOWN)
        extra |= more
        # Nothing changes where no sum leads to.
        near = np.isin(apart, apart[more])
        wider = bounds(exact, veiled | extra, sums, held.secret, near)
        low, high = np.where(near, wider, (low, high))
        unsure |= stars & near


def _apart(sums: Sums, size: int) -> Counts:
    """For each count the number of the group that hangs together by sums."""
    ends = sums.child, sums.parent[sums.relation]
    joined = coo_array((np.ones(len(ends[0])), ends), shape=(size, size))
    return np.asarray(connected_components(joined, directed=False)[1], np.int64)


def _near_what_is_new(held: Ties, apart: Counts) -> Flags:
    """Where nothing is new, what was published stays, and tells what it told."""
    new = ~held.secret & ~held.shown & ~held.hidden
    near: Flags = np.isin(apart, apart[new])
    return near


def _next_to_hide(
    exact: Counts, exposed: Flags, open_: Flags, span: tuple[Counts, Counts], sums: Sums
) -> Flags:
    """Of the counts that may be hidden, those that give the exposed ones away."""
    more = _smallest_tell_tales(exact, exposed, open_, span, sums)
    if not more.any():
        more = _smallest_near(exact, exposed, open_, span, sums)
    return more


def _smallest_near(
    exact: Counts, exposed: Flags, open_: Flags, span: tuple[Counts, Counts], sums: Sums
) -> Flags:
    """The smallest count that may be hidden of those from which exposed ones follow.

    A whole that is hidden may be worked out along other sums, and so on: what gives the
    exposed ones away is then further off. The nearest ones come first.
    """
    of_part, of_whole = _telling(*span, sums)
    near, found = exposed.copy(), np.zeros(len(exact), np.bool_)
    while True:
        touched = of_whole & near[sums.parent]
        touched[sums.relation[of_part & near[sums.child]]] = True
        around = near.copy()
        around[sums.child[touched[sums.relation]]] = True
        around[sums.parent[touched]] = True
        if (around & open_).any():
            places = np.flatnonzero(around & open_)
            found[places[np.argmin(exact[places])]] = True
        if found.any() or (around == near).all():
            return found
        near = around


def _telling(low: Counts, high: Counts, sums: Sums) -> tuple[Flags, Flags]:
    """Which sums narrow which of their parts, and which narrow their whole."""
    whole, part = sums.parent[sums.relation], sums.child
    least, most = added(low, sums), added(high, sums)
    from_above = high[whole] - (least[sums.relation] - low[part]) == high[part]
    from_below = low[whole] - (most[sums.relation] - high[part]) == low[part]
    of_whole = (least == low[sums.parent]) | (most == high[sums.parent])
    return from_above | from_below, of_whole


def _zeros_under_hidden(exact: Counts, sums: Sums, secret: Flags) -> Flags:
    """Zeros that would say which of a few people's answers were not given.

    Seven counts that are not 0 under a hidden whole are all 1; and if three people
    were seen, a row of zeros tells what none of them had. A week's zero says the same of
    the month that it lies in, by the days that both have in common.
    """
    stars, whole = is_small(exact), sums.parent[sums.relation]
    while True:
        more = np.zeros(len(exact), np.bool_)
        more[sums.child[stars[whole]]] = True
        more &= (exact == 0) & ~stars
        if not more.any():
            break
        stars |= more
    stars |= across(stars, sums, secret)
    stars &= exact == 0
    return stars


def _smallest_of_each(exact: Counts, open_: Flags, told: dict[int, Counts]) -> Flags:
    """For each count that all sums tell, the smallest that may be hidden of those it
    follows from.
    """
    found = np.zeros(len(exact), np.bool_)
    for by in told.values():
        hideable = by[open_[by]]
        if hideable.size:
            found[hideable[np.argmin(exact[hideable])]] = True
    return found


def _smallest_tell_tales(
    exact: Counts, exposed: Flags, open_: Flags, span: tuple[Counts, Counts], sums: Sums
) -> Flags:
    """For each exposed count the smallest whole that may be hidden and narrows it.

    Another part would be smaller, and do for that sum; but all sums together then found
    counts out which they do not where wholes are hidden.
    """
    whole, part = sums.parent[sums.relation], sums.child
    telling = exposed[part] & open_[whole] & _telling(*span, sums)[0]
    told = whole[telling]
    found = np.zeros(len(exact), np.bool_)
    found[told[_smallest_of(part[telling], exact[told])]] = True
    return found


def _smallest_of(groups: Counts, values: Counts) -> Counts:
    """The place of the smallest value of each group."""
    order = np.argsort(values, kind="stable")
    _, first = np.unique(groups[order], return_index=True)
    return order[first]
