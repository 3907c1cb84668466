"""Second reads: what waits, what differs, and how far a reader agrees with others."""

import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from core.access.model import Grade, Scope
from core.access.tables import Person
from core.kernel import clock, words
from core.kernel.errors import NotFound
from core.patients.tables import Patient
from core.referrals import reading
from core.referrals.presenters.pages import problem_label
from core.referrals.tables import Referral
from core.reviews.agreement import Agreement, agreement_of
from core.reviews.eligibility import graded
from core.reviews.model import SecondReadState
from core.reviews.tables import Opinion, OpinionDiagnosis, SecondRead
from core.specialties.model import Specialty
from core.specialties.reference import specialty


_LONGEST_LIST = 100


@dataclass(frozen=True)
class Waiting:
    """A case to read again. It tells nothing of the first reading, nor why it is read."""

    second_read_id: uuid.UUID
    referral_id: uuid.UUID
    reference: str
    patient: str
    problem: str
    clock: str


@dataclass(frozen=True)
class Differing:
    """Two readings of one case that differ."""

    second_read_id: uuid.UUID
    referral_id: uuid.UUID
    reference: str
    problem: str
    first: str
    second: str
    mine: bool


@dataclass(frozen=True)
class Settled:
    """A case whose first reading did not hold, for whoever gave it."""

    referral_id: uuid.UUID
    reference: str
    by: str
    words: str


@dataclass(frozen=True)
class Figures:
    """How far one reader's readings agree with other people's, by two questions."""

    diagnosis: Agreement
    outcome: Agreement


def waiting(session: Session, scope: Scope) -> list[Waiting]:
    """What this person can read again, the soonest due first."""
    rows = session.execute(
        sa.select(SecondRead, Referral, Patient)
        .join(Referral, Referral.id == SecondRead.referral_id)
        .join(Patient, Patient.id == Referral.patient_id)
        .where(*_waits_for(session, scope))
        .order_by(SecondRead.due_at)
        .limit(_LONGEST_LIST)
    )
    return [_waiting(*row) for row in rows]


def how_many_waiting(session: Session, scope: Scope) -> int:
    """How many wait, up to a hundred."""
    some = (
        sa.select(sa.literal(1))
        .select_from(SecondRead)
        .join(Referral, Referral.id == SecondRead.referral_id)
        .where(*_waits_for(session, scope))
        .limit(_LONGEST_LIST)
    )
    return session.scalar(sa.select(sa.func.count()).select_from(some.subquery())) or 0


def to_read(session: Session, scope: Scope, second_read_id: uuid.UUID) -> uuid.UUID:
    """The referral of a second read that waits. Raises NotFound where none does."""
    found = session.execute(
        sa.select(Referral)
        .join(SecondRead, SecondRead.referral_id == Referral.id)
        .where(SecondRead.id == second_read_id, *_waits_for(session, scope))
    ).scalar()
    if found is None:
        raise NotFound("This case has been read, or it is not yours to read again.")
    return found.id


def to_settle(session: Session, scope: Scope) -> list[Differing]:
    """Where two readings differ, the oldest first; ``mine``: one of them is one's own.

    Consultants settle; others see what became of their own readings.
    """
    own = sa.or_(
        SecondRead.first_reader == scope.person_id, SecondRead.reader == scope.person_id
    )
    first, second = aliased(Person), aliased(Person)
    query = (
        sa.select(SecondRead, Referral, Opinion, OpinionDiagnosis, first.name)
        .add_columns(second.name)
        .join(Referral, Referral.id == SecondRead.referral_id)
        .join(Opinion, Opinion.id == SecondRead.opinion_id)
        .join(
            OpinionDiagnosis,
            sa.and_(
                OpinionDiagnosis.opinion_id == Opinion.id, OpinionDiagnosis.rank == 1
            ),
        )
        .join(first, first.id == SecondRead.first_reader)
        .join(second, second.id == SecondRead.reader)
        .where(reading.visible(scope), SecondRead.state == SecondReadState.TO_SETTLE)
    )
    if scope.grade is not Grade.CONSULTANT:
        query = query.where(own)
    rows = session.execute(query.order_by(SecondRead.read_at).limit(_LONGEST_LIST))
    return [_differing(scope, *row) for row in rows]


def settled_against(session: Session, scope: Scope) -> list[Settled]:
    """Own answers whose reading did not hold and that were not amended since."""
    newer = aliased(Opinion)
    rows = session.execute(
        sa.select(SecondRead, Referral, Person.name)
        .join(Referral, Referral.id == SecondRead.referral_id)
        .join(Opinion, Opinion.id == SecondRead.opinion_id)
        .join(Person, Person.id == SecondRead.settled_by)
        .where(
            reading.visible(scope),
            SecondRead.first_reader == scope.person_id,
            SecondRead.state == SecondReadState.SETTLED,
            SecondRead.settled_for != "first",
            ~sa.exists().where(
                newer.referral_id == Opinion.referral_id,
                newer.version > Opinion.version,
            ),
        )
        .order_by(SecondRead.settled_at)
        .limit(_LONGEST_LIST)
    )
    return [
        Settled(referral.id, referral.reference, name, row.settled_words)
        for row, referral, name in rows
    ]


def figures(session: Session, scope: Scope) -> Figures:
    """This reader's agreement with others, as first and as second reader alike."""
    rows = session.execute(
        sa.select(
            SecondRead, Referral.specialty, Opinion.outcome, OpinionDiagnosis.code
        )
        .join(Referral, Referral.id == SecondRead.referral_id)
        .join(Opinion, Opinion.id == SecondRead.opinion_id)
        .join(
            OpinionDiagnosis,
            sa.and_(
                OpinionDiagnosis.opinion_id == Opinion.id, OpinionDiagnosis.rank == 1
            ),
        )
        .where(
            reading.visible(scope),
            SecondRead.state != SecondReadState.WAITING,
            sa.or_(
                SecondRead.first_reader == scope.person_id,
                SecondRead.reader == scope.person_id,
            ),
        )
    )
    groups, outcomes = [], []
    for row, code, first_outcome, first_diagnosis in rows:
        described = specialty(code)
        second = row.diagnosis or ""
        said = (_group(described, first_diagnosis), _group(described, second))
        decided = (first_outcome, row.outcome or "")
        # Own reading first, whichever of the two it was.
        own_first = row.first_reader == scope.person_id
        groups.append(said if own_first else said[::-1])
        outcomes.append(decided if own_first else decided[::-1])
    return Figures(agreement_of(groups), agreement_of(outcomes))


def _waits_for(session: Session, scope: Scope) -> list[sa.ColumnElement[bool]]:
    return [
        reading.visible(scope),
        SecondRead.pool_id == scope.organisation_id,
        SecondRead.state == SecondReadState.WAITING,
        SecondRead.first_reader != scope.person_id,
        *graded(session, scope),
    ]


def _waiting(row: SecondRead, referral: Referral, patient: Patient) -> Waiting:
    return Waiting(
        second_read_id=row.id,
        referral_id=referral.id,
        reference=referral.reference,
        patient=f"{words.age(patient.birth_date, clock.today())} · "
        f"{patient.sex.replace('_', ' ')}",
        problem=problem_label(specialty(referral.specialty), referral.problem),
        clock=words.time_left(row.due_at, clock.now()),
    )


def _differing(
    scope: Scope,
    row: SecondRead,
    referral: Referral,
    opinion: Opinion,
    likeliest: OpinionDiagnosis,
    first: str,
    second: str,
) -> Differing:
    described = specialty(referral.specialty)
    return Differing(
        second_read_id=row.id,
        referral_id=referral.id,
        reference=referral.reference,
        problem=problem_label(described, referral.problem),
        first=_said(described, first, likeliest.code, opinion.outcome),
        second=_said(described, second, row.diagnosis or "", row.outcome or ""),
        mine=scope.person_id in (row.first_reader, row.reader),
    )


def _said(described: Specialty, who: str, diagnosis: str, outcome: str) -> str:
    label = described.diagnosis(diagnosis).label
    return f"{who}: {label}. {described.outcome(outcome).label}"


def _group(described: Specialty, code: str) -> str:
    return described.diagnosis(code).group
