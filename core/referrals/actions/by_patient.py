"""What a patient does who came by a weblink: through the same actions as any other.

A ``visitor`` has opened the link; whatever changes something needs the date of birth
proved, and a link that is still to be answered.
"""

import uuid
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.contracts.model import PRIORITY_ORDER, InvitationTerms, Priority
from core.imaging.keeping import Kept
from core.imaging.tables import Image
from core.invitations.actions import issuing
from core.invitations.actions.stepping import hold, step
from core.invitations.model import (
    InvitationState,
    LinkTrouble,
    Step,
    StopReason,
    Trouble,
    Visitor,
)
from core.invitations.tables import Invitation, Visit
from core.invitations.telling import tell_practice
from core.kernel import clock
from core.kernel.errors import Conflict, Invalid
from core.notify.model import Topic
from core.referrals import reading, rules
from core.referrals.actions import drafting, pictures, sending
from core.referrals.actions.moving import lock_own, move, note_change
from core.referrals.actions.pictures import Place
from core.referrals.model import (
    ConsentForm,
    ConsentGiver,
    ConsentLevel,
    Move,
    State,
)
from core.referrals.rules import Content, Imperfect
from core.referrals.tables import Lesion, Referral
from core.specialties.model import Answer, Specialty
from core.specialties.reference import specialty


_SENT_ANEW = (InvitationState.SENT, InvitationState.OPENED)
# What was agreed to before is not agreed to any more.
_NOT_AGREED = (StopReason.DECLINED, StopReason.UNDER_AGE, StopReason.NOT_ME)


def consent(
    session: Session,
    *,
    visitor: Visitor,
    given_by: ConsentGiver,
    messages: bool,
    level: ConsentLevel = ConsentLevel.RECORD_ONLY,
) -> None:
    """Agree, in writing; ``messages``: to be told when it moves."""
    invitation = _open(session, visitor)
    invitation.wants_messages = messages
    drafting.consent(
        session,
        by=visitor.actor,
        referral_id=visitor.referral_id,
        level=level,
        form=ConsentForm.WRITTEN,
        given_by=given_by,
    )


def answer(
    session: Session, *, visitor: Visitor, answers: Mapping[str, Answer | None]
) -> None:
    """Keep answers of the questions that patients are asked; None takes one back."""
    _open(session, visitor)
    asked = {one.id for one in _described(session, visitor).questions if one.by_patient}
    if not set(answers) <= asked:
        raise Invalid("That is not one of the questions.")
    drafting.answer(
        session, by=visitor.actor, referral_id=visitor.referral_id, answers=answers
    )


def pin(session: Session, *, visitor: Visitor, place: drafting.Pin) -> Lesion:
    """Mark a place. Raises Invalid for an intimate one, or one too many: see ``stop``."""
    _open(session, visitor)
    described = _described(session, visitor)
    lesions = reading.lesions_of(session, _referral(session, visitor))
    if described.patient and len(lesions) >= described.patient.most_lesions:
        raise Invalid("That is more than can be sent this way.")
    if place.site in {one.code for one in described.sites if one.intimate}:
        raise Invalid("Pictures of this place are taken at the practice only.")
    return drafting.pin(
        session, by=visitor.actor, referral_id=visitor.referral_id, place=place
    )


def unpin(session: Session, *, visitor: Visitor, lesion_id: uuid.UUID) -> None:
    """Take a place back, and its pictures with it."""
    _open(session, visitor)
    pictures.unpin(
        session,
        by=visitor.actor,
        referral_id=visitor.referral_id,
        lesion_id=lesion_id,
    )


def add_picture(
    session: Session, *, visitor: Visitor, image_id: uuid.UUID, place: Place, kept: Kept
) -> Image:
    """Attach a picture. Sending one ``image_id`` twice attaches one picture."""
    _open(session, visitor)
    return pictures.add_picture(
        session,
        by=visitor.actor,
        referral_id=visitor.referral_id,
        image_id=image_id,
        place=place,
        source="stored",
        device="",
        kept=kept,
    )


def remove_picture(session: Session, *, visitor: Visitor, image_id: uuid.UUID) -> None:
    """Take a picture off."""
    _open(session, visitor)
    pictures.remove_picture(
        session,
        by=visitor.actor,
        referral_id=visitor.referral_id,
        image_id=image_id,
    )


def excuse(session: Session, *, visitor: Visitor, excused: bool = True) -> None:
    """Say that a picture that is wanted cannot be taken; or that it can after all."""
    _open(session, visitor)
    drafting.save(
        session,
        by=visitor.actor,
        referral_id=visitor.referral_id,
        imperfect_reason=Imperfect.OTHER.value if excused else "",
    )


def stop(session: Session, *, visitor: Visitor, reason: StopReason) -> None:
    """End it for a reason. The practice is told, and has it to look at. Twice is once."""
    if visitor.state is InvitationState.STOPPED:
        return
    invitation = _open(session, visitor)
    by = visitor.actor
    if reason in _NOT_AGREED:
        drafting.withhold_consent(session, by=by, referral_id=visitor.referral_id)
    invitation.stopped_for = reason
    invitation.ended_at, invitation.remind_at = clock.now(), None
    step(session, invitation, Step.STOP, by=by, reason=reason)
    referral = lock_own(session, by, visitor.referral_id)
    move(session, referral, Move.PATIENT_STOPS, by=by, reason=reason.label)
    tell_practice(session, invitation, Topic.PATIENT_STOPPED)


def submit(session: Session, *, visitor: Visitor) -> None:
    """Send it all. It goes to the specialists, or to the practice where it has to look
    at it first. Sending twice is sending once; raises Invalid for what is missing.
    """
    if visitor.state is InvitationState.SUBMITTED:
        return
    invitation = _open(session, visitor)
    by = visitor.actor
    referral = lock_own(session, by, visitor.referral_id)
    described = specialty(referral.specialty)
    lacking = rules.missing_from_patient(
        described, reading.content_of(session, referral)
    )
    if any(one.blocks for one in lacking):
        raise Invalid(rules.summary_of_missing(lacking))
    terms = issuing.terms_of(session, referral.contract_version_id)
    raised = _raise_priority(session, referral, described, terms, visitor)
    if _goes_on(session, referral, described, terms):
        sending.send(session, by=by, referral_id=referral.id, reason=raised)
    else:
        move(session, referral, Move.PATIENT_HANDS_IN, by=by)
        tell_practice(session, invitation, Topic.PATIENT_SENT)
    step(session, invitation, Step.SUBMIT, by=by)
    issuing.finish(invitation, terms)


def _goes_on(
    session: Session,
    referral: Referral,
    described: Specialty,
    terms: InvitationTerms,
) -> bool:
    """Whether nobody of the practice has to look at it first."""
    if terms.practice_reviews:
        return False
    content = reading.content_of(session, referral)
    # Where pictures are asked for and none could be taken, somebody has to see to it.
    bare = any(rules.wanted_pictures(described, content)) and not content.views
    return not bare and not any(one.blocks for one in rules.missing(described, content))


def _raise_priority(
    session: Session,
    referral: Referral,
    described: Specialty,
    terms: InvitationTerms,
    visitor: Visitor,
) -> str:
    """Take the priority that the patient's answers earn, where the contract says so.

    Returns what was done, in words.
    """
    content = reading.content_of(session, referral)
    offered = rules.offered_priority(described, content)
    if not terms.score_raises_priority or not _more_urgent(offered, content):
        return ""
    before = (content.priority or Priority.ROUTINE).label.lower()
    referral.priority = offered
    note_change(session, referral, by=visitor.actor, action="raise_priority")
    return f"Priority raised from {before}: {described.score.title}, by the patient's answers"


def _more_urgent(offered: Priority | None, content: Content) -> bool:
    if offered is None or content.priority is None:
        return False
    return PRIORITY_ORDER.index(offered) < PRIORITY_ORDER.index(content.priority)


def _open(session: Session, visitor: Visitor) -> Invitation:
    """The invitation, held. Raises LinkTrouble, or Conflict where it is finished."""
    if not visitor.proved:
        raise LinkTrouble(Trouble.VISIT_OVER)
    # The referral first, as the practice holds them: else each would wait for the other.
    lock_own(session, visitor.actor, visitor.referral_id)
    invitation = hold(session, visitor.referral_id)
    if invitation is None or invitation.id != visitor.invitation_id:
        raise LinkTrouble(Trouble.UNKNOWN)
    if invitation.state in _SENT_ANEW:
        _goes_on_from_here(session, visitor, invitation)
    if invitation.state is not InvitationState.VERIFIED:
        raise Conflict("This has been sent already. Nothing more is needed.")
    return invitation


def _goes_on_from_here(
    session: Session, visitor: Visitor, invitation: Invitation
) -> None:
    """The practice sent a link once more, while this browser was in the midst of it."""
    ended = sa.select(Visit.ended_at).where(Visit.id == visitor.visit_id)
    if session.scalar(ended) is not None:
        raise LinkTrouble(Trouble.RENEWED)
    step(session, invitation, Step.VERIFY, by=visitor.actor)


def _referral(session: Session, visitor: Visitor) -> Referral:
    return session.get_one(Referral, visitor.referral_id)


def _described(session: Session, visitor: Visitor) -> Specialty:
    referral = _referral(session, visitor)
    if referral.state is not State.AWAITING_PATIENT:
        raise Conflict("This has been sent already. Nothing more is needed.")
    return specialty(referral.specialty)
