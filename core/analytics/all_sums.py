"""What follows from all sums at once, where each of them by itself says too little.

``bounds`` narrows one sum after another, as a person with a spreadsheet does; a linear
program has all of them together. So other tables are looked for that agree with everything
that is published. A hidden count is told where it is the same whole number in all of them.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from scipy.optimize import OptimizeResult, linprog
from scipy.sparse import block_array, coo_array, csc_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from core.analytics.bounds import Sums
from core.analytics.disclosure import SMALLEST_SHOWN, Counts, Flags


_Numbers = npt.NDArray[np.float64]

# How far a count may be from the truth in another table: as far as a hidden one can be.
# Where that is too little to get around a sum, more is hidden than need be.
_REACH = SMALLEST_SHOWN - 1
# Other tables in which as many counts as may be differ at once, before each is asked for by
# itself: when many are left, and when few are. Chosen for speed, as the next.
_MANY, _FEW = 3, 8
# Counts around one that may differ with it, when it is asked for.
_AROUND = (200, 2_000)
_NEARLY = 1e-6
# What ``linprog`` calls its results.
_FOUND, _THERE_IS_NONE = 0, 2


def told_by_all(
    exact: Counts, span: tuple[Counts, Counts], sums: Sums, asked: Flags
) -> dict[int, Counts]:
    """Of the ``asked`` counts, by their numbers, those that all sums tell together.

    For each the numbers of the counts whose limits keep it where it is. ``span``: the least
    and the most that each count can be by each sum, as ``bounds`` gives it.
    """
    least, most = span[0] - exact, span[1] - exact
    found = {}
    for numbers, rows in _parts(least < most, sums, asked):
        others = _Others(rows, least[numbers], most[numbers], asked[numbers])
        for place, by in others.told().items():
            found[int(numbers[place])] = numbers[by]
    return found


def _parts(free: Flags, sums: Sums, asked: Flags) -> Iterator[tuple[Counts, csc_array]]:
    """Counts that hang together, and their sums as rows: parts less the whole are 0.

    Counts that are known are left out: they differ in no table.
    """
    every = np.arange(len(sums.parent))
    row = np.concatenate([sums.relation, every])
    column = np.concatenate([sums.child, sums.parent])
    sign = np.repeat([1.0, -1.0], [len(sums.child), len(every)])
    kept = free[column]
    row, column, sign = row[kept], column[kept], sign[kept]
    size = len(free)
    ends = row + size, column
    both = size + len(every)
    joined = coo_array((sign, ends), shape=(both, both))
    part = connected_components(joined, directed=False)[1]
    matrix = csc_array(coo_array((sign, (row, column)), shape=(len(every), size)))
    for one in np.unique(part[:size][asked & free]):
        numbers = np.flatnonzero((part[:size] == one) & free)
        yield numbers, matrix[part[size:] == one][:, numbers]


class _Others:
    """Other tables that agree with what is published, as differences from the truth."""

    def __init__(
        self, rows: csc_array, least: Counts, most: Counts, asked: Flags
    ) -> None:
        self._rows = rows
        self._limits = np.maximum(least, -_REACH), np.minimum(most, _REACH)
        self._asked = asked
        # In the tables that were found so far.
        self._least, self._most = np.zeros(len(asked)), np.zeros(len(asked))
        self._drawn = np.random.default_rng(len(asked))
        # Counts and sums as points, with a line from each count to each of its sums.
        self._graph = block_array([[None, rows.T], [rows, None]], format="csr")

    def told(self) -> dict[int, Counts]:
        """The places that are the same in all tables; for each those that keep it there."""
        self._together(range(_MANY))
        for most in _AROUND:
            self._each(most)
        self._together(range(_MANY, _MANY + _FEW))
        self._each(len(self._asked))
        return {
            one: self._kept_by(one) for one in np.flatnonzero(self._left()).tolist()
        }

    def _together(self, turns: range) -> None:
        """Look for tables in which all that are left differ as much as may be."""
        for turn in turns:
            left = self._left()
            if not left.any():
                return
            aim = left * self._drawn.uniform(0.5, 1, len(left))
            # All up, and all down; then by lot.
            signs = self._drawn.choice((-1, 1), len(left)) if turn > 1 else (-1) ** turn
            self._look(np.arange(len(left)), self._limits, aim * signs)

    def _each(self, most: int) -> None:
        for place in np.flatnonzero(self._left()).tolist():
            # Another one's table may be one for it as well.
            if self._left()[place]:
                self._ask(place, self._near(place, most))

    def _left(self) -> Flags:
        """Those asked for of which no two whole numbers were found so far."""
        most, least = np.floor(self._most + _NEARLY), np.ceil(self._least - _NEARLY)
        return self._asked & (most - least < 1)

    def _near(self, place: int, most: int) -> Counts:
        """The ``most`` places that fewest sums part from it."""
        order = breadth_first_order(
            self._graph, place, directed=False, return_predecessors=False
        )
        nearest: Counts = np.sort(order[order < len(self._asked)][:most])
        return nearest

    def _ask(self, place: int, near: Counts) -> None:
        """Look for a table with one a whole number up or down that differs ``near`` only."""
        at = near == place
        for step in (1.0, -1.0):
            least, most = (limit[near].astype(float) for limit in self._limits)
            if least[at][0] <= step <= most[at][0]:
                least[at] = most[at] = step
                done = self._look(near, (least, most), np.zeros(len(near)))
                if done.status == _FOUND:
                    return

    def _kept_by(self, place: int) -> Counts:
        """The places that keep one from going any further up, and down."""
        near = np.arange(len(self._asked))
        stopped = np.zeros(len(near), np.bool_)
        for sign in (1.0, -1.0):
            done = self._look(near, self._limits, np.where(near == place, sign, 0.0))
            for ends in (done.lower, done.upper):
                stopped |= np.abs(ends.marginals) > _NEARLY
        return np.flatnonzero(stopped)

    def _look(
        self, near: Counts, limits: tuple[_Numbers, _Numbers], aim: _Numbers
    ) -> OptimizeResult:
        """Find the table that differs ``near`` only, and there as far along ``aim`` as any."""
        rows = self._rows[:, near]
        met = np.unique(rows.indices)
        done = linprog(
            -aim,
            A_eq=rows[met],
            b_eq=np.zeros(len(met)),
            bounds=np.column_stack(limits),
            method="highs-ds",
        )
        if done.status == _FOUND:
            self._least[near] = np.minimum(self._least[near], done.x)
            self._most[near] = np.maximum(self._most[near], done.x)
        elif done.status != _THERE_IS_NONE:
            raise RuntimeError(f"other tables could not be looked for: {done.message}")
        return done
