"""A forecast on series made by hand, and expected cases without luck."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.clinics.matching.demand import forecast, in_turn


def wave(weeks, level=100, height=0.3):
    turn = 2 * np.pi * np.arange(weeks) * 7 / 365.25
    return level * np.exp(height * np.sin(turn))


def test_a_level_series_goes_on_as_it_is():
    made = forecast([50] * 30, 6)
    assert made.mean == pytest.approx(np.full(6, 50), rel=0.01)
    # Chance alone: the tenth and ninetieth percentile of a Poisson count of 50.
    assert made.low.tolist() == [41] * 6
    assert made.high.tolist() == [59] * 6
    assert made.q85.tolist() == [57] * 6


def test_a_season_of_two_years_comes_again():
    shape = wave(117)
    made = forecast(np.rint(shape[:104]).astype(int), 13)
    assert made.mean == pytest.approx(shape[104:], rel=0.02)


def test_a_season_is_not_guessed_from_less_than_a_year():
    made = forecast(np.rint(wave(25)).astype(int), 13)
    assert np.ptp(made.mean) == pytest.approx(0, abs=1e-6)


def test_a_trend_goes_on():
    weeks = np.arange(90)
    made = forecast(np.rint(100 * 1.004**weeks).astype(int), 4)
    assert made.mean == pytest.approx(100 * 1.004 ** np.arange(90, 94), rel=0.02)


def test_half_a_season_does_not_go_on_as_a_trend():
    rising = wave(65)[39:]
    made = forecast(np.rint(rising).astype(int), 13)
    assert made.mean == pytest.approx(np.full(13, rising.mean()), rel=0.05)


@pytest.mark.parametrize("weeks", [52, 60, 77])
def test_a_year_shows_the_season_without_a_trend(weeks):
    shape = wave(weeks + 13)
    made = forecast(np.rint(shape[:weeks]).astype(int), 13)
    assert made.mean == pytest.approx(shape[weeks:], rel=0.03)


def test_a_week_that_is_half_open_has_half_as_many():
    shares = [1.0] * 30
    shares[10], shares[27] = 0.5, 0.5
    counts = [40] * 26
    counts[10] = 20
    made = forecast(counts, 4, shares)
    assert made.mean == pytest.approx([40, 20, 40, 40], rel=0.02)


def test_more_scatter_than_chance_widens_the_interval():
    calm = forecast([60] * 40, 1)
    wild = forecast([30, 90] * 20, 1)
    assert wild.mean[0] == pytest.approx(60, rel=0.05)
    assert wild.high[0] - wild.low[0] > 2 * (calm.high[0] - calm.low[0])


def test_older_weeks_count_less():
    made = forecast([20] * 10 + [60] * 10, 1)
    assert 40 < made.mean[0] < 45


@pytest.mark.parametrize("counts", [[0], [0] * 60, [1], [3, 0, 5]])
def test_few_or_no_referrals_are_no_difficulty(counts):
    made = forecast(counts, 13)
    assert np.isfinite(made.mean).all()
    assert (made.mean <= max(counts) + 1).all()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 500), min_size=1, max_size=160))
def test_the_interval_is_in_order_and_finite(counts):
    made = forecast(counts, 13)
    assert np.isfinite(made.mean).all()
    assert (made.low <= made.q85).all()
    assert (made.q85 <= made.high).all()


def test_eight_in_ten_counts_fall_into_the_interval():
    drawn = np.random.default_rng(5)
    inside = beyond = 0
    for _ in range(60):
        mean = wave(143, level=drawn.choice([12, 60, 300]))
        counts = drawn.poisson(drawn.gamma(10, mean / 10))
        made = forecast(counts[:130], 13)
        later = counts[130:]
        inside += ((made.low <= later) & (later <= made.high)).sum()
        beyond += (later > made.q85).sum()
    assert 0.70 <= inside / (60 * 13) <= 0.88
    assert 0.10 <= beyond / (60 * 13) <= 0.25


@pytest.mark.parametrize(
    ("counts", "shares"), [([], None), ([-1], None), ([1, 2], [1, 1]), ([1], [1, -1])]
)
def test_what_cannot_be_forecast_is_refused(counts, shares):
    with pytest.raises(ValueError, match="need"):
        forecast(counts, 1, shares)


def test_people_come_in_turn_and_as_many_of_each_share_as_are_wanted():
    which = in_turn(np.array([6.0, 3.0, 1.0])).tolist()
    assert [which.count(share) for share in range(3)] == [6, 3, 1]
    # No two of the second without one of the first between them.
    assert "11" not in "".join(map(str, which))


def test_the_largest_remainder_has_whom_rounding_leaves():
    assert in_turn(np.array([1.4, 1.5, 0.1])).tolist() == [1, 0, 1]
    assert in_turn(np.array([0.5, 0.5])).tolist() == [0]
    assert in_turn(np.array([0.2, 0.1])).tolist() == []


@given(st.lists(st.floats(0, 40), min_size=1, max_size=8))
def test_the_sum_is_rounded_once_and_nobody_is_more_than_one_off(parts):
    wanted = np.array(parts)
    which = in_turn(wanted)
    assert len(which) == round(float(wanted.sum()))
    counts = np.bincount(which, minlength=len(wanted))
    assert (np.abs(counts - wanted) <= 1).all()
