"""What a control chart says in words."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analytics.spc import xmr
from core.analytics.spc_words import in_words, variation_in_words
from core.analytics.units import possible, say


CALM = [10, 12, 9, 11, 10, 13, 8, 11, 12, 9, 10, 11, 12, 9]


def said(values, *, better="lower", period="week", start="2026-01-05", **options):
    freq = {"week": "7D", "month": "MS", "quarter": "QS", "day": "D"}[period]
    index = pd.date_range(start, periods=len(values), freq=freq)
    series = pd.Series(values, index=index, dtype="float")
    found = xmr(series, better=better, **options)
    return in_words(found, "Turnaround", unit="hours", period=period)


def test_a_shift_is_told_with_its_beginning_and_its_length():
    # The ninth of those below the mean is the last of the calm weeks.
    assert said([*CALM, *[7] * 8], better="lower") == (
        "Turnaround has improved since the week of 6 April 2026: 9 weeks below the mean."
    )
    assert "has got worse" in said([*CALM, *[7] * 8], better="higher")
    neutral = said([*CALM, *[7] * 8], better="neither", target=2)
    assert neutral.startswith("Turnaround has gone down since")
    assert "target" not in neutral


def test_months_quarters_days_and_labels_have_their_own_words():
    months = said([*CALM, *[7] * 8], period="month", start="2024-01-01")
    assert "since February 2025: 9 months below the mean" in months
    quarters = said([*CALM, *[7] * 8], period="quarter", start="2022-01-01")
    assert "since April to June 2025: 9 quarters" in quarters
    days = said([*CALM, *[7] * 8], period="day", start="2026-01-01")
    assert "since 14 January 2026: 9 days" in days
    index = [f"W{n}" for n in range(22)]
    found = xmr(
        pd.Series([*CALM, *[7] * 8], index=index, dtype="float"), better="lower"
    )
    assert "since W13:" in variation_in_words(found, "Turnaround")


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (
            [8, 9, 10, 11, 12, 13, 14],
            "got worse since the week of 13 April 2026: 6 rises",
        ),
        # Up to 16 first: the last calm week is no part of it.
        (
            [16, 15, 14, 13, 12, 11, 10],
            "improved since the week of 13 April 2026: 6 falls",
        ),
        (
            [30],
            "was above the upper limit in the week of 13 April 2026: worse than chance",
        ),
        (
            [30, 31],
            "has been above the upper limit since the week of 13 April 2026: worse",
        ),
        (
            [15, 11, 15],
            "may have got worse: 2 of the last 3 weeks are close to the upper",
        ),
        ([10, 11], "shows no special cause: it goes up and down by chance."),
        ([30, 10], "shows no special cause at present: it goes up and down by chance."),
    ],
)
def test_each_special_cause_has_its_sentence(after, expected):
    assert expected in said([*CALM, *after], fix_after=12)


@pytest.mark.parametrize(
    ("target", "better", "expected"),
    [
        (40, "lower", "It consistently meets the target of 1 d 16 h."),
        (2, "lower", "It consistently misses the target of 2 h."),
        (
            10.5,
            "lower",
            "It will reach the target of 10 h 30 min some weeks and miss it ",
        ),
        (40, "higher", "It consistently misses the target of 1 d 16 h."),
    ],
)
def test_assurance_in_words(target, better, expected):
    assert expected in said(CALM, target=target, better=better)


def test_too_few_none_or_constant_figures_are_not_judged():
    assert said(CALM[:9], target=40) == (
        "Turnaround: too few weeks (9) to say; 13 are needed."
    )
    assert said([]) == "Turnaround: no figure can be shown."
    assert said([np.nan] * 20) == "Turnaround: no figure can be shown."
    assert said([5] * 15, target=5) == (
        "Turnaround has no limits: the values they come from do not vary."
    )
    # After a rebase only the weeks since count.
    assert "(7)" in said([*CALM, *[7] * 7], rebase=["2026-04-13"])


@settings(deadline=None)
@given(st.lists(st.integers(0, 9), min_size=13, max_size=40))
def test_the_length_told_of_a_streak_is_long_enough_for_its_rule(values):
    found = xmr(pd.Series(values, dtype="float"), better="lower")
    cause = found.points["cause"].iloc[-1]
    words = variation_in_words(found, "Turnaround")
    numbers = [int(one) for one in words.split(": ")[1].split() if one.isdigit()]
    if cause.startswith("run"):
        assert numbers[0] >= 7
        run = found.points["side"].iloc[-numbers[0] :]
        assert abs(run.sum()) == numbers[0]
    elif cause in ("rising", "falling"):
        steps = np.diff(values[-numbers[0] - 1 :])
        assert numbers[0] == len(steps) >= 6
        assert (steps > 0).all() or (steps < 0).all()
    else:
        assert ("special" in words) == (not cause) or "limits" in words


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (4.5, "hours", "4 h 30 min"),
        (0, "hours", "0 min"),
        (-2, "hours", "0 min"),
        # 59 min 59 s and a half: no hour of 60 minutes.
        (0.99999, "hours", "1 h"),
        (91, "percent", "91 %"),
        (91.26, "percent", "91.3 %"),
        (1234.5, "count", "1,234"),
        (12.44, "count", "12.4"),
        (123_400, "money", "£1,234"),
        (-123_400, "money", "-£1,234"),
        (-3, "money", "£0"),
        (1.066, "ratio", "1.07"),
        (float("nan"), "count", "*"),
        (None, "hours", "*"),
    ],
)
def test_figures_are_said_in_their_unit(value, unit, expected):
    assert say(value, unit) == expected


def test_limits_are_drawn_where_a_figure_can_be():
    assert possible(104.2, "percent") == 100
    assert possible(-3, "percent") == possible(-3, "hours") == 0
    assert possible(104.2, "count") == 104.2
