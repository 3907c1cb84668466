"""Forecasts of weekly counts: on made and real series, and what always holds."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analytics.back_testing import accuracy, back_test
from core.analytics.forecasting import forecast, seasonal_naive, working_days
from core.contracts.reference import bank_holidays


DEATHS = Path(__file__).parents[3] / "shared" / "cases" / "ons_weekly_deaths_CC0.csv"


def weeks(n):
    return pd.date_range("2022-01-03", periods=n, freq="7D")


def always_open(n):
    return pd.Series(5.0, index=weeks(n))


def made(n, level=60, trend=0.05, wave=0.25, seed=1):
    """Counts with a mean that is known, and the mean itself 13 weeks further."""
    index = weeks(n + 13)
    turn = 2 * np.pi * (index.day_of_year / 365.25 - 0.6)
    past = np.arange(n + 13) / 52
    mean = pd.Series(level * np.exp(trend * past + wave * np.cos(turn)), index=index)
    counts = np.random.default_rng(seed).negative_binomial(30, 30 / (30 + mean[:n]))
    return pd.Series(counts, index=index[:n], dtype="float"), mean


def test_a_known_season_and_trend_are_found_again():
    history, mean = made(260)
    found = forecast(history, always_open(273))
    assert found.season == "two waves"
    off = found.weeks["mean"] / mean[-13:]
    assert off.between(0.92, 1.08).all()
    # One thirtieth was put in.
    assert 0.015 < found.dispersion < 0.06


def test_the_same_every_week_goes_on_with_chances_own_width():
    found = forecast(pd.Series(60.0, index=weeks(156)), always_open(169)).weeks
    assert found["mean"].to_numpy() == pytest.approx(60, abs=0.5)
    # A Poisson of 60 has 50 and 70 at its tenths.
    assert found["low"].between(49, 50).all() and found["high"].between(70, 71).all()
    assert found["capacity"].iloc[0] == pytest.approx(found["mean"].iloc[0] / 0.85)
    # Its 85th percentile is 68.
    assert found["p85"].between(68, 69).all()
    assert (found["naive"] == 60).all()
    assert found.index[0] == pd.Timestamp("2022-01-03") + pd.Timedelta(weeks=156)


def test_a_short_week_brings_less_and_a_closed_one_nothing():
    open_days = always_open(169)
    open_days.iloc[156], open_days.iloc[157] = 4, 0
    found = forecast(pd.Series(60.0, index=weeks(156)), open_days).weeks
    one, two, three = found["mean"].iloc[:3]
    assert one == pytest.approx(0.8 * three, rel=0.01)
    assert two == found["high"].iloc[1] == found["low"].iloc[1] == 0


def test_weeks_that_were_short_do_not_lower_the_level():
    open_days = always_open(169)
    open_days.iloc[::4] = 3
    history = (12 * open_days[:156]).astype("float")
    found = forecast(history, open_days).weeks
    assert found["mean"].to_numpy() == pytest.approx(
        12 * open_days[156:].to_numpy(), rel=0.02
    )


def test_weeks_in_which_a_service_was_only_beginning_say_nothing_of_its_trend():
    # From nothing to 300 a week in a year, and 300 ever since.
    begun = np.concatenate([np.linspace(5, 300, 52), np.full(104, 300.0)])
    found = forecast(pd.Series(begun, index=weeks(156)), always_open(169)).weeks
    assert found["mean"].between(285, 345).all()
    assert (found["naive"] == 300).all()


def test_a_service_that_only_begins_has_all_its_weeks():
    begun = pd.Series(np.arange(1.0, 21), index=weeks(20))
    found = forecast(begun, always_open(33))
    assert found.weeks is not None
    assert found.weeks["mean"].iloc[0] > 15


def test_what_the_newest_weeks_were_above_the_rest_is_carried_on_and_fades():
    history = pd.Series(60.0, index=weeks(156))
    history.iloc[-8:] = 90.0
    usual = forecast(pd.Series(60.0, index=weeks(156)), always_open(169)).weeks["mean"]
    found = forecast(history, always_open(169)).weeks["mean"]
    above = found / usual
    assert 1.3 < above.iloc[0] < 1.5
    assert (np.diff(above) < 0.02).all()
    assert above.iloc[-1] < above.iloc[0]


@pytest.mark.parametrize(
    ("known", "season", "words"),
    [
        (104, "two waves", "own level, trend and season"),
        (103, "one wave", "less than two years"),
        (52, "one wave", "the trend fades"),
        (51, "none", "no season is known yet"),
        (13, "none", "less than a year"),
    ],
)
def test_less_history_makes_a_simpler_forecast_and_says_so(known, season, words):
    history, _ = made(known)
    found = forecast(history, always_open(known + 13))
    assert found.season == season
    assert words in found.note
    assert len(found.weeks) == 13
    assert found.weeks["naive"].notna().all() == (known >= 52)


def test_below_13_weeks_there_is_no_forecast_but_a_reason():
    found = forecast(made(12)[0], always_open(25))
    assert found.weeks is None
    assert found.note == "Too few weeks (12) for a forecast; 13 are needed."
    # 20 weeks of which 12 are known are no better.
    hidden = made(20)[0]
    hidden.iloc[3:11] = np.nan
    assert forecast(hidden, always_open(33)).weeks is None
    assert forecast(hidden.iloc[:0], always_open(3)).weeks is None


def test_a_short_trend_fades():
    rising = pd.Series(np.arange(40.0, 80), index=weeks(40))
    found = forecast(rising, always_open(66), weeks=26).weeks["mean"]
    first, last = found.diff().iloc[1], found.diff().iloc[-1]
    assert 0 < last < 0.2 * first


def test_without_a_season_of_its_own_the_range_is_wider():
    year, _ = made(52, wave=0)
    less = year.iloc[1:]
    known = forecast(year, always_open(65)).weeks
    unknown = forecast(less, always_open(65)).weeks
    assert (unknown["high"] - unknown["low"] > known["high"] - known["low"]).all()


def test_the_less_is_known_the_wider_is_the_range():
    def width(known):
        history = pd.Series(300.0, index=weeks(known))
        found = forecast(history, always_open(known + 13)).weeks
        return (found["high"] - found["low"]).iloc[-1]

    assert width(14) > width(51)


def test_what_was_six_years_ago_hardly_counts():
    history, _ = made(312, trend=0)
    changed = history.copy()
    changed.iloc[:52] *= 1.5
    before, after = (
        forecast(one, always_open(325)).weeks["mean"].mean()
        for one in (history, changed)
    )
    # Were all years alike, the trend would take off an eighth: half of that is left.
    assert 0.91 * before < after < before


def test_a_hidden_week_is_no_week_without_referrals():
    history, _ = made(156)
    with_gap = history.copy()
    with_gap.iloc[[20, 80, 150]] = np.nan
    left_out = history.drop(history.index[[20, 80, 150]])
    open_days = always_open(169)
    a, b = forecast(with_gap, open_days), forecast(left_out, open_days)
    assert a.weeks.equals(b.weeks)
    nullable = with_gap.astype("Int64")
    assert forecast(nullable, open_days).weeks.equals(a.weeks)
    whole = forecast(history, open_days).weeks["mean"]
    assert (a.weeks["mean"] / whole).between(0.95, 1.05).all()


def test_what_cannot_be_is_a_bug():
    history = made(20)[0]
    with pytest.raises(ValueError, match="open days"):
        forecast(history, always_open(32))
    with pytest.raises(ValueError, match="not below 0"):
        forecast(history - 1000, always_open(33))
    uneven = history.set_axis(
        [*history.index[:-1], history.index[-1] + pd.Timedelta("1D")]
    )
    with pytest.raises(ValueError, match="seven days apart"):
        forecast(uneven, always_open(33))


def test_the_naive_forecast_is_the_year_before():
    history = pd.Series(np.arange(60.0), index=weeks(60))
    found = seasonal_naive(history)
    assert found.tolist() == list(range(8, 21))
    short = seasonal_naive(history.iloc[:45])
    assert short.isna().sum() == 7
    assert short.dropna().tolist() == list(range(6))
    assert seasonal_naive(history.iloc[:0]).empty


def test_working_days_come_from_the_bank_holidays():
    index = pd.DatetimeIndex(["2026-12-14", "2026-12-21", "2026-12-28", "2027-01-04"])
    # 25 December is a Friday, the 28th stands for the 26th; 1 January.
    assert working_days(index, bank_holidays()).tolist() == [5, 4, 3, 5]


COUNTS = st.lists(st.integers(0, 400), min_size=13, max_size=120)


@settings(max_examples=60, deadline=None)
@given(COUNTS, st.data())
def test_a_forecast_is_never_negative_and_lies_in_its_range(counts, data):
    n = len(counts)
    days = data.draw(st.lists(st.integers(0, 5), min_size=n + 13, max_size=n + 13))
    history = pd.Series(counts, index=weeks(n), dtype="float")
    open_days = pd.Series(days, index=weeks(n + 13), dtype="float")
    found = forecast(history, open_days).weeks
    again = forecast(history, open_days).weeks
    if sum(day > 0 for day in days[:n]) < 13:
        assert found is again is None
        return
    assert found.equals(again)
    numbers = found[["low", "mean", "high", "p85", "capacity"]]
    assert np.isfinite(numbers.to_numpy()).all()
    assert (numbers >= 0).all(axis=None)
    assert (found["low"] <= found["mean"]).all()
    assert (found["mean"] <= found["high"]).all()
    assert (found["p85"] <= found["high"]).all()
    assert (found["mean"] <= found["capacity"]).all()


def test_a_back_test_sees_only_what_was_known():
    history, _ = made(200)
    tested = back_test(history, always_open(213))
    assert tested["made_after"].nunique() == 3
    assert (tested.index > tested["made_after"]).all()
    changed = history.copy()
    changed.iloc[169:] *= 3
    again = back_test(changed, always_open(213))
    assert again["mean"].iloc[:26].equals(tested["mean"].iloc[:26])
    assert not again["mean"].iloc[26:].equals(tested["mean"].iloc[26:])


def test_accuracy_by_hand():
    tested = pd.DataFrame(
        {
            "mean": [110.0, 90, 50, 1],
            "naive": [120.0, 100, 50, 1],
            "low": [90.0, 80, 40, 0],
            "high": [130.0, 95, 60, 2],
            "p85": [120.0, 93, 55, 2],
            # The last brought nothing: of that no error is a share.
            "actual": [100.0, 100, 50, 0],
        }
    )
    found = accuracy(tested)
    assert found.weeks == 3
    assert found.error == pytest.approx((0.1 + 0.1 + 0) / 3)
    assert found.naive_error == pytest.approx((0.2 + 0 + 0) / 3)
    assert found.in_band == pytest.approx(2 / 3)
    assert found.below_p85 == pytest.approx(2 / 3)
    none = accuracy(back_test(made(100)[0], always_open(113)))
    assert (none.weeks, none.error) == (0, None)


def past_holidays():
    """Bank holidays of England and Wales, 2009 to 2020, by their rules."""
    found = {date(2011, 4, 29), date(2012, 6, 4), date(2012, 6, 5)}
    good_fridays = [410, 402, 422, 406, 329, 418, 403, 325, 414, 330, 419, 410]
    for year, friday in zip(range(2009, 2021), good_fridays, strict=True):
        easter = date(year, *divmod(friday, 100))
        found |= {easter, easter + timedelta(3)}
        first = date(year, 5, 1)
        # The early May holiday of 2020 was moved to the 8th.
        early = first + timedelta(-first.weekday() % 7)
        found.add(date(2020, 5, 8) if year == 2020 else early)
        for last in (date(year, 5, 31), date(year, 8, 31)):
            # In 2012 the spring holiday went to June.
            if (year, last.month) != (2012, 5):
                found.add(last - timedelta(last.weekday()))
        for day in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
            later = (day + timedelta(n) for n in range(5))
            found.add(next(d for d in later if d.weekday() < 5 and d not in found))
    return found


@pytest.mark.slow
def test_ten_years_of_weekly_deaths_are_forecast_better_than_by_the_year_before():
    if not DEATHS.exists():
        pytest.skip("needs the public series beside the project")
    theirs = pd.read_csv(DEATHS, parse_dates=["date"]).set_index("date")["counts"]
    # By the Friday on which the week ends; it began on a Saturday. Before the pandemic.
    history = theirs[:"2019-12-31"].astype("float")
    history.index -= pd.Timedelta(days=6)
    index = pd.date_range(history.index[0], periods=len(history) + 13, freq="7D")
    tested = back_test(history, working_days(index, past_holidays()))
    found = accuracy(tested)
    assert found.weeks > 350
    assert found.error < 0.06
    assert found.error < 0.92 * found.naive_error
    assert 0.78 < found.in_band < 0.9
    assert 0.8 < found.below_p85 < 0.92
