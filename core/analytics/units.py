"""Figures of a measure the way people read them.

One unit for each measure: ``count`` (of people or things), ``percent`` (0 to 100),
``hours``, ``money`` (pence) and ``ratio`` (1 is as expected).
"""

from typing import Literal

import numpy as np

from core.analytics.disclosure import HIDDEN
from core.kernel import words


Unit = Literal["count", "percent", "hours", "money", "ratio"]
# Whoever sends 12.4 a week on average sends 12 or 13: a decimal says something.
_DECIMALS_BELOW = 100


def say(value: float | None, unit: Unit) -> str:
    """``1,234``, ``91 %``, ``4 h 30 min``, ``£1,234``, ``1.07``; ``*`` for a missing one.

    Counts and percentages below 100 that are no whole numbers (means, limits) have one
    decimal. A length of time has no sign: below zero it is ``0 min``.
    """
    if value is None or np.isnan(value):
        return HIDDEN
    if unit == "hours":
        # Seconds beside hours would be false precision.
        return words.length(round(max(value, 0) * 60) * 60).replace("0 s", "0 min")
    if unit == "money":
        pounds = round(value / 100)
        return f"{'-' if pounds < 0 else ''}£{abs(pounds):,}"
    if unit == "ratio":
        return f"{value:.2f}"
    decimals = 1 if abs(value) < _DECIMALS_BELOW and round(value, 1) % 1 else 0
    return f"{value:,.{decimals}f}" + (" %" if unit == "percent" else "")


def possible(value: float, unit: Unit) -> float:
    """``value`` within what the unit can be: limits worked out may lie beyond it."""
    return min(max(value, 0.0), 100.0) if unit == "percent" else max(value, 0.0)
