"""Charts of measures say their finding, and can be done without."""

import re

import pandas as pd
import pytest

from benchmarks.many_referrals import UNTIL
from core.analytics import (
    comparing_charts,
    figures,
    group_charts,
    line_charts,
    measure_charts,
    reading,
    truth_charts,
    truth_reading,
    value,
    value_charts,
)
from core.analytics.measures.definition import dimensions, measure, measures
from core.kernel import clock
from core.kernel.errors import NotFound
from tests.analytics.emptying import emptied
from tests.analytics.test_numbers import MANAGER


LONGEST, WHEN = "all_quarters:2026-09", "all quarters"


@pytest.fixture(autouse=True)
def _that_day():
    with clock.set_to(UNTIL):
        yield


def whole(chart, marks):
    """What every chart has: a finding, words for each mark, and a table."""
    assert chart.title
    assert chart.subtitle.endswith((".", ")"))
    assert chart.alt_text.endswith(".")
    assert chart.title in chart.alt_text
    assert len(chart.table)
    assert not chart.table.isna().any(axis=None)
    said = " ".join([chart.title, chart.subtitle, chart.alt_text])
    assert not re.search(r"\bnan\b|<NA>|None|_", said), said
    for mark in marks:
        assert str(mark) in chart.alt_text


# How a count divides.


def by(name, dimension):
    return figures.by_category(MANAGER, name, dimension, LONGEST)


@pytest.mark.parametrize(
    "dimension",
    [one for one in measure("referrals").dimensions if one != "sent_by_role"],
)
def test_a_count_divides_into_bars_with_their_names(published, dimension):
    found = by("referrals", dimension)
    of = dimensions()[dimension]
    chart = group_charts.divided(found, measure("referrals"), of, WHEN)
    met = found[found["whole_shown"] != "0"]
    whole(chart, met["label"])
    [bar] = chart.figure.data
    assert len(bar.y) == len(met)
    assert chart.table[of.title].tolist() == met["label"].tolist()
    assert of.note in chart.subtitle
    assert chart.figure.layout.xaxis.range[0] == 0
    assert chart.figure.layout.xaxis.range[1] > max(bar.x)
    most = met.dropna(subset="whole").sort_values("whole", kind="stable").iloc[-1]
    assert chart.title == (
        f"Most referrals: {most['label']}, {most['whole_shown']}, {WHEN}"
    )


def test_shares_are_of_what_is_shown_and_missing_beside_a_star(published):
    found = by("referrals", "priority")
    # One or another may be hidden, since it gives a smaller one away.
    found["whole"] = found["whole"].fillna(100)
    found["whole_shown"] = [f"{n:,}" for n in found["whole"]]
    chart = group_charts.divided(
        found, measure("referrals"), dimensions()["priority"], WHEN
    )
    total = found["whole"].sum()
    for told, n in zip(chart.table["Referrals"], found["whole"], strict=True):
        assert told == f"{n:,} ({100 * n / total:.0f} %)"
    found.loc[0, "whole"], found.loc[0, "whole_shown"] = pd.NA, "*"
    chart = group_charts.divided(
        found, measure("referrals"), dimensions()["priority"], WHEN
    )
    assert chart.table["Referrals"].iloc[0] == "*"
    assert not chart.table["Referrals"].str.contains("%").any()
    assert chart.figure.data[0].text[0] == "*"
    assert chart.figure.data[0].x[0] == 0


@pytest.mark.parametrize(
    ("shown", "title"),
    [("*", "Too few referrals to show by priority"), ("0", "No referrals: ")],
)
def test_a_count_without_figures_says_so(published, shown, title):
    found = emptied(by("referrals", "priority"), shown)
    chart = group_charts.divided(
        found, measure("referrals"), dimensions()["priority"], WHEN
    )
    assert chart.title.startswith(title)
    assert len(chart.table) == (0 if shown == "0" else len(found))


def test_outcomes_say_the_most_common_and_mark_visits_twice(published):
    found = by("answered", "answer")
    chart = group_charts.outcomes(found, reading.visits(MANAGER), WHEN)
    whole(chart, found.loc[found["whole_shown"] != "0", "label"])
    assert chart.title == f"Most common answer: Advice, no follow-up needed, {WHEN}"
    bar = chart.figure.data[0]
    labels = chart.table["Outcome"].tolist()
    striped = dict(zip(labels, bar.marker.pattern.shape, strict=True))
    colours = dict(zip(labels, bar.marker.color, strict=True))
    assert striped["Hospital, routine"] == "/"
    assert striped["Treat in primary care"] == ""
    assert colours["Hospital, routine"] != colours["Treat in primary care"]
    known = [one for one in bar.x if one]
    assert known == sorted(known, reverse=True)
    for shown, start in (("*", "Too few answers"), ("0", "Nothing was answered")):
        none = emptied(by("answered", "answer"), shown)
        assert group_charts.outcomes(none, set(), WHEN).title.startswith(start)


STAGES = {
    "Waiting for a specialist": "hours_in_pool",
    "In a specialist's hands": "hours_in_hand",
    "Back at the practice": "hours_at_practice",
}


def test_stages_say_how_long_it_waits(published):
    told = [
        (name, figures.whole_service(MANAGER, one, LONGEST))
        for name, one in STAGES.items()
    ]
    chart = group_charts.stages(told, WHEN)
    whole(chart, STAGES)
    waited = told[0][1]["value_shown"]
    assert chart.title == f"Half waited up to {waited} for a specialist: {WHEN}"
    assert chart.table["Half within"].tolist() == [
        row["value_shown"] for _, row in told
    ]
    for shown, start in (("*", "Too few answers"), ("0", "Nothing was answered")):
        none = [(name, row.copy()) for name, row in told]
        for _, row in none:
            row["value_shown"] = row["p90_shown"] = row["whole_shown"] = shown
            row["value"] = pd.NA
        assert group_charts.stages(none, WHEN).title.startswith(start)


# Groups side by side.

SIDE_BY_SIDE = [
    (name, dimension)
    for name in ("answered_in_time", "turnaround", "without_visit", "complete_sets")
    for dimension in ("age_band", "sex", "skin_type", "deprivation")
    if dimension in measure(name).dimensions
]


@pytest.mark.parametrize(("name", "dimension"), SIDE_BY_SIDE)
def test_groups_stand_side_by_side_with_what_chance_allows(published, name, dimension):
    found, asked = by(name, dimension), measure(name)
    overall = figures.whole_service(MANAGER, name, LONGEST)
    of = dimensions()[dimension]
    chart = comparing_charts.compared(found, overall, asked, of, WHEN)
    met = found[found["whole_shown"] != "0"]
    whole(chart, met["label"])
    assert chart.title.endswith(f", by {of.title.lower()}: {WHEN}")
    # No group is ranked: they stand in their usual order, all together last.
    assert chart.table[of.title].tolist() == [*met["label"], "All together"]
    assert chart.table[asked.title].iloc[-1] == overall["value_shown"]
    dots = chart.figure.data[-1]
    assert list(dots.x) == pytest.approx(
        met["value"].astype(float).tolist(), nan_ok=True
    )
    named = [one for one in met["label"] if f"chance for {one}" in chart.title]
    assert len(named) <= 2


def test_a_group_that_differs_is_named_and_one_that_does_not_is_not(published):
    found, asked = by("complete_sets", "sex"), measure("complete_sets")
    found = found[found["category"].isin(["female", "male"])].reset_index(drop=True)
    overall = figures.whole_service(MANAGER, "complete_sets", LONGEST)
    sex = dimensions()["sex"]
    found["part"] = (found["whole"] * float(overall["value"]) / 100).astype("Int64")
    found["value"] = 100 * found["part"].astype("Float64") / found["whole"]
    chart = comparing_charts.compared(found, overall, asked, sex, WHEN)
    assert "no group differs by more than chance" in chart.title
    found.loc[0, "part"], found.loc[0, "value"] = 100, 10.0
    chart = comparing_charts.compared(found, overall, asked, sex, WHEN)
    assert chart.title.startswith(
        "Complete image sets: differs by more than chance for Female, by sex"
    )
    chart = comparing_charts.compared(emptied(found, "*"), overall, asked, sex, WHEN)
    assert "too few to show" in chart.title
    assert (chart.table["Complete image sets"].iloc[:-1] == "*").all()
    # A line of all together only where there is one.
    assert (
        comparing_charts.compared(found, None, asked, sex, WHEN).figure.layout.shapes
        == ()
    )


# Over time.


@pytest.mark.parametrize("name", list(measures()))
def test_every_measure_is_drawn_over_time_or_says_why_not(published, name):
    try:
        told = measure_charts.over_time(MANAGER, name)
    except NotFound as refused:
        assert "too few" in str(refused)  # noqa: PT017  either is right
        with pytest.raises(NotFound):
            measure_charts.tile(MANAGER, name)
        return
    whole(told.chart, [])
    found = figures.finest(MANAGER, name)
    empty = (found["whole_shown"] == "0").tolist()
    if measure(name).kind != "count" and False in empty:
        # A share of nothing is no figure: the chart begins with the first that is.
        found = found.iloc[empty.index(False) :]
    assert len(told.chart.table) == len(found)
    shown = told.chart.table.astype(str).to_numpy().ravel()
    assert set(found["value_shown"]) <= set(shown)
    assert 'alt="' in told.icons
    tile = measure_charts.tile(MANAGER, name)
    assert (tile.title, tile.value) == (
        measure(name).title,
        found["value_shown"].iloc[-1],
    )
    assert tile.when.endswith(found["label"].iloc[-1])
    assert tile.sentence.startswith(measure(name).spoken)
    target = measure(name).target_on(UNTIL.date())
    assert bool(tile.target) == (target is not None)


def test_a_practice_is_named_in_its_chart(published):
    rows = figures.by_practice(MANAGER, "referrals", LONGEST).dropna(subset="value")
    largest = rows.sort_values("value").iloc[-1]
    told = measure_charts.over_time(
        MANAGER, "referrals", "quarter", largest["practice"], whose=largest["name"]
    )
    assert told.chart.title.startswith(f"{largest['name']}: the number of referrals")


def test_median_and_ninetieth_percentile_are_two_lines_with_their_names(published):
    found = figures.series(MANAGER, "turnaround", "quarter")
    chart = line_charts.percentile_lines(found, measure("turnaround"))
    whole(chart, found["label"])
    most, half = chart.figure.data
    assert most.line.dash != half.line.dash
    assert list(half.y) == pytest.approx(
        found["value"].astype(float).tolist(), nan_ok=True
    )
    assert {one.text for one in chart.figure.layout.annotations} == {
        "Half<br>within",
        "Nine in<br>ten within",
    }
    assert chart.figure.layout.yaxis.rangemode == "tozero"
    assert chart.table["Half within"].tolist() == found["value_shown"].tolist()
    none = line_charts.percentile_lines(emptied(found, "*"), measure("turnaround"))
    assert "Half within *" in none.title
    assert none.figure.layout.annotations == ()


def test_practices_are_a_funnel_of_published_figures(published):
    for name in ("referrals", "complete_sets", "without_visit"):
        chart = measure_charts.funnel_of(MANAGER, name, LONGEST, WHEN)
        whole(chart, [])
        found = figures.by_practice(MANAGER, name, LONGEST)
        assert set(chart.table.iloc[:, 0]) >= set(found["name"])
        assert WHEN in chart.title + chart.subtitle


# Savings and truth.


def test_what_was_saved_is_avoided_less_gained(published):
    saved = value.in_period(MANAGER, LONGEST)
    chart = value_charts.balance(saved, 15_000, WHEN)
    whole(chart, ["Avoided", "Gained", "Saved"])
    net = saved.avoided - saved.gained
    assert chart.table["Of referrals"].unique().tolist() == [f"{saved.considered:,}"]
    assert f"{net:,}" in chart.table["How many"].iloc[2]
    expected = "No visits were saved" if net <= 0 else f"About {net:,} visits saved"
    assert chart.title.startswith(expected)
    cards = value_charts.in_words(saved, 15_000, 3_000)
    assert cards[0][0] == f"{net:,}"
    assert [len(one) for one in cards] == [2, 2, 2]
    assert (value_charts.roughly(156_283_349), value_charts.roughly(98_740)) == (
        "£1,560,000",
        "£987",
    )
    nothing = value_charts.balance(value.saved(10, 30, 100), 15_000, WHEN)
    assert nothing.title == f"No visits were saved: {WHEN}"
    assert min(nothing.figure.data[0].x) >= 0


def test_money_over_time_is_refused_where_all_is_hidden(published):
    found = value.over_time(MANAGER, "quarter", 15_000)
    told = value_charts.over_time(found)
    whole(told.chart, [])
    months = value.over_time(MANAGER, "quarter", 30_000)
    known = found["value"].notna()
    assert (months.loc[known, "value"] == 2 * found.loc[known, "value"]).all()
    found["value"] = pd.array([pd.NA] * len(found), dtype="Float64")
    with pytest.raises(NotFound, match="too few referrals to show by month"):
        value_charts.over_time(found)


def test_agreement_is_told_with_pairs_interval_and_kappa(published):
    found = truth_reading.agreement(MANAGER, LONGEST)
    assert found["measure"].tolist() == list(truth_reading.AGREEMENT)
    known = found.dropna(subset=["value", "low"])
    assert (known["low"] <= known["value"] + 1e-9).all()
    assert (known["value"] <= known["high"] + 1e-9).all()
    kappas = found.dropna(subset=["kappa"])
    assert len(kappas)
    assert kappas["kappa"].between(-1, 1).all()
    chart = truth_charts.agreement(found, WHEN)
    whole(chart, found["label"])
    # It may be hidden, since it gives a smaller one away.
    found.loc[found["measure"] == "clinic_agrees", "value_shown"] = "90 %"
    chart = truth_charts.agreement(found, WHEN)
    assert chart.title == f"Pictures and clinic agreed in 90 % of visits: {WHEN}"
    none = truth_charts.agreement(emptied(found, "*"), WHEN)
    assert none.title.startswith("Too few visits")


def test_cancer_is_told_with_how_many_and_how_sure(published):
    found = truth_reading.cancer(MANAGER, LONGEST)
    chart = truth_charts.cancer(found, WHEN)
    whole(chart, found["label"])
    cancers = figures.whole_service(MANAGER, "cancers_recognised", LONGEST)
    assert chart.table["n"].iloc[0] == cancers["whole_shown"]
    assert found["shown"].iloc[0] == cancers["value_shown"]
    found["shown"] = "*"
    assert truth_charts.cancer(found, WHEN).title.startswith("Too few cancers")
