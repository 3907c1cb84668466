"""Why somebody is seen where they are: in numbers that add up, and in words."""

import numpy as np
import pytest
from hypothesis import given, settings

from core.clinics.matching.bound import relax
from core.clinics.matching.explain import options, sentence, shortages
from core.clinics.matching.model import NOWHERE
from core.clinics.matching.plan import solve
from tests.clinics.matching.made import POLICY, cases, instance, instances, sessions


def named(session):
    return f"session {session}"


@settings(max_examples=100, deadline=None)
@given(instances())
def test_where_the_relaxation_is_whole_the_chosen_option_is_the_cheapest(one):
    plan = solve(one, POLICY)
    if plan.total != pytest.approx(plan.bound, abs=1e-6):
        return
    for case in np.flatnonzero(plan.session != NOWHERE).tolist():
        found = options(one, POLICY, plan, case, most=99)
        mine = next(option for option in found if option.chosen)
        exact = mine.own.total + plan.prices[mine.session] * one.cases.minutes[case]
        for other in found:
            theirs = plan.prices[other.session] * one.cases.minutes[case]
            assert exact <= other.own.total + theirs + 1e-6


@settings(max_examples=60, deadline=None)
@given(instances())
def test_options_add_up_and_hold_the_chosen_one(one):
    plan = solve(one, POLICY)
    for case in range(len(one.cases)):
        found = options(one, POLICY, plan, case, most=2)
        assert len(found) <= 2
        for option in found:
            assert option.total == option.own.total + option.minutes_worth
            late = one.sessions.day[option.session] - one.cases.due[case]
            assert option.late_days == max(0, late)
        chosen = [option.session for option in found if option.chosen]
        placed = plan.session[case] != NOWHERE
        assert chosen == ([int(plan.session[case])] if placed else [])


def test_who_yields_an_early_place_is_told_to_whom():
    """One early place; the urgent one has it, the other comes later and in time."""
    one = instance(
        cases([20, 20], urgency=[0, 2], due=[3, 20]), sessions([20, 20], day=[1, 9])
    )
    plan = solve(one, POLICY)
    assert plan.session.tolist() == [0, 1]
    told = sentence(one, POLICY, plan, 1, named)
    assert told.startswith("session 1, in time: session 0 would be earlier, but others")
    told = sentence(one, POLICY, plan, 0, named)
    assert told == "session 0, in time: no other session would be better for this case."


def test_a_late_place_says_by_how_much():
    one = instance(cases([20], due=[3]), sessions([20], day=[5]))
    told = sentence(one, POLICY, solve(one, POLICY), 0, named)
    assert told.startswith("session 0, 2 days late:")


def test_no_place_and_no_possible_place_are_told_apart():
    one = instance(
        cases([20, 20, 20], urgency=[0, 2, 2], kind=[0, 0, 1]),
        sessions([20], able=[[True, False, False]]),
    )
    plan = solve(one, POLICY)
    assert "No place was left" in sentence(one, POLICY, plan, 1, named)
    told = sentence(one, POLICY, plan, 2, named)
    assert told == "No session can take this case: nobody competent."


def test_shortages_name_role_fortnight_and_site_the_dearest_first():
    one = instance(
        cases([20] * 4, urgency=0, due=5),
        sessions([40, 40, 60, 0], day=[1, 2, 16, 3], role=[0, 0, 1, 1]),
    )
    rows = shortages(one, POLICY, relax(one, POLICY).prices)
    assert [(row.role, row.fortnight, row.minutes) for row in rows] == [
        ("consultant", 0, 80),
        ("nurse", 1, 60),
    ]
    assert rows[0].pence_per_minute >= rows[1].pence_per_minute


def test_a_shortage_is_the_mean_price_weighed_by_minutes():
    one = instance(cases([20]), sessions([30, 90]))
    (row,) = shortages(one, POLICY, np.array([100.0, 20.0]))
    assert row.pence_per_minute == 40
