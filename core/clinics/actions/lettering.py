"""Write the letters of appointments, beside the booking: to set one takes a while."""

import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from core.access.model import SYSTEM
from core.access.tables import Membership, Organisation, Person
from core.audit.actions import record
from core.clinics import letters
from core.clinics.letters import Facts
from core.clinics.model import AppointmentState, LetterKind
from core.clinics.tables import (
    Appointment,
    AppointmentLetter,
    ClinicNeed,
    ClinicSession,
    Site,
)
from core.imaging import keeping
from core.kernel import clock
from core.patients.tables import Patient, PatientContact
from core.referrals.tables import Referral
from core.reviews import printing
from core.reviews.letter_parts import Content
from core.specialties.reference import specialty
from core.store.engine import Store


_AT_ONCE = 40


@dataclass(frozen=True)
class _Due:
    appointment_id: uuid.UUID
    patient_id: uuid.UUID
    kind: LetterKind
    content: Content


def write_due(store: Store) -> int:
    """Write the letters that appointments still lack. Returns how many.

    Set outside any transaction; of two workers at once one keeps its letter.
    """
    with store.reading() as session:
        due = _due(session)
    for one in due:
        blob = keeping.vault().put(printing.pdf("appointment", one.content))
        with store.transaction() as session:
            _keep(session, one, blob)
    return len(due)


def _due(session: Session) -> list[_Due]:
    wanted = {
        AppointmentState.BOOKED: LetterKind.BOOKED,
        AppointmentState.CANCELLED: LetterKind.CANCELLED,
    }
    found: list[_Due] = []
    for state, kind in wanted.items():
        there = aliased(AppointmentLetter)
        written = sa.select(there.id).where(
            there.appointment_id == Appointment.id, there.kind == kind
        )
        rows = session.scalars(
            sa.select(Appointment)
            .where(
                Appointment.state == state,
                # Nobody is told today of what was to be yesterday.
                Appointment.begins_at > clock.now(),
                ~written.exists(),
            )
            .order_by(Appointment.begins_at)
            .limit(_AT_ONCE)
        )
        found += [_due_one(session, one, kind) for one in rows]
    return found


def _due_one(session: Session, appointment: Appointment, kind: LetterKind) -> _Due:
    need = session.get_one(ClinicNeed, appointment.need_id)
    procedure = specialty(need.specialty).procedure(need.procedure)
    content = letters.write(kind, _facts(session, appointment), procedure)
    return _Due(appointment.id, appointment.patient_id, kind, content)


def _facts(session: Session, appointment: Appointment) -> Facts:
    place = session.get_one(ClinicSession, appointment.session_id)
    site = session.get_one(Site, place.site_id)
    patient = session.get_one(Patient, appointment.patient_id)
    contact = session.get(PatientContact, patient.id)
    referral = session.get_one(Referral, appointment.referral_id)
    grade = session.scalar(
        sa.select(Membership.grade).where(
            Membership.person_id == place.person_id,
            Membership.organisation_id == place.organisation_id,
        )
    )
    lines = contact.address.splitlines() if contact else []
    postcode = [contact.postcode] if contact and contact.postcode else []
    return Facts(
        on=clock.now(),
        organisation=session.get_one(Organisation, place.organisation_id).name,
        patient=f"{patient.given_name} {patient.family_name}",
        address=(*lines, *postcode),
        begins_at=appointment.begins_at,
        minutes=appointment.minutes,
        site=site.name,
        site_address=site.address,
        clinician=session.get_one(Person, place.person_id).name,
        grade=grade.label if grade else "",
        practice=session.get_one(Organisation, referral.practice_id).name,
        reference=referral.reference,
    )


def _keep(session: Session, due: _Due, blob: str) -> None:
    there = session.scalar(
        sa.select(AppointmentLetter.id).where(
            AppointmentLetter.appointment_id == due.appointment_id,
            AppointmentLetter.kind == due.kind,
        )
    )
    if there is not None:
        return
    letter = AppointmentLetter(
        appointment_id=due.appointment_id,
        kind=due.kind,
        content=due.content,
        blob=blob,
        made_at=clock.now(),
    )
    session.add(letter)
    session.flush()
    record(
        session,
        by=SYSTEM,
        action="write_appointment_letter",
        entity="appointment",
        entity_id=due.appointment_id,
        patient_id=due.patient_id,
    )
