"""Tell a patient who came by a weblink that something has moved, and no more than that."""

from sqlalchemy.orm import Session

from core.access.model import Actor
from core.invitations.actions.issuing import tell
from core.invitations.actions.stepping import end, hold
from core.invitations.model import UNFINISHED, Step
from core.notify.model import Topic
from core.referrals.model import Move, Route
from core.referrals.tables import Referral


_TOPICS = {
    Move.PATIENT_SENDS: Topic.RECEIVED,
    Move.PATIENT_HANDS_IN: Topic.RECEIVED,
    Move.SEND: Topic.WITH_SPECIALIST,
    Move.RETURN: Topic.QUESTION_BACK,
    Move.SUPPLY: Topic.WITH_SPECIALIST,
    Move.ANSWER: Topic.ANSWERED,
    Move.LAPSE: Topic.LINK_ENDED,
}


def tell_patient(session: Session, referral: Referral, move: Move) -> None:
    """Promise a message about a move, where the patient wants any."""
    if move in _TOPICS:
        tell_of(session, referral, _TOPICS[move])


def tell_of(session: Session, referral: Referral, topic: Topic) -> None:
    """Promise a message, where the patient came by a weblink and wants any."""
    if referral.route is not Route.PATIENT_LINK:
        return
    invitation = hold(session, referral.id)
    if invitation is not None and invitation.wants_messages:
        tell(session, invitation, topic)


def end_invitation(
    session: Session, referral: Referral, *, by: Actor, reason: str = ""
) -> bool:
    """Cancel the weblink, where one is still to be answered; the patient is told.

    Returns whether there was one.
    """
    invitation = hold(session, referral.id)
    if invitation is None or invitation.state not in UNFINISHED:
        return False
    end(session, invitation, Step.CANCEL, by=by, reason=reason)
    tell(session, invitation, Topic.LINK_ENDED)
    return True
