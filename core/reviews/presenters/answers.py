"""An answer, as the practice and the specialist read it; who holds a case."""

import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Scope
from core.access.tables import Organisation, Person
from core.contracts.reference import specialty_under
from core.kernel import clock, words
from core.referrals import reading
from core.referrals.model import AcknowledgementState, State
from core.referrals.tables import Acknowledgement
from core.reviews.model import Hold
from core.reviews.tables import Claim, Opinion, OpinionDiagnosis, OpinionDraft
from core.specialties.model import Specialty
from core.specialties.reference import specialty


@dataclass(frozen=True)
class Answer:
    """One version of an answer, in words."""

    version: int
    person_id: uuid.UUID
    by: str
    moment: str
    diagnoses: tuple[str, ...]
    advice: str
    prescribing: str
    outcome: str
    next_step: str
    need: str
    acknowledged: str
    can_acknowledge: bool


def answers(session: Session, scope: Scope, referral_id: uuid.UUID) -> list[Answer]:
    """All versions of the answer, the newest first; empty while there is none."""
    referral = reading.get(session, scope, referral_id)
    described = specialty_under(session, referral.contract_version_id)
    rows = session.execute(
        sa.select(Opinion, Person.name, Organisation.name)
        .join(Person, Person.id == Opinion.person_id)
        .join(Organisation, Organisation.id == Opinion.organisation_id)
        .where(Opinion.referral_id == referral.id)
        .order_by(Opinion.version.desc())
    ).all()
    return [
        _answer(session, described, opinion, f"{name}, {organisation}")
        for opinion, name, organisation in rows
    ]


def holder(session: Session, scope: Scope, referral_id: uuid.UUID) -> Hold | None:
    """Who has the case on the desk now. A lapsed claim holds nothing."""
    referral = reading.get(session, scope, referral_id)
    found = session.execute(
        sa.select(Claim, Person.name)
        .join(Person, Person.id == Claim.person_id)
        .where(
            Claim.referral_id == referral.id,
            Claim.ended_at.is_(None),
            Claim.lapses_at >= clock.now(),
        )
    ).first()
    if found is None or referral.state is not State.IN_REVIEW:
        return None
    claim, name = found
    return Hold(claim.person_id, name, words.time_of_day(claim.lapses_at))


def kept_draft(
    session: Session, scope: Scope, referral_id: uuid.UUID
) -> dict[str, Any]:
    """What this person was writing, to go on with.

    Without a diagnosis that is listed no more: the form could not show it.
    """
    referral = reading.get(session, scope, referral_id)
    row = session.get(OpinionDraft, (referral.id, scope.person_id))
    content = dict(row.content) if row else {}
    if "diagnoses" in content:
        listed = {one.code for one in specialty(referral.specialty).diagnoses}
        content["diagnoses"] = [one for one in content["diagnoses"] if one in listed]
    return content


def _answer(
    session: Session, described: Specialty, opinion: Opinion, by: str
) -> Answer:
    ranked = session.scalars(
        sa.select(OpinionDiagnosis)
        .where(OpinionDiagnosis.opinion_id == opinion.id)
        .order_by(OpinionDiagnosis.rank)
    )
    waiting = session.get(Acknowledgement, (opinion.referral_id, opinion.version))
    outcome = described.outcome(opinion.outcome)
    return Answer(
        version=opinion.version,
        person_id=opinion.person_id,
        by=by,
        moment=words.moment_in_words(opinion.moment),
        diagnoses=tuple(
            f"{described.diagnosis(one.code).label} ({one.certainty})" for one in ranked
        ),
        advice=opinion.advice,
        prescribing=opinion.prescribing,
        outcome=outcome.label,
        next_step=outcome.next_step,
        need=_need(described, opinion),
        acknowledged=_acknowledged(session, waiting),
        can_acknowledge=waiting is not None
        and waiting.state is AcknowledgementState.PENDING,
    )


def _need(described: Specialty, opinion: Opinion) -> str:
    if not (opinion.procedure and opinion.complexity and opinion.lowest_grade):
        return ""
    grade = opinion.lowest_grade.label
    by = f", by {words.day(opinion.see_by)}" if opinion.see_by else ""
    procedure = described.procedure(opinion.procedure).label
    time = f", {opinion.minutes} min" if opinion.minutes else ""
    return f"{procedure} ({opinion.complexity}{time}), {grade} or more senior{by}"


def _acknowledged(session: Session, waiting: Acknowledgement | None) -> str:
    if waiting is None or waiting.person_id is None or waiting.moment is None:
        return ""
    name = session.get_one(Person, waiting.person_id).name
    return f"Acknowledged by {name}, {words.moment_in_words(waiting.moment)}"
