"""Which points of a control chart have a special cause: the rules of Making Data Count.

For the known values of one group in order of time; see ``spc``.
"""

from typing import Final

import numpy as np
import numpy.typing as npt


Numbers = npt.NDArray[np.float64]
Sides = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

HIGH, LOW = "high", "low"
# What each special cause says of the measure.
CAUSES: Final = {
    "above": HIGH,
    "below": LOW,
    "rising": HIGH,
    "falling": LOW,
    "two_high": HIGH,
    "two_low": LOW,
    "run_high": HIGH,
    "run_low": LOW,
}
# Seven in a row on one side of the mean come by chance once in 64 times.
RUN: Final = 7
_WINDOW: Final = 3


def special_causes(
    y: Numbers, side: Sides, outside: Flags, close: Flags
) -> npt.NDArray[np.object_]:
    """The cause of each point: a key of CAUSES, or empty. All arrays have one length.

    Later rules are written first and overwritten, so that the precedence is: outside the
    limits, rising or falling, two of three close to a limit, one side of the mean.
    """
    cause = np.full(len(y), "", dtype=object)
    _put(cause, _in_runs(side, RUN), side, ("run_high", "run_low"))
    _put(cause, _two_of_three(side, close), side, ("two_high", "two_low"))
    _put(cause, *_trends(y), ("rising", "falling"))
    _put(cause, outside, side, ("above", "below"))
    return cause


def _put(
    cause: npt.NDArray[np.object_],
    flagged: Flags,
    direction: Sides,
    names: tuple[str, str],
) -> None:
    cause[flagged & (direction > 0)] = names[0]
    cause[flagged & (direction < 0)] = names[1]


def _in_runs(signs: Sides, length: int) -> Flags:
    """Members of at least ``length`` equal signs in a row; a zero ends a run."""
    inside = np.zeros(len(signs), np.bool_)
    if not len(signs):
        return inside
    edges = np.flatnonzero(np.diff(signs)) + 1
    for run in np.split(np.arange(len(signs)), edges):
        inside[run] = len(run) >= length and signs[run[0]] != 0
    return inside


def _trends(y: Numbers) -> tuple[Flags, Sides]:
    """Members of seven values that rise or fall throughout, and which way.

    Seven values are six steps. A turning point may end one trend and begin the next: it
    belongs to the one that it begins.
    """
    steps = np.sign(np.diff(y)).astype(np.int64)
    trending = _in_runs(steps, RUN - 1)
    ends, begins = np.append(False, trending), np.append(trending, False)
    before, after = np.append(0, steps), np.append(steps, 0)
    # Both are one longer than the steps; an empty series has one point too many then.
    flagged, direction = ends | begins, np.where(begins, after, before)
    return flagged[: len(y)], direction[: len(y)]


def _two_of_three(side: Sides, close: Flags) -> Flags:
    """Close points in three on one side of which two are close."""
    flagged = np.zeros(len(side), np.bool_)
    if len(side) < _WINDOW:
        return flagged
    windows = np.lib.stride_tricks.sliding_window_view
    one_side = np.abs(windows(side, _WINDOW).sum(axis=1)) == _WINDOW
    starts = np.flatnonzero(one_side & (windows(close, _WINDOW).sum(axis=1) >= 2))
    for start in starts:
        flagged[start : start + _WINDOW] = True
    return flagged & close
