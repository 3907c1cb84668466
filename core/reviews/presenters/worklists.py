"""What is mine to answer: the most urgent first, then the longest-waiting."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, load_only

from core.access.model import Grade, Scope
from core.access.tables import Organisation, Person
from core.contracts.model import PRIORITY_ORDER, Priority
from core.contracts.reference import agreements
from core.kernel import clock, words
from core.patients.tables import Patient
from core.referrals import reading
from core.referrals.model import ImageSet, State
from core.referrals.presenters.pages import problem_label
from core.referrals.tables import Referral
from core.reviews.tables import Claim, Opinion
from core.specialties.reference import specialty


# Somebody with a due time this near should see it.
_SOON = timedelta(hours=2)
_PAGE = 50
# A list reads what it shows: names stay sealed, texts stay where they are.
_SHOWN = (
    Referral.reference,
    Referral.priority,
    Referral.due_at,
    Referral.sent_at,
    Referral.answered_at,
    Referral.specialty,
    Referral.problem,
    Referral.image_set,
)
_ONLY_AGE_AND_SEX = load_only(Patient.birth_date_sealed, Patient.sex)


class Shelf(StrEnum):
    """A part of the worklist."""

    TO_ANSWER = "to_answer"
    HELD_BY_OTHERS = "held_by_others"
    SENT_BACK = "sent_back"
    ANSWERED = "answered"


@dataclass(frozen=True)
class Row:
    """One referral on the worklist."""

    referral_id: uuid.UUID
    reference: str
    priority: Priority
    waiting: str
    clock: str
    late: bool
    soon: bool
    patient: str
    problem: str
    practice: str
    holder: str
    mine: bool
    image_set: ImageSet | None


def worklist(
    session: Session,
    scope: Scope,
    shelf: Shelf = Shelf.TO_ANSWER,
    *,
    priority: Priority | None = None,
    page: int = 0,
) -> tuple[list[Row], int]:
    """One page of a shelf, and how many there are in all."""
    query = _shelf(session, scope, shelf)
    if priority:
        query = query.where(Referral.priority == priority)
    total = session.scalar(sa.select(sa.func.count()).select_from(query.subquery()))
    rows = session.execute(
        query.options(load_only(*_SHOWN), _ONLY_AGE_AND_SEX)
        .add_columns(Patient, Organisation.name, Claim.person_id, Person.name)
        .join(Patient, Patient.id == Referral.patient_id)
        .join(Organisation, Organisation.id == Referral.practice_id)
        .outerjoin(Person, Person.id == Claim.person_id)
        .order_by(*_order(shelf))
        .limit(_PAGE)
        .offset(page * _PAGE)
    )
    now = clock.now()
    return [_row(scope, now, *row) for row in rows], total or 0


def next_case(session: Session, scope: Scope) -> uuid.UUID | None:
    """The referral to answer next: one's own first, then the top of the shelf."""
    query = _shelf(session, scope, Shelf.TO_ANSWER)
    own_first = sa.case((Claim.person_id == scope.person_id, 0), else_=1)
    found = session.scalar(query.order_by(own_first, *_order(Shelf.TO_ANSWER)).limit(1))
    return found.id if found else None


def _shelf(session: Session, scope: Scope, shelf: Shelf) -> sa.Select[Referral]:
    query = (
        sa.select(Referral)
        .outerjoin(
            Claim, sa.and_(Claim.referral_id == Referral.id, Claim.ended_at.is_(None))
        )
        .where(reading.visible(scope))
    )
    mine = Claim.person_id == scope.person_id
    if shelf is Shelf.TO_ANSWER:
        open_to_me = sa.and_(
            Referral.state == State.SUBMITTED, *_allowed(session, scope)
        )
        return query.where(
            sa.or_(open_to_me, sa.and_(Referral.state == State.IN_REVIEW, mine))
        )
    if shelf is Shelf.HELD_BY_OTHERS:
        return query.where(Referral.state == State.IN_REVIEW, sa.not_(mine))
    if shelf is Shelf.SENT_BACK:
        return query.where(
            Referral.state == State.RETURNED, Referral.reserved_for == scope.person_id
        )
    answered = sa.select(Opinion.referral_id).where(
        Opinion.person_id == scope.person_id
    )
    return query.where(Referral.id.in_(answered))


def _allowed(session: Session, scope: Scope) -> list[sa.ColumnElement[bool]]:
    """What the contracts keep from this grade, and what is kept for somebody else."""
    free = sa.or_(
        Referral.reserved_for.is_(None),
        Referral.reserved_for == scope.person_id,
        Referral.reserved_until.is_(None),
        Referral.reserved_until < clock.now(),
    )
    return [free, *_kept_from(session, scope.grade)]


def _kept_from(session: Session, grade: Grade | None) -> list[sa.ColumnElement[bool]]:
    conditions = []
    for agreed in agreements(session):
        kept = [
            priority
            for priority, grades in agreed.terms.not_answered_by.items()
            if grade is None or grade in grades
        ]
        if kept:
            conditions.append(
                sa.not_(
                    sa.and_(
                        Referral.contract_version_id == agreed.version_id,
                        Referral.priority.in_(kept),
                    )
                )
            )
    return conditions


def _order(shelf: Shelf) -> list[Any]:
    if shelf is Shelf.ANSWERED:
        return [Referral.answered_at.desc()]
    urgency = sa.case(
        {priority.value: rank for rank, priority in enumerate(PRIORITY_ORDER)},
        value=Referral.priority,
    )
    return [urgency, Referral.due_at, Referral.sent_at]


def _row(
    scope: Scope,
    now: datetime,
    referral: Referral,
    patient: Patient,
    practice: str,
    holder_id: uuid.UUID | None,
    holder: str | None,
) -> Row:
    due = referral.due_at or now
    sent = referral.sent_at or now
    open_still = referral.answered_at is None
    return Row(
        referral_id=referral.id,
        reference=referral.reference,
        priority=referral.priority or Priority.ROUTINE,
        waiting=words.length((now - sent).total_seconds()),
        clock=words.time_left(due, now) if open_still else "Answered",
        late=open_still and due < now,
        soon=open_still and now <= due < now + _SOON,
        patient=f"{words.age(patient.birth_date, clock.today())} · "
        f"{patient.sex.replace('_', ' ')}",
        problem=problem_label(specialty(referral.specialty), referral.problem),
        practice=practice,
        holder="You" if holder_id == scope.person_id else holder or "",
        mine=holder_id == scope.person_id,
        image_set=referral.image_set,
    )
