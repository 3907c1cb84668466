"""A patient's own referral, as the patient sees it: no word of what anybody thinks."""

import uuid
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.invitations.model import InvitationState, LinkTrouble, Trouble, Visitor
from core.invitations.tables import Invitation
from core.kernel.clock import LONDON
from core.patients.tables import Patient
from core.referrals import reading, rules
from core.referrals.model import AcknowledgementState, State
from core.referrals.presenters.drafts import Wanted, wanted
from core.referrals.presenters.pages import PinView, pictures, pin_view
from core.referrals.rules import Missing
from core.referrals.tables import Acknowledgement, Consent, Referral
from core.specialties.model import Answers, Specialty
from core.specialties.reference import specialty


class Stage(StrEnum):
    """Where what the patient sent stands."""

    OPEN = "open"
    PRACTICE = "practice"
    WITH_SPECIALIST = "with_specialist"
    READING = "reading"
    QUESTION = "question"
    ANSWERED = "answered"
    ACKNOWLEDGED = "acknowledged"
    ENDED = "ended"
    STOPPED = "stopped"


@dataclass(frozen=True)
class PatientStatus:
    """What becomes of it. ``due_on``: when an answer is due at the latest."""

    stage: Stage
    sent_on: date | None
    due_on: date | None
    # Why the patient could not go on: a StopReason, or "".
    stopped: str


@dataclass(frozen=True)
class PatientPage:
    """Everything that the patient's pages show."""

    practice: str
    given_name: str
    language: str
    under_age: bool
    specialty: Specialty
    problem: str
    answers: Answers
    pins: tuple[PinView, ...]
    wanted: tuple[Wanted, ...]
    consented: bool
    excused: bool
    missing: tuple[Missing, ...]
    status: PatientStatus
    wants_messages: bool
    # The last day on which the link works.
    works_until: date


def page(session: Session, visitor: Visitor) -> PatientPage:
    """The one referral. Raises LinkTrouble before the date of birth is proved."""
    if not visitor.proved:
        raise LinkTrouble(Trouble.VISIT_OVER)
    referral = session.get_one(Referral, visitor.referral_id)
    invitation = session.get_one(Invitation, visitor.invitation_id)
    described = specialty(referral.specialty)
    content = reading.content_of(session, referral)
    lesions = reading.lesions_of(session, referral)
    shown = pictures(session, referral, lesions, described)
    patient = session.get_one(Patient, referral.patient_id)
    return PatientPage(
        practice=visitor.practice,
        given_name=patient.given_name,
        language=visitor.language,
        under_age=rules.under_age(described, patient.birth_date),
        specialty=described,
        problem=referral.problem or "",
        answers=content.answers,
        pins=tuple(pin_view(described, lesion) for lesion in lesions),
        wanted=tuple(wanted(described, content, shown)),
        consented=session.get(Consent, referral.id) is not None,
        excused=bool(referral.imperfect_reason),
        missing=tuple(rules.missing_from_patient(described, content)),
        status=_status(session, referral, invitation),
        wants_messages=invitation.wants_messages,
        works_until=invitation.expires_at.astimezone(LONDON).date(),
    )


_STAGES = {
    State.AWAITING_PATIENT: Stage.OPEN,
    State.PRACTICE_REVIEW: Stage.PRACTICE,
    State.SUBMITTED: Stage.WITH_SPECIALIST,
    State.IN_REVIEW: Stage.READING,
    State.RETURNED: Stage.QUESTION,
    State.ANSWERED: Stage.ANSWERED,
    State.CLOSED: Stage.ACKNOWLEDGED,
    # Seen by the practice from here on, or not at all.
    State.DRAFT: Stage.PRACTICE,
    State.LISTED: Stage.PRACTICE,
    State.WITHDRAWN: Stage.ENDED,
    State.LAPSED: Stage.ENDED,
}


def _status(
    session: Session, referral: Referral, invitation: Invitation
) -> PatientStatus:
    stage = _STAGES[referral.state]
    if stage is Stage.ANSWERED and _taken_up(session, referral.id):
        stage = Stage.ACKNOWLEDGED
    if invitation.state is InvitationState.STOPPED:
        stage = Stage.STOPPED
    finished = invitation.finished_at
    waits = stage in (Stage.WITH_SPECIALIST, Stage.READING) and referral.due_at
    return PatientStatus(
        stage=stage,
        sent_on=finished.astimezone(LONDON).date() if finished else None,
        due_on=referral.due_at.astimezone(LONDON).date()
        if waits and referral.due_at
        else None,
        stopped=invitation.stopped_for or "",
    )


def _taken_up(session: Session, referral_id: uuid.UUID) -> bool:
    newest = session.scalar(
        sa.select(Acknowledgement.state)
        .where(Acknowledgement.referral_id == referral_id)
        .order_by(Acknowledgement.version.desc())
        .limit(1)
    )
    return newest is AcknowledgementState.ACKNOWLEDGED
