"""Answer a referral, amend the answer, or send it back with a question."""

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Actor
from core.access.tables import Organisation
from core.kernel import clock
from core.kernel.errors import Conflict, Invalid
from core.notify.actions import enqueue
from core.notify.model import Topic
from core.practices.tables import Practice
from core.referrals.actions.moving import move
from core.referrals.model import AcknowledgementState, Move, State
from core.referrals.tables import Acknowledgement, Referral
from core.reviews import rules
from core.reviews.actions import lettering, onward, second_reading
from core.reviews.actions.claiming import (
    current,
    end_claim,
    held_by,
    lock,
    prolong,
)
from core.reviews.actions.lettering import Prepared
from core.reviews.model import Draft
from core.reviews.reading import newest
from core.reviews.tables import Opinion, OpinionDiagnosis, OpinionDraft
from core.specialties.model import Specialty
from core.specialties.reference import specialty


def keep_draft(
    session: Session, *, by: Actor, referral_id: uuid.UUID, content: dict[str, Any]
) -> None:
    """Keep what is being written, claim or no claim, and prolong the claim."""
    referral = lock(session, by, referral_id)
    session.merge(
        OpinionDraft(
            referral_id=referral.id,
            person_id=by.person_id,
            content=content,
            saved_at=clock.now(),
        )
    )
    claim = current(session, referral)
    if claim and claim.person_id == by.person_id:
        prolong(session, claim, referral)


def answer(
    session: Session,
    *,
    by: Actor,
    referral_id: uuid.UUID,
    opinion_id: uuid.UUID,
    opinion: Draft,
    letters: Prepared,
) -> Opinion:
    """Answer. Sending one ``opinion_id`` twice answers once.

    ``letters`` were prepared before this transaction began. Raises Invalid for what is
    missing, Conflict where somebody else was first or the letters say something else.
    """
    referral = lock(session, by, referral_id)
    there = session.get(Opinion, opinion_id)
    if there is not None and there.person_id == by.person_id:
        return there
    described = specialty(referral.specialty)
    rules.refuse_incomplete(described, opinion, clock.today())
    claim = held_by(session, by, referral)
    now = clock.now()
    seconds = (now - claim.started_at).total_seconds()
    row = _add(session, by, referral, opinion_id, 1, opinion, seconds)
    end_claim(session, referral)
    referral.answered_at = now
    referral.reserved_for, referral.reserved_until = None, None
    _keep_with_it(session, by, referral, row, opinion, letters)
    _hand_to_practice(session, referral, described, row)
    _forget_draft(session, by, referral)
    second_reading.arise(session, referral, row)
    move(session, referral, Move.ANSWER, by=by)
    return row


def amend(
    session: Session,
    *,
    by: Actor,
    referral_id: uuid.UUID,
    opinion_id: uuid.UUID,
    opinion: Draft,
    letters: Prepared,
) -> Opinion:
    """Replace one's own answer by a new version; the practice acknowledges anew."""
    referral = lock(session, by, referral_id)
    there = session.get(Opinion, opinion_id)
    if there is not None and there.person_id == by.person_id:
        return there
    described = specialty(referral.specialty)
    rules.refuse_incomplete(described, opinion, clock.today())
    last = newest(session, referral)
    if referral.state is not State.ANSWERED or last is None:
        raise Conflict("Only an answer that is still open can be amended.")
    if last.person_id != by.person_id:
        raise Conflict("Only whoever answered can amend the answer.")
    row = _add(session, by, referral, opinion_id, last.version + 1, opinion, 0.0)
    _keep_with_it(session, by, referral, row, opinion, letters)
    _hand_to_practice(session, referral, described, row)
    _forget_draft(session, by, referral)
    move(session, referral, Move.AMEND, by=by)
    return row


def send_back(
    session: Session, *, by: Actor, referral_id: uuid.UUID, question: str
) -> None:
    """Ask the practice for more. It comes back to the same person."""
    if not question.strip():
        raise Invalid("Write what you need from the practice.", field="question")
    referral = lock(session, by, referral_id)
    held_by(session, by, referral)
    end_claim(session, referral)
    referral.reserved_for = by.person_id
    _tell_practice(session, referral, Topic.RETURNED)
    move(session, referral, Move.RETURN, by=by, reason=question.strip())


def _add(
    session: Session,
    by: Actor,
    referral: Referral,
    opinion_id: uuid.UUID,
    version: int,
    opinion: Draft,
    seconds: float,
) -> Opinion:
    need = opinion.need if _face_to_face(referral, opinion) else None
    row = Opinion(
        id=opinion_id,
        referral_id=referral.id,
        version=version,
        person_id=by.person_id,
        organisation_id=by.organisation_id,
        moment=clock.now(),
        seconds=seconds,
        advice=opinion.advice.strip(),
        prescribing=opinion.prescribing.strip(),
        outcome=opinion.outcome,
        procedure=need.procedure if need else None,
        complexity=need.complexity if need else None,
        lowest_grade=need.lowest_grade if need else None,
        see_by=need.see_by if need else None,
        minutes=need.minutes if need else None,
    )
    session.add(row)
    session.flush()
    session.add_all(
        OpinionDiagnosis(
            opinion_id=row.id, rank=rank, code=one.code, certainty=one.certainty
        )
        for rank, one in enumerate(opinion.diagnoses, start=1)
    )
    return row


def _face_to_face(referral: Referral, opinion: Draft) -> bool:
    return specialty(referral.specialty).outcome(opinion.outcome).face_to_face


def _hand_to_practice(
    session: Session, referral: Referral, described: Specialty, opinion: Opinion
) -> None:
    session.execute(
        sa.update(Acknowledgement)
        .where(
            Acknowledgement.referral_id == referral.id,
            Acknowledgement.state == AcknowledgementState.PENDING,
        )
        .values(state=AcknowledgementState.SUPERSEDED)
    )
    session.add(
        Acknowledgement(
            referral_id=referral.id,
            version=opinion.version,
            state=AcknowledgementState.PENDING,
            closes=not described.outcome(opinion.outcome).face_to_face,
        )
    )
    _tell_practice(session, referral, Topic.ANSWER_WAITING)


def _tell_practice(session: Session, referral: Referral, topic: Topic) -> None:
    practice = session.get_one(Practice, referral.practice_id)
    name = session.get_one(Organisation, referral.practice_id).name
    enqueue(
        session,
        topic=topic,
        address=practice.email,
        practice=name,
        reference=referral.reference,
    )


def _keep_with_it(
    session: Session,
    by: Actor,
    referral: Referral,
    row: Opinion,
    opinion: Draft,
    letters: Prepared,
) -> None:
    lettering.keep(
        session,
        by=by,
        referral=referral,
        row=row,
        opinion=opinion,
        prepared=letters,
    )
    onward.prepare(session, by=by, referral=referral, answer=row)


def _forget_draft(session: Session, by: Actor, referral: Referral) -> None:
    draft = session.get(OpinionDraft, (referral.id, by.person_id))
    if draft:
        session.delete(draft)
