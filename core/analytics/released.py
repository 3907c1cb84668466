"""What was published once stays as it was published.

A period is published when it is over. If its figures moved later (an answer amended, an
ethnic group corrected), the difference of two releases could tell of one person. So a cell
keeps the figure it had; only a change of definitions counts everything anew.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from core.analytics.connections import LOCKED
from core.analytics.disclosure import Counts, Flags


_KEY = ["measure", "period", "audience", "practice", "dimension", "category", "part"]


@dataclass(frozen=True)
class Earlier:
    """For each count whether it was shown before, or hidden, and as what."""

    shown: Flags
    hidden: Flags
    figure: Counts


def last(file: Path, definitions: str) -> pd.DataFrame | None:
    """The figures of a published file; None where it is not there, or counted otherwise."""
    try:
        with duckdb.connect(file, read_only=True, config=LOCKED) as connection:
            said = connection.execute("select definitions from release").fetchall()
            if said != [(definitions,)]:
                return None
            found: pd.DataFrame = connection.table("figure").df()
            return found
    except duckdb.Error:
        # Older than this way of publishing, or broken: nothing to hold on to.
        return None


def beside(
    counts: pd.DataFrame, measures: pd.DataFrame, before: pd.DataFrame | None
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


def hours_as_before(
    rows: pd.DataFrame, key: list[str], before: pd.DataFrame | None
) -> pd.DataFrame:
    """Medians and percentiles of cells that were published before as they were then."""
    if before is None:
        return rows
    told = before[[*key, "median", "p90"]]
    both = rows.merge(
        told, on=key, how="left", suffixes=("", "_before"), indicator=True
    )
    old = both["_merge"].eq("both")
    for name in ("median", "p90"):
        both[name] = both[name].mask(old, both[f"{name}_before"])
    return both[[*key, "median", "p90"]]


def _as_counts(before: pd.DataFrame, measures: pd.DataFrame) -> pd.DataFrame:
    """Published figures, one row for each count: wholes under their base's name."""
    key = [name for name in _KEY if name != "part"]
    based = before.merge(measures[["measure", "base", "kind"]], on="measure")
    wholes = based.assign(measure=based["base"], part="whole", figure=based["whole"])
    shares = based[based["kind"] == "share"]
    parts = shares.assign(part="part", figure=shares["part"])
    told = pd.concat([wholes, parts])[[*key, "part", "figure"]]
    told["was_hidden"] = told["figure"].isna()
    return told.drop_duplicates(_KEY)
