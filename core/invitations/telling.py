"""Tell the practice what has become of an invitation."""

from sqlalchemy.orm import Session

from core.access.tables import Organisation
from core.invitations.tables import Invitation
from core.notify.actions import enqueue
from core.notify.model import Topic
from core.notify.tables import Outbox
from core.practices.tables import Practice


def tell_practice(session: Session, invitation: Invitation, topic: Topic) -> None:
    """Promise a message to the practice's mailbox."""
    enqueue(
        session,
        topic=topic,
        address=session.get_one(Practice, invitation.practice_id).email,
        practice=session.get_one(Organisation, invitation.practice_id).name,
        reference=invitation.reference,
    )


def tell_locked(session: Session, invitation: Invitation) -> None:
    """The practice learns that somebody tried wrong dates of birth."""
    tell_practice(session, invitation, Topic.PATIENT_LOCKED)


def tell_bounced(session: Session, row: Outbox) -> None:
    """The practice learns that a message to its patient could not be delivered.

    Reminders would not be either, and the practice would be told of each.
    """
    invitation = session.get(Invitation, row.about_id)
    if invitation is not None:
        if row.address == invitation.address:
            invitation.remind_at = None
        tell_practice(session, invitation, Topic.NOT_DELIVERED)
