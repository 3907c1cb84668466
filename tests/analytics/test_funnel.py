"""Funnel plots, against arithmetic done by hand and the NHS-R community's package."""

import json
from math import asin, exp, sin, sqrt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analytics import funnel


CASES = Path(__file__).parents[3] / "shared" / "cases" / "funnel_cases.json"
Z95, Z998 = 1.959963984540054, 3.090232306167813
LINES = ["lower_95", "upper_95", "lower_998", "upper_998"]


def counts(*values):
    return pd.Series(values, index=[f"P{n}" for n in range(len(values))], dtype="float")


def test_a_proportion_worked_out_by_hand():
    # 10 of 100, 30 of 100 and 20 of 100: a fifth of all.
    found = funnel.proportions(counts(10, 30, 20), counts(100, 100, 100), adjust=False)
    middle, error = asin(sqrt(0.2)), 1 / (2 * sqrt(100))
    one = found.points.iloc[0]
    assert found.centre == 0.2
    assert one["z"] == pytest.approx((asin(sqrt(0.1)) - middle) / error)
    assert one["lower_95"] == pytest.approx(sin(middle - Z95 * error) ** 2)
    assert one["upper_998"] == pytest.approx(sin(middle + Z998 * error) ** 2)
    # z is -2.83, 2.37 and 0: outside 95 %, inside 99.8 %.
    assert found.points["outlier_95"].tolist() == ["low", "high", ""]
    assert found.points["outlier_998"].tolist() == ["", "", ""]


def test_what_all_practices_differ_by_widens_the_limits():
    # Chance would move 1,000 of 10,000 by some 3 %; these differ by a tenth and more.
    part = counts(*[800, 900, 950, 1000, 1000, 1050, 1100, 1200, 900, 1100])
    whole = counts(*[10_000] * 10)
    found = funnel.proportions(part, whole)
    plain = funnel.proportions(part, whole, adjust=False)
    middle, error = asin(sqrt(0.1)), 1 / (2 * sqrt(10_000))
    z = [(asin(sqrt(one / 10_000)) - middle) / error for one in part]
    # The outer tenths: halfway... the ninth part of the way from first to second.
    z.sort()
    low, high = z[0] + 0.9 * (z[1] - z[0]), z[9] - 0.9 * (z[9] - z[8])
    pulled = [min(max(one, low), high) for one in z]
    phi = sum(one**2 for one in pulled) / 10
    assert found.phi == pytest.approx(phi)
    # All have one error: the weights' spread is 10 w - w = 9 w.
    assert found.tau2 == pytest.approx((10 * phi - 9) * error**2 / 9)
    reach = Z95 * sqrt(error**2 + found.tau2)
    assert found.points["upper_95"].iloc[0] == pytest.approx(sin(middle + reach) ** 2)
    assert found.adjusted and not plain.adjusted
    assert plain.points["outlier_998"].tolist().count("") < 8
    assert set(found.points["outlier_998"]) == {""}


def test_a_ratio_has_exact_limits_of_chance_alone():
    found = funnel.ratios(counts(15, 20, 30), counts(15, 20, 30))
    assert not found.adjusted
    assert found.phi == 0
    lower, upper = found.points["lower_95"], found.points["upper_95"]
    assert lower.tolist() == pytest.approx([0.5597, 0.6108, 0.6747], abs=5e-5)
    assert upper.tolist() == pytest.approx([1.6493, 1.5444, 1.4276], abs=5e-5)


def test_each_scale_has_its_own_widened_limits():
    at_100 = {
        "root": (1 + Z95 * sqrt(1 / 400 + 0.01)) ** 2,
        "shmi": exp(Z95 * sqrt(1 / 100 + 0.01)),
        "cqc": 1 + Z95 * sqrt(1 / 400 + 0.01),
    }
    for scale, upper in at_100.items():
        lines = funnel.limits(scale, np.array([100.0, 0.0]), 1, 0.01, adjusted=True)
        assert lines["upper_95"].iloc[0] == pytest.approx(upper)
        assert lines.iloc[1].isna().all()


def test_nobody_is_flagged_for_a_rate_that_all_have():
    made = np.random.default_rng(1)
    lists = pd.Series(made.lognormal(9, 0.6, 120))
    sent = pd.Series(made.poisson(0.013 * lists))
    found = funnel.ratios(sent, funnel.at_one_rate(sent, lists))
    # One draw in five has somebody outside by chance; how many in all is the next test.
    assert (found.points["outlier_998"] != "").sum() == 0
    assert found.points["size"].sum() == pytest.approx(sent.sum())


def test_one_rate_drawn_again_and_again_flags_as_many_as_chance_does():
    made = np.random.default_rng(7)
    flagged = {"95": 0, "998": 0}
    for _ in range(50):
        lists = pd.Series(made.lognormal(9, 0.6, 120))
        sent = pd.Series(made.poisson(0.013 * lists))
        points = funnel.ratios(sent, funnel.at_one_rate(sent, lists)).points
        for name in flagged:
            flagged[name] += (points[f"outlier_{name}"] != "").sum()
    # Of 6,000: 300 and 12 are to be expected.
    assert 200 < flagged["95"] < 400
    assert flagged["998"] < 30


@pytest.mark.parametrize("make", [funnel.proportions, funnel.ratios])
def test_hidden_figures_and_nothing_to_compare_are_in_no_sum(make):
    part = counts(10, 30, np.nan, 0, 20)
    whole = counts(100, 100, 100, 0, np.nan)
    with_gaps, without = make(part, whole), make(part.iloc[:2], whole.iloc[:2])
    assert with_gaps.points.iloc[:2].equals(without.points)
    assert with_gaps.phi == without.phi
    rest = with_gaps.points.iloc[2:]
    assert rest["value"].isna().all()
    assert (rest["outlier_95"] == "").all()
    hidden = part.astype("Float64").mask(part.isna())
    assert make(hidden, whole).points.equals(with_gaps.points)


@pytest.mark.parametrize("make", [funnel.proportions, funnel.ratios])
def test_without_practices_there_are_no_limits_and_no_error(make):
    found = make(counts(), counts())
    assert found.points.empty
    assert np.isnan(found.phi)
    alone = make(counts(3), counts(10))
    assert alone.tau2 == 0


def test_what_cannot_be_is_a_bug():
    with pytest.raises(ValueError, match="not above its whole"):
        funnel.proportions(counts(5), counts(4))
    with pytest.raises(ValueError, match="not negative"):
        funnel.ratios(counts(-1), counts(4))
    twice = pd.Series([1.0, 2.0], index=["A", "A"])
    with pytest.raises(ValueError, match="there once"):
        funnel.ratios(twice, twice)


PRACTICES = st.lists(
    st.tuples(st.integers(0, 300), st.integers(0, 300)), min_size=1, max_size=30
)


@settings(max_examples=50, deadline=None)
@given(PRACTICES)
def test_limits_lie_around_the_centre_in_order(practices):
    part = counts(*[min(pair) for pair in practices])
    whole = counts(*[max(pair) for pair in practices])
    expected = funnel.at_one_rate(part, whole)
    for found in (funnel.proportions(part, whole), funnel.ratios(part, expected)):
        points = found.points.dropna(subset=["value"])
        low998, low95 = points["lower_998"], points["lower_95"]
        up998, up95 = points["upper_998"], points["upper_95"]
        nearly = 1e-12
        assert (low998 >= 0).all() and (low998 <= low95 + nearly).all()
        assert (low95 <= found.centre + nearly).all()
        assert (found.centre <= up95 + nearly).all() and (up95 <= up998 + nearly).all()
        outside, warned = points["outlier_998"] != "", points["outlier_95"] != ""
        assert not (outside & ~warned).any()
        assert found.tau2 >= 0 and found.adjusted == (found.phi > 1)


@settings(max_examples=50, deadline=None)
@given(PRACTICES)
def test_the_curve_goes_through_the_points_limits(practices):
    part = counts(*[min(pair) for pair in practices])
    whole = counts(*[max(pair) for pair in practices])
    found = funnel.proportions(part, whole)
    curve = found.limits_at(found.points["size"].to_numpy())
    assert found.points[LINES].to_numpy() == pytest.approx(
        curve[LINES].to_numpy(), nan_ok=True
    )


def shared():
    if not CASES.exists():
        pytest.skip("needs the reference package's own cases beside the project")
    return json.loads(CASES.read_text("utf-8"))


def made_from(case):
    chosen = case["options"]
    part = pd.Series(case["numerator"], index=case["group"], dtype="float")
    whole = pd.Series(case["denominator"], index=case["group"], dtype="float")
    adjust = chosen.get("draw_adjusted", True)
    if chosen["data_type"] == "PR":
        return funnel.proportions(part, whole, adjust=adjust)
    return funnel.ratios(part, whole, scale=chosen["sr_method"].lower(), adjust=adjust)


def test_each_funnel_is_what_the_reference_package_says():
    cases = [one for one in shared()["cases"] if one["options"]["data_type"] != "RC"]
    for case in cases:
        found, told, chosen = made_from(case), case["expected"], case["options"]
        points, times = found.points, chosen.get("multiplier", 1)
        assert found.adjusted == told["draw_adjusted"]
        assert found.tau2 == pytest.approx(told["tau2"])
        # Unadjusted, they give 0 for what was not worked out.
        if told["phi"]:
            assert found.phi == pytest.approx(told["phi"])
        assert points["z"].tolist() == pytest.approx(told["Uzscore"])
        theirs = ["LCL95", "UCL95", "LCL99", "UCL99"]
        if found.adjusted:
            theirs = [f"OD{one[-2:]}{one[:3]}" for one in theirs]
        for ours, name in zip(LINES, theirs, strict=True):
            # They have 3.090232 for 3.0902323.
            assert (points[ours] * times).tolist() == pytest.approx(
                told[name], rel=1e-6, abs=1e-7
            )
        level = "95" if chosen["limit"] == 95 else "998"
        flagged = (points[f"outlier_{level}"] != "").astype(int)
        assert flagged.tolist() == told["outlier"]
    assert len(cases) == 9


def test_the_published_over_dispersion_of_six_hospitals():
    case = shared()["cases"][0]
    assert made_from(case).phi == pytest.approx(2.948033, abs=5e-7)


def test_a_ratio_of_counts_flags_104_of_120_and_the_ratio_to_one_rate_none():
    (case,) = [one for one in shared()["cases"] if one["options"]["data_type"] == "RC"]
    sent = pd.Series(case["numerator"], index=case["group"], dtype="float")
    lists = pd.Series(case["denominator"], index=case["group"], dtype="float")
    found = funnel.ratios(sent, funnel.at_one_rate(sent, lists))
    assert sum(case["expected"]["outlier"]) == 104
    assert (found.points["outlier_998"] != "").sum() == 0


def test_exact_limits_are_what_the_reference_package_says():
    told = shared()["poisson_limits"]
    sizes = np.array(told["number_seq"], dtype="float")
    lines = funnel.limits("root", sizes, 1, 0, adjusted=False)
    for ours, name in zip(LINES, ["ll95", "ul95", "ll998", "ul998"], strict=True):
        assert lines[ours].tolist() == pytest.approx(told[name])
