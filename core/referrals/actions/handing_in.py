"""Send what a patient has brought: to the specialists, or to the practice first."""

from sqlalchemy.orm import Session

from core.contracts.model import PRIORITY_ORDER, InvitationTerms, Priority
from core.invitations.actions import issuing
from core.invitations.actions.stepping import step
from core.invitations.model import InvitationState, Step, Visitor
from core.invitations.telling import tell_practice
from core.kernel.errors import Invalid
from core.notify.model import Topic
from core.referrals import reading, rules
from core.referrals.actions import sending
from core.referrals.actions.moving import lock_own, move, note_change
from core.referrals.actions.visiting import open_one
from core.referrals.model import Move
from core.referrals.rules import Content
from core.referrals.tables import Referral
from core.specialties.model import Specialty
from core.specialties.reference import specialty


def submit(session: Session, *, visitor: Visitor) -> None:
    """Send it all. It goes to the specialists, or to the practice where it has to look
    at it first. Sending twice is sending once; raises Invalid for what is missing.
    """
    if visitor.state is InvitationState.SUBMITTED:
        return
    invitation = open_one(session, visitor=visitor)
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
