"""The regression behind a forecast of weekly counts: how it is fitted; see ``forecasting``.

Negative binomial with a logarithmic link: log mean = level + trend + yearly waves + log
of the week's open share. Fitted by iteratively reweighted least squares (McCullagh and
Nelder 1989), the dispersion by moments beside it, with a ridge that says what is plausible
before any data.
"""

from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd


Numbers = npt.NDArray[np.float64]
Season = Literal["two waves", "one wave", "none"]

A_YEAR: Final = 52
_HALF_LIFE: Final = 104
_DAYS_OF_YEAR: Final = 365.25
# Trends below two years of data fade by a tenth a week (Gardner and McKenzie 1985):
# measured on ten years of weekly deaths, a fading one is off by less.
_FADING: Final = 0.9
# What is plausible before any data: a trend of 30 % a year, waves of half the level, a
# level far from the mean. As standard deviations on the log scale: the small ridge.
_TREND, _WAVE, _LEVEL = 0.3, 0.5, 3.0
# What the newest weeks were beside the regression says more of the next than of later ones.
_NEWEST: Final = 8
_CARRIED_ON: Final = 0.95
# Beyond this the counts are no steady process, and quantiles say nothing.
_MOST_DISPERSED: Final = 2.0
# Suspected skin cancers are referred 60 % more in August than in January (Cancer Waiting
# Times, England): a wave of that size, as variance on the log scale, is added where the
# own season is not known yet.
_UNKNOWN_SEASON: Final = 0.028
_ROUNDS: Final = 60
_SETTLED: Final = 1e-9


@dataclass(frozen=True)
class Fitted:
    """``level`` is the log of the plain mean; ``known`` what is known of the slopes.

    ``beside``: the log of what the newest weeks were, of what the regression says of them.
    """

    level: float
    slopes: Numbers
    known: Numbers
    dispersion: float
    beside: float = 0.0

    def carried_on(self, weeks: int) -> Numbers:
        """By how much each of the next weeks is more, or less, than the regression says."""
        weeks_on = np.arange(1, weeks + 1, dtype=np.float64)
        fading: Numbers = np.exp(self.beside * _CARRIED_ON**weeks_on)
        return fading

    def expect(self, design: Numbers, share: Numbers) -> tuple[Numbers, Numbers]:
        """Mean, and dispersion with what is not known of the mean itself."""
        mean = share * np.exp(_within(design @ self.slopes, self.level))
        unsure = ((design @ np.linalg.inv(self.known)) * design).sum(axis=1)
        return mean, np.minimum(self.dispersion + unsure, _MOST_DISPERSED)


def fit(counts: pd.Series, share: Numbers, season: Season) -> Fitted:
    """Iteratively reweighted least squares, with the dispersion worked out beside."""
    index = pd.DatetimeIndex(counts.index)
    y = counts.to_numpy()
    used = ~np.isnan(y) & (share > 0)
    design = design_of(index, index[-1], season)[used]
    y, share = y[used], share[used]
    age = np.asarray((index[-1] - index).days, np.float64)[used] / 7
    weight = 0.5 ** (age / _HALF_LIFE)
    # Half a case more, so that the logarithm of nothing is not asked for.
    level = float(np.log(((weight * y).sum() + 0.5) / max((weight * share).sum(), 0.5)))
    deviations = [_LEVEL, _TREND] + [_WAVE] * (2 * _waves(season))
    ridge = np.diag(np.array(deviations) ** -2.0)
    fitted = Fitted(level, np.eye(len(ridge))[0] * level, ridge, 0.0)
    for _ in range(_ROUNDS):
        last, fitted = fitted, _step(fitted, y, share, design, weight, ridge)
        if np.abs(fitted.slopes - last.slopes).max() < _SETTLED:
            break
    expected = share * np.exp(_within(design @ fitted.slopes, fitted.level))
    came, said = y[-_NEWEST:].sum() + 0.5, expected[-_NEWEST:].sum() + 0.5
    fitted = replace(fitted, beside=float(np.log(came / said)))
    if season != "none":
        return fitted
    return replace(fitted, dispersion=fitted.dispersion + _UNKNOWN_SEASON)


def _step(
    now: Fitted,
    y: Numbers,
    share: Numbers,
    design: Numbers,
    weight: Numbers,
    ridge: Numbers,
) -> Fitted:
    mean = share * np.exp(_within(design @ now.slopes, now.level))
    certain = weight * mean / (1 + now.dispersion * mean)
    known = design.T @ (design * certain[:, None]) + ridge
    working = design @ now.slopes + (y - mean) / mean
    # The ridge pulls towards the plain level (the first column), not towards nothing.
    towards = ridge[0] * now.level
    slopes = np.linalg.solve(known, design.T @ (certain * working) + towards)
    excess = (weight * ((y - mean) ** 2 - mean) / mean**2).sum() / weight.sum()
    dispersion = float(np.clip(excess, 0, _MOST_DISPERSED))
    return Fitted(now.level, slopes, known, dispersion)


def design_of(weeks: pd.DatetimeIndex, newest: pd.Timestamp, season: Season) -> Numbers:
    """Level, trend in years from the newest week, and the waves' sines and cosines."""
    past = np.asarray((weeks - newest).days, np.float64) / 7
    if season != "two waves":
        faded = _FADING * (1 - _FADING ** np.maximum(past, 0)) / (1 - _FADING)
        past = np.where(past > 0, faded, past)
    turn = 2 * np.pi * np.asarray(weeks.day_of_year, np.float64) / _DAYS_OF_YEAR
    columns = [np.ones(len(weeks)), past / A_YEAR]
    for wave in range(1, _waves(season) + 1):
        columns += [np.sin(wave * turn), np.cos(wave * turn)]
    return np.column_stack(columns)


def _waves(season: Season) -> int:
    return {"none": 0, "one wave": 1, "two waves": 2}[season]


def _within(log_mean: Numbers, level: float) -> Numbers:
    """A week is neither 50 times the level nor a 50th of it; the steps stay sane."""
    return np.clip(log_mean, level - 4, level + 4)
