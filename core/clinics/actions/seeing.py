"""What every change to an appointment begins with: whose it is, and holding it."""

import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access import rules as access
from core.access.model import Actor
from core.access.tables import Organisation
from core.clinics import reading
from core.clinics.actions.stepping import lock_need
from core.clinics.model import AppointmentState
from core.clinics.tables import Appointment, ClinicNeed
from core.kernel import clock, words
from core.kernel.errors import Conflict, NotAllowed
from core.notify.actions import enqueue
from core.notify.model import Topic
from core.practices.tables import Practice
from core.referrals.tables import Referral


_MEANWHILE = {
    AppointmentState.BOOKED: "Nothing has been recorded for this appointment yet.",
    AppointmentState.KEPT: "What was found is recorded already. Correct it instead.",
    AppointmentState.MISSED: "It is recorded that nobody came.",
    AppointmentState.CANCELLED: "This appointment was cancelled. Reload the page.",
}


@dataclass(frozen=True)
class Visit:
    """An appointment with what hangs on it, held until the transaction ends."""

    appointment: Appointment
    need: ClinicNeed
    referral: Referral


def may_see(by: Actor) -> None:
    """Raises NotAllowed for whoever sees nobody in a clinic."""
    if not access.may_see_in_clinic(by):
        raise NotAllowed("Only whoever sees patients in a clinic records this.")


def own_visit(session: Session, by: Actor, appointment_id: uuid.UUID) -> Visit:
    """An appointment of the actor's own clinic. Raises NotAllowed, NotFound."""
    may_see(by)
    return hold(session, reading.appointment_of(session, by.scope, appointment_id))


def hold(session: Session, found: Appointment) -> Visit:
    """Hold the need, then the referral: in the order in which bookings do."""
    need = lock_need(session, found.need_id)
    referral = session.scalars(
        sa.select(Referral)
        .where(Referral.id == found.referral_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    # It may have been cancelled, or recorded, while we waited.
    session.refresh(found)
    return Visit(found, need, referral)


def refuse_early(visit: Visit) -> None:
    """Raises Conflict before the appointment has begun."""
    begins = visit.appointment.begins_at
    if clock.now() < begins:
        raise Conflict(
            f"This appointment begins at {words.moment_in_words(begins)}. "
            "Record what happened from then on."
        )


def refuse_unless(visit: Visit, state: AppointmentState) -> None:
    """Raises Conflict where the appointment is not, or no longer, what it was."""
    if visit.appointment.state is not state:
        raise Conflict(_MEANWHILE[visit.appointment.state])


def tell_practice(session: Session, referral: Referral, topic: Topic) -> None:
    """Promise the practice a message that says nothing clinical."""
    enqueue(
        session,
        topic=topic,
        address=session.get_one(Practice, referral.practice_id).email,
        practice=session.get_one(Organisation, referral.practice_id).name,
        reference=referral.reference,
    )
