"""How many referrals the coming weeks will bring, and who that is likely to be.

A log-linear model of weekly counts with a trend and yearly waves, counts spread as a
negative binomial; fitted by iteratively reweighted least squares (McCullagh and
Nelder, Generalized Linear Models, 1989), older weeks counting less.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from scipy.stats import nbinom, poisson

from core.clinics.matching.model import Real


Key = TypeVar("Key", bound=Hashable)

_YEAR = 365.25 / 7
_HALF_LIFE = 104.0
_RIDGE = 1e-3
_ROUNDS = 30
# Weeks needed for a level of one's own, one yearly wave, and two.
_FEW, _ONE_WAVE, _TWO_WAVES = 8, 52, 104


@dataclass(frozen=True)
class Forecast:
    """For each coming week: the mean, the 80 % interval, and what five weeks in six
    stay below."""

    mean: Real
    low: Real
    high: Real
    q85: Real


def forecast(
    weekly: Sequence[float], weeks: int, open_share: Sequence[float] | None = None
) -> Forecast:
    """Weekly counts, the oldest first, carried on for so many weeks.

    ``open_share``: how much of each week is open, the past and the coming ones; a week
    with a bank holiday has less. Without any past all is nought.
    """
    counts = np.asarray(weekly, dtype=np.float64)
    share = np.ones(len(counts) + weeks)
    if open_share is not None:
        share = np.maximum(np.asarray(open_share, dtype=np.float64), 0.05)
    if not len(counts) or not counts.sum():
        nothing = np.zeros(weeks)
        return Forecast(nothing, nothing, nothing, nothing)
    past, coming = share[: len(counts)], share[len(counts) :]
    if len(counts) < _FEW:
        rate = counts.sum() / past.sum()
        mean, spread = rate * coming, _spread(counts, rate * past, np.ones(len(counts)))
    else:
        mean, spread = _fitted(counts, past, coming)
    return Forecast(
        mean, *(_quantile(mean, spread, share_) for share_ in (0.1, 0.9, 0.85))
    )


def expected_cases(
    per_day: float, shares: Mapping[Key, float], days: int
) -> list[tuple[Key, int]]:
    """Who comes on which of the coming days, 1 to ``days``: whole people, no dice.

    The number is rounded once; it is given out by largest remainder, and spread evenly
    over the days.
    """
    total = round(per_day * days)
    keys = sorted(shares, key=str)
    whole = sum(shares.values())
    if total <= 0 or not whole:
        return []
    exact = [shares[key] / whole * total for key in keys]
    counts = [int(one) for one in exact]
    by_rest = sorted(range(len(keys)), key=lambda at: (counts[at] - exact[at], at))
    for at in by_rest[: total - sum(counts)]:
        counts[at] += 1
    # One of each in turn, so that no sort comes all at once.
    turns = sorted(
        ((turn + 0.5) / count, at)
        for at, count in enumerate(counts)
        for turn in range(count)
    )
    return [
        (keys[at], 1 + number * days // total) for number, (_, at) in enumerate(turns)
    ]


def _fitted(counts: Real, past: Real, coming: Real) -> tuple[Real, float]:
    week = np.arange(len(counts) + len(coming), dtype=np.float64)
    shape = _shape(week, len(counts))
    weight = 0.5 ** ((len(counts) - 1 - week[: len(counts)]) / _HALF_LIFE)
    seen, log_share = shape[: len(counts)], np.log(np.concatenate((past, coming)))
    offset = log_share[: len(counts)]
    ridge = _RIDGE * np.eye(shape.shape[1])
    ridge[0, 0] = 0.0
    start = np.log(max(counts.mean(), 0.1))
    found = np.zeros(shape.shape[1])
    found[0], spread = start, 0.0
    for _ in range(_ROUNDS):
        mean = np.exp(np.clip(seen @ found + offset, -20, 20))
        working = seen @ found + (counts - mean) / mean
        each = weight * mean / (1 + spread * mean)
        before = found
        found = np.linalg.solve(
            seen.T @ (each[:, None] * seen) + ridge, seen.T @ (each * working)
        )
        spread = _spread(counts, mean, weight)
        if np.abs(found - before).max() < 1e-8:
            break
    mean = np.exp(np.clip(shape @ found + log_share, -20, 20))
    return mean[len(counts) :], spread


def _shape(week: Real, length: int) -> Real:
    columns = [np.ones_like(week)]
    if length >= _ONE_WAVE:
        columns.append((week - length) / _YEAR)
    waves = (length >= _ONE_WAVE) + (length >= _TWO_WAVES)
    for wave in range(1, waves + 1):
        angle = 2 * np.pi * wave * week / _YEAR
        columns += [np.sin(angle), np.cos(angle)]
    return np.column_stack(columns)


def _spread(counts: Real, mean: Real, weight: Real) -> float:
    """How much more than a Poisson count it varies, as in variance = mean + s·mean²."""
    excess = ((counts - mean) ** 2 - mean) / np.maximum(mean, 1e-9) ** 2
    return max(0.0, float((weight * excess).sum() / weight.sum()))


def _quantile(mean: Real, spread: float, share: float) -> Real:
    if spread < 1e-6:
        return np.asarray(poisson.ppf(share, mean), dtype=np.float64)
    size = 1 / spread
    found = nbinom.ppf(share, size, size / (size + mean))
    return np.asarray(found, dtype=np.float64)
