"""What a message about a pack encloses, fetched when the message is sent."""

import uuid

from sqlalchemy.orm import Session

from core.notify.model import Enclosure, NotToBeSent, Topic
from core.notify.tables import Outbox
from core.referrals.tables import Referral
from core.reviews import packs
from core.reviews.letter_parts import frames
from core.reviews.model import OnwardState
from core.reviews.packs import Plan
from core.reviews.reading import onward_terms
from core.reviews.tables import Onward
from core.store.engine import Store


def enclosed(store: Store, row: Outbox) -> list[Enclosure]:
    """The files of the pack that ``row`` promises; nothing for any other message.

    Raises NotToBeSent where the pack was cancelled since, or where the address is not
    the one that the contract names.
    """
    if row.topic is not Topic.ONWARD_PACK:
        return []
    with store.reading() as session:
        planned = _plan(session, uuid.UUID(row.facts["onward"]), row.address)
    return list(packs.files(planned, most=frames()["pack"]["mail_bytes"]))


def _plan(session: Session, onward_id: uuid.UUID, address: str) -> Plan:
    onward = session.get_one(Onward, onward_id)
    if onward.state is OnwardState.CANCELLED:
        raise NotToBeSent("The pack was cancelled before it left.")
    terms = onward_terms(session, session.get_one(Referral, onward.referral_id))
    if terms is None or terms.address != address:
        raise NotToBeSent("The contract does not name this address.")
    return packs.plan(session, onward)
