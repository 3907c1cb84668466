"""Who waits for a clinic, and what for: a list until clinics can be booked."""

import uuid
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from core.access.model import Scope
from core.access.tables import Organisation
from core.kernel import clock, words
from core.patients.tables import Patient
from core.referrals import reading
from core.referrals.model import State
from core.referrals.tables import Referral
from core.reviews.reading import need_of
from core.reviews.tables import Opinion
from core.specialties.reference import specialty


_PAGE = 50


@dataclass(frozen=True)
class ClinicRow:
    """Somebody who waits to be seen."""

    referral_id: uuid.UUID
    reference: str
    patient: str
    practice: str
    outcome: str
    procedure: str
    complexity: str
    lowest_grade: str
    minutes: int
    see_by: str
    late: bool


def waiting_for_clinic(
    session: Session, scope: Scope, *, page: int = 0
) -> tuple[list[ClinicRow], int]:
    """A page of those whose newest answer sends them to a clinic, and how many in all.

    Whoever has to be seen soonest comes first. Hospitals are not in it.
    """
    query = _waiting(session, scope)
    total = session.scalar(sa.select(sa.func.count()).select_from(query.subquery()))
    found = session.execute(
        query.order_by(Opinion.see_by, Referral.id).limit(_PAGE).offset(page * _PAGE)
    )
    return [_row(session, *one) for one in found], total or 0


def _waiting(session: Session, scope: Scope) -> sa.Select[Referral, Opinion]:
    later = aliased(Opinion)
    newer = sa.select(later.id).where(
        later.referral_id == Opinion.referral_id, later.version > Opinion.version
    )
    return (
        sa.select(Referral, Opinion)
        .join(Opinion, Opinion.referral_id == Referral.id)
        .where(
            reading.visible(scope),
            Referral.state == State.ANSWERED,
            Opinion.see_by.is_not(None),
            ~newer.exists(),
            sa.or_(sa.false(), *_of_clinics(session)),
        )
    )


def _of_clinics(session: Session) -> list[sa.ColumnElement[bool]]:
    """For each specialty there is: the outcomes that lead to a clinic."""
    return [
        sa.and_(
            Referral.specialty == code,
            Opinion.outcome.in_(
                one.code
                for one in specialty(code).outcomes
                if one.face_to_face and not one.onward
            ),
        )
        for code in session.scalars(sa.select(Referral.specialty).distinct())
    ]


def _row(session: Session, referral: Referral, opinion: Opinion) -> ClinicRow:
    described = specialty(referral.specialty)
    need = need_of(opinion)
    see_by = opinion.see_by or date.max
    return ClinicRow(
        referral_id=referral.id,
        reference=referral.reference,
        patient=session.get_one(Patient, referral.patient_id).name,
        practice=session.get_one(Organisation, referral.practice_id).name,
        outcome=described.outcome(opinion.outcome).label,
        procedure=described.procedure(need.procedure).label if need else "",
        complexity=need.complexity.value.capitalize() if need else "",
        lowest_grade=need.lowest_grade.label if need else "",
        minutes=need.minutes if need else 0,
        see_by=words.day(see_by),
        late=see_by < clock.today(),
    )
