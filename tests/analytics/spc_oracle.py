"""Making Data Count's rules once more, slowly: one point and one sentence at a time."""

from fractions import Fraction
from itertools import pairwise


def causes(values, fix_after=None, screen=True):
    """The special cause of each value of one group, in exact fractions."""
    y = [Fraction(one) for one in values]
    mean, spread = _lines(y[:fix_after], screen)
    if spread is None:
        outside = close = [False] * len(y)
    else:
        outside = [abs(one - mean) > Fraction("2.66") * spread for one in y]
        near = Fraction("2.66") * 2 / 3 * spread
        close = [
            abs(one - mean) > near and not far
            for one, far in zip(y, outside, strict=True)
        ]
    return [_cause(y, mean, outside, close, place) for place in range(len(y))]


def touches_a_line(values, fix_after=None, screen=True):
    """Whether a value lies exactly on a limit, where a float may fall on either side."""
    y = [Fraction(one) for one in values]
    mean, spread = _lines(y[:fix_after], screen)
    reach = Fraction("2.66") * (spread or 0)
    return any(abs(one - mean) in (reach, reach * 2 / 3) for one in y if one != mean)


def _lines(base, screen):
    ranges = [abs(b - a) for a, b in pairwise(base)]
    if screen and ranges:
        most = Fraction("3.267") * sum(ranges) / len(ranges)
        ranges = [one for one in ranges if one < most]
    spread = sum(ranges) / len(ranges) if ranges else None
    return sum(base) / len(base), spread


def _cause(y, mean, outside, close, place):
    above = y[place] > mean
    if outside[place]:
        return "above" if above else "below"
    ways = [one for one in _windows(y, place, 7) if _steps(one) in ({1}, {-1})]
    if ways:
        # Of two trends, the one that begins here.
        return "rising" if _steps(ways[-1]) == {1} else "falling"
    side = [(one > mean) - (one < mean) for one in y]
    for first in range(max(0, place - 2), min(place, len(y) - 3) + 1):
        three = range(first, first + 3)
        together = abs(sum(side[one] for one in three)) == 3
        if close[place] and together and sum(close[one] for one in three) >= 2:
            return "two_high" if above else "two_low"
    if any(abs(sum(one)) == 7 for one in _windows(side, place, 7)):
        return "run_high" if above else "run_low"
    return ""


def _windows(values, place, length):
    """Each stretch of so many values that holds the place, the earliest first."""
    starts = range(max(0, place - length + 1), min(place, len(values) - length) + 1)
    return [values[start : start + length] for start in starts]


def _steps(values):
    return {(b > a) - (b < a) for a, b in pairwise(values)}
