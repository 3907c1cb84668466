"""Moves of booked patients: only those that pay, and none is made."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings

from core.clinics.matching.bound import relax
from core.clinics.matching.model import NOWHERE
from core.clinics.matching.moves import without_booked, worthwhile_moves
from core.clinics.matching.plan import solve
from tests.clinics.matching import oracle
from tests.clinics.matching.made import POLICY, cases, instance, instances, sessions


def test_a_routine_case_in_an_early_place_is_worth_moving_for_an_urgent_one():
    one = instance(
        cases([60, 60], urgency=[2, 0], due=[27, 3]), sessions([60, 60], day=[1, 9])
    )
    booked = np.array([0, NOWHERE])
    (move,) = worthwhile_moves(one, POLICY, booked)
    assert (move.case, move.at, move.to) == (0, 0, 1)
    late, wait = 4 * (50_000 + 6 * 800), 8 * (9 - 1)
    assert move.saves == late + 4 * wait - wait
    assert (move.late_days_before, move.late_days_after) == (0, 0)
    assert booked.tolist() == [0, NOWHERE]


@pytest.mark.parametrize("due", [8, 3, 0])
def test_nobody_is_moved_into_lateness_or_later_for_others_however_much_it_saves(due):
    one = instance(
        cases([60, 60], urgency=[2, 0], due=[due, 3]), sessions([60, 60], day=[1, 9])
    )
    assert worthwhile_moves(one, POLICY, np.array([0, NOWHERE])) == []


def test_who_is_late_may_come_sooner_though_still_late():
    one = instance(cases([60], urgency=[0], due=[5]), sessions([60, 60], day=[27, 7]))
    (move,) = worthwhile_moves(one, POLICY, np.array([0]))
    assert (move.late_days_before, move.late_days_after) == (22, 2)
    assert move.saves == 4 * 20 * (800 + 8)


def test_a_move_that_saves_less_than_it_is_worth_avoiding_is_not_named():
    one = instance(
        cases([60, 60], urgency=[2, 0], due=[27, 20]), sessions([60, 60], day=[1, 9])
    )
    assert worthwhile_moves(one, POLICY, np.array([0, NOWHERE])) == []


def test_nobody_is_moved_to_where_a_booking_is():
    one = instance(
        cases([60, 60, 60], urgency=[2, 0, 2], due=[27, 3, 27]),
        sessions([60, 60], day=[1, 9]),
    )
    assert worthwhile_moves(one, POLICY, np.array([0, NOWHERE, 1])) == []


def test_slots_of_a_template_are_given_back_and_taken():
    one = instance(
        cases([20, 20], urgency=[2, 0], due=[27, 3]),
        sessions([20, 30], day=[1, 9], slots={0: {20: 1}, 1: {30: 1}}),
    )
    (move,) = worthwhile_moves(one, POLICY, np.array([0, NOWHERE]))
    assert (move.case, move.to) == (0, 1)


def test_bookings_find_their_slots_again_wherever_they_can():
    one = instance(
        cases([15, 10, 20]), sessions([90], slots={0: {20: 1, 30: 1, 40: 1}})
    )
    # Ten minutes fit into twenty but not into thirty, fifteen into either.
    left = without_booked(one, np.array([0, 0, NOWHERE]))
    assert (left.sessions.slots @ left.lengths).tolist() == [40]


def test_more_bookings_than_there_is_room_for_are_refused():
    one = instance(cases([60, 60]), sessions([60]))
    with pytest.raises(ValueError, match="more is booked"):
        worthwhile_moves(one, POLICY, np.array([0, 0]))
    in_slots = instance(cases([60, 60]), sessions([60], slots={0: {60: 1}}))
    with pytest.raises(ValueError, match="more is booked"):
        worthwhile_moves(in_slots, POLICY, np.array([0, 0]))


@settings(max_examples=40, deadline=None)
@given(instances(most=20))
def test_each_move_saves_what_it_says_and_more_than_a_move_is_worth(one):
    booked = solve(one, POLICY, polish=False).session.copy()
    # Every second one only, and not where best: by session in the order of cases.
    booked[::2] = NOWHERE
    rest = without_booked(one, booked)
    before = relax(rest, POLICY).with_gaps + _cost_of_booked(one, booked)
    for move in worthwhile_moves(one, POLICY, booked):
        assert booked[move.case] == move.at != move.to
        assert move.late_days_before == _late(one, move.case, move.at)
        assert move.late_days_after == _late(one, move.case, move.to)
        assert move.late_days_after <= move.late_days_before
        moved = booked.copy()
        moved[move.case] = move.to
        after = relax(without_booked(one, moved), POLICY).with_gaps
        after += _cost_of_booked(one, moved)
        assert move.saves == pytest.approx(before - after)
        assert move.saves > POLICY.move_penalty


@settings(max_examples=25, deadline=None)
@given(instances(templates=("none",), most=14))
def test_no_move_that_pays_is_missed_where_all_take_as_long(one):
    """Every move there is that makes nobody later, tried one by one."""
    one = _all_of_thirty_minutes(one)
    booked = solve(one, POLICY, polish=False).session.copy()
    booked[::2] = NOWHERE
    rest = without_booked(one, booked)
    before = relax(rest, POLICY).with_gaps + _cost_of_booked(one, booked)
    paying = set()
    for case in np.flatnonzero(booked != NOWHERE).tolist():
        for session in _open_to(one, case):
            if _late(one, case, session) > _late(one, case, booked[case]):
                continue
            moved = booked.copy()
            moved[case] = session
            left = without_booked(one, moved)
            if left is None:
                continue
            after = relax(left, POLICY).with_gaps + _cost_of_booked(one, moved)
            if before - after > POLICY.move_penalty + 1e-3:
                paying.add((case, session))
    found = worthwhile_moves(one, POLICY, booked, most_tried=10_000)
    assert {(move.case, move.to) for move in found} == paying


def _all_of_thirty_minutes(one):
    return dataclasses.replace(
        one,
        cases=dataclasses.replace(one.cases, minutes=np.full(len(one.cases), 30)),
        sessions=dataclasses.replace(
            one.sessions, minutes=one.sessions.minutes // 30 * 30
        ),
    )


def _late(one, case, session):
    return max(0, int(one.sessions.day[session] - one.cases.due[case]))


def _open_to(one, case):
    sessions_ = range(len(one.sessions))
    return [s for s in sessions_ if oracle.open_to(one, POLICY, case, s)]


def _cost_of_booked(one, booked):
    return sum(
        oracle.cost(one, POLICY, case, int(booked[case]))
        for case in np.flatnonzero(booked != NOWHERE).tolist()
    )


def test_bookings_take_minutes_and_people_out():
    one = instance(cases([20, 40, 20]), sessions([90]))
    left = without_booked(one, np.array([0, NOWHERE, 0]))
    assert left.sessions.minutes.tolist() == [50]
    assert left.cases.ids == ("case 00001",)
    assert dataclasses.replace(left, cases=one.cases, sessions=one.sessions) == one
