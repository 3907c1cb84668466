"""A place that is given back overtakes the plan: a new one is there at once."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.clinics.actions.booking import accept, unbook
from core.clinics.actions.replanning import plan_again
from core.clinics.actions.sessions import cancel_session
from core.clinics.model import LineState, NeedState
from core.clinics.presenters.plans import newest
from core.clinics.tables import Appointment, ClinicPlan, PlanLine
from core.kernel import clock
from tests.clinics.booked import BEGINS
from tests.clinics.planned import a_need, state_of
from tests.clinics.test_planning import house, planned
from tests.world import NOW


__all__ = ["house"]


@pytest.fixture
def booked(world, house):
    """Somebody is booked into the first of two mornings."""
    first = house.add(begins_at=BEGINS)
    house.add(begins_at=BEGINS + timedelta(days=7))
    need = a_need(world)
    plan_id, _ = planned(house)
    lines = house.all(sa.select(PlanLine).where(PlanLine.plan_id == plan_id))
    done = house.do(accept, plan_id=plan_id, line_ids=[one.id for one in lines])
    assert done.appointments == 1
    assert lines[0].session_id == first.id
    return need, first


def again(world):
    """What the worker does, an hour later."""
    with clock.set_to(NOW + timedelta(hours=1)):
        return plan_again(world.store)


def test_a_lost_session_is_planned_anew_and_nothing_is_booked_by_itself(
    world, house, booked
):
    need, first = booked
    later(world, cancel_session, house.manager, session_id=first.id, reason="Illness")
    assert state_of(world, need)[0] is NeedState.WAITING
    assert again(world) == 1
    with clock.set_to(NOW), world.store.reading() as session:
        page = newest(session, house.manager.scope, "dermatology")
    assert "by itself, because a place was given back" in page.made
    (line,) = page.lines
    assert line.state is LineState.PROPOSED
    assert line.when.startswith("Wed 2 Dec 2026")
    assert state_of(world, need)[0] is NeedState.WAITING
    assert again(world) == 0


def test_a_patient_who_cannot_come_is_planned_anew(world, house, booked):
    need, _ = booked
    later(world, unbook, world.gp, need_id=need, reason="On holiday")
    assert again(world) == 1
    assert len(house.all(sa.select(ClinicPlan))) == 2


def test_without_a_change_or_a_first_plan_nothing_is_made(world, house, booked):
    assert again(world) == 0
    assert len(house.all(sa.select(Appointment))) == 1


def test_where_nobody_has_planned_yet_the_service_does_not_begin(world, house):
    a_need(world)
    assert again(world) == 0
    assert house.all(sa.select(ClinicPlan)) == []


def later(world, action, by, **facts):
    """Half an hour after the plan."""
    moment = NOW + timedelta(minutes=30)
    with clock.set_to(moment), world.store.transaction() as session:
        action(session, by=by, **facts)
