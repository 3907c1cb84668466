"""What was published once stays as it was published.

A period is published when it is over. If its figures moved later (an answer amended, an
ethnic group corrected), the difference of two releases could tell of one person. So a cell
keeps the figure it had, or its star; only a change of definitions counts everything anew.

That holds for every table with a count of people in it:

- measures, waits for clinics, and kappa stay with their period;
- capacity stays with its week, and with the 13 weeks that end with it. Both reach back as
  far as any total overlaps one that is new, so that a new one is weighed against those
  that readers have kept, and not only against what a page still shows;
- the list is that at a week's end, as it was counted when the week was over;
- what a plan foresees is that of the newest plan made by the end of the last whole week,
  and stays as long as that is the newest.

So nothing moves within a week, and what is new is new by a whole week, month, quarter or
plan. The forecast of referrals (``demand``) is worked out from published weeks alone.
"""

from dataclasses import dataclass, fields
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from core.analytics.connections import LOCKED
from core.analytics.disclosure import Counts, Flags


_KEY = ["measure", "period", "audience", "practice", "dimension", "category", "part"]
_CLINIC_KEY = ["period", "audience"]
# By what a clinic's table is cut, and its counts.
_CLINICS = {
    "waits": ("urgency", ("called", "seen", "missed", "in_time", "due", "breached")),
    "capacity": ("grade", ("arose", "booked", "used")),
    "queue": ("grade", ("queue", "arose")),
}
_WAYS = ("planned", "first_come")


@dataclass(frozen=True)
class Release:
    """The tables of a published file that stay."""

    figure: pd.DataFrame
    waits: pd.DataFrame
    agreement: pd.DataFrame
    capacity: pd.DataFrame
    queue: pd.DataFrame
    forecast: pd.DataFrame

    def statistics(self, table: str) -> pd.DataFrame:
        """A table whose statistics stay; capacity's are minutes for each person."""
        found: pd.DataFrame = getattr(self, table)
        if table != "capacity":
            return found
        means = {}
        for name in _CLINICS[table][1]:
            people = found[name].astype("Float64")
            minutes = found[f"{name}_minutes"].astype("Float64")
            means[f"mean_{name}"] = minutes.div(people.mask(people == 0))
        return found.assign(**means)


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
            return Release(
                **{one.name: connection.table(one.name).df() for one in fields(Release)}
            )
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
    clinics = [
        _of_clinics(getattr(before, table), cut, counts)
        for table, (cut, counts) in _CLINICS.items()
    ]
    plans = _of_clinics(before.forecast, "measure", _WAYS)
    plans["measure"] = "plan:" + plans["measure"]
    told = pd.concat([wholes, parts, *clinics, plans])[[*key, "part", "figure"]]
    told["was_hidden"] = told["figure"].isna()
    return told.drop_duplicates(_KEY)


def _of_clinics(rows: pd.DataFrame, cut: str, counts: tuple[str, ...]) -> pd.DataFrame:
    """A table of clinics, one row for each count, as ``counts`` names it."""
    key = [*_CLINIC_KEY, cut]
    long = rows[[*key, *counts]].melt(key, var_name="name", value_name="figure")
    everything = dict.fromkeys(("practice", "dimension", "category"), "all")
    return long.assign(
        measure=long["name"] + ":" + long[cut], part="whole", **everything
    )
