"""Take a case over from a colleague who holds it."""

import uuid

from sqlalchemy.orm import Session

from core.access.model import Actor
from core.contracts.reference import agreement
from core.kernel import clock
from core.kernel.errors import Conflict, Invalid, NotAllowed
from core.referrals.actions.moving import move
from core.referrals.model import Move, State
from core.reviews.actions.claiming import current, end_claim, lock, prolong
from core.reviews.eligibility import eligible
from core.reviews.tables import Claim


def take_over(
    session: Session, *, by: Actor, referral_id: uuid.UUID, reason: str
) -> None:
    """Hold a case that somebody else holds. What they wrote is kept for them.

    The reason stands in the case's timeline. Raises Conflict where nobody holds it.
    """
    if not reason.strip():
        raise Invalid("Say why you take this case over.", field="reason")
    referral = lock(session, by, referral_id)
    held = current(session, referral)
    if held is not None and held.person_id == by.person_id:
        return
    if held is None or referral.state is not State.IN_REVIEW:
        raise Conflict("Nobody holds this case any more. Reload the page.")
    now = clock.now()
    terms = agreement(session, referral.contract_version_id).terms
    if not eligible(by.scope, referral, terms, now):
        raise NotAllowed("The contract keeps this case for others.")
    end_claim(session, referral)
    claim = Claim(
        referral_id=referral.id, person_id=by.person_id, started_at=now, lapses_at=now
    )
    session.add(claim)
    prolong(session, claim, referral)
    move(session, referral, Move.TAKE_OVER, by=by, reason=reason.strip())
