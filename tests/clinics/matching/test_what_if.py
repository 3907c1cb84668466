"""What if: exact answers from two relaxations, to questions that change one thing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clinics.matching import costs
from core.clinics.matching.bound import relax
from core.clinics.matching.model import Cases, Sessions
from core.clinics.matching.regions import chosen
from core.clinics.matching.what_if import (
    Difference,
    difference,
    interval,
    pooled,
    with_demand,
    with_session,
    with_site,
    without_staff,
)
from tests.clinics.matching.instances import (
    CANCER,
    FEW,
    POLICY,
    SMALL,
    Case,
    Session,
    at_random,
    instance,
)


NOTHING = Difference(0.0, (0.0, 0.0, 0.0), 0.0, 0.0)
# Rounding of what is divided among units.
LITTLE = 1e-3
SOME = SMALL.filter(lambda one: len(one.sessions) > 0)


def shuffled(one, luck):
    """The same instance in another order."""
    cases, sessions = list(range(len(one.cases))), list(range(len(one.sessions)))
    luck.shuffle(cases)
    luck.shuffle(sessions)
    return chosen(one, np.array(cases, int), np.array(sessions, int))


@FEW
@given(SMALL)
def test_what_if_of_nothing_is_nought(one):
    assert difference(one, one, POLICY) == NOTHING
    assert difference(one, with_demand(one, 1.0, seed=4), POLICY) == NOTHING
    assert difference(one, without_staff(one, 99, 0, 55), POLICY) == NOTHING
    assert difference(one, pooled(one, one.km), POLICY) == NOTHING
    away = np.full(len(one.km), np.inf)
    assert difference(one, with_site(one, away, []), POLICY) == NOTHING


@FEW
@given(SOME, st.data())
def test_a_session_more_saves_something_and_no_more_than_its_price_says(one, data):
    like = data.draw(st.integers(0, len(one.sessions) - 1))
    day, minutes = int(one.sessions.day[like]), int(one.sessions.minutes[like])
    more = with_session(one, like, [day], minutes)
    saved = -difference(one, more, POLICY).pence
    assert saved >= -LITTLE
    if not one.sessions.templated[like]:
        price = relax(one, POLICY).prices[like]
        assert saved <= price * minutes + LITTLE


@FEW
@given(SOME, st.data())
def test_more_capacity_never_costs_more(one, data):
    like = data.draw(st.integers(0, len(one.sessions) - 1))
    days = data.draw(st.lists(st.integers(0, 55), max_size=3))
    more = with_session(one, like, days, 120)
    assert len(more.sessions) == len(one.sessions) + len(days)
    assert difference(one, more, POLICY).pence <= LITTLE
    near = np.full(len(one.km), 4.0)
    site = with_site(one, near, [(like, day, 60) for day in days])
    assert difference(one, site, POLICY).pence <= LITTLE
    assert difference(one, pooled(one, one.km * 0.5), POLICY).pence <= LITTLE


@FEW
@given(SOME, st.integers(0, 40), st.integers(0, 30), st.data())
def test_fewer_staff_never_cost_less(one, first, length, data):
    staff = data.draw(st.sampled_from(one.sessions.staff.tolist()))
    fewer = without_staff(one, staff, first, first + length)
    gone = (one.sessions.staff == staff) & (one.sessions.day >= first)
    gone &= one.sessions.day <= first + length
    assert len(fewer.sessions) == len(one.sessions) - gone.sum()
    assert difference(one, fewer, POLICY).pence >= -LITTLE
    assert difference(fewer, one, POLICY).pence <= LITTLE


@FEW
@given(
    SMALL, st.floats(0.0, 2.5), st.floats(0.0, 2.5), st.randoms(use_true_random=False)
)
def test_more_demand_never_costs_less_and_chance_goes_by_ids(one, some, other, luck):
    small, large = sorted((some, other))
    less, more = with_demand(one, small, seed=7), with_demand(one, large, seed=7)
    assert len(less.cases) == int(small * len(one.cases) + 0.5)
    assert set(less.cases.ids) <= set(more.cases.ids)
    assert len(set(more.cases.ids)) == len(more.cases)
    assert difference(less, more, POLICY).pence >= -LITTLE
    mixed = with_demand(shuffled(one, luck), large, seed=7)
    assert set(mixed.cases.ids) == set(more.cases.ids)
    assert difference(mixed, more, POLICY) == NOTHING


def test_a_copy_of_a_case_is_like_it_in_all_but_its_name():
    one = instance([Case(minutes=40, due=9, name="a"), Case(name="a+1")], [Session()])
    cases = with_demand(one, 2.0, seed=0).cases
    assert cases.ids == ("a", "a+1", "a+2", "a+1+1")
    assert cases.minutes.tolist() == [40, 20, 40, 20]
    assert cases.due.tolist() == [9, 60, 9, 60]


def test_another_seed_leaves_out_others():
    one = instance([Case() for _ in range(40)], [Session()])
    assert len({with_demand(one, 0.5, seed).cases.ids for seed in range(5)}) == 5


def test_one_more_session_saves_what_it_saves_to_the_penny():
    one = instance(
        [Case(minutes=40, urgency=CANCER, due=10), Case(minutes=40)],
        [Session(day=2, minutes=40)],
    )
    # Who waits would be placed on day 3 for staff, travel and the days waited, not left.
    left = 180_000 + 800 * (56 + 28 - 60)
    found = difference(one, with_session(one, 0, [3], 40), POLICY)
    assert found == Difference(10_400 + 175 + 24 - left, (0, 0, 0), -1.0, -40.0)
    nobody = difference(one, without_staff(one, 0, 2, 2), POLICY)
    cancer_left = 4 * (180_000 + 800 * (56 + 28 - 10))
    assert nobody.pence == cancer_left - (10_400 + 175 + 64)
    assert nobody.breaches == (1.0, 0.0, 0.0)
    assert (nobody.unplaced, nobody.minutes_short) == (1.0, 40.0)


def test_the_first_session_that_somebody_can_be_seen_in_saves_all_that_no_place_weighs():
    one = instance(
        [Case(area=1, urgency=CANCER, due=8)], [Session(day=1)], km=[[5.0], [80.0]]
    )
    near = with_site(one, np.array([60.0, 2.0]), [(0, 4, 60)])
    found = difference(one, near, POLICY)
    left = 4 * (180_000 + 800 * (56 + 28 - 8))
    assert found.pence == 20 * 260 + 2 * 35 + 4 * 32 - left
    assert (found.breaches, found.unplaced) == ((-1.0, 0.0, 0.0), -1.0)
    assert found.minutes_short == -20.0


def test_pooling_lets_patients_cross_to_where_there_is_room():
    one = instance(
        [Case(), Case(area=1)],
        [Session(day=1, minutes=20), Session(day=1, minutes=60, site=1)],
        km=[[5.0, np.inf], [np.inf, 5.0]],
    )
    crowded = with_demand(one, 2.0, seed=0)
    everywhere = np.array([[5.0, 25.0], [25.0, 5.0]])
    found = difference(crowded, pooled(crowded, everywhere), POLICY)
    left = 180_000 + 800 * (56 + 28 - 60)
    assert found.pence == 20 * 260 + 25 * 35 + 8 - left
    with pytest.raises(ValueError, match="kilometres"):
        pooled(one, np.zeros((3, 1)))


def test_the_new_sessions_are_like_the_old_one_and_have_no_template():
    one = instance(
        [Case(kind=1)],
        [Session(), Session(site=1, staff=4, role=2, able=(1,), slots=((20, 3),))],
        km=[[5.0, 6.0]],
    )
    made = with_session(one, 1, [3, 9], 90).sessions
    assert made.ids[2:] == ("session-000001+1", "session-000001+2")
    assert made.day[2:].tolist() == [3, 9]
    assert made.minutes[2:].tolist() == [90, 90]
    assert (made.site[3], made.staff[3], made.role[3]) == (1, 4, 2)
    assert made.able[3].tolist() == [False, True]
    assert not made.slots[2:].any()
    assert not made.templated[2:].any()


def test_nothing_that_is_asked_changes_the_instance():
    one, same = at_random(5, 30, 6), at_random(5, 30, 6)
    with_session(one, 0, [3], 60)
    with_demand(one, 1.4, seed=2)
    with_site(one, np.full(3, 8.0), [(1, 3, 60)])
    pooled(one, one.km * 0.2)
    without_staff(one, 0, 0, 55)
    for kind, name in ((Cases, "cases"), (Sessions, "sessions")):
        for field in kind.__dataclass_fields__:
            old, now = (getattr(getattr(it, name), field) for it in (same, one))
            np.testing.assert_array_equal(old, now)
    np.testing.assert_array_equal(one.km, same.km)


@pytest.mark.parametrize("seed", range(4))
def test_an_interval_holds_the_expected_answer(seed):
    one = at_random(seed, 120, 24)
    befores = [with_demand(one, factor, seed=1) for factor in (0.7, 1.0, 1.3)]
    afters = [with_session(before, 3, [2, 9], 180) for before in befores]
    low, expected, high = interval(befores, afters, POLICY)
    assert low.pence <= expected.pence <= high.pence <= 0
    assert expected == difference(befores[1], afters[1], POLICY)
    # A session more and a patient more go well together.
    assert low == difference(befores[2], afters[2], POLICY)
    assert high == difference(befores[0], afters[0], POLICY)


def test_an_interval_takes_three_pairs():
    one = at_random(1, 5, 2)
    with pytest.raises(ValueError, match="unpack"):
        interval([one], [one], POLICY)


@FEW
@given(SOME, st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(one, luck):
    mixed = shuffled(one, luck)
    assert difference(one, mixed, POLICY) == NOTHING


@FEW
@given(SMALL)
def test_no_sessions_at_all_cost_what_leaving_everybody_costs(one):
    empty = chosen(one, np.arange(len(one.cases)), np.zeros(0, int))
    nobody = chosen(one, np.zeros(0, int), np.zeros(0, int))
    left = costs.left_out(one, POLICY)
    assert difference(nobody, empty, POLICY).pence == left.sum()
