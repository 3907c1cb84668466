"""One step on the way into a hospital: its row, its audit, and who is told."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import SYSTEM, Actor
from core.access.tables import Organisation
from core.audit.actions import record
from core.contracts.model import OnwardTerms
from core.kernel import clock, words
from core.notify.actions import enqueue
from core.notify.model import Topic
from core.referrals.actions.moving import move
from core.referrals.model import AcknowledgementState, Move
from core.referrals.tables import Acknowledgement, Referral
from core.reviews.model import OnwardStep, next_onward
from core.reviews.reading import onward_terms
from core.reviews.tables import Onward, OnwardMove


def step(
    session: Session,
    by: Actor,
    referral: Referral,
    onward: Onward,
    taken: OnwardStep,
    said: str = "",
    *,
    new: bool = False,
) -> None:
    """Take one step. ``referral`` is held. Raises NotAllowed, Conflict."""
    onward.state = next_onward(None if new else onward.state, taken, by.role)
    number = session.scalar(
        sa.select(sa.func.max(OnwardMove.number)).where(
            OnwardMove.onward_id == onward.id
        )
    )
    session.add(
        OnwardMove(
            onward_id=onward.id,
            number=(number or 0) + 1,
            move=taken.value,
            to_state=onward.state,
            moment=clock.now(),
            person_id=by.person_id,
            words=said,
        )
    )
    record(
        session,
        by=by,
        action=f"onward_{taken}",
        entity="onward",
        entity_id=onward.id,
        patient_id=referral.patient_id,
    )


def tell(
    session: Session,
    referral: Referral,
    topic: Topic,
    terms: OnwardTerms | None,
    address: str,
    onward: Onward,
) -> None:
    """Promise a message about it that says nothing clinical."""
    enqueue(
        session,
        topic=topic,
        address=address,
        practice=session.get_one(Organisation, referral.practice_id).name,
        reference=referral.reference,
        hospital=terms.hospital if terms else "the hospital",
        day=words.day(onward.confirm_by),
        onward=str(onward.id),
    )


def take_back(session: Session, referral: Referral, onward: Onward) -> None:
    """Where a pack was sent to the hospital, tell them that it no longer holds."""
    sent = session.scalar(
        sa.select(OnwardMove.id).where(
            OnwardMove.onward_id == onward.id, OnwardMove.move == OnwardStep.SEND
        )
    )
    terms = onward_terms(session, referral)
    if sent is not None and terms is not None and terms.address:
        tell(session, referral, Topic.ONWARD_CANCELLED, terms, terms.address, onward)


def nothing_left(session: Session, referral: Referral) -> None:
    """Close what is acknowledged; let the acknowledgement close what is not yet."""
    last = session.scalar(
        sa.select(Acknowledgement)
        .where(Acknowledgement.referral_id == referral.id)
        .order_by(Acknowledgement.version.desc())
        .limit(1)
    )
    if last is None:
        return
    last.closes = True
    if last.state is AcknowledgementState.ACKNOWLEDGED:
        move(session, referral, Move.CLOSE, by=SYSTEM)
