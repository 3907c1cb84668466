"""Histology that was sent from a clinic and has not come."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Scope
from core.clinics import reading
from core.clinics.found import in_words
from core.clinics.periods import heads_up_on
from core.clinics.tables import Appointment, ClinicSession, Finding, Histology
from core.kernel import clock, words
from core.patients.tables import Patient
from core.referrals.tables import Referral
from core.specialties.reference import specialty


_LONGEST_LIST = 200


@dataclass(frozen=True)
class ToCome:
    """Histology that was sent and has not come."""

    appointment_id: uuid.UUID
    patient: str
    born: str
    nhs_number: str
    reference: str
    specialty: str
    sent: str
    found: str
    late: bool


def to_come(session: Session, scope: Scope) -> list[ToCome]:
    """What was sent and has not come, the oldest first: one's own, for as
    long as it takes.

    A specialist sees those of the whole service, for a colleague may be away.
    """
    came = sa.select(Histology.id).where(
        Histology.appointment_id == Finding.appointment_id
    )
    query = (
        reading.current()
        .join(ClinicSession, ClinicSession.id == Appointment.session_id)
        .where(reading.in_service(scope), Finding.histology_sent, ~came.exists())
        .order_by(Appointment.begins_at)
        .limit(_LONGEST_LIST)
    )
    late = clock.now() - timedelta(days=heads_up_on(clock.today()).histology_days)
    return [
        _to_come(session, finding, appointment, referral, late)
        for finding, appointment, referral, _ in session.execute(query)
    ]


def _to_come(
    session: Session,
    finding: Finding,
    appointment: Appointment,
    referral: Referral,
    late: datetime,
) -> ToCome:
    who = session.get_one(Patient, appointment.patient_id)
    number = who.nhs_number
    described = specialty(referral.specialty)
    return ToCome(
        appointment_id=appointment.id,
        patient=who.name,
        born=words.date_of_birth(who.birth_date),
        nhs_number=str(number) if number else "No NHS number",
        reference=referral.reference,
        specialty=referral.specialty,
        sent=words.day(appointment.begins_at),
        found=in_words(described, finding.diagnosis, finding.certainty),
        late=appointment.begins_at < late,
    )
