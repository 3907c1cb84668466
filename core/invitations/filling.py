"""What a message about an invitation is given at the moment it leaves: its link.

A token is kept as a hash only, so it cannot wait in the outbox.
"""

from collections.abc import Mapping

import sqlalchemy as sa

from core.config import Settings
from core.invitations.actions.issuing import mint
from core.invitations.model import UNFINISHED, InvitationState, Way
from core.invitations.tables import Invitation
from core.kernel import clock
from core.notify.model import WITH_LINK, NotToBeSent, Topic
from core.notify.tables import Outbox
from core.store.engine import Store


def with_link(store: Store, settings: Settings, row: Outbox) -> Mapping[str, str]:
    """The facts that a message lacks. Raises NotToBeSent where nothing is asked now,
    LookupError where the patients' app has no address.
    """
    if row.topic not in WITH_LINK:
        return {}
    app = settings.apps.get("patient")
    if app is None:
        raise LookupError("set OZONE_APPS__PATIENT__ORIGIN: links have to lead there")
    with store.transaction() as session:
        invitation = session.scalar(
            sa.select(Invitation).where(Invitation.id == row.about_id).with_for_update()
        )
        if invitation is None or not _opens(invitation, row.topic):
            raise NotToBeSent("the invitation has ended")
        way = Way(row.channel)
        if way is invitation.way and row.address != invitation.address:
            raise NotToBeSent("the practice has corrected the address since")
        token = mint(session, invitation, way)
    return {"link": address_of(app.origin, token)}


def address_of(origin: str, token: str) -> str:
    """Where a token leads. It names nobody."""
    return f"{origin}/patient/i/{token}"


def _opens(invitation: Invitation, topic: Topic) -> bool:
    """Whether a link would open anything. What was sent is not asked for any more; a new
    link to see what becomes of it is another thing.
    """
    asked = invitation.state in UNFINISHED
    if topic is Topic.LINK_ANEW:
        asked = asked or invitation.state is InvitationState.SUBMITTED
    locked = invitation.state is InvitationState.LOCKED
    return asked and not locked and invitation.expires_at > clock.now()
