"""How far chance alone can carry a figure: 95 % intervals of shares, rates and means.

Pure. Sources: Wilson 1927 (a share); Newcombe, Statistics in Medicine 1998;17:873, method
10 (difference of two shares); Garwood 1936 (a rate of counts); Welch 1947 (difference of
two means). They take each case for independent of the others. Where that is not so (the
same patient twice, one practice's habits, a list that is worked off) they are too narrow.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, sqrt
from typing import Final

import numpy as np
from scipy import stats


# Two-sided 95 %.
Z95: Final = 1.959963984540054
_TAIL: Final = 0.025


@dataclass(frozen=True)
class Estimate:
    """A figure, its 95 % interval, and how many cases it rests on.

    All but ``n`` are None where there is nothing to say; a bound can be infinite.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int

    def excludes(self, value: float) -> bool:
        """Whether chance alone does not explain a distance from ``value``."""
        if self.low is None or self.high is None:
            return False
        return value < self.low or value > self.high


NOTHING: Final = Estimate(None, None, None, 0)


def wilson(yes: int, n: int) -> tuple[float | None, float | None]:
    """The 95 % interval of a share after Wilson (1927); None without any case."""
    if n == 0:
        return None, None
    share, squared = yes / n, Z95**2
    middle = share + squared / (2 * n)
    reach = Z95 * sqrt(share * (1 - share) / n + squared / (4 * n**2))
    whole = 1 + squared / n
    # The last digits of a float must not put the share outside its own interval.
    low, high = (middle - reach) / whole, (middle + reach) / whole
    return max(0.0, min(share, low)), min(1.0, max(share, high))


def share(yes: int, n: int) -> Estimate:
    """``yes`` of ``n``, 0 to 1, with Wilson's interval. Raises ValueError beyond it."""
    if not 0 <= yes <= n:
        raise ValueError("a part is neither negative nor above its whole")
    low, high = wilson(yes, n)
    return Estimate(yes / n, low, high, n) if n else NOTHING


def difference_of_shares(first: tuple[int, int], second: tuple[int, int]) -> Estimate:
    """The second share less the first, each as (yes, n); after Newcombe.

    Each end lies as far from the difference as the two Wilson intervals reach that way.
    """
    a, b = share(*first), share(*second)
    if a.value is None or b.value is None:
        return Estimate(None, None, None, a.n + b.n)
    by = b.value - a.value
    low = by - sqrt((b.value - (b.low or 0.0)) ** 2 + ((a.high or 0.0) - a.value) ** 2)
    high = by + sqrt(((b.high or 0.0) - b.value) ** 2 + (a.value - (a.low or 0.0)) ** 2)
    return Estimate(by, max(-1.0, low), min(1.0, high), a.n + b.n)


def rate(count: int, exposure: float) -> Estimate:
    """``count`` for each unit of ``exposure`` (patients, weeks), exact Poisson."""
    if count < 0 or exposure < 0:
        raise ValueError("a count and what it is over are not negative")
    if exposure == 0:
        return NOTHING
    low = stats.chi2.ppf(_TAIL, 2 * count) / 2 if count else 0.0
    high = stats.chi2.isf(_TAIL, 2 * (count + 1)) / 2
    return Estimate(
        count / exposure, float(low / exposure), float(high / exposure), count
    )


def difference_of_means(first: Sequence[float], second: Sequence[float]) -> Estimate:
    """The second mean less the first, after Welch; no interval below two values each.

    For skewed values (waits) it needs some 30 on each side.
    """
    a, b = np.asarray(first, float), np.asarray(second, float)
    n = len(a) + len(b)
    if not len(a) or not len(b):
        return Estimate(None, None, None, n)
    by = float(b.mean() - a.mean())
    if len(a) < 2 or len(b) < 2:
        return Estimate(by, -inf, inf, n)
    parts = [one.var(ddof=1) / len(one) for one in (a, b)]
    whole = sum(parts)
    if whole == 0:
        return Estimate(by, by, by, n)
    # Welch and Satterthwaite's degrees of freedom.
    freedom = whole**2 / sum(
        part**2 / (len(one) - 1) for part, one in zip(parts, (a, b), strict=True)
    )
    reach = float(stats.t.isf(_TAIL, freedom) * sqrt(whole))
    return Estimate(by, by - reach, by + reach, n)
