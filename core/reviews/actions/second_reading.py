"""Have answers read a second time without showing the first; settle what differs."""

import uuid
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access import rules as access
from core.access.model import Actor, Grade
from core.audit.actions import record
from core.contracts.model import Priority
from core.contracts.reference import agreement, bank_holidays
from core.contracts.rules import may_answer
from core.kernel import clock
from core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from core.kernel.working_days import due_at
from core.referrals import reading
from core.referrals.actions.moving import note_change
from core.referrals.tables import Referral
from core.reviews.model import Certainty, SecondReadState
from core.reviews.sampling import cause_of
from core.reviews.tables import Opinion, OpinionDiagnosis, SecondRead
from core.specialties.model import Specialty
from core.specialties.reference import specialty


Held = Literal["first", "second", "neither"]


@dataclass(frozen=True)
class Reading:
    """What a second reader says: likeliest diagnosis, how sure, and outcome."""

    diagnosis: str
    certainty: Certainty
    outcome: str


def arise(session: Session, referral: Referral, opinion: Opinion) -> SecondRead | None:
    """Ask for a second read of a new answer where the contract does.

    Part of ``answer``, in its transaction.
    """
    terms = agreement(session, referral.contract_version_id).terms
    wanted = terms.second_reads
    if wanted is None:
        return None
    facts = (opinion.outcome, referral.priority, referral.score)
    cause = cause_of(wanted, opinion.id, *facts)
    if cause is None:
        return None
    now = clock.now()
    row = SecondRead(
        referral_id=referral.id,
        opinion_id=opinion.id,
        pool_id=opinion.organisation_id,
        cause=cause,
        state=SecondReadState.WAITING,
        created_at=now,
        due_at=due_at(now, wanted.working_days, terms.day_closes, bank_holidays()),
        first_reader=opinion.person_id,
    )
    session.add(row)
    return row


def read_second(
    session: Session, *, by: Actor, second_read_id: uuid.UUID, said: Reading
) -> SecondRead:
    """Record what the second reader says, and whether the two agree.

    Raises Invalid for what is missing, Conflict where a colleague was first.
    """
    row, referral = _locked(session, by, second_read_id)
    if row.reader == by.person_id:
        return row
    _refuse_reader(session, by, row, referral)
    if row.state is not SecondReadState.WAITING:
        raise Conflict("A colleague has read this case meanwhile. Thank you.")
    described = specialty(referral.specialty)
    _refuse_incomplete(described, said)
    row.reader, row.read_at = by.person_id, clock.now()
    row.diagnosis, row.certainty = said.diagnosis, said.certainty
    row.outcome = said.outcome
    _compare(session, described, row, said)
    agreed = row.same_group and row.same_outcome
    row.state = SecondReadState.AGREED if agreed else SecondReadState.TO_SETTLE
    note_change(session, referral, by=by, action="second_read")
    return row


def settle(
    session: Session, *, by: Actor, second_read_id: uuid.UUID, held: Held, words: str
) -> None:
    """Say which of two readings holds. A consultant who read neither decides."""
    row, referral = _locked(session, by, second_read_id)
    if row.state is SecondReadState.SETTLED and row.settled_by == by.person_id:
        return
    if row.state is not SecondReadState.TO_SETTLE:
        raise Conflict("There is nothing to settle here any more.")
    if by.grade is not Grade.CONSULTANT:
        raise NotAllowed("A consultant settles what two readers see differently.")
    if by.person_id in (row.first_reader, row.reader):
        raise NotAllowed("Whoever gave one of the two readings cannot settle them.")
    if not words.strip():
        raise Invalid("Say in a sentence why.", field="words")
    row.state, row.settled_by = SecondReadState.SETTLED, by.person_id
    row.settled_at, row.settled_for = clock.now(), held
    row.settled_words = words.strip()
    note_change(session, referral, by=by, action="settle_second_read")


def open_blind(session: Session, *, by: Actor, second_read_id: uuid.UUID) -> None:
    """Note in the audit that somebody opened a case for a second read."""
    row, referral = _locked(session, by, second_read_id)
    _refuse_reader(session, by, row, referral)
    record(
        session,
        by=by,
        action="open_second_read",
        entity="referral",
        entity_id=referral.id,
        patient_id=referral.patient_id,
    )


def _locked(
    session: Session, by: Actor, second_read_id: uuid.UUID
) -> tuple[SecondRead, Referral]:
    if not access.may_answer(by):
        raise NotAllowed("Only specialists read cases a second time.")
    found = session.execute(
        sa.select(SecondRead, Referral)
        .join(Referral, Referral.id == SecondRead.referral_id)
        .where(SecondRead.id == second_read_id, reading.visible(by.scope))
        .with_for_update()
    ).first()
    if found is None:
        raise NotFound("There is no such second read, or it is not yours to see.")
    return found[0], found[1]


def _refuse_reader(
    session: Session, by: Actor, row: SecondRead, referral: Referral
) -> None:
    if by.person_id == row.first_reader:
        raise NotAllowed("You answered this case, so somebody else reads it again.")
    terms = agreement(session, referral.contract_version_id).terms
    priority = referral.priority or Priority.ROUTINE
    ours = by.organisation_id == row.pool_id
    if not ours or not may_answer(terms, priority, by.grade):
        raise NotAllowed("The contract keeps this case for others.")


def _refuse_incomplete(described: Specialty, said: Reading) -> None:
    if said.diagnosis not in {one.code for one in described.diagnoses}:
        raise Invalid(
            "Choose a diagnosis, or “Diagnosis uncertain”.", field="diagnosis"
        )
    if said.outcome not in {one.code for one in described.outcomes}:
        raise Invalid("Choose the outcome.", field="outcome")


def _compare(
    session: Session, described: Specialty, row: SecondRead, said: Reading
) -> None:
    first = session.get_one(Opinion, row.opinion_id)
    likeliest = session.get_one(OpinionDiagnosis, (row.opinion_id, 1)).code
    row.same_group = (
        described.diagnosis(likeliest).group
        == described.diagnosis(said.diagnosis).group
    )
    row.same_outcome = first.outcome == said.outcome
