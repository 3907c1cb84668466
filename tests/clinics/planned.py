"""Needs that wait and lines of a plan to be accepted, for tests of booking."""

from datetime import timedelta

import sqlalchemy as sa

from core.clinics.actions.needs import take_in
from core.clinics.model import LineState
from core.clinics.tables import (
    Appointment,
    AppointmentTime,
    ClinicNeed,
    ClinicPlan,
    ClinicSession,
    NeedEvent,
    PlanLine,
)
from core.kernel import clock
from tests.world import NOW, TO_BE_SEEN, a_patient, an_answered_referral


def a_need(world, number="9434765919", opinion=TO_BE_SEEN, **patient):
    """Somebody who waits for a clinic."""
    with clock.set_to(NOW):
        patient_id = a_patient(world, number, **patient)
        referral_id = an_answered_referral(world, opinion, patient_id)
        with world.store.transaction() as session:
            take_in(session)
            return need_of(session, referral_id).id


def need_of(session, referral_id):
    """The need of a referral, or None."""
    return session.scalar(
        sa.select(ClinicNeed).where(ClinicNeed.referral_id == referral_id)
    )


def a_plan(world, manager, *wanted, later=False):
    """A plan with a line for each (need, session, first step, minutes). Its ids."""
    with clock.set_to(NOW), world.store.transaction() as session:
        plan = ClinicPlan(
            made_at=clock.now(),
            made_by=manager.person_id,
            specialty="dermatology",
            first_day=clock.today(),
            horizon_days=56,
            seconds=0.1,
            inputs={},
            inputs_hash="0" * 64,
            figures={},
        )
        session.add(plan)
        session.flush()
        lines = [_line(session, plan.id, later, *one) for one in wanted]
        session.add_all(lines)
        session.flush()
        return plan.id, [one.id for one in lines]


def _line(session, plan_id, later, need_id, session_id, first, minutes):
    held = session.get_one(ClinicSession, session_id)
    return PlanLine(
        plan_id=plan_id,
        need_id=need_id,
        need_version=session.get_one(ClinicNeed, need_id).version,
        state=LineState.PROPOSED,
        session_id=session_id,
        begins_at=held.begins_at + timedelta(minutes=first * 5),
        minutes=minutes,
        cost_pence=1000,
        km=3.0,
        later=later,
        days_against_first_come=-2,
    )


def state_of(world, need_id):
    """The need's state, its appointments' states, and the steps that are taken."""
    with world.store.reading() as session:
        need = session.get_one(ClinicNeed, need_id)
        appointments = session.scalars(
            sa.select(Appointment)
            .where(Appointment.need_id == need_id)
            .order_by(Appointment.booked_at)
        ).all()
        ids = [one.id for one in appointments]
        steps = session.scalars(
            sa.select(AppointmentTime.step)
            .where(AppointmentTime.appointment_id.in_(ids))
            .order_by(AppointmentTime.step)
        ).all()
        moves = session.scalars(
            sa.select(NeedEvent.move)
            .where(NeedEvent.need_id == need_id)
            .order_by(NeedEvent.number)
        ).all()
        return need.state, [one.state for one in appointments], steps, list(moves)
