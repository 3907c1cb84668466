"""The one invitation that a visit is for, held against others."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.invitations.actions.stepping import hold, step
from core.invitations.model import (
    InvitationState,
    LinkTrouble,
    Step,
    Trouble,
    Visitor,
)
from core.invitations.tables import Invitation, Visit
from core.kernel.errors import Conflict
from core.referrals.actions.moving import lock_own


_SENT_ANEW = (InvitationState.SENT, InvitationState.OPENED)


def held(session: Session, *, visitor: Visitor) -> Invitation:
    """A visit's invitation, whoever is there. Raises LinkTrouble."""
    # The referral first, as the practice holds them: else each would wait for the other.
    lock_own(session, visitor.actor, visitor.referral_id)
    invitation = hold(session, visitor.referral_id)
    if invitation is None or invitation.id != visitor.invitation_id:
        raise LinkTrouble(Trouble.UNKNOWN)
    return invitation


def open_one(session: Session, *, visitor: Visitor) -> Invitation:
    """The invitation, to be changed. Raises LinkTrouble, or Conflict where it is finished."""
    if not visitor.proved:
        raise LinkTrouble(Trouble.VISIT_OVER)
    invitation = held(session, visitor=visitor)
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
