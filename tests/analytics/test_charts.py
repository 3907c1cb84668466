"""Charts say their finding, begin at zero, and can be done without."""

import pandas as pd
import pytest

from core.analytics import charts, reading
from tests.analytics.test_numbers import MANAGER


def test_volumes_name_the_whole_and_label_each_bar(published):
    found = reading.volumes(MANAGER, "last_12_months")
    chart = charts.volumes(found)
    bar = chart.figure.data[0]
    whole = found.iloc[-1]
    sent = whole["sent_shown"]
    assert chart.title == f"About {sent} referrals were sent: 12 months to Sep 2026"
    assert list(bar.x) == [
        "Oct–Dec 2025",
        "Jan–Mar 2026",
        "Apr–Jun 2026",
        "Jul–Sep 2026",
    ]
    assert list(bar.text) == found["sent_shown"].tolist()[:-1]
    assert chart.figure.layout.yaxis.rangemode == "tozero"
    assert not chart.figure.layout.showlegend
    assert chart.table["Sent"].tolist() == found["sent_shown"].tolist()
    for label, sent in zip(found["label"][:-1], found["sent_shown"][:-1], strict=True):
        assert f"{label}: {sent}" in chart.alt_text


def test_a_month_is_its_own_bar(published):
    chart = charts.volumes(reading.volumes(MANAGER, "month:2026-09"))
    assert list(chart.figure.data[0].x) == ["Sep 2026"]


def test_outcomes_say_the_most_common_and_mark_visits_twice(published):
    found = reading.outcomes(MANAGER, "all_quarters")
    chart = charts.outcomes(found)
    assert chart.title.startswith("Most common answer: Advice, no follow-up needed, ")
    bar = chart.figure.data[0]
    striped = dict(zip(bar.y, bar.marker.pattern.shape, strict=True))
    colours = dict(zip(bar.y, bar.marker.color, strict=True))
    assert striped["Hospital, routine"] != striped["Treat in primary care"]
    assert colours["Hospital, routine"] != colours["Treat in primary care"]
    assert list(bar.x) == sorted(bar.x)
    # From zero, and the longest bar leaves room for its label.
    start, end = chart.figure.layout.xaxis.range
    assert start == 0
    assert end > max(bar.x)


def test_hidden_outcomes_keep_their_star(published):
    found = reading.outcomes(MANAGER, "month:2026-10")
    bar = charts.outcomes(found).figure.data[0]
    assert list(bar.text).count("*") == found["referrals"].isna().sum() > 0


def test_turnaround_says_how_fast_and_labels_the_ends(published):
    found = reading.turnaround(MANAGER, "last_12_months")
    chart = charts.turnaround(found)
    whole = found.iloc[-1]
    assert chart.title == (
        f"Half of the answers came within {whole['median_hours_shown']}, "
        f"{whole['percent_shown']} by the due time: 12 months to Sep 2026"
    )
    p90, median, in_time = chart.figure.data
    assert [bool(text) for text in median.text] == [False, False, False, True]
    assert "9 in 10 within" in p90.text[-1]
    assert list(in_time.text) == found["percent_shown"].tolist()[:-1]
    assert list(median.y) == pytest.approx(found["median_hours"].tolist()[:-1])


@pytest.mark.parametrize("priority", ["all", "urgent"])
def test_few_or_no_answers_are_said_in_words(published, priority):
    quiet = reading.turnaround(MANAGER, "quarter:2023-10", priority=priority)
    for name in ("answered", "within_target", "median_hours", "p90_hours", "percent"):
        quiet[name] = pd.array([pd.NA] * len(quiet), dtype="Float64")
    quiet["answered_shown"] = "*"
    assert "Too few answers" in charts.turnaround(quiet).title
    quiet["answered_shown"] = "0"
    assert "Nothing was answered" in charts.turnaround(quiet).title


def test_two_outcomes_as_common_as_each_other_are_both_named(published):
    found = reading.outcomes(MANAGER, "all_quarters")
    found["referrals"] = pd.array([20, 20, *[10] * (len(found) - 2)], dtype="Int64")
    title = charts.outcomes(found).title
    assert title == (
        "Most common answers: Advice, no follow-up needed and Treat in primary care"
    )


def test_no_answers_have_no_most_common_one(published):
    none = reading.outcomes(MANAGER, "month:2026-10")
    none["referrals"] = pd.array([pd.NA] * len(none), dtype="Int64")
    assert charts.outcomes(none).title.startswith("Too few answers")
    none["answered_shown"] = "0"
    assert charts.outcomes(none).title == "Nothing was answered in this period"
