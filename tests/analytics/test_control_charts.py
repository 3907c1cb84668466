"""Control charts as drawn: finding, names of lines, words, table, icons."""

from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from core.analytics.control_charts import control_chart, sparkline
from core.analytics.spc import xmr
from core.analytics.spc_icons import assurance_icon, variation_icon


CALM = [10, 12, 9, 11, 10, 13, 8, 11, 12, 9, 10, 11, 12, 9]


def weekly(values):
    index = pd.date_range("2026-01-05", periods=len(values), freq="7D")
    return pd.Series(values, index=index, dtype="float")


def traces(chart):
    """Traces by name; a name that comes back has the newest."""
    return {one.name: one for one in chart.figure.data}


def names(chart):
    return [one.text for one in chart.figure.layout.annotations]


def test_the_title_is_the_finding_and_the_lines_have_their_names():
    found = xmr(weekly([*CALM, *[7] * 8]), better="lower", target=6)
    chart = control_chart(found, "Turnaround", unit="hours")
    assert chart.title == (
        "Turnaround has improved since the week of 6 April 2026: 9 weeks below the mean"
    )
    last = found.points.iloc[-1]
    drawn = traces(chart)
    assert drawn["mean"].y[-1] == last["mean"]
    assert drawn["upper"].y[-1] == last["upper"]
    assert set(drawn["target"].y) == {6}
    said = names(chart)
    assert "Target<br>6 h" in said
    assert [one.split("<br>")[0] for one in said] == [
        "Lower limit",
        "Target",
        "Mean",
        "Upper limit",
    ]
    assert not chart.figure.layout.showlegend


def test_special_causes_have_a_colour_and_a_shape():
    found = xmr(weekly([*CALM, *[7] * 8, 40]), better="lower")
    chart = control_chart(found, "Turnaround", unit="hours")
    drawn = traces(chart)
    looks = [drawn[one].marker for one in ("common", "improvement", "concern")]
    assert len({one.color for one in looks}) == len({one.symbol for one in looks}) == 3
    for kind in ("common", "improvement", "concern"):
        marked = ~np.isnan(np.array(drawn[kind].y, dtype="float"))
        assert (marked == (found.points["kind"] == kind).to_numpy()).all()
    assert "blue squares: improvement" in chart.subtitle.lower()
    assert "orange diamonds: concern" in chart.subtitle
    assert "purple" not in chart.subtitle


def test_a_hidden_figure_is_a_star_on_the_axis_and_breaks_the_line():
    values = [*CALM[:5], np.nan, *CALM]
    found = xmr(weekly(values), better="lower")
    chart = control_chart(found, "Referrals", unit="count")
    (star,) = [one for one in chart.figure.layout.annotations if one.text == "*"]
    assert (star.x, star.y, star.yref) == ("9 Feb 2026", 0, "y domain")
    line = traces(chart)["values"]
    assert np.isnan(line.y[5]) and line.connectgaps is False
    assert "* is a figure that is not shown" in chart.subtitle
    assert chart.table.loc[5, ["Value", "Point"]].tolist() == ["*", "not shown"]
    assert "9 Feb 2026: *" in chart.alt_text


def test_on_too_few_points_nothing_is_said_but_the_points():
    found = xmr(weekly([*[10] * 11, 40]), better="lower", target=6)
    chart = control_chart(found, "Turnaround", unit="hours")
    assert "too few" in chart.title
    assert {one.name for one in chart.figure.data if any(one.marker.symbol or "")} == {
        "common"
    }
    assert not {one.split("<br>")[0] for one in names(chart)} & {"Mean", "Upper limit"}
    assert set(chart.table["Point"]) == {"common cause"}
    assert set(chart.table["Upper limit"]) == {"–"}
    assert "orange" not in chart.subtitle
    assert "limits" not in chart.alt_text


def test_where_there_was_nothing_to_count_nothing_is_hidden():
    values = [*CALM[:5], np.nan, *CALM]
    shown = ["–" if np.isnan(one) else str(one) for one in values]
    found = xmr(weekly(values), better="lower")
    chart = control_chart(found, "Answered in time", unit="percent", shown=shown)
    assert "*" not in names(chart)
    assert "not shown" not in chart.subtitle
    assert chart.table.loc[5, ["Value", "Point"]].tolist() == ["–", "nothing to count"]


def test_each_rebased_group_has_lines_of_its_own():
    values = weekly([*CALM, *[one + 20 for one in CALM]])
    found = xmr(values, better="neither", rebase=["2026-04-13"])
    means = [
        one
        for one in control_chart(found, "Referrals", unit="count").figure.data
        if one.name == "mean"
    ]
    assert [set(one.y) for one in means] == [{10.5}, {30.5}]
    assert [len(one.x) for one in means] == [14, 14]


def test_no_share_is_drawn_above_100_percent_and_money_is_pounds():
    shares = control_chart(
        xmr(weekly([99, 100, 97, 100, 98] * 3), better="higher"),
        "Answered in time",
        unit="percent",
    )
    assert traces(shares)["upper"].y[-1] == 100
    assert shares.table["Upper limit"].iloc[0] == "100 %"
    money = control_chart(
        xmr(weekly([100 * one for one in CALM]), better="neither"),
        "Saved",
        unit="money",
    )
    assert traces(money)["values"].y[0] == 10
    assert money.table["Value"].iloc[0] == "£10"


def test_words_of_the_caller_are_used():
    found = xmr(weekly(CALM), better="neither")
    labels, shown = [f"W{n}" for n in range(14)], [f"{n} things" for n in range(14)]
    chart = control_chart(found, "Referrals", unit="count", labels=labels, shown=shown)
    assert list(traces(chart)["values"].x) == labels
    assert "W13: 13 things" in chart.alt_text
    assert chart.table["Value"].tolist() == shown


def test_the_alt_text_says_finding_lines_and_points():
    chart = control_chart(
        xmr(weekly([*CALM, 40]), better="lower", target=6), "Turnaround", unit="hours"
    )
    assert chart.alt_text.startswith(
        "Control chart. Turnaround was above the upper limit"
    )
    assert "Mean 12 h 28 min, limits 6 h" in chart.alt_text
    assert "13 Apr 2026: 1 d 16 h (concern)" in chart.alt_text
    assert chart.alt_text.count(";") == 14


@pytest.mark.parametrize("values", [[], [np.nan] * 4, [5] * 15, CALM[:1]])
@pytest.mark.parametrize("draw", [control_chart, sparkline])
def test_little_nothing_or_constant_figures_can_be_drawn(values, draw):
    chart = draw(
        xmr(weekly(values), better="lower", target=6), "Turnaround", unit="hours"
    )
    assert chart.title
    assert chart.figure.to_json()
    assert len(chart.table) == len(values)
    assert "nan" not in chart.alt_text


def test_a_sparkline_is_small_and_says_the_same():
    found = xmr(weekly([*CALM, *[7] * 8]), better="lower", target=6)
    small = sparkline(found, "Turnaround", unit="hours")
    assert small.figure.layout.height == 90
    assert not small.figure.layout.xaxis.visible
    assert not small.figure.layout.annotations
    assert small.title == control_chart(found, "Turnaround", unit="hours").title
    assert "target of 6 h" in small.alt_text
    assert traces(small)["improvement"].marker.symbol == "square"


@pytest.mark.parametrize(
    ("values", "better", "word", "text"),
    [
        ([*CALM, *[7] * 8], "lower", "Improving", "Variation: improving, going down"),
        ([*CALM, *[7] * 8], "higher", "Concern", "Variation: concern, going down"),
        ([*CALM, 40], "lower", "Concern", "Variation: concern, going up"),
        ([*CALM, *[7] * 8], "neither", "Lower", "neither good nor bad"),
        ([*CALM, 40], "neither", "Higher", "neither good nor bad"),
        (CALM, "lower", "Common cause", "chance alone"),
        (CALM[:9], "lower", "Too few", "too few points"),
        ([], "lower", "No figure", "no figure can be shown"),
    ],
)
def test_the_variation_icon_has_its_word_and_a_text(values, better, word, text):
    icon = variation_icon(xmr(weekly(values), better=better))
    assert words_of(icon) == word
    assert text in icon.text


def words_of(icon):
    drawn = ElementTree.fromstring(icon.svg)  # noqa: S314 - our own picture
    assert drawn.attrib["role"] == "img"
    assert drawn.attrib["aria-label"] == icon.text
    space = "{http://www.w3.org/2000/svg}"
    assert drawn.find(f"{space}circle") is not None
    return " ".join(one.text for one in drawn.iter(f"{space}text"))


@pytest.mark.parametrize(
    ("target", "word"), [(40, "Passes"), (1, "Misses"), (10, "Hit and miss")]
)
def test_the_assurance_icon_has_its_word(target, word):
    icon = assurance_icon(xmr(weekly(CALM), better="lower", target=target))
    assert words_of(icon) == word


@pytest.mark.parametrize(
    ("values", "options"),
    [
        (CALM, {"better": "lower"}),
        (CALM, {"better": "neither", "target": 10}),
        (CALM[:9], {"better": "lower", "target": 10}),
        ([], {"better": "lower", "target": 10}),
    ],
)
def test_where_nothing_can_be_assured_there_is_no_icon(values, options):
    assert assurance_icon(xmr(weekly(values), **options)) is None
