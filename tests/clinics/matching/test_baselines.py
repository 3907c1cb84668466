"""What happens without a plan: by hand, and never against a rule."""

import pytest
from hypothesis import given, settings

from core.clinics.matching.baselines import due_date, first_come
from core.clinics.matching.model import NOWHERE
from core.clinics.matching.plan import solve
from tests.clinics.matching import oracle
from tests.clinics.matching.made import POLICY, cases, instance, instances, sessions


RELAXED = settings(max_examples=40, deadline=None)


def test_whoever_was_referred_first_gets_the_earliest_place():
    one = instance(
        cases([20, 20, 20], referred=[-1, -9, -5], urgency=[0, 2, 2], due=[2, 20, 20]),
        sessions([20, 20, 20], day=[9, 1, 4]),
    )
    assert first_come(one, POLICY).session.tolist() == [0, 1, 2]


def test_of_two_places_on_a_day_the_nearest_is_taken():
    one = instance(cases([20]), sessions([20, 20], site=[0, 1]), km=[[9.0, 4.0]])
    assert first_come(one, POLICY).session.tolist() == [1]


def test_whoever_is_due_first_gets_the_cheapest_place():
    one = instance(
        cases([20, 20], due=[20, 5]), sessions([20, 20], day=[1, 2], role=[1, 0])
    )
    assert due_date(one, POLICY).session.tolist() == [1, 0]


@pytest.mark.parametrize("without_a_plan", [first_come, due_date])
def test_between_equals_ids_decide_and_not_where_they_come_from(without_a_plan):
    one = instance(
        cases([20, 20], area=[0, 1], kind=[0, 1], ids=("later", "earlier")),
        sessions([20]),
        km=[[5.0], [5.0]],
    )
    assert without_a_plan(one, POLICY).session.tolist() == [NOWHERE, 0]


@pytest.mark.parametrize("without_a_plan", [first_come, due_date])
@RELAXED
@given(instances())
def test_rules_are_kept_and_no_plan_is_dearer(without_a_plan, one):
    made = without_a_plan(one, POLICY)
    for case, session in enumerate(made.session.tolist()):
        if session != NOWHERE:
            assert oracle.open_to(one, POLICY, case, session)
            assert made.cost[case] == oracle.cost(one, POLICY, case, session)
    for session in range(len(one.sessions)):
        slots = made.slot[made.session == session]
        if one.sessions.templated[session]:
            used = [(slots == length).sum() for length in one.lengths]
            assert (used <= one.sessions.slots[session]).all()
        else:
            assert slots.sum() <= one.sessions.minutes[session]
    plan = solve(one, POLICY)
    assert (made.impossible == plan.impossible).all()
    if plan.exact:
        assert plan.total <= made.total
    assert made.total >= plan.bound - 1e-6
