"""What a patient does who came by a weblink: through the same actions as any other.

A ``visitor`` has opened the link; whatever changes something needs the date of birth
proved, and a link that is still to be answered.
"""

import uuid
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.imaging.keeping import Kept
from core.imaging.tables import Image
from core.invitations.actions.stepping import close_links, note, step
from core.invitations.limits import limits
from core.invitations.model import (
    InvitationState,
    Step,
    StopReason,
    Visitor,
)
from core.invitations.telling import tell_practice
from core.kernel import clock
from core.kernel.errors import Conflict, Invalid
from core.notify.model import Topic
from core.patients.tables import Patient
from core.referrals import reading
from core.referrals.actions import drafting, pictures
from core.referrals.actions.moving import lock_own, move
from core.referrals.actions.pictures import Place
from core.referrals.actions.visiting import held, open_one
from core.referrals.model import (
    ConsentForm,
    ConsentGiver,
    ConsentLevel,
    Move,
    State,
)
from core.referrals.rules import Imperfect, under_age
from core.referrals.tables import Lesion, Referral
from core.specialties.model import Answer, Specialty
from core.specialties.reference import specialty


# What was agreed to before is not agreed to any more.
_NOT_AGREED = (StopReason.DECLINED, StopReason.UNDER_AGE)


def consent(
    session: Session,
    *,
    visitor: Visitor,
    given_by: ConsentGiver,
    messages: bool,
    level: ConsentLevel = ConsentLevel.RECORD_ONLY,
) -> None:
    """Agree, in writing; ``messages``: to be told when it moves."""
    invitation = open_one(session, visitor=visitor)
    born = session.get_one(Patient, visitor.patient_id).birth_date
    if given_by is ConsentGiver.PATIENT and under_age(
        _described(session, visitor), born
    ):
        raise Invalid("A parent or guardian has to agree.")
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
    open_one(session, visitor=visitor)
    asked = {one.id for one in _described(session, visitor).questions if one.by_patient}
    if not set(answers) <= asked:
        raise Invalid("That is not one of the questions.")
    drafting.answer(
        session, by=visitor.actor, referral_id=visitor.referral_id, answers=answers
    )


def pin(session: Session, *, visitor: Visitor, place: drafting.Pin) -> Lesion:
    """Mark a place. Raises Invalid for an intimate one, or one too many: see ``stop``."""
    open_one(session, visitor=visitor)
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
    open_one(session, visitor=visitor)
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
    open_one(session, visitor=visitor)
    refuse_too_many(session, visitor=visitor)
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


def refuse_too_many(session: Session, *, visitor: Visitor) -> None:
    """Refuse one picture more than anybody needs, before it is taken in."""
    sent = sa.select(sa.func.count()).where(Image.referral_id == visitor.referral_id)
    if (session.scalar(sent) or 0) >= limits().pictures_of_one_referral:
        raise Invalid("There are enough pictures. Go on with those that are there.")


def remove_picture(session: Session, *, visitor: Visitor, image_id: uuid.UUID) -> None:
    """Take a picture off."""
    open_one(session, visitor=visitor)
    pictures.remove_picture(
        session,
        by=visitor.actor,
        referral_id=visitor.referral_id,
        image_id=image_id,
    )


def excuse(session: Session, *, visitor: Visitor, excused: bool = True) -> None:
    """Say that a picture that is wanted cannot be taken; or that it can after all."""
    open_one(session, visitor=visitor)
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
    invitation = open_one(session, visitor=visitor)
    by = visitor.actor
    if reason in _NOT_AGREED:
        drafting.withhold_consent(session, by=by, referral_id=visitor.referral_id)
    invitation.stopped_for = reason
    invitation.ended_at, invitation.remind_at = clock.now(), None
    step(session, invitation, Step.STOP, by=by, reason=reason)
    referral = lock_own(session, by, visitor.referral_id)
    move(session, referral, Move.PATIENT_STOPS, by=by, reason=reason.label)
    tell_practice(session, invitation, Topic.PATIENT_STOPPED)


def disown(session: Session, *, visitor: Visitor) -> None:
    """Say that the link has reached somebody else; no date of birth is asked for that.

    It opens nothing any more, nothing more is sent there, and the practice is told.
    """
    invitation = held(session, visitor=visitor)
    by, reason = visitor.actor, StopReason.NOT_ME
    invitation.wants_messages, invitation.remind_at = False, None
    close_links(session, invitation)
    if invitation.state is InvitationState.SUBMITTED:
        note(session, invitation, "disown_link", by=by)
        tell_practice(session, invitation, Topic.NOT_DELIVERED)
        return
    invitation.stopped_for, invitation.ended_at = reason, clock.now()
    step(session, invitation, Step.STOP, by=by, reason=reason)
    referral = lock_own(session, by, visitor.referral_id)
    move(session, referral, Move.PATIENT_STOPS, by=by, reason=reason.label)
    tell_practice(session, invitation, Topic.PATIENT_STOPPED)


def _referral(session: Session, visitor: Visitor) -> Referral:
    return session.get_one(Referral, visitor.referral_id)


def _described(session: Session, visitor: Visitor) -> Specialty:
    referral = _referral(session, visitor)
    if referral.state is not State.AWAITING_PATIENT:
        raise Conflict("This has been sent already. Nothing more is needed.")
    return specialty(referral.specialty)
