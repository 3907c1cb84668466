"""What a change would make: exact differences, and instances that are what is asked."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.clinics.matching.what_if import (
    Weekly,
    difference,
    differences,
    pooled,
    with_demand,
    with_site,
    with_weekly_session,
    without_staff,
)
from tests.clinics.matching.made import POLICY, cases, instance, instances, sessions


RELAXED = settings(max_examples=40, deadline=None)
MORE = Weekly("more", 1, 60, 0, 9, 0, np.ones(3, dtype=bool))


@RELAXED
@given(instances())
def test_nothing_changed_makes_no_difference_at_all(one):
    nothing = difference(one, one, POLICY)
    assert nothing.pence == 0
    assert nothing.breaches == (0, 0, 0)
    assert nothing.unplaced == 0


@RELAXED
@given(instances(), st.integers(0, 6))
def test_one_more_session_never_costs(one, weekday):
    more = Weekly("more", weekday, 60, 0, 9, 0, np.ones(3, dtype=bool))
    assert difference(one, with_weekly_session(one, more), POLICY).pence <= 1e-6


@RELAXED
@given(instances())
def test_somebody_away_never_saves(one):
    assert difference(one, without_staff(one, 0, 0, 99), POLICY).pence >= -1e-6


def test_a_weekly_session_is_there_on_each_of_its_days():
    one = instance(cases([20]), sessions([60]), horizon=20, weekday=3)
    added = with_weekly_session(one, MORE).sessions
    assert added.day.tolist() == [1, 5, 12, 19]
    assert ((added.day[1:] + 3) % 7 == 1).all()
    assert added.minutes.tolist() == [60, 60, 60, 60]


def test_a_session_that_closes_a_gap_saves_what_no_place_would_cost():
    """Nobody could do it: 180,000 for no place, 800 a day to 28 days past the end."""
    one = instance(cases([20], kind=1, due=[14]), sessions([60], able=[[1, 0, 0]]))
    made = difference(one, with_weekly_session(one, MORE), POLICY)
    left = 180_000 + (28 + 28 - 14) * 800
    seen = 20 * 260 + 5 * 35 + 8
    assert made.pence == seen - left
    assert made.unplaced == -1
    assert made.breaches == (0, 0, -1)


def test_a_name_is_given_once():
    one = with_weekly_session(instance(cases([20]), sessions([60])), MORE)
    with pytest.raises(ValueError, match="that name"):
        with_weekly_session(one, MORE)


def test_somebody_is_away_from_the_first_day_to_the_last():
    one = instance(
        cases([20]), sessions([60] * 4, day=[1, 2, 3, 2], staff=[0, 0, 0, 1])
    )
    left = without_staff(one, 0, 2, 3).sessions
    assert (left.day.tolist(), left.staff.tolist()) == ([1, 2], [0, 1])


def test_a_new_site_is_reached_as_far_as_is_said():
    one = instance(cases([20], area=1), sessions([60]), km=[[5.0], [40.0]])
    wider = with_site(one, np.array([40.0, 6.0]), [MORE])
    assert wider.km.tolist() == [[5, 40], [40, 6]]
    assert set(wider.sessions.site.tolist()) == {0, 1}
    assert difference(one, wider, POLICY).unplaced == -1


@RELAXED
@given(instances(), st.floats(0, 3), st.floats(0, 3), st.integers(0, 5))
def test_more_demand_holds_all_that_less_has(one, factor, other, seed):
    less, more = sorted((factor, other))
    few, many = with_demand(one, less, seed).cases, with_demand(one, more, seed).cases
    assert len(few) == round(less * len(one.cases))
    assert set(few.ids) <= set(many.ids)
    assert len(set(many.ids)) == len(many.ids)


@RELAXED
@given(instances())
def test_the_same_demand_makes_no_difference(one):
    assert difference(one, with_demand(one, 1.0), POLICY).pence == 0


def test_demand_is_never_negative():
    with pytest.raises(ValueError, match="negative"):
        with_demand(instance(cases([20]), sessions([60])), -1)


def test_pooling_lets_the_next_place_help():
    apart = instance(
        cases([60, 60], area=[0, 0], due=5),
        sessions([60, 60], site=[0, 1]),
        km=[[5.0, np.inf]],
    )
    together = pooled(apart, np.array([[5.0, 20.0]]))
    made = difference(apart, together, POLICY)
    assert made.unplaced == -1
    with pytest.raises(ValueError, match="same areas"):
        pooled(apart, np.zeros((2, 2)))


def test_an_interval_is_three_differences():
    one = instance(cases([20] * 10, due=3), sessions([60, 120], day=[1, 9]))
    before = [with_demand(one, factor) for factor in (0.8, 1.0, 1.2)]
    after = [with_weekly_session(each, MORE) for each in before]
    low, expected, high = differences(before, after, POLICY)
    assert expected == difference(before[1], after[1], POLICY)
    assert high.pence <= expected.pence <= low.pence < 0
