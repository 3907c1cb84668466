"""What was found face to face, beside what was thought before: for both who asked."""

import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Scope
from core.access.tables import Organisation, Person
from core.clinics import reading
from core.clinics.found import Found, in_words, same_group
from core.clinics.tables import Appointment, ClinicSession, Finding, Histology
from core.kernel import words
from core.patients.tables import Patient
from core.referrals import reading as referrals
from core.referrals.presenters.lists import Row
from core.referrals.presenters.pages import problem_label
from core.referrals.tables import Referral
from core.reviews.reading import as_draft
from core.reviews.tables import Opinion
from core.specialties.model import Specialty
from core.specialties.reference import specialty


# Lists are read from the top.
_LONGEST_LIST = 200
_TALKING = "Nothing but looking and talking"


@dataclass(frozen=True)
class Seen:
    """What was found of one referral, in words. ``histology`` empty: none was sent."""

    finding_id: uuid.UUID
    referral_id: uuid.UUID
    reference: str
    day: str
    by: str
    remote: str
    found: str
    done: str
    histology: str
    words: str
    corrected: bool
    new: bool
    # Whether what holds now, histology where there is one, is of the remote one's group.
    same: bool


@dataclass(frozen=True)
class Recorded:
    """What somebody recorded, to be corrected, and in words."""

    found: Found
    version: int
    diagnosis: str
    done: str
    histology: str
    histology_came: bool


def of_referral(session: Session, scope: Scope, referral_id: uuid.UUID) -> list[Seen]:
    """What clinics found of one referral, the latest first; empty where none did.

    For the practice and for any specialist who may read the case.
    """
    referral = referrals.get(session, scope, referral_id)
    query = reading.current().where(Referral.id == referral.id)
    return _seen(session, scope, query)


def own_answers(session: Session, scope: Scope) -> list[Seen]:
    """What was found of those whom this specialist answered, the latest first."""
    return _seen(session, scope, reading.told(scope))


def how_many_new(session: Session, scope: Scope) -> int:
    """How many of the practice's, or of one's own answers, have news."""
    query = reading.told(scope).where(reading.not_seen(scope)).subquery()
    return session.scalar(sa.select(sa.func.count()).select_from(query)) or 0


def with_news(session: Session, scope: Scope) -> list[Row]:
    """The practice's referrals of which a clinic found something new."""
    query = (
        reading.told(scope)
        .where(reading.not_seen(scope))
        .order_by(Finding.moment)
        .limit(_LONGEST_LIST)
    )
    return [
        _row(session, one, referral) for one, _, referral, _ in session.execute(query)
    ]


def recorded(
    session: Session, scope: Scope, appointment_id: uuid.UUID
) -> Recorded | None:
    """What was recorded of an appointment of one's own; None where nothing was."""
    appointment = reading.appointment_of(session, scope, appointment_id)
    row = reading.finding_of(session, appointment.id)
    if row is None:
        return None
    referral = session.get_one(Referral, row.referral_id)
    described = specialty(referral.specialty)
    came = reading.histology_of(session, appointment.id)
    return Recorded(
        found=Found(
            row.diagnosis,
            row.certainty,
            row.procedure,
            row.histology_sent,
            row.words,
        ),
        version=row.version,
        diagnosis=in_words(described, row.diagnosis, row.certainty),
        done=_done(described, row),
        histology=_histology(described, row, came),
        histology_came=came is not None,
    )


_Query = sa.Select[Finding, Appointment, Referral, Opinion]


def _seen(session: Session, scope: Scope, query: _Query) -> list[Seen]:
    rows = session.execute(
        query.order_by(Finding.moment.desc()).limit(_LONGEST_LIST)
    ).all()
    news = reading.told(scope).where(
        reading.not_seen(scope), Finding.id.in_([finding.id for finding, *_ in rows])
    )
    new = set(session.scalars(news.with_only_columns(Finding.id)))
    return [_shown(session, *one, new=one[0].id in new) for one in rows]


def _shown(
    session: Session,
    finding: Finding,
    appointment: Appointment,
    referral: Referral,
    opinion: Opinion,
    *,
    new: bool,
) -> Seen:
    described = specialty(referral.specialty)
    remote = as_draft(session, opinion).diagnoses[0]
    came = reading.histology_of(session, appointment.id)
    held = session.get_one(ClinicSession, appointment.session_id)
    name = session.get_one(Person, finding.person_id).name
    service = session.get_one(Organisation, held.organisation_id).name
    return Seen(
        finding_id=finding.id,
        referral_id=referral.id,
        reference=referral.reference,
        day=words.day(appointment.begins_at),
        by=f"{name}, {service}",
        remote=in_words(described, remote.code, remote.certainty),
        found=in_words(described, finding.diagnosis, finding.certainty),
        done=_done(described, finding),
        histology=_histology(described, finding, came),
        words=finding.words,
        corrected=finding.version > 1,
        new=new,
        same=same_group(
            described, remote.code, came.diagnosis if came else finding.diagnosis
        ),
    )


def _done(described: Specialty, finding: Finding) -> str:
    if finding.procedure is None:
        return _TALKING
    return described.procedure(finding.procedure).label


def _histology(described: Specialty, finding: Finding, came: Histology | None) -> str:
    if came is None:
        return "Sent, not come yet" if finding.histology_sent else ""
    said = f"{described.diagnosis(came.diagnosis).label}, {words.day(came.moment)}"
    corrected = " (corrected)" if came.version > 1 else ""
    return f"{said}{corrected}. {came.words}".rstrip(" .")


def _row(session: Session, finding: Finding, referral: Referral) -> Row:
    patient = session.get_one(Patient, referral.patient_id)
    return Row(
        referral_id=referral.id,
        reference=referral.reference,
        patient=patient.name,
        born=words.date_of_birth(patient.birth_date),
        problem=problem_label(specialty(referral.specialty), referral.problem),
        state=referral.state,
        since=f"Seen at a clinic, recorded {words.moment_in_words(finding.moment)}",
        who=session.get_one(Person, referral.started_by).name,
        note=referral.priority.label if referral.priority else "",
    )
