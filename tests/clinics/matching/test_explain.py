"""Why a case goes where it goes: the options with their prices, and a sentence."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.clinics.matching import costs
from core.clinics.matching.baselines import first_come
from core.clinics.matching.bound import minutes_free, relax
from core.clinics.matching.explain import Shortage, options, sentence, shortages
from core.clinics.matching.model import NOWHERE
from core.clinics.matching.plan import solve
from core.clinics.matching.regions import chosen
from tests.clinics.matching.by_hand import (
    CANCER,
    CONSULTANT,
    NURSE,
    POLICY,
    Case,
    Session,
    instance,
)
from tests.clinics.matching.made import instances


SMALL = instances(most=14)
# The solver starts anew for each; the first of them loads it.
FEW = settings(max_examples=40, deadline=None)


def plan_of(one, **changed):
    """The plan, with something in it made to be otherwise."""
    plan = solve(one, POLICY, polish=False)
    arrays = {name: np.array(values) for name, values in changed.items()}
    return dataclasses.replace(plan, **arrays)


def queue_of(one):
    """First come, first served, as a plan: no minute is worth anything to others."""
    queue = first_come(one, POLICY)
    return plan_of(
        one,
        session=queue.session,
        slot=queue.slot,
        cost=queue.cost,
        prices=np.zeros(len(one.sessions)),
    )


def said(one, plan, case=0):
    """The sentence, where sessions are called A, B, C."""
    return sentence(one, POLICY, plan, case, "ABC".__getitem__)


@FEW
@given(SMALL, st.integers(1, 6))
def test_the_options_are_the_least_in_total_and_the_chosen_one_is_among_them(one, most):
    plan = solve(one, POLICY, polish=False)
    may = costs.eligible(one, POLICY, np.arange(len(one.cases)))
    for case in range(len(one.cases)):
        shown = options(one, POLICY, plan, case, most)
        everything = options(one, POLICY, plan, case, len(one.sessions) + 1)
        assert [option.session for option in shown if option.chosen] == [
            plan.session[case]
        ]
        assert len(shown) == min(most, len(everything))
        assert [option.total for option in everything] == sorted(
            option.total for option in everything
        )
        assert {option.session for option in everything} == {
            NOWHERE,
            *np.flatnonzero(may[case]).tolist(),
        }
        assert [option for option in everything if option in shown] == shown


@FEW
@given(SMALL)
def test_an_option_adds_up_and_the_chosen_one_costs_what_the_plan_says(one):
    plan = solve(one, POLICY, polish=False)
    for case, session in enumerate(plan.session.tolist()):
        for option in options(one, POLICY, plan, case, 4):
            assert option.total == option.parts.total + option.minutes_worth
            if option.chosen:
                assert option.parts.total == plan.cost[case]
                assert option.session == session


def test_options_do_not_depend_on_the_order_of_sessions():
    one = instance([Case()], [Session(day=day) for day in (4, 2, 2, 9)])
    plan = solve(one, POLICY)
    names = [one.sessions.ids[it.session] for it in options(one, POLICY, plan, 0, 4)]
    other = chosen(one, np.array([0]), np.array([3, 2, 1, 0]))
    again = options(other, POLICY, solve(other, POLICY), 0, 4)
    assert names == [other.sessions.ids[it.session] for it in again]
    assert names == [f"session-00000{at}" for at in (1, 2, 0, 3)]


def test_the_minutes_of_a_place_are_told_with_its_cost_and_the_next_best_is_named():
    one = instance(
        [Case(minutes=40, urgency=CANCER, due=12)],
        [Session(day=8), Session(day=16, role=NURSE)],
    )
    plan = plan_of(one, prices=[2500.0, 1000.0])
    first, second, nowhere = options(one, POLICY, plan, 0)
    assert (first.parts.total, first.minutes_worth) == (10_831, 100_000)
    assert (second.late_days, nowhere.late_days) == (4, 44)
    assert said(one, plan) == (
        "A costs £108 and its 40 minutes are worth £1,000 to others: £1,108 in all; "
        "anywhere else is dearer, next B at £2,569, where they would be 4 days late."
    )


def test_the_only_place_is_called_so():
    one = instance([Case(due=3)], [Session(day=4), Session(able=())])
    assert said(one, solve(one, POLICY)) == (
        "A, 1 day late, is the only session for them: "
        "it costs £562 and nobody else needs its 20 minutes."
    )


def test_who_can_be_seen_nowhere_is_told_what_is_missing():
    one = instance([Case(farthest=2.0)], [Session()])
    plan = solve(one, POLICY)
    assert said(one, plan) == "No place: nobody competent as near as the patient needs."
    (nowhere,) = options(one, POLICY, plan, 0)
    assert (nowhere.session, nowhere.total, nowhere.chosen) == (NOWHERE, 0, True)


def test_a_cheaper_place_is_left_to_others_who_need_it_more():
    one = instance(
        [Case(minutes=40), Case(minutes=40, kind=1, urgency=CANCER, due=10)],
        [
            Session(day=3, minutes=40, role=NURSE, able=(0, 1)),
            Session(day=3, minutes=40),
        ],
    )
    plan = plan_of(one, prices=[200.0, 0.0])
    assert plan.session.tolist() == [1, 0]
    assert said(one, plan) == (
        "B costs £106 and nobody else needs its 40 minutes; A would cost only £36, "
        "but its 40 minutes are worth £80 to others."
    )


def test_a_place_that_is_full_is_called_cheapest_on_paper_only():
    one = instance(
        [Case(minutes=40, referred=-20), Case(minutes=40)],
        [Session(day=1, minutes=60, role=NURSE), Session(day=2, minutes=60)],
    )
    assert said(one, queue_of(one), case=1) == (
        "B costs £106 and nobody else needs its 40 minutes; "
        "the cheapest on paper, A at £36, is full."
    )
    slots = instance(
        [Case(minutes=40, referred=-20), Case(minutes=40)],
        [
            Session(day=1, role=NURSE, slots=((40, 1), (10, 4))),
            Session(day=2, minutes=60),
        ],
    )
    assert "A at £36, is full" in said(slots, queue_of(slots), case=1)


def test_a_plan_that_misses_a_cheaper_place_with_room_says_so():
    one = instance([Case()], [Session(role=NURSE), Session()])
    plan = plan_of(one, session=[1], slot=[20])
    assert said(one, plan) == (
        "B costs £54 and nobody else needs its 20 minutes; the cheapest on paper, "
        "A at £19, has room: this plan is not the best there is."
    )


def test_prices_that_only_a_split_appointment_would_pay_are_called_that():
    one = instance([Case()], [Session(role=NURSE), Session()])
    plan = plan_of(one, prices=[500.0, 0.0])
    assert said(one, plan).endswith(
        "the cheapest on paper, B at £54, is so only where appointments can be split."
    )


def test_without_a_place_the_cheapest_one_is_named_and_whether_it_is_full():
    one = instance(
        [Case(minutes=40), Case(minutes=40, urgency=CANCER, due=10)],
        [Session(day=1, minutes=40)],
    )
    plan = plan_of(one, prices=[6000.0])
    assert plan.session.tolist() == [NOWHERE, 0]
    assert said(one, plan) == (
        "No place, which weighs £1,992; A would cost only £106, "
        "but its 40 minutes are worth £2,400 to others."
    )
    full = "No place, which weighs £1,992; the cheapest on paper, A at £106, is full."
    assert said(one, plan_of(one, prices=[0.0])) == full


def test_places_that_come_to_the_same_are_said_to():
    one = instance([Case()], [Session(), Session(day=1)])
    assert said(one, solve(one, POLICY)).endswith("; B would come to as much.")


@FEW
@given(SMALL)
def test_whatever_the_plan_there_is_one_sentence_for_each_case(one):
    for plan in (solve(one, POLICY, polish=False), queue_of(one)):
        for case in range(len(one.cases)):
            words = sentence(one, POLICY, plan, case, "session {}".format)
            assert words.endswith(".")
            assert ". " not in words
            known = options(one, POLICY, plan, case)
            assert words == sentence(
                one, POLICY, plan, case, "session {}".format, options=known
            )


def test_a_shortage_is_the_mean_over_minutes_by_grade_fortnight_and_site():
    sessions = [
        Session(day=0, minutes=60),
        Session(day=13, minutes=180),
        Session(day=14, minutes=60),
        Session(day=1, minutes=30, site=1, slots=((20, 2),), role=NURSE),
    ]
    one = instance([Case()], sessions, km=[[5.0, 5.0]])
    found = shortages(one, POLICY, np.array([400.0, 200.0, 0.0, 30.0]))
    assert found == [
        Shortage(CONSULTANT, 0, 0, pytest.approx(250.0), 240),
        Shortage(NURSE, 0, 1, pytest.approx(30.0), 40),
        Shortage(CONSULTANT, 1, 0, 0.0, 60),
    ]
    assert shortages(instance(), POLICY, np.zeros(0)) == []


@FEW
@given(SMALL)
def test_shortages_account_for_every_minute_and_every_penny(one):
    prices = relax(one, POLICY).prices
    found = shortages(one, POLICY, prices)
    free = minutes_free(one)
    assert sum(it.minutes for it in found) == free.sum()
    worth = sum(it.minutes * it.pence_per_minute for it in found)
    assert worth == pytest.approx(float(free @ prices))
