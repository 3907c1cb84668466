"""What simple rules would do: respects what there is, and goes by nothing but its rule."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clinics.matching import costs
from core.clinics.matching.baselines import due_date, first_come
from core.clinics.matching.bound import relax
from core.clinics.matching.costs import USABLE_LENGTHS
from core.clinics.matching.model import NOWHERE
from core.clinics.matching.plan import solve
from core.clinics.matching.regions import chosen
from tests.clinics.matching.instances import (
    CANCER,
    FEW,
    NURSE,
    POLICY,
    SMALL,
    Case,
    Session,
    instance,
)


RULES = pytest.mark.parametrize("rule", [first_come, due_date])


def slowly(one, turn, rank):
    """The rule in plain Python: (session, slot) of each case."""
    cases, sessions = one.cases, one.sessions
    free = sessions.minutes.tolist()
    slots = sessions.slots.tolist()
    found = [(NOWHERE, 0)] * len(cases)
    may = costs.eligible(one, POLICY, np.arange(len(cases)))
    for case in sorted(range(len(cases)), key=lambda i: (turn(i), cases.ids[i])):
        minutes = int(cases.minutes[case])
        ladder = [at for at, length in enumerate(one.lengths) if length >= minutes]
        for session in sorted(
            np.flatnonzero(may[case]).tolist(),
            key=lambda j: (rank(case, j), sessions.ids[j]),
        ):
            if sessions.templated[session]:
                here = [k for k in ladder[:USABLE_LENGTHS] if slots[session][k]]
                if here:
                    slots[session][here[0]] -= 1
                    found[case] = (session, int(one.lengths[here[0]]))
                    break
            elif free[session] >= minutes:
                free[session] -= minutes
                found[case] = (session, minutes)
                break
    return found


def found_by(plan):
    """(session, slot) of each case."""
    return list(zip(plan.session.tolist(), plan.slot.tolist(), strict=True))


@FEW
@given(SMALL)
def test_first_come_is_by_referral_then_earliest_then_nearest(one):
    cases, sessions = one.cases, one.sessions
    assert found_by(first_come(one, POLICY)) == slowly(
        one,
        turn=lambda i: cases.referred[i],
        rank=lambda i, j: (sessions.day[j], one.km[cases.area[i], sessions.site[j]]),
    )


@FEW
@given(SMALL)
def test_due_date_is_by_due_day_then_cheapest(one):
    assert found_by(due_date(one, POLICY)) == slowly(
        one,
        turn=lambda i: one.cases.due[i],
        rank=lambda i, j: costs.parts(one, POLICY, i, j).total,
    )


@RULES
@FEW
@given(SMALL)
def test_costs_are_those_of_the_plan_and_no_cheaper_than_its_bound(rule, one):
    plan = rule(one, POLICY)
    left = costs.left_out(one, POLICY)
    for case, session in enumerate(plan.session.tolist()):
        if plan.impossible[case]:
            assert plan.cost[case] == 0
        elif session == NOWHERE:
            assert plan.cost[case] == left[case]
        else:
            assert plan.cost[case] == costs.parts(one, POLICY, case, session).total
    assert plan.total == plan.cost.sum()
    assert plan.total >= relax(one, POLICY).pence - 0.01
    assert not plan.exact
    assert not plan.prices.any()


@RULES
@FEW
@given(SMALL)
def test_gaps_and_their_reasons_are_those_of_the_plan(rule, one):
    simple, planned = rule(one, POLICY), solve(one, POLICY, polish=False)
    assert simple.impossible.tolist() == planned.impossible.tolist()
    assert simple.reason == planned.reason
    assert simple.figures.impossible == planned.figures.impossible
    everybody = simple.figures.placed + simple.figures.unplaced
    assert everybody == planned.figures.placed + planned.figures.unplaced


@RULES
@FEW
@given(SMALL, st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(rule, one, luck):
    cases, sessions = list(range(len(one.cases))), list(range(len(one.sessions)))
    luck.shuffle(cases)
    luck.shuffle(sessions)
    mixed = rule(chosen(one, np.array(cases, int), np.array(sessions, int)), POLICY)
    plan = rule(one, POLICY)
    back = np.append(np.array(sessions, int), NOWHERE)
    assert back[mixed.session].tolist() == plan.session[cases].tolist()
    assert mixed.slot.tolist() == plan.slot[cases].tolist()
    assert mixed.total == plan.total


def test_first_come_takes_what_somebody_more_urgent_needs():
    one = instance(
        [
            Case(minutes=40, referred=-30, due=80),
            Case(minutes=40, referred=-2, due=12, urgency=CANCER),
        ],
        [Session(day=3, minutes=60), Session(day=40, minutes=60, role=NURSE)],
    )
    queue, by_due = first_come(one, POLICY), due_date(one, POLICY)
    assert queue.session.tolist() == [0, 1]
    assert queue.figures.breaches == (1, 0, 0)
    # Staff, travel, days waited; and for her, four times 500 pounds and 28 days late.
    assert queue.cost.tolist() == [10_400 + 175 + 24, 3_400 + 175 + 1_280 + 289_600]
    assert by_due.session.tolist() == [1, 0]
    assert by_due.total == (3_400 + 175 + 320) + (10_400 + 175 + 96)


def test_the_nearer_site_is_taken_on_the_same_day_and_the_least_id_at_the_same_site():
    one = instance(
        [Case()],
        [
            Session(day=1, site=0),
            Session(day=1, site=1, name="b"),
            Session(day=1, site=1, name="a"),
            Session(day=2, site=1),
        ],
        km=[[9.0, 3.0]],
    )
    assert first_come(one, POLICY).session.tolist() == [2]


def test_the_shortest_slot_that_is_long_enough_is_taken():
    one = instance(
        [Case(minutes=20, referred=-at) for at in (4, 3, 2, 1)],
        [Session(slots=((10, 3), (20, 1), (30, 1), (40, 1), (60, 1)))],
    )
    plan = first_come(one, POLICY)
    # An hour is more than somebody who needs twenty minutes may take.
    assert plan.slot.tolist() == [20, 30, 40, 0]
    assert plan.session.tolist() == [0, 0, 0, NOWHERE]


def test_without_cases_or_sessions_there_is_nothing_to_do():
    nobody = first_come(instance([], [Session()]), POLICY)
    assert (nobody.total, len(nobody.session)) == (0, 0)
    nowhere = due_date(instance([Case()], []), POLICY)
    assert nowhere.session.tolist() == [NOWHERE]
    assert nowhere.reason == ("no sessions",)
