"""How far two readers agree beyond chance: Cohen's kappa with its interval."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final


# Two-sided 95 %.
_Z: Final = 1.959963984540054


@dataclass(frozen=True)
class Agreement:
    """``n`` pairs, the share that agrees, kappa and its 95 % interval.

    ``kappa`` and its bounds are None where they have no meaning: no pairs, or both
    readers said the same single thing throughout. The interval is the large-sample one
    (Fleiss, Cohen and Everitt 1969), cut at -1 and 1; below some 30 pairs it is rough.
    """

    n: int
    agreed: float | None
    kappa: float | None
    low: float | None
    high: float | None


def agreement_of(pairs: Sequence[tuple[str, str]]) -> Agreement:
    """Agreement of pairs of categories, the first reader's and the second's."""
    return agreement_in(Counter(pairs))


def agreement_in(cells: Mapping[tuple[str, str], int]) -> Agreement:
    """The same, from how often each pair was met."""
    n = sum(cells.values())
    if n == 0:
        return Agreement(0, None, None, None, None)
    rows: Counter[str] = Counter()
    columns: Counter[str] = Counter()
    for (first, second), count in cells.items():
        rows[first] += count
        columns[second] += count
    observed = sum(count for (a, b), count in cells.items() if a == b) / n
    expected = sum(rows[one] * columns[one] for one in rows) / n**2
    if expected == 1:
        return Agreement(n, observed, None, None, None)
    kappa = (observed - expected) / (1 - expected)
    error = _standard_error(cells, rows, columns, n, observed, expected)
    low, high = max(-1.0, kappa - _Z * error), min(1.0, kappa + _Z * error)
    return Agreement(n, observed, kappa, low, high)


def _standard_error(
    cells: Mapping[tuple[str, str], int],
    rows: Counter[str],
    columns: Counter[str],
    n: int,
    observed: float,
    expected: float,
) -> float:
    kept = 1 - observed
    on = off = 0.0
    for (a, b), count in cells.items():
        share = count / n
        margins = (columns[a] + rows[b]) / n
        if a == b:
            on += share * ((1 - expected) - margins * kept) ** 2
        else:
            off += share * margins**2
    middle = (observed * expected - 2 * expected + observed) ** 2
    variance = (on + kept**2 * off - middle) / (n * (1 - expected) ** 4)
    return sqrt(max(variance, 0.0))
