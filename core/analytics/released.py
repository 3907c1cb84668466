"""What was published once stays as it was published.

A period is published when it is over. If its figures moved later (an answer amended, an
ethnic group corrected), the difference of two releases could tell of one person. So a cell
keeps the figure it had, or its star; only a change of definitions counts everything anew.

That holds for measures, for waits and findings in clinics, and for kappa. Capacity, the
list and the forecast are of the last weeks and of now, and move.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from core.analytics.connections import LOCKED
from core.analytics.disclosure import Counts, Flags


_KEY = ["measure", "period", "audience", "practice", "dimension", "category", "part"]
_CLINIC_KEY = ["period", "audience"]
# What else a clinic's table has is counts.
_CUTS = {"waits": "urgency"}


@dataclass(frozen=True)
class Release:
    """The tables of a published file that stay."""

    figure: pd.DataFrame
    waits: pd.DataFrame
    agreement: pd.DataFrame


@dataclass(frozen=True)
class Earlier:
    """For each count whether it was shown before, or hidden, and as what."""

    shown: Flags
    hidden: Flags
    figure: Counts

    def put_back(self, shown: pd.Series) -> pd.Series:
        """``shown`` with whatever was published before as it was then."""
        kept = shown.mask(self.hidden)
        kept[self.shown] = self.figure[self.shown]
        return kept


def last(file: Path, definitions: str) -> Release | None:
    """What a published file holds; None where it is not there, or counted otherwise."""
    try:
        with duckdb.connect(file, read_only=True, config=LOCKED) as connection:
            said = connection.execute("select definitions from release").fetchall()
            if said != [(definitions,)]:
                return None
            names = ("figure", "waits", "agreement")
            return Release(**{one: connection.table(one).df() for one in names})
    except duckdb.Error:
        # Older than this way of publishing, or broken: nothing to hold on to.
        return None


def beside(
    counts: pd.DataFrame, measures: pd.DataFrame, before: Release | None
) -> Earlier:
    """What each of ``counts`` was before, in their order."""
    no = np.zeros(len(counts), np.bool_)
    if before is None:
        return Earlier(no, no, np.zeros(len(counts), np.int64))
    told = _as_counts(before, measures)
    found = counts[_KEY].merge(told, on=_KEY, how="left", validate="one_to_one")
    there = found["figure"].notna() | found["was_hidden"].eq(other=True)
    hidden = there & found["figure"].isna()
    return Earlier(
        shown=(there & ~hidden).to_numpy(np.bool_),
        hidden=hidden.to_numpy(np.bool_),
        figure=found["figure"].fillna(0).to_numpy(np.int64),
    )


def as_before(
    rows: pd.DataFrame, key: list[str], before: pd.DataFrame | None
) -> pd.DataFrame:
    """Statistics of cells that were published before as they were then."""
    if before is None:
        return rows
    names = [name for name in rows.columns if name not in key]
    both = rows.merge(
        before[[*key, *names]],
        on=key,
        how="left",
        suffixes=("", "_before"),
        indicator=True,
    )
    old = both["_merge"].eq("both")
    for name in names:
        both[name] = both[name].mask(old, both[f"{name}_before"])
    return both[[*key, *names]]


def _as_counts(before: Release, measures: pd.DataFrame) -> pd.DataFrame:
    """Published figures, one row for each count: wholes under their base's name."""
    key = [name for name in _KEY if name != "part"]
    based = before.figure.merge(measures[["measure", "base", "kind"]], on="measure")
    wholes = based.assign(measure=based["base"], part="whole", figure=based["whole"])
    shares = based[based["kind"] == "share"]
    parts = shares.assign(part="part", figure=shares["part"])
    clinics = [_of_clinics(getattr(before, one), cut) for one, cut in _CUTS.items()]
    told = pd.concat([wholes, parts, *clinics])[[*key, "part", "figure"]]
    told["was_hidden"] = told["figure"].isna()
    return told.drop_duplicates(_KEY)


def _of_clinics(rows: pd.DataFrame, cut: str) -> pd.DataFrame:
    """A table of clinics, one row for each count, as ``counts`` names it."""
    names = [one for one in rows.columns if not one.endswith("_weeks")]
    long = rows[names].melt([*_CLINIC_KEY, cut], var_name="name", value_name="figure")
    everything = dict.fromkeys(("practice", "dimension", "category"), "all")
    return long.assign(
        measure=long["name"] + ":" + long[cut], part="whole", **everything
    )
