"""Every published figure of every measure against an oracle that reads its words."""

from collections import Counter
from datetime import timedelta

import duckdb
import pandas as pd
import pytest

from benchmarks.many_referrals import UNTIL
from core.analytics.measures.definition import dimensions, measures
from tests.analytics import measure_oracle, oracle
from tests.analytics.measure_oracle import KINDS, ORACLES, Expected


LAST = oracle.day(UNTIL) - timedelta(days=1)
MEASURES = list(measures())


def test_every_measure_has_an_oracle():
    assert set(ORACLES) == set(MEASURES)


def rows_of(folder, table="figure", version=1):
    file = folder / f"published-{version}.duckdb"
    with duckdb.connect(file, read_only=True) as connection:
        return connection.table(table).df()


def spans_of(lives):
    oldest = min(one.sent_on for one in lives if one.sent_on <= LAST)
    return measure_oracle.periods(oldest, LAST)


@pytest.fixture(scope="session")
def lived(many):
    """What became of each of the many referrals."""
    return measure_oracle.lives(many)


@pytest.fixture(scope="session")
def figures(published_once):
    """All published figures, by measure."""
    found = rows_of(published_once)
    return dict(tuple(found.groupby("measure")))


def expected_of(name, lives, spans):
    facts = [one for one in ORACLES[name](lives) if one.day <= LAST]
    return Expected(measures()[name], dimensions(), facts, spans)


def test_the_periods_are_those_that_are_over(lived, published_once):
    found = rows_of(published_once, "period")
    told = {
        (row.period, row.kind, row.first_day.date(), row.last_day.date())
        for row in found.itertuples()
    }
    mine = {(one.key, one.kind, one.first, one.last) for one in spans_of(lived)}
    assert told == mine
    assert len(found) == len(mine)
    assert Counter(one.kind for one in spans_of(lived)).keys() == {
        "week",
        "month",
        "quarter",
        "year",
        "twelve_months",
        "all_quarters",
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", MEASURES)
def test_every_published_figure_agrees_with_the_oracle(lived, figures, name):
    agree(name, figures[name], lived)


def agree(name, rows, lives):
    """Each row is what the rule shows of the oracle's figure; few more are hidden."""
    spans = spans_of(lives)
    expected, asked = expected_of(name, lives, spans), measures()[name]
    seen, extra = set(), 0
    for row in rows.itertuples():
        cell = row.period, row.audience, row.practice, row.dimension, row.category
        seen.add(cell)
        whole, part = expected.whole.get(cell, 0), expected.part.get(cell, 0)
        extra += differs(row.whole, whole, (name, cell, "whole"))
        if asked.kind == "share":
            shown = whole - part if asked.told == "rest" else part
            extra += differs(row.part, shown, (name, cell, "part"))
        else:
            assert pd.isna(row.part)
        hours(row, expected.hours.get(cell, []), (name, cell))
    assert len(seen) == len(rows)
    assert {cell for cell, count in expected.whole.items() if count} <= seen
    assert {cell[2:4] for cell in seen} == places(asked, rows)
    grid(asked, spans, seen)
    # What is hidden beyond the rule is little, or the figures would be of little use.
    assert extra <= max(3, len(rows) / 50)


def differs(shown, exact, where):
    """1 where a count is hidden beyond the rule; fails where it is shown wrongly."""
    if pd.isna(shown):
        # A zero too, where its whole is hidden: see the tests of disclosure.
        return int(exact > 7)
    assert shown == oracle.shown(exact), (where, shown, exact)
    return 0


def hours(row, amounts, where):
    ordered = sorted(amounts)
    for shown, share, fewest in ((row.median, 0.5, 8), (row.p90, 0.9, 20)):
        hidden = pd.isna(row.whole) or len(ordered) < fewest
        assert pd.isna(shown) == hidden, where
        if not hidden:
            exact = oracle.percentile(ordered, share)
            # To a tenth, and nothing but that.
            assert abs(shown - exact) <= 0.05 + 1e-9, where


def places(asked, rows):
    practices = {(one, "all") for one in rows["practice"].unique() if one != "all"}
    assert bool(practices) == asked.by_practice
    return {("all", "all"), *practices, *(("all", one) for one in asked.dimensions)}


def grid(asked, spans, seen):
    """Every period of each kind is there for each place, and no other."""
    kinds = {one.key: one.kind for one in spans}
    of = {}
    for period, audience, practice, dimension, category in seen:
        of.setdefault((audience, practice, dimension, category), set()).add(period)
    for (_, practice, dimension, _), there in of.items():
        wanted = set(kinds.values())
        if practice != "all":
            wanted = set(KINDS["quarter"])
        elif dimension != "all":
            wanted = set(KINDS[dimensions()[dimension].finest])
        assert there == {key for key, kind in kinds.items() if kind in wanted}
