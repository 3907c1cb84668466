"""What is read of clinics: sessions, who has to be seen, places, what was found.

A session's clinician crosses as a grade only. Why a place was given back, why nobody has
to be seen any more, and what was written beside a finding stay behind.
"""

import uuid
from datetime import date, datetime

import sqlalchemy as sa

from core.access.tables import Membership
from core.analytics.extract.feed import Feed, listed, select
from core.analytics.extract.lines import Columns, word
from core.analytics.extract.words import of_all
from core.clinics.tables import (
    Appointment,
    ClinicNeed,
    ClinicSession,
    Finding,
    Histology,
    NeedEvent,
)


# Nobody has two grades at one service at once; of several roles, one says it.
_GRADES = (
    sa.select(
        Membership.person_id,
        Membership.organisation_id,
        sa.func.min(word(Membership.grade)).label("grade"),
    )
    .where(Membership.grade.is_not(None))
    .group_by(Membership.person_id, Membership.organisation_id)
    .subquery("grades")
)


def clinic_feeds() -> list[Feed]:
    """Sessions and what was to be done, was booked, happened and was found in them."""
    need, place = ClinicNeed.referral_id, Appointment.referral_id
    steps = (
        select(_STEP)
        .select_from(NeedEvent)
        .join(ClinicNeed, ClinicNeed.id == NeedEvent.need_id)
    )
    findings, reports = select(_FINDING), select(_HISTOLOGY)
    return [
        Feed("raw_clinic_session", _SESSION, _sessions()),
        Feed("raw_clinic_need", _NEED, select(_NEED), need, "known_need"),
        Feed("raw_need_event", _STEP, steps, need),
        Feed("raw_appointment", _PLACE, select(_PLACE), place, "known_place"),
        Feed("raw_finding", _FINDING, findings, Finding.referral_id),
        Feed("raw_histology", _HISTOLOGY, reports, Histology.referral_id),
    ]


def _sessions() -> sa.Select[tuple[object, ...]]:
    return (
        select(_SESSION)
        .select_from(ClinicSession)
        .outerjoin(
            _GRADES,
            (_GRADES.c.person_id == ClinicSession.person_id)
            & (_GRADES.c.organisation_id == ClinicSession.organisation_id),
        )
    )


def _procedures() -> list[str]:
    return of_all(lambda one: [procedure.code for procedure in one.procedures])


def _diagnoses() -> list[str]:
    return of_all(lambda one: [diagnosis.code for diagnosis in one.diagnoses])


_SESSION: Columns = {
    "session": (uuid.UUID, ClinicSession.id),
    "service": (uuid.UUID, ClinicSession.organisation_id),
    "grade": (str, sa.func.coalesce(word(_GRADES.c.grade), "other")),
    "begins_at": (datetime, ClinicSession.begins_at),
    "minutes": (int, ClinicSession.minutes),
    "state": (str, word(ClinicSession.state)),
}
_NEED: Columns = {
    "need": (uuid.UUID, ClinicNeed.id),
    "referral": (uuid.UUID, ClinicNeed.referral_id),
    "state": (str, word(ClinicNeed.state)),
    "urgency": (str, word(ClinicNeed.urgency)),
    "procedure": (str, listed(ClinicNeed.procedure, _procedures(), "other")),
    "complexity": (str, word(ClinicNeed.complexity)),
    "lowest_grade": (str, word(ClinicNeed.lowest_grade)),
    "minutes": (int, ClinicNeed.minutes),
    "see_by": (date, ClinicNeed.see_by),
    "arose_at": (datetime, ClinicNeed.arose_at),
    "misses": (int, ClinicNeed.misses),
}
_STEP: Columns = {
    "need": (uuid.UUID, NeedEvent.need_id),
    "number": (int, NeedEvent.number),
    "move": (str, word(NeedEvent.move)),
    "moment": (datetime, NeedEvent.moment),
}
_PLACE: Columns = {
    "appointment": (uuid.UUID, Appointment.id),
    "referral": (uuid.UUID, Appointment.referral_id),
    "need": (uuid.UUID, Appointment.need_id),
    "session": (uuid.UUID, Appointment.session_id),
    "begins_at": (datetime, Appointment.begins_at),
    "minutes": (int, Appointment.minutes),
    "state": (str, word(Appointment.state)),
    "booked_at": (datetime, Appointment.booked_at),
    "ended_at": (datetime, Appointment.ended_at),
}
_FINDING: Columns = {
    "referral": (uuid.UUID, Finding.referral_id),
    "appointment": (uuid.UUID, Finding.appointment_id),
    "version": (int, Finding.version),
    "moment": (datetime, Finding.moment),
    "diagnosis": (str, listed(Finding.diagnosis, _diagnoses(), "other")),
    "certainty": (str, word(Finding.certainty)),
    "procedure": (str, listed(Finding.procedure, _procedures(), "other")),
    "histology_sent": (bool, Finding.histology_sent),
}
_HISTOLOGY: Columns = {
    "referral": (uuid.UUID, Histology.referral_id),
    "appointment": (uuid.UUID, Histology.appointment_id),
    "version": (int, Histology.version),
    "moment": (datetime, Histology.moment),
    "diagnosis": (str, listed(Histology.diagnosis, _diagnoses(), "other")),
}
