"""Capacity and the list as somebody has them who kept every release.

Each release shows the last weeks and 13 of them together, and the next one shows a week more
and a week less. All of them laid side by side are more than any one page ever showed.
"""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from benchmarks.many_referrals import UNTIL
from core.analytics import withholding
from core.analytics.released import Release
from core.analytics.withholding import Sums
from core.analytics.workshop import workshop
from core.kernel import clock
from tests.analytics.conftest import built_into


KEY = ["period", "audience", "measure"]
COUNTED = ("arose", "booked", "used", "unused", "queue")
# Week after week, then after a month in which nothing was built.
WEEKS = (8, 7, 6, 5, 1, 0)


class Kept:
    """Every count of clinics' weeks that was ever shown, and what adds up to what."""

    def __init__(self):
        self.counts = pd.DataFrame()
        self.sums = pd.DataFrame()

    def add(self, connection):
        counts = connection.table("counts").df()
        of_weeks = counts["measure"].str.split(":").str[0].isin(COUNTED)
        counts = counts[of_weeks & counts["part"].eq("whole")].set_index("number")
        shown = connection.table("disclosed").df()[[*KEY, "part", "shown"]]
        shown = shown[shown["part"].eq("whole")].drop_duplicates(KEY)
        told = counts.merge(shown[[*KEY, "shown"]], on=KEY)[[*KEY, "exact", "shown"]]
        self.counts = pd.concat([self.counts, told])
        self._stays()
        addend = connection.table("addend").df()
        named = counts[KEY].agg("|".join, axis=1)
        addend["whole"] = addend["parent"].map(named)
        addend["one"] = addend["child"].map(named)
        inside = addend.dropna(subset=["whole", "one"])[["axis", "whole", "one"]]
        self.sums = pd.concat([self.sums, inside]).drop_duplicates()

    def _stays(self):
        """Whatever was shown once was shown the same ever after, a star included."""
        # Those who did not come are in no table; whoever subtracts has them.
        told = self.counts[~self.counts["measure"].str.startswith("unused:")]
        values = told.fillna({"shown": -1}).groupby(KEY)["shown"].nunique()
        assert (values == 1).all()
        self.counts = self.counts.drop_duplicates(KEY, ignore_index=True)

    def attacked(self):
        """The counts, and the least and the most that each can be."""
        number = pd.Series(
            np.arange(len(self.counts)), index=self.counts[KEY].agg("|".join, axis=1)
        )
        relation = self.sums.groupby(["axis", "whole"]).ngroup().to_numpy()
        _, first = np.unique(relation, return_index=True)
        sums = Sums(
            relation=relation,
            child=self.sums["one"].map(number).to_numpy(np.int64),
            parent=self.sums["whole"].map(number).to_numpy(np.int64)[first],
        )
        exact = self.counts["exact"].to_numpy(np.int64)
        stars = self.counts["shown"].isna().to_numpy()
        hidden = stars & ~((exact >= 1) & (exact <= 7))
        return exact, withholding.bounds(exact, hidden, sums)


@pytest.fixture(scope="module")
def kept(many, tmp_path_factory):
    folder = tmp_path_factory.mktemp("releases")
    found, before = Kept(), None
    for weeks in WEEKS:
        moment = UNTIL - timedelta(weeks=weeks)
        with clock.set_to(moment), workshop(folder, weeks + 1) as connection:
            built_into(connection, many, before)
            found.add(connection)
            before = Release(
                **{
                    one: connection.table(f"published.{one}").df()
                    for one in Release.__dataclass_fields__
                }
            )
    return found


@pytest.mark.slow
def test_whoever_kept_every_release_of_capacity_works_out_no_hidden_count(kept):
    exact, (low, high) = kept.attacked()
    small = (exact >= 1) & (exact <= 7)
    assert small.sum() > 1000
    assert ((low <= exact) & (exact <= high)).all()
    assert not (small & (low == high)).any()
    totals = kept.counts["period"].str.startswith("last_13_weeks")
    # More totals than one release has, and weeks of more than 25.
    assert kept.counts[totals]["period"].nunique() > 13
    assert kept.counts[~totals]["period"].nunique() > 25
    # Each of them overlaps others, from other releases as well.
    of_totals = kept.sums[kept.sums["whole"].str.startswith("last_13_weeks")]
    assert of_totals.groupby("one")["whole"].nunique().max() == 13
    for name in COUNTED:
        assert kept.counts["measure"].str.startswith(f"{name}:").any()
