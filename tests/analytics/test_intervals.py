"""Intervals, against published examples and arithmetic done by hand."""

from datetime import date
from math import inf, sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analytics import intervals, truth
from core.analytics.before_after import before_after, in_words


PAIRS = st.tuples(st.integers(0, 200), st.integers(1, 200)).map(
    lambda pair: (min(pair), max(pair))
)


def test_a_share_of_none_by_hand():
    found = intervals.share(0, 10)
    # 1.96 squared is 3.8415; over 10 + 3.8415.
    assert (found.value, found.low) == (0, 0)
    assert found.high == pytest.approx(3.841459 / 13.841459)
    assert intervals.share(0, 0) == intervals.NOTHING
    with pytest.raises(ValueError, match="above its whole"):
        intervals.share(3, 2)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        # Newcombe 1998, table II, method 10.
        ((48, 80), (56, 70), (0.2, 0.0524, 0.3339)),
        ((3, 10), (9, 10), (0.6, 0.1705, 0.8090)),
        ((2, 7), (6, 7), (0.5714, 0.0582, 0.8062)),
        ((0, 29), (5, 56), (0.0893, -0.0381, 0.1926)),
        ((0, 10), (0, 20), (0, -0.2775, 0.1611)),
        ((0, 10), (10, 10), (1, 0.6075, 1)),
    ],
)
def test_differences_of_shares_are_newcombes(first, second, expected):
    found = intervals.difference_of_shares(first, second)
    assert (found.value, found.low, found.high) == pytest.approx(expected, abs=5e-5)
    assert found.n == first[1] + second[1]


@given(PAIRS, PAIRS)
def test_a_difference_turned_round_is_its_negative(first, second):
    one = intervals.difference_of_shares(first, second)
    other = intervals.difference_of_shares(second, first)
    assert one.value == -other.value
    assert one.low == pytest.approx(-other.high)
    assert (
        -1 <= one.low <= one.value + 1e-12 and one.value <= one.high + 1e-12 <= 1 + 1e-9
    )


def test_without_cases_on_one_side_there_is_no_difference():
    found = intervals.difference_of_shares((0, 0), (3, 5))
    assert found.value is None
    assert not found.excludes(0)


def test_rates_have_garwoods_limits():
    # Ten events: 4.795 to 18.39; none: up to 3.689.
    found = intervals.rate(10, 1)
    assert (found.low, found.high) == pytest.approx((4.7954, 18.3904), abs=5e-5)
    none = intervals.rate(0, 2)
    assert none.low == 0
    assert none.high == pytest.approx(3.68888 / 2, abs=1e-5)
    assert intervals.rate(0, 0) == intervals.NOTHING
    with pytest.raises(ValueError, match="not negative"):
        intervals.rate(-1, 2)


@given(st.integers(0, 500), st.floats(0.1, 1000))
def test_a_rate_lies_in_its_interval(count, exposure):
    found = intervals.rate(count, exposure)
    assert 0 <= found.low <= found.value <= found.high


def test_a_difference_of_means_by_hand():
    # Variance 2.5 on both sides: the error is 1, with 8 degrees of freedom 2.306 of it.
    found = intervals.difference_of_means([1, 2, 3, 4, 5], [3, 4, 5, 6, 7])
    assert (found.value, found.n) == (2, 10)
    assert (found.low, found.high) == pytest.approx((2 - 2.306, 2 + 2.306), abs=5e-4)
    assert not found.excludes(0)
    assert found.excludes(5)
    same = intervals.difference_of_means([1, 1], [3, 3])
    assert (same.low, same.high) == (2, 2)
    few = intervals.difference_of_means([1], [3, 3])
    assert (few.value, few.low, few.high) == (2, -inf, inf)
    assert intervals.difference_of_means([], [3]).value is None


@pytest.mark.slow
def test_95_of_100_intervals_hold_the_truth():
    made = np.random.default_rng(5)
    first, second = made.normal(10, 2, (2000, 40)), made.normal(11, 4, (2000, 25))
    found = [
        intervals.difference_of_means(a, b) for a, b in zip(first, second, strict=True)
    ]
    held = np.mean([one.low <= 1 <= one.high for one in found])
    assert 0.935 < held < 0.965


def test_biopsies_for_each_cancer_by_hand():
    found = truth.needed_to_biopsy(50, 10)
    # A fifth, by Wilson's equation between 0.1124 and 0.3304.
    assert found.value == 5
    assert (found.low, found.high) == pytest.approx((1 / 0.3304, 1 / 0.1124), rel=1e-3)
    none = truth.needed_to_biopsy(20, 0)
    assert (none.value, none.high) == (inf, inf)
    assert none.low == pytest.approx((20 + 3.841459) / 3.841459)
    assert truth.needed_to_biopsy(0, 0) == intervals.NOTHING


def test_sensitivity_and_predictive_value_are_shares_with_intervals():
    found = truth.sensitivity(45, 50)
    assert (found.value, found.n) == (0.9, 50)
    assert (found.low, found.high) == pytest.approx((0.7864, 0.9565), abs=5e-4)
    assert truth.predictive_value(10, 50) == intervals.share(10, 50)
    assert truth.sensitivity(0, 0) == intervals.NOTHING


def test_kappa_is_the_reviews_own():
    # 20 and 15 agree of 50; expected 25 x 30 + 25 x 20 over 2,500: a half.
    pairs = [("mel", "mel")] * 20 + [("mel", "naevus")] * 5
    pairs += [("naevus", "mel")] * 10 + [("naevus", "naevus")] * 15
    found = truth.kappa(pairs)
    assert found.value == pytest.approx((0.7 - 0.5) / (1 - 0.5))
    assert found.low < 0.4 < found.high
    assert truth.kappa([]).value is None


def weekly(values):
    index = pd.date_range("2026-01-05", periods=len(values), freq="7D")
    return pd.Series(values, index=index, dtype="float")


CALM = [10, 12, 9, 11, 10, 13, 8, 11, 12, 9, 10, 11, 12, 9]


def test_a_change_that_is_more_than_chance_is_called_real():
    values = [*CALM, *[one - 5 for one in CALM]]
    found = before_after(weekly(values), date(2026, 4, 13), better="lower")
    assert (found.before, found.after) == (14, 14)
    assert found.special == 14
    assert found.difference.value == -5
    # Variance of CALM is 27.5 / 13: of two means of 14, 0.302; 26 degrees: 2.056.
    variance = sum((one - 10.5) ** 2 for one in CALM) / 13
    reach = 2.0555 * sqrt(2 * variance / 14)
    assert found.difference.high == pytest.approx(-5 + reach, abs=1e-3)
    assert found.real
    assert found.chart.points["mean"].iloc[-1] == 5.5
    assert in_words(found, "Turnaround", unit="hours") == (
        "Turnaround changed by more than chance explains: on average 5 h less "
        "(95 % interval: 6 h 8 min less to 3 h 52 min less)."
    )


def test_the_same_weeks_again_are_no_change():
    found = before_after(weekly(CALM * 2), date(2026, 4, 13), better="lower")
    assert found.difference.value == 0
    assert found.real is False
    said = in_words(found, "Share in time", unit="percent")
    assert "may not have changed; chance can explain" in said
    assert "percentage points more" in said


def test_a_difference_that_no_chart_would_have_noticed_is_not_called_real():
    # Higher by 0.7 on average, and never beyond what the weeks before did.
    values = [*CALM * 4, *[10.2, 12.2] * 28]
    found = before_after(weekly(values), date(2027, 2, 1), better="lower")
    assert (found.before, found.after) == (56, 56)
    assert found.difference.excludes(0)
    assert found.special == 0
    assert found.real is False


@pytest.mark.parametrize("changed", [date(2026, 3, 30), date(2026, 4, 20)])
def test_too_few_weeks_on_a_side_are_not_judged(changed):
    found = before_after(weekly([*CALM, *CALM[:12]]), changed, better="lower")
    assert found.real is None
    assert "too few figures before" in in_words(found, "Turnaround", unit="hours")


def test_a_change_needs_dates():
    with pytest.raises(TypeError, match="indexed by dates"):
        before_after(
            pd.Series([1.0, 2.0], index=["a", "b"]), date(2026, 1, 1), better="lower"
        )
