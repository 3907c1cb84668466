"""A forecast on series made by hand, and expected cases without luck."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.clinics.matching.demand import Share, expected_cases, forecast
from tests.clinics.matching.made import POLICY


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


SHARES = [Share(0, 0, 20, 0, 0.3), Share(1, 1, 30, 0, 0.15), Share(0, 2, 60, 1, 0.05)]


def test_expected_cases_are_as_many_as_the_shares_say():
    made = expected_cases([70.0, 70.0], SHARES, [14, 28, 126], POLICY)
    assert [(made.kind == kind).sum() for kind in range(3)] == [42, 21, 7]
    assert made.expected.all()
    assert (made.due - made.ready).tolist() == [
        14 if urgency == 0 else 28 for urgency in made.urgency.tolist()
    ]


def test_expected_cases_are_spread_evenly_over_the_days():
    made = expected_cases([70.0, 70.0], SHARES, [14, 28, 126], POLICY)
    assert np.bincount(made.ready, minlength=14).tolist() == [5] * 14
    long = np.flatnonzero(made.kind == 2)
    assert np.diff(made.ready[long]).tolist() == [2] * 6


def test_a_quiet_week_has_fewer():
    made = expected_cases([70.0, 0.0], SHARES, [14, 28, 126], POLICY)
    assert made.ready.max() <= 6
    assert len(made) == 35


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8), st.floats(0, 60))
def test_remainders_are_given_to_the_largest(parts, weekly):
    shares = [Share(0, 0, 20, 0, part) for part in parts]
    made = expected_cases([weekly] * 2, shares, [14], POLICY)
    assert abs(len(made) - 2 * weekly * sum(parts)) <= 0.5 + 1e-6
    assert len(set(made.ids)) == len(made)
