"""Control charts, against arithmetic done by hand, an oracle, and the NHS's package."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.analytics.spc import xmr
from tests.analytics import spc_oracle


CASES = Path(__file__).parents[3] / "shared" / "cases"
# Twelve values about 10: sum 120; distances 2, 4, 2, 2 and so on.
CALM = [9, 11, 7, 9, 11, 13, 11, 9, 7, 11, 13, 9]


def weekly(values):
    index = pd.date_range("2026-01-05", periods=len(values), freq="7D")
    return pd.Series(values, index=index, dtype="float")


def causes(values, **options):
    return xmr(weekly(values), better="higher", **options).points["cause"].tolist()


def test_the_lines_of_a_chart_worked_out_by_hand():
    points = xmr(weekly([10, 12, 11, 15, 12]), better="higher").points
    # Mean 60 / 5; distances 2, 1, 4, 3 have mean 2.5; all are below 3.267 x 2.5.
    assert points["mean"].tolist() == [12] * 5
    assert points["upper"].tolist() == pytest.approx([12 + 2.66 * 2.5] * 5)
    assert points["lower"].tolist() == pytest.approx([12 - 2.66 * 2.5] * 5)
    near = 2 / 3 * 2.66 * 2.5
    assert points["near_upper"].iloc[0] == pytest.approx(12 + near)
    assert points["near_lower"].iloc[0] == pytest.approx(12 - near)
    assert points["side"].tolist() == [-1, 0, -1, 1, 0]
    assert points["short"].all()


def test_a_leap_is_left_out_of_the_limits_but_not_of_the_mean():
    values = [*CALM, 50]
    # Distances of CALM: 2 4 2 2 2 2 2 2 4 2 4 = 28 over 11; with the leap 69 over 12.
    # 41 is more than 3.267 x 5.75, so it goes.
    screened = xmr(weekly(values), better="higher").points
    unscreened = xmr(weekly(values), better="higher", screen=False).points
    mean = 170 / 13
    assert screened["upper"].iloc[0] == pytest.approx(mean + 2.66 * 28 / 11)
    assert unscreened["upper"].iloc[0] == pytest.approx(mean + 2.66 * 69 / 12)
    assert screened["mean"].iloc[0] == unscreened["mean"].iloc[0] == mean
    assert screened["cause"].iloc[-1] == "above"


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        # The last of CALM is a 9, so that the run begins here.
        ([11] * 7, ["run_high"] * 7),
        ([11] * 6, [""] * 6),
        # A value on the mean ends a run.
        ([11, 11, 11, 10, 11, 11, 11], [""] * 7),
        # Six steps up are seven values.
        ([6, 7, 8, 9, 10, 11, 12], ["rising"] * 7),
        ([6, 7, 8, 9, 10, 11], [""] * 6),
        # A tie breaks a trend.
        ([6, 7, 8, 9, 9, 10, 11], [""] * 7),
        # A turning point belongs to the trend that it begins; trends go before runs.
        (
            [8, 9, 10, 11, 12, 13, 14, 13, 12, 11, 10, 9, 8],
            ["rising"] * 6 + ["falling"] * 7,
        ),
    ],
)
def test_runs_and_trends_by_hand(after, expected):
    # Lines fixed on CALM: mean 10, distances 28 / 11, limits 3.23 and 16.77, near 14.51.
    assert causes([*CALM, *after], fix_after=12)[12:] == expected


def test_two_of_three_close_to_a_limit_are_told_without_their_neighbour():
    after = [15, 11, 16, 9, 15, 9, 16]
    found = causes([*CALM, *after], fix_after=12)[12:]
    assert found == ["two_high", "", "two_high", "", "", "", ""]
    # One that lies outside is not close, so that the other stays alone.
    found = causes([*CALM, 17, 11, 16], fix_after=12)[12:]
    assert found == ["above", "", ""]


@pytest.mark.parametrize(
    ("better", "kinds", "variation"),
    [
        ("higher", ("concern", "improvement"), "improvement_high"),
        ("lower", ("improvement", "concern"), "concern_high"),
        ("neither", ("neutral_low", "neutral_high"), "neutral_high"),
    ],
)
def test_what_is_better_decides_the_kind(better, kinds, variation):
    found = xmr(weekly([10] * 7 + [11] * 7), better=better)
    assert found.points["kind"].tolist() == [kinds[0]] * 7 + [kinds[1]] * 7
    assert found.variation == variation


@pytest.mark.parametrize(
    ("target", "better", "expected"),
    [
        # Limits 3.23 to 16.77.
        (17, "higher", "consistent_fail"),
        (17, "lower", "consistent_pass"),
        (3, "higher", "consistent_pass"),
        (3, "lower", "consistent_fail"),
        (10, "higher", "inconsistent"),
        (16, "lower", "inconsistent"),
        (17, "neither", None),
        (None, "higher", None),
    ],
)
def test_assurance_is_whether_the_limits_reach_the_target(target, better, expected):
    found = xmr(weekly(CALM), better=better, target=target)
    assert found.assurance == expected


def test_a_rebase_begins_anew_at_the_first_point_from_its_date_on():
    values = weekly([10, 12, 10, 12, 20, 22, 20, 22])
    # A Wednesday: the fourth Monday is before it, the fifth after.
    points = xmr(values, better="higher", rebase=[date(2026, 1, 28)]).points
    assert points["group"].tolist() == [0] * 4 + [1] * 4
    assert points["mean"].tolist() == [11] * 4 + [21] * 4
    named = pd.Series([1.0, 2.0, 3.0], index=["Q1", "Q2", "Q3"])
    points = xmr(named, better="higher", rebase=["Q2", "Q9"]).points
    assert points["group"].tolist() == [0, 1, 1]


def test_limits_can_stand_on_the_first_values_alone():
    points = xmr(weekly([*CALM, 30, 30]), better="higher", fix_after=12).points
    assert set(points["mean"]) == {10}
    with pytest.raises(ValueError, match="at least 12"):
        xmr(weekly(CALM), better="higher", fix_after=11)


@settings(deadline=None)
@given(st.floats(-1e9, 1e9), st.integers(1, 40))
def test_what_never_changes_lies_on_its_mean_and_has_no_limits(value, n):
    points = xmr(weekly([value] * n), better="higher", target=value + 1).points
    # 0.1 + 0.1 + 0.1 divided by 3 is not 0.1.
    assert (points["side"] == 0).all()
    assert (points["kind"] == "common").all()
    assert points["upper"].isna().all()


def test_a_hidden_value_is_shown_as_missing_and_joins_its_neighbours():
    values = [10.0] * 7 + [11.0] * 4 + [np.nan] * 2 + [11.0] * 3
    with_gap = xmr(weekly(values), better="lower")
    without = xmr(weekly([one for one in values if one == one]), better="lower")
    known = with_gap.points[with_gap.points["kind"] != "missing"]
    assert len(known) == 14
    for name in ("value", "mean", "lower", "upper", "cause", "kind", "short"):
        assert known[name].tolist() == without.points[name].tolist()
    gap = with_gap.points.iloc[11]
    assert gap["kind"] == "missing"
    assert gap["mean"] == 10.5
    assert with_gap.variation == "concern_high"
    whole = weekly(values).astype("Float64")
    assert xmr(whole, better="lower").points.equals(with_gap.points)


@pytest.mark.parametrize("n", [0, 3])
def test_where_nothing_is_known_nothing_is_said(n):
    found = xmr(weekly([np.nan] * n), better="higher", target=1)
    assert len(found.points) == n
    assert found.variation == ""
    assert found.assurance is None


def test_dates_are_put_in_order_and_are_each_one_point():
    values = weekly(CALM)
    shuffled = values.sample(frac=1, random_state=3)
    shuffled.index = shuffled.index.date
    assert (xmr(shuffled, better="higher").points["value"] == values).all()
    with pytest.raises(ValueError, match="label of its own"):
        xmr(pd.concat([values, values]), better="higher")
    with pytest.raises(ValueError, match="finite"):
        xmr(weekly([1, np.inf]), better="higher")


# Small whole numbers: many ties, and sums that a float holds exactly.
SERIES = st.lists(st.integers(0, 12), min_size=1, max_size=40)


@settings(deadline=None)
@given(SERIES, st.sampled_from([None, 12]), st.booleans())
def test_the_rules_agree_with_the_oracle_in_exact_fractions(values, fix_after, screen):
    assume(not spc_oracle.touches_a_line(values, fix_after, screen))
    found = causes(values, fix_after=fix_after, screen=screen)
    assert found == spc_oracle.causes(values, fix_after, screen)


@settings(deadline=None)
@given(SERIES, st.integers(-50, 50), st.sampled_from([1, 2, 4]))
def test_another_unit_or_zero_changes_no_special_cause(values, shift, times):
    assume(not spc_oracle.touches_a_line(values))
    moved = [times * one + shift for one in values]
    assert causes(values) == causes(moved)


@settings(deadline=None)
@given(SERIES)
def test_upside_down_high_is_low(values):
    turned = {"high": "low", "low": "high", "rising": "falling", "falling": "rising"}
    turned |= {"above": "below", "below": "above", "": ""}
    turned |= {
        f"{one}_{a}": f"{one}_{turned[a]}" for one in ("two", "run") for a in turned
    }
    upside_down = causes([-one for one in values])
    assert [turned[one] for one in upside_down] == causes(values)


BETTER = {"increase": "higher", "decrease": "lower", "neutral": "neither"}
NAMES = {
    "Common Cause": "",
    "Above UCL": "above",
    "Below LCL": "below",
    "7 Point Trend (Increasing)": "rising",
    "7 Point Trend (Decreasing)": "falling",
    "2 in 3 Above CL": "two_high",
    "2 in 3 Below CL": "two_low",
    "7 Points Above CL": "run_high",
    "7 Points Below CL": "run_low",
}


def shared(name):
    if not (CASES / name).exists():
        pytest.skip("needs the reference package's own cases beside the project")
    return CASES / name


def kinds_of(theirs):
    short = [one.replace("special_cause_", "") for one in theirs]
    return [one.replace("common_cause", "common") for one in short]


def test_each_point_is_what_the_nhs_package_says():
    cases = json.loads(shared("spc_cases.json").read_text("utf-8"))
    compared = 0
    for case in cases:
        told, chosen = case["expected"], case["options"]
        found = xmr(
            pd.Series(case["y"], index=pd.to_datetime(case["x"])),
            better=BETTER[chosen["improvement_direction"]],
            target=chosen["target"],
            rebase=chosen["rebase"],
            fix_after=chosen["fix_after_n_points"],
            screen=chosen["screen_outliers"],
        )
        points = found.points
        for name, theirs in (("mean", "mean"), ("lower", "lpl"), ("upper", "upl")):
            expected = np.array(told[theirs], dtype="float")
            assert points[name].to_numpy() == pytest.approx(expected, nan_ok=True)
        for name, theirs in (
            ("group", "rebase_group"),
            ("side", "relative_to_mean"),
            ("short", "short_group_warning"),
        ):
            assert points[name].tolist() == told[theirs], (case["id"], name)
        # Without limits nothing is outside; they say "unknown".
        for name, theirs in (
            ("outside", "outside_limits"),
            ("close", "close_to_limits"),
        ):
            assert points[name].tolist() == [bool(one) for one in told[theirs]]
        assert points["cause"].tolist() == [
            NAMES[one] for one in told["special_cause_type"]
        ]
        assert points["kind"].tolist() == kinds_of(told["point_type"])
        assert found.assurance == told["assurance_type"]
        assert [found.variation] == kinds_of([told["variation_icon"]])
        compared += len(points)
    assert len(cases) == 58
    assert compared > 1000


@pytest.mark.slow
def test_two_hundred_random_charts_agree_with_the_nhs_package():
    theirs = pd.read_csv(shared("spc_fuzz.csv.gz"), dtype={"rebase": "object"})
    for _, chart in theirs.groupby("series"):
        first = chart.iloc[0]
        fixed = first["fix_after_n_points"]
        points = xmr(
            pd.Series(chart["y"].to_numpy(), index=pd.to_datetime(chart["x"])),
            better=BETTER[first["improvement_direction"]],
            rebase=[] if pd.isna(first["rebase"]) else [first["rebase"]],
            fix_after=None if pd.isna(fixed) else int(fixed),
            screen=bool(first["screen_outliers"]),
        ).points
        for name, column in (("mean", "mean"), ("lower", "lpl"), ("upper", "upl")):
            assert points[name].to_numpy() == pytest.approx(chart[column].to_numpy())
        assert points["group"].tolist() == chart["rebase_group"].tolist()
        assert points["cause"].tolist() == [
            NAMES[one] for one in chart["special_cause_type"]
        ]
        assert points["kind"].tolist() == kinds_of(chart["point_type"])
    assert theirs["series"].nunique() == 200


@pytest.mark.slow
def test_real_attendances_agree_with_the_oracle():
    attended = pd.read_csv(shared("ae_attendances_CC0.csv"), dtype={"type": "str"})
    compared = 0
    for _, one in attended[attended["type"] == "1"].groupby("org_code"):
        series = pd.Series(
            one["breaches"].to_numpy(), index=pd.to_datetime(one["period"])
        )
        found = xmr(series, better="lower").points
        expected = spc_oracle.causes(found["value"].tolist())
        assert found["cause"].tolist() == expected
        compared += len(found)
    assert compared > 4000
