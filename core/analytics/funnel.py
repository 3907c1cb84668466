"""Funnel plots: who differs from the others by more than chance, and than all do.

Pure. After Spiegelhalter, "Funnel plots for comparing institutional performance",
Statistics in Medicine 2005, doi 10.1002/sim.1970, and Spiegelhalter et al., "Statistical
methods for healthcare regulation", JRSS A 2012, doi 10.1111/j.1467-985X.2011.01010.x;
figures checked against the NHS-R community's package FunnelPlotR 0.6.0.

Practices differ for reasons that no model knows (over-dispersion). ``phi`` is how much
more their z-scores vary than chance alone would let them; the outer tenths are pulled in
(winsorised) or left out first, so that a few true outliers do not excuse themselves.
Above 1, ``tau2``, the variance between practices, is added to chance's and the limits are
wider; at 1 or below they stay. A chart must say which of the two it shows.

Two traps of the reference are not followed. Its ratio of counts ("RC") takes the size for
a variance: of 120 practices drawn from one rate it flags 104. Referrals per 1,000 are a
ratio to what one common rate would give (``at_one_rate``), conversion is a proportion.
And its "CQC" limits come from the scale of square roots without being squared, so that
they are half as far away as they should be; ``ratios`` squares them (``root``), and keeps
``cqc`` for comparison only.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats


Numbers = npt.NDArray[np.float64]
Scale = Literal["proportion", "root", "shmi", "cqc"]

# Two-sided 95 % and 99.8 %.
LEVELS: Final = {"95": 0.95, "998": 0.998}
# The part of the z-scores at each end that says nothing about the rest.
_OUTER: Final = 0.1


@dataclass(frozen=True)
class Funnel:
    """A funnel in figures.

    ``points`` has a row for each practice, by its name: observed, size (denominator, or
    expected), value (proportion or ratio), z, lower_95, upper_95, lower_998, upper_998,
    outlier_95 and outlier_998 (high, low or empty). Where size is 0, or a figure is
    hidden, all but those last are missing: that practice is in no sum.

    ``centre`` is the common proportion, or 1. ``adjusted`` says whether the limits are
    widened; ``phi`` is missing without any practice.
    """

    points: pd.DataFrame
    scale: Scale
    centre: float
    phi: float
    tau2: float
    adjusted: bool

    def limits_at(self, sizes: Numbers) -> pd.DataFrame:
        """The four limits at each of ``sizes``, for a curve."""
        return limits(self.scale, sizes, self.centre, self.tau2, adjusted=self.adjusted)


def proportions(part: pd.Series, whole: pd.Series, *, adjust: bool = True) -> Funnel:
    """A funnel of ``part`` in ``whole``, for instance cancers found of those referred.

    Both are counts by practice; a missing one is a hidden one. ``adjust`` off shows
    chance alone, for comparison. Raises ValueError for a part above its whole.
    """
    table = _table(part, whole)
    used = table.dropna(subset=["value"])
    if (used["observed"] > used["size"]).any():
        raise ValueError("a part is not above its whole")
    total = used["size"].sum()
    centre = used["observed"].sum() / total if total else np.nan
    return _funnel(table, "proportion", float(centre), adjust=adjust)


def ratios(
    observed: pd.Series,
    expected: pd.Series,
    *,
    scale: Literal["root", "shmi", "cqc"] = "root",
    adjust: bool = True,
) -> Funnel:
    """A funnel of counts over what was expected, for instance ``at_one_rate``.

    Unadjusted limits are exact Poisson. Adjusted ones stand on the scale of square roots
    (``root``), which also holds where nothing was observed, or of logarithms as in NHS
    England's SHMI (``shmi``; a count of 0 is taken as a half there).
    """
    return _funnel(_table(observed, expected), scale, 1.0, adjust=adjust)


def at_one_rate(observed: pd.Series, sizes: pd.Series) -> pd.Series:
    """What each practice would have if all had one rate: 13 in 1,000 on the list, say."""
    known = observed.notna() & sizes.notna()
    total = sizes[known].sum()
    return sizes * (observed[known].sum() / total if total else np.nan)


def limits(
    scale: Scale, sizes: Numbers, centre: float, tau2: float, *, adjusted: bool
) -> pd.DataFrame:
    """Lower and upper limits, 95 % and 99.8 %, at each of ``sizes``; missing at 0."""
    sizes = np.where(sizes > 0, sizes, np.nan)
    found = {}
    for name, level in LEVELS.items():
        if scale == "proportion" or adjusted:
            ends = _on_scale(scale, sizes, centre, tau2, level)
        else:
            ends = _poisson(sizes, level)
        found[f"lower_{name}"], found[f"upper_{name}"] = ends
    return pd.DataFrame(found)


def _table(observed: pd.Series, size: pd.Series) -> pd.DataFrame:
    if not observed.index.is_unique:
        raise ValueError("each practice is there once")
    table = pd.DataFrame({"observed": observed, "size": size}).astype("Float64")
    table = table.astype("float64")
    if (table < 0).any(axis=None):
        raise ValueError("a count is not negative")
    return table.assign(
        value=table["observed"] / table["size"].where(table["size"] > 0)
    )


def _funnel(
    table: pd.DataFrame, scale: Scale, centre: float, *, adjust: bool
) -> Funnel:
    error = _error(scale, table["size"].to_numpy())
    moved = _move(scale, table["observed"].to_numpy(), table["size"].to_numpy())
    z = (moved - _move(scale, np.array([centre]), np.array([1.0]))) / error
    used = ~np.isnan(z)
    phi, tau2 = _dispersion(scale, z[used], error[used])
    adjusted = adjust and phi > 1
    lines = limits(
        scale,
        table["size"].to_numpy(),
        centre,
        tau2 if adjusted else 0,
        adjusted=adjusted,
    )
    points = table.assign(z=z).join(lines.set_axis(table.index))
    for name in LEVELS:
        above = points["value"] > points[f"upper_{name}"]
        below = points["value"] < points[f"lower_{name}"]
        points[f"outlier_{name}"] = np.select([above, below], ["high", "low"], "")
    return Funnel(points, scale, centre, phi, tau2 if adjusted else 0.0, adjusted)


def _move(scale: Scale, observed: Numbers, size: Numbers) -> Numbers:
    """Onto the scale on which chance reaches as far at every value."""
    share = observed / np.where(size > 0, size, np.nan)
    if scale == "proportion":
        return np.arcsin(np.sqrt(share))
    if scale == "shmi":
        return np.log(np.where(observed == 0, 0.5 / size, share))
    return np.sqrt(share)


def _error(scale: Scale, size: Numbers) -> Numbers:
    size = np.where(size > 0, size, np.nan)
    return 1 / np.sqrt(size) / (1 if scale == "shmi" else 2)


def _dispersion(scale: Scale, z: Numbers, error: Numbers) -> tuple[float, float]:
    """phi, and the variance between practices by moments (DerSimonian and Laird)."""
    if not len(z):
        return np.nan, 0.0
    z, error = _without_tails(scale, z, error)
    n, phi = len(z), float(np.mean(z**2))
    weight = error**-2
    spread = weight.sum() - (weight**2).sum() / weight.sum()
    # One practice differs from nobody.
    tau2 = (n * phi - (n - 1)) / spread if n > 1 else 0.0
    return phi, max(0.0, float(tau2))


def _without_tails(scale: Scale, z: Numbers, error: Numbers) -> tuple[Numbers, Numbers]:
    if scale != "shmi":
        return np.clip(z, *np.quantile(z, [_OUTER, 1 - _OUTER])), error
    # Which tenth each is in by its rank; the first and the last go.
    tenth = np.floor(stats.rankdata(z) / _OUTER / (len(z) + 1))
    inner = (tenth > 0) & (tenth < 1 / _OUTER - 1)
    return z[inner], error[inner]


def _on_scale(
    scale: Scale, sizes: Numbers, centre: float, tau2: float, level: float
) -> tuple[Numbers, Numbers]:
    reach = stats.norm.isf((1 - level) / 2) * np.sqrt(_error(scale, sizes) ** 2 + tau2)
    if scale == "proportion":
        middle = np.arcsin(np.sqrt(centre))
        # Beyond a quarter turn the sine would come back.
        low, high = np.maximum(middle - reach, 0), np.minimum(middle + reach, np.pi / 2)
        return np.sin(low) ** 2, np.sin(high) ** 2
    if scale == "shmi":
        return np.exp(-reach), np.exp(reach)
    if scale == "cqc":
        return np.maximum(1 - reach, 0), 1 + reach
    return np.maximum(1 - reach, 0) ** 2, (1 + reach) ** 2


def _poisson(expected: Numbers, level: float) -> tuple[Numbers, Numbers]:
    """Exact limits of a Poisson count (Garwood 1936), as a ratio to what is expected."""
    tail = (1 - level) / 2
    low = stats.chi2.ppf(tail, 2 * expected) / 2
    high = stats.chi2.isf(tail, 2 * (expected + 1)) / 2
    return low / expected, high / expected
