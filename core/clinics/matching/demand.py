"""How many referrals are to be expected, week by week, and in which order they come.

The mean of a week is a trend with the seasons of a year, times the share of the week
that practices are open; counts scatter around it more than chance alone would have them
(negative binomial). Older weeks count less.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from core.clinics.matching.model import Real, Whole


WEEKS_OF_A_YEAR = 365.25 / 7
# Seasons need a year to be seen and their finer shape two. In less than a year and a
# half a trend cannot be told from a season, and one that goes on wrongly is far worse
# than one that is missed.
_FOR_SEASON, _FOR_TREND, _FOR_FINER_SEASON = 52, 78, 104
# A week so much older counts half.
_HALF_LIFE = 104
_RIDGE = 1e-3
_ROUNDS = 50
# Scatter of less than this is chance alone.
_LEAST_SCATTER = 1e-6


@dataclass(frozen=True)
class Forecast:
    """One entry for each week ahead. In 8 weeks of 10 the count is between ``low`` and
    ``high``; in 85 of 100 it is at most ``q85``: room for that many is rarely short."""

    mean: Real
    low: Whole
    high: Whole
    q85: Whole


def forecast(
    weekly_counts: Sequence[int],
    weeks_ahead: int,
    open_shares: Sequence[float] | None = None,
) -> Forecast:
    """Forecast from whole weeks, the oldest first.

    ``open_shares`` has, for the weeks counted and those ahead, the share of working
    days on which practices are open. Raises ValueError without any week.
    """
    counts = np.asarray(weekly_counts, dtype=np.float64)
    if not len(counts) or (counts < 0).any():
        raise ValueError("a forecast needs counts of at least one week")
    weeks = len(counts) + weeks_ahead
    shares = np.ones(weeks) if open_shares is None else np.asarray(open_shares)
    if len(shares) != weeks or (shares < 0).any():
        raise ValueError("an open share is needed for each week, counted and ahead")
    rows = _rows(len(counts), weeks)
    offset = np.log(np.maximum(shares, 1e-3))
    weights = 0.5 ** (np.arange(len(counts))[::-1] / _HALF_LIFE)
    fitted = _fit(rows[: len(counts)], counts, offset[: len(counts)], weights)
    mean = np.exp(rows[len(counts) :] @ fitted.effects + offset[len(counts) :])
    low, q85, high = (_quantiles(mean, fitted.scatter, at) for at in (0.1, 0.85, 0.9))
    return Forecast(mean, low, high, q85)


@dataclass(frozen=True)
class _Fitted:
    effects: Real
    scatter: float


def _rows(known: int, weeks: int) -> Real:
    """What the mean of each week depends on; with less history on less of it."""
    week = np.arange(weeks, dtype=np.float64)
    columns = [np.ones(weeks)]
    if known >= _FOR_TREND:
        columns.append((week - known) / WEEKS_OF_A_YEAR)
    finest = (known >= _FOR_SEASON) + (known >= _FOR_FINER_SEASON)
    for times in range(1, finest + 1):
        turn = 2 * np.pi * times * week / WEEKS_OF_A_YEAR
        columns += [np.sin(turn), np.cos(turn)]
    return np.column_stack(columns)


def _fit(rows: Real, counts: Real, offset: Real, weights: Real) -> _Fitted:
    """Reweighted least squares; scatter and effects in turn until they stay."""
    effects = np.zeros(rows.shape[1])
    effects[0] = np.log(max(counts.mean(), 0.1)) - offset.mean()
    # The level itself is not drawn towards nothing.
    ridge = np.diag([0.0] + [_RIDGE] * (rows.shape[1] - 1))
    ridge[0, 0] = 1e-9
    scatter = 0.0
    for _ in range(_ROUNDS):
        eta = np.clip(rows @ effects + offset, -20, 20)
        mean = np.exp(eta)
        scatter = _scatter(counts, mean, weights)
        importance = weights * mean / (1 + scatter * mean)
        wanted = eta - offset + (counts - mean) / mean
        left = rows.T @ (importance[:, None] * rows) + ridge
        better = np.linalg.solve(left, rows.T @ (importance * wanted))
        step = np.clip(better - effects, -2, 2)
        effects = effects + step
        if np.abs(step).max() < 1e-8:
            break
    return _Fitted(effects, scatter)


def _scatter(counts: Real, mean: Real, weights: Real) -> float:
    beyond = ((counts - mean) ** 2 - mean) / mean**2
    return float(max(_LEAST_SCATTER, np.average(beyond, weights=weights)))


def _quantiles(mean: Real, scatter: float, at: float) -> Whole:
    found = [_quantile(one, scatter, at) for one in mean.tolist()]
    return np.array(found, dtype=np.int64)


def _quantile(mean: float, scatter: float, at: float) -> int:
    """The smallest count that a share of all weeks does not exceed."""
    size = 1 / scatter
    spread = np.sqrt(mean + scatter * mean**2)
    count = np.arange(int(mean + 12 * spread) + 20)
    log_share = (
        gammaln(count + size)
        - gammaln(size)
        - gammaln(count + 1)
        + size * np.log(size / (size + mean))
        + count * np.log(mean / (size + mean))
    )
    return int(np.searchsorted(np.cumsum(np.exp(log_share)), at))


def in_turn(wanted: Real) -> Whole:
    """Which share each of so many people is of, in the order in which they come.

    ``wanted`` are people by share, in fractions; their sum is rounded once. Drawn by no
    luck: whole numbers by largest remainder, and evenly, so that no share comes at once.
    """
    count = np.floor(wanted).astype(np.int64)
    missing = round(float(wanted.sum())) - int(count.sum())
    count[np.argsort(count - wanted, kind="stable")[:missing]] += 1
    which = np.repeat(np.arange(len(count)), count)
    turn = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    order = np.lexsort((which, (turn + 0.5) / count[which]))
    return np.asarray(which[order])
