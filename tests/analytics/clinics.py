"""What happens around clinics, through the real actions, at a test's times."""

from datetime import timedelta

import sqlalchemy as sa

from core.clinics.actions import findings
from core.clinics.actions.booking import accept
from core.clinics.actions.needs import cancel, take_in
from core.clinics.found import Found
from core.clinics.tables import Appointment, ClinicPlan, PlanLine
from core.kernel import clock
from core.kernel.ids import new_id
from core.reviews.model import Certainty
from tests.analytics import life
from tests.clinics.booked import a_session
from tests.clinics.planned import a_plan, need_of


# What a test's answers say, and something of another group.
SAME = Found("seborrhoeic_keratosis", Certainty.CERTAIN, None, False)
MELANOMA = Found("melanoma", Certainty.PROBABLE, "excision", True, "qfound")


def sent_to_clinic(world, answered, **notes):
    """A referral whose answer, given then, wants the patient seen. Its id."""
    made = life.refer(world, answered - timedelta(hours=2), **notes)
    life.answer(world, made, answered, "direct_procedure")
    with clock.set_to(answered), world.store.transaction() as session:
        take_in(session)
    return made


def a_clinic(world, begins, minutes=240, who=None):
    return a_session(world, who or world.consultant, begins, minutes)


def booked(world, manager, referral, clinic, moment, first=0, minutes=20):
    """Book through a plan, as a manager does. The appointment's id."""
    with world.store.reading() as session:
        need_id = need_of(session, referral).id
    plan_id, lines = a_plan(world, manager, (need_id, clinic, first, minutes))
    with clock.set_to(moment), world.store.transaction() as session:
        done = accept(session, by=manager, plan_id=plan_id, line_ids=lines)
        assert not done.refused
    with world.store.reading() as session:
        return session.scalars(
            sa.select(Appointment.id)
            .where(Appointment.referral_id == referral)
            .order_by(Appointment.booked_at.desc())
        ).first()


def found(world, appointment, moment, what=SAME, who=None):
    with clock.set_to(moment), world.store.transaction() as session:
        findings.record_finding(
            session,
            by=who or world.consultant,
            appointment_id=appointment,
            finding_id=new_id(),
            found=what,
        )


def histology(world, appointment, moment, diagnosis, who=None):
    with clock.set_to(moment), world.store.transaction() as session:
        findings.record_histology(
            session,
            by=who or world.consultant,
            appointment_id=appointment,
            histology_id=new_id(),
            diagnosis=diagnosis,
            words="qhistology",
        )


def missed(world, appointment, moment, who=None):
    with clock.set_to(moment), world.store.transaction() as session:
        findings.miss(session, by=who or world.consultant, appointment_id=appointment)


def given_up(world, referral, moment, reason="qgivenup"):
    with world.store.reading() as session:
        need_id = need_of(session, referral).id
    with clock.set_to(moment), world.store.transaction() as session:
        cancel(session, by=world.gp, need_id=need_id, reason=reason)


def planned(world, manager, moment, figures, needs=()):
    """A plan with figures of a test's own."""
    with world.store.reading() as session:
        ids = [need_of(session, one).id for one in needs]
    with clock.set_to(moment), world.store.transaction() as session:
        plan = ClinicPlan(
            made_at=moment,
            made_by=manager.person_id,
            specialty="dermatology",
            first_day=moment.date(),
            horizon_days=56,
            seconds=1.0,
            inputs={},
            inputs_hash="0" * 64,
            figures=figures,
        )
        session.add(plan)
        session.flush()
        session.add_all(_unplaced(plan.id, one) for one in ids)


def _unplaced(plan_id, need_id):
    return PlanLine(
        plan_id=plan_id,
        need_id=need_id,
        need_version=1,
        state="proposed",
        minutes=20,
        cost_pence=0,
        later=False,
    )
