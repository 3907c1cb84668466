"""Demand to come keeps room, as whole people of the sorts that came before."""

from hypothesis import given
from hypothesis import strategies as st

from core.clinics.expecting import (
    History,
    expected_all,
    expected_urgent,
    forecast_words,
)
from core.clinics.periods import policy_on
from core.kernel import clock


POLICY = policy_on(clock.today())
WITHIN = {"suspected_cancer": 14, "urgent": 28, "routine": 126}
CANCER = ("suspected_cancer", "p1", "c", "excision", "simple", "gpwer", 40)
OTHER = ("suspected_cancer", "p2", "c", "excision", "simple", "gpwer", 40)
ROUTINE = ("routine", "p1", "c", "consultation", "simple", "gpwer", 20)


def history(cancer=7, routine=14, weeks=30):
    weekly = {
        "suspected_cancer": [cancer] * weeks,
        "urgent": [0] * weeks,
        "routine": [routine] * weeks,
    }
    return History(weekly, [(CANCER, 3), (OTHER, 1), (ROUTINE, 9)])


def test_a_fortnight_of_seven_urgent_a_week_expects_fourteen_of_the_usual_sorts():
    found = expected_urgent(history(), POLICY, WITHIN)
    assert len(found) == 14
    assert {one.urgency for one in found} == {"suspected_cancer"}
    practices = [one.practice for one in found]
    # Three of four came from the first practice: 10.5 of 14, and the half is its too.
    assert (practices.count("p1"), practices.count("p2")) == (11, 3)
    assert all(one.expected for one in found)
    for one in found:
        assert 1 <= one.referred <= 14
        assert one.due == one.referred + 14
        assert one.ready == one.referred + 1
    assert len({one.id for one in found}) == 14


def test_they_are_spread_over_the_days():
    days = [one.referred for one in expected_urgent(history(), POLICY, WITHIN)]
    assert sorted(days) == list(range(1, 15))


def test_all_urgencies_over_the_horizon_grow_with_demand_and_with_the_interval():
    def count(**more):
        return len(expected_all(history(), POLICY, WITHIN, days=56, **more))

    assert count(level="mean") == (7 + 14) * 8
    assert count(level="low") < count(level="mean") < count(level="high")
    assert count(level="mean", factor=1.5) == (7 + 14) * 12


def test_the_forecast_in_words_covers_what_was():
    low, mean, high = forecast_words(history())
    assert low < mean < high
    assert abs(mean - 21) < 0.5


def test_without_a_past_nothing_is_expected():
    empty = History({"suspected_cancer": [], "urgent": [], "routine": []}, [])
    assert expected_urgent(empty, POLICY, WITHIN) == []
    assert forecast_words(empty) == (0.0, 0.0, 0.0)


@given(st.integers(0, 40), st.integers(0, 40), st.integers(1, 60))
def test_the_same_past_expects_the_same_and_survives_being_kept(cancer, routine, weeks):
    past = history(cancer, routine, weeks)
    again = History.from_json(past.as_json())
    assert expected_urgent(past, POLICY, WITHIN) == expected_urgent(
        again, POLICY, WITHIN
    )
