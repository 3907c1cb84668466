"""Tell the patient when and where; the practice, where it has to tell the patient."""

from typing import Any

from sqlalchemy.orm import Session

from core.access.tables import Organisation
from core.clinics.tables import Appointment, ClinicSession, Site
from core.kernel import words
from core.kernel.clock import LONDON
from core.notify.actions import enqueue
from core.notify.model import Topic
from core.patients.tables import PatientContact
from core.practices.tables import Practice
from core.referrals.tables import Referral


def tell_booked(
    session: Session, appointment: Appointment, place: ClinicSession
) -> None:
    """Promise the message of a new appointment."""
    site = session.get_one(Site, place.site_id)
    _tell(session, appointment, site, Topic.APPOINTMENT_BOOKED, "A new appointment")


def tell_cancelled(session: Session, appointment: Appointment, site: Site) -> None:
    """Promise the message that an appointment does not take place."""
    news = "A cancelled appointment"
    _tell(session, appointment, site, Topic.APPOINTMENT_CANCELLED, news)


def _tell(
    session: Session, appointment: Appointment, site: Site, topic: Topic, news: str
) -> None:
    referral = session.get_one(Referral, appointment.referral_id)
    contact = session.get(PatientContact, appointment.patient_id)
    to_patient = contact.email if contact else ""
    facts: dict[str, Any] = {
        "day": words.long_day(appointment.begins_at.astimezone(LONDON)),
        "time": words.time_of_day(appointment.begins_at),
        "site": site.name,
        "where": site.address,
        "practice": session.get_one(Organisation, referral.practice_id).name,
        "reference": referral.reference,
    }
    if to_patient:
        enqueue(session, topic=topic, address=to_patient, **facts)
        return
    practice = session.get_one(Practice, referral.practice_id).email
    enqueue(
        session,
        topic=Topic.APPOINTMENT_TO_TELL,
        address=practice,
        news=news,
        **facts,
    )
