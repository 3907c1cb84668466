"""Funnels and forecasts as drawn: finding, names, words, table."""

import numpy as np
import pandas as pd
import pytest

from core.analytics import funnel
from core.analytics.back_testing import Accuracy
from core.analytics.forecast_charts import forecast_chart
from core.analytics.forecasting import forecast
from core.analytics.funnel_charts import funnel_chart
from tests.analytics.test_forecasting import always_open, made


def ratios(**changed):
    """Thirty practices with as many as expected, but for those named."""
    expected = pd.Series(
        np.linspace(40, 300, 30), index=[f"Practice {n:02}" for n in range(30)]
    )
    observed = expected.round()
    for name, times in changed.items():
        observed[f"Practice {name[1:]}"] = round(
            expected[f"Practice {name[1:]}"] * times
        )
    return observed, expected


def chart_of(observed, expected):
    found = funnel.ratios(observed, expected)
    return funnel_chart(
        found,
        "Referrals for list size",
        unit="ratio",
        sizes="Expected",
        observed="Referrals",
    )


def test_who_differs_is_named_in_title_picture_and_words():
    chart = chart_of(*ratios(_03=2, _20=0.5))
    assert chart.title == (
        "2 of 30 practices differ by more than chance explains: referrals for list size"
    )
    drawn = {one.name: one for one in chart.figure.data}
    assert list(drawn["high"].text) == ["Practice 03"]
    assert list(drawn["low"].text) == ["Practice 20"]
    assert drawn["within"].text is None
    assert len(drawn["within"].x) == 28
    assert len({drawn[one].marker.symbol for one in ("high", "low", "within")}) == 3
    assert "Practice 03: 2.00, above the 99.8 % limits" in chart.alt_text
    assert "Practice 20: 0.50, below the 99.8 % limits" in chart.alt_text
    for name in ("lower_95", "upper_95", "lower_998", "upper_998"):
        assert len(drawn[name].x) > 50


def test_the_table_is_in_the_order_of_names_and_ranks_nobody():
    observed, expected = ratios(_03=2)
    shuffled = observed.sample(frac=1, random_state=2)
    chart = chart_of(shuffled, expected.reindex(shuffled.index))
    assert chart.table["Practice"].tolist() == sorted(observed.index)
    assert chart.table.loc[3, "Place"] == "above 99.8 %"
    assert set(chart.table["Place"].drop(3)) == {"within"}
    assert chart.table.loc[0, ["Referrals", "Expected", "Value"]].tolist() == [
        "40",
        "40",
        "1.00",
    ]


def test_hidden_practices_are_named_and_not_drawn():
    observed, expected = ratios()
    observed.iloc[[4, 7]] = np.nan
    chart = chart_of(observed, expected)
    assert chart.title.startswith("No practice differs from the others")
    assert "Not shown, too few cases: Practice 04, Practice 07." in chart.subtitle
    assert chart.table.loc[4, ["Referrals", "Value", "Place"]].tolist() == ["*"] * 3
    (within,) = [one for one in chart.figure.data if one.name == "within"]
    assert len(within.x) == 28
    observed.iloc[:25] = np.nan
    many = chart_of(observed, expected).subtitle
    assert "Practice 09 and 15 more, in the table" in many


def test_the_subtitle_says_whether_limits_are_widened():
    assert "not widened for over-dispersion" in chart_of(*ratios()).subtitle
    uneven = {f"_{n:02}": 1.4 if n % 2 else 0.6 for n in range(30)}
    wide = chart_of(*ratios(**uneven))
    assert "widened because practices differ" in wide.subtitle
    assert "φ = " in wide.subtitle


def test_many_outliers_are_not_all_named_in_the_picture():
    uneven = {f"_{n:02}": 3 for n in range(15)}
    observed, expected = ratios(**uneven)
    found = funnel.ratios(observed, expected, adjust=False)
    chart = funnel_chart(found, "Referrals", unit="ratio", sizes="Expected")
    drawn = {one.name: one for one in chart.figure.data}
    assert drawn["high"].text is None
    assert "Practice 00: 3.00, above" in chart.alt_text


def test_names_that_would_cover_each_other_stand_above_and_below():
    observed, expected = ratios(_05=3, _07=3, _28=3)
    found = funnel.ratios(observed, expected, adjust=False)
    chart = funnel_chart(found, "Referrals", unit="ratio", sizes="Expected")
    drawn = {one.name: one for one in chart.figure.data}["high"]
    places = dict(zip(drawn.text, drawn.textposition, strict=True))
    assert places == {
        "Practice 05": "top right",
        "Practice 07": "bottom center",
        "Practice 28": "top left",
    }


def test_shares_are_percentages():
    whole = pd.Series(np.full(20, 200.0), index=[f"P{n:02}" for n in range(20)])
    part = whole * 0.1
    part.iloc[0] = 50
    chart = funnel_chart(
        funnel.proportions(part, whole),
        "Cancers found",
        unit="percent",
        per=100,
        sizes="Referrals",
        observed="Cancers",
    )
    assert chart.title.startswith("1 of 20 practices differs")
    assert chart.table.loc[0, "Value"] == "25 %"
    (high,) = [one for one in chart.figure.data if one.name == "high"]
    assert high.y[0] == 25


@pytest.mark.parametrize("n", [0, 3])
def test_without_any_figure_the_funnel_says_so(n):
    nothing = pd.Series([np.nan] * n, index=[f"P{k}" for k in range(n)], dtype="float")
    chart = chart_of(nothing, nothing)
    assert chart.title.startswith("No practice can be shown")
    assert not chart.figure.data
    assert len(chart.table) == n


def test_a_forecast_says_how_many_and_what_it_takes():
    history, _ = made(156, trend=0.2)
    found = forecast(history, always_open(169))
    measured = Accuracy(
        weeks=39, error=0.123, naive_error=0.171, in_band=0.8, below_p85=0.85
    )
    chart = forecast_chart(history, found, accuracy=measured)
    mean = found.weeks["mean"].mean()
    more = mean / found.weeks["naive"].mean() - 1
    assert chart.title == (
        f"About {mean:.0f} referrals a week are expected, {100 * more:.0f} % more than a "
        "year before: 13 weeks from 30 Dec 2024"
    )
    assert "off by 12 % of a week on average; the same week a year before by 17 %" in (
        chart.subtitle
    )
    assert found.note in chart.subtitle
    drawn = {one.name: one for one in chart.figure.data}
    assert len(drawn["history"].x) == 104
    assert list(drawn["mean"].y) == found.weeks["mean"].tolist()
    assert list(drawn["capacity"].y) == found.weeks["capacity"].tolist()
    assert len(drawn["range"].x) == 26
    said = [one.text.split("<br>")[0] for one in chart.figure.layout.annotations]
    assert sorted(said) == ["A year before", "Expected", "Places needed"]
    assert chart.figure.layout.yaxis.rangemode == "tozero"
    assert chart.alt_text.count("places needed") == 13
    assert len(chart.table) == 104 + 13
    assert chart.table.iloc[-1]["Came"] == chart.table.iloc[0]["Expected"] == "–"


def test_about_as_many_is_no_change():
    history = pd.Series(60.0, index=made(156)[0].index)
    chart = forecast_chart(
        history, forecast(history, always_open(169)), things="requests"
    )
    assert chart.title.startswith(
        "About 60 requests a week are expected, as many as a year before"
    )


def test_a_young_service_compares_with_nothing_and_shows_hidden_weeks_as_stars():
    history, _ = made(30)
    history.iloc[4] = np.nan
    chart = forecast_chart(history, forecast(history, always_open(43)))
    assert "year before" not in chart.title
    assert "naive" not in {one.name for one in chart.figure.data}
    stars = [one for one in chart.figure.layout.annotations if one.text == "*"]
    assert [one.x for one in stars] == [history.index[4]]
    assert chart.table.loc[4, "Came"] == "*"
    assert set(chart.table["A year before"]) == {"–"}


def test_too_short_a_history_is_drawn_with_the_reason():
    history, _ = made(9)
    chart = forecast_chart(history, forecast(history, always_open(22)))
    assert chart.title == "Referrals cannot be forecast yet"
    assert chart.subtitle == "Too few weeks (9) for a forecast; 13 are needed."
    assert len(chart.table) == 9
    nobody = pd.Series(0.0, index=made(20)[0].index)
    none = forecast_chart(nobody, forecast(nobody, always_open(33)))
    assert none.title.startswith("Hardly any referrals are expected")
