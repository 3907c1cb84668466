"""After an appointment: what was found and done, that nobody came, what histology says."""

import uuid
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import SYSTEM, Actor
from core.audit.actions import record
from core.clinics import reading
from core.clinics.actions.seeing import (
    Visit,
    hold,
    may_see,
    own_visit,
    refuse_early,
    refuse_unless,
    tell_practice,
)
from core.clinics.actions.stepping import step
from core.clinics.found import Found, refuse_long, refuse_unknown, refuse_wrong
from core.clinics.model import AppointmentState, NeedMove
from core.clinics.periods import misses_on
from core.clinics.tables import Appointment, ClinicSession, Finding, Histology
from core.kernel import clock
from core.kernel.errors import Conflict, NotFound
from core.notify.model import Topic
from core.referrals.model import State
from core.reviews.actions.stepping import nothing_left
from core.specialties.reference import specialty


Kept = TypeVar("Kept", Finding, Histology)


def record_finding(
    session: Session,
    *,
    by: Actor,
    appointment_id: uuid.UUID,
    finding_id: uuid.UUID,
    found: Found,
) -> Finding:
    """Record what was found; the patient has been seen.

    Sending one ``finding_id`` twice records once. Closes the referral once its answer
    has been acknowledged. Raises Invalid, Conflict, NotAllowed, NotFound.
    """
    visit = own_visit(session, by, appointment_id)
    if there := _sent_before(session, by, visit, finding_id):
        return there
    refuse_unless(visit, AppointmentState.BOOKED)
    refuse_early(visit)
    refuse_wrong(specialty(visit.referral.specialty), found)
    _move(session, by, visit, NeedMove.ATTEND)
    _move(session, by, visit, NeedMove.COMPLETE)
    _end(visit, AppointmentState.KEPT)
    row = _keep(session, by, visit, finding_id, found, "record_finding")
    if visit.referral.state is State.ANSWERED:
        nothing_left(session, visit.referral)
    return row


def correct_finding(
    session: Session,
    *,
    by: Actor,
    appointment_id: uuid.UUID,
    finding_id: uuid.UUID,
    found: Found,
) -> Finding:
    """Replace what was recorded by a new version; both sides are told anew."""
    visit = own_visit(session, by, appointment_id)
    if there := _sent_before(session, by, visit, finding_id):
        return there
    refuse_unless(visit, AppointmentState.KEPT)
    refuse_wrong(specialty(visit.referral.specialty), found)
    _move(session, by, visit, NeedMove.CORRECT)
    return _keep(session, by, visit, finding_id, found, "correct_finding")


def miss(session: Session, *, by: Actor, appointment_id: uuid.UUID) -> None:
    """Record that nobody came. Again changes nothing.

    Whoever has not missed more than is allowed waits for another appointment; the
    practice is told either way.
    """
    visit = own_visit(session, by, appointment_id)
    if visit.appointment.state is AppointmentState.MISSED:
        return
    refuse_unless(visit, AppointmentState.BOOKED)
    refuse_early(visit)
    _move(session, by, visit, NeedMove.MISS)
    _end(visit, AppointmentState.MISSED)
    visit.need.misses += 1
    allowed = misses_on(clock.today()).rebook_after_misses
    again = visit.need.misses <= allowed
    if again:
        # Whatever was planned for them before no longer fits.
        visit.need.version += 1
        _move(session, SYSTEM, visit, NeedMove.WAIT_AGAIN)
    topic = Topic.CLINIC_MISSED if again else Topic.CLINIC_MISSED_AGAIN
    tell_practice(session, visit.referral, topic)


def record_histology(
    session: Session,
    *,
    by: Actor,
    appointment_id: uuid.UUID,
    histology_id: uuid.UUID,
    diagnosis: str,
    words: str = "",
) -> Histology:
    """Record what the laboratory found, by the clinician or a colleague of the service.

    Recording again is a correction: a new version. Sending one ``histology_id`` twice
    records once. Raises Invalid, Conflict, NotAllowed, NotFound.
    """
    visit = _of_service(session, by, appointment_id)
    there = session.get(Histology, histology_id)
    if there is not None:
        return _same_sender(by, visit, there)
    finding = reading.finding_of(session, appointment_id)
    if finding is None or not finding.histology_sent:
        raise Conflict("Nothing of this appointment was sent for histology.")
    refuse_unknown(specialty(visit.referral.specialty), diagnosis)
    refuse_long(words)
    last = reading.histology_of(session, appointment_id)
    row = Histology(
        id=histology_id,
        appointment_id=appointment_id,
        referral_id=visit.referral.id,
        version=last.version + 1 if last else 1,
        person_id=by.person_id,
        moment=clock.now(),
        diagnosis=diagnosis,
        words=words.strip(),
    )
    session.add(row)
    tell_practice(session, visit.referral, Topic.CLINIC_FINDING)
    _audit(session, by, visit, "record_histology", "histology", row.id)
    return row


def _of_service(session: Session, by: Actor, appointment_id: uuid.UUID) -> Visit:
    may_see(by)
    found = session.scalar(
        sa.select(Appointment)
        .join(ClinicSession, ClinicSession.id == Appointment.session_id)
        .where(Appointment.id == appointment_id, reading.in_service(by.scope))
    )
    if found is None:
        raise NotFound("There is no such appointment in a clinic of your service.")
    return hold(session, found)


def _sent_before(
    session: Session, by: Actor, visit: Visit, finding_id: uuid.UUID
) -> Finding | None:
    there = session.get(Finding, finding_id)
    return None if there is None else _same_sender(by, visit, there)


def _same_sender(by: Actor, visit: Visit, there: Kept) -> Kept:
    """What came twice. Raises NotFound for an id that somebody else used."""
    own = there.person_id == by.person_id
    if not own or there.appointment_id != visit.appointment.id:
        raise NotFound("There is no such record of yours.")
    return there


def _move(session: Session, by: Actor, visit: Visit, move: NeedMove) -> None:
    step(session, by, visit.need, move, appointment_id=visit.appointment.id)


def _end(visit: Visit, state: AppointmentState) -> None:
    visit.appointment.state = state
    visit.appointment.ended_at = clock.now()


def _keep(
    session: Session,
    by: Actor,
    visit: Visit,
    finding_id: uuid.UUID,
    found: Found,
    action: str,
) -> Finding:
    last = reading.finding_of(session, visit.appointment.id)
    row = Finding(
        id=finding_id,
        appointment_id=visit.appointment.id,
        referral_id=visit.referral.id,
        version=last.version + 1 if last else 1,
        person_id=by.person_id,
        moment=clock.now(),
        diagnosis=found.diagnosis,
        certainty=found.certainty,
        procedure=found.procedure,
        histology_sent=bool(found.histology_sent),
        words=found.words.strip(),
    )
    session.add(row)
    tell_practice(session, visit.referral, Topic.CLINIC_FINDING)
    _audit(session, by, visit, action, "finding", row.id)
    return row


def _audit(
    session: Session,
    by: Actor,
    visit: Visit,
    action: str,
    entity: str,
    entity_id: uuid.UUID,
) -> None:
    session.flush()
    record(
        session,
        by=by,
        action=action,
        entity=entity,
        entity_id=entity_id,
        patient_id=visit.referral.patient_id,
    )
