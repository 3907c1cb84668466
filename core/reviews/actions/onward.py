"""The way into a hospital: prepared with the answer, tracked until someone confirms.

Every step is one immutable row and one line of the audit; ``model.ONWARD_STEPS`` says
who may take which from where.
"""

import uuid
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import SYSTEM, Actor, OrganisationKind
from core.audit.actions import record
from core.contracts.model import Priority
from core.contracts.reference import specialty_under
from core.kernel import clock
from core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from core.notify.model import Topic
from core.practices.tables import Practice
from core.referrals.actions.moving import lock_own
from core.referrals.model import State
from core.referrals.tables import Referral
from core.reviews.actions.claiming import lock
from core.reviews.actions.stepping import nothing_left, step, take_back, tell
from core.reviews.model import ONWARD_OPEN, OnwardState, OnwardStep
from core.reviews.reading import confirms, onward_terms
from core.reviews.tables import Onward, Opinion
from core.specialties.reference import specialty


def prepare(
    session: Session, *, by: Actor, referral: Referral, answer: Opinion
) -> None:
    """Open the way that an answer asks for; close the one of an earlier version.

    Part of sending an answer: ``referral`` is held, the rights were checked.
    """
    _cancel_earlier(session, by, referral)
    described = specialty_under(session, referral.contract_version_id)
    if not described.outcome(answer.outcome).onward:
        return
    onward = Onward(
        referral_id=referral.id,
        opinion_id=answer.id,
        state=OnwardState.PREPARED,
        confirm_by=answer.moment + patience(session, referral, answer.outcome),
    )
    session.add(onward)
    session.flush()
    step(session, by, referral, onward, OnwardStep.PREPARE, new=True)


def take(session: Session, *, by: Actor, referral_id: uuid.UUID) -> None:
    """Note that the practice has the pack. Again changes nothing but the audit.

    Raises Conflict for one that was cancelled.
    """
    referral = lock_own(session, by, referral_id)
    onward = _newest(session, referral)
    if onward.state is OnwardState.CANCELLED:
        raise Conflict("This pack was cancelled. Do not hand it over.")
    if onward.state is OnwardState.PREPARED and referral.state is State.ANSWERED:
        said = "The practice has the pack"
        step(session, by, referral, onward, OnwardStep.TAKE, said)
    record(
        session,
        by=by,
        action="fetch_pack",
        entity="onward",
        entity_id=onward.id,
        patient_id=referral.patient_id,
    )


def send(session: Session, *, by: Actor, referral_id: uuid.UUID) -> None:
    """Send the pack to the hospital that the contract names, and to no other address.

    Raises Conflict where the contract names none.
    """
    referral = _held(session, by, referral_id)
    onward = _open(session, referral)
    terms = onward_terms(session, referral)
    if terms is None or not terms.address:
        raise Conflict(
            "The contract names no address to send packs to. Download the pack and "
            "refer as your practice usually does."
        )
    tell(session, referral, Topic.ONWARD_PACK, terms, terms.address, onward)
    said = f"Sent to {terms.hospital}, {terms.address}"
    step(session, by, referral, onward, OnwardStep.SEND, said)


def confirm(
    session: Session, *, by: Actor, referral_id: uuid.UUID, who: str, how: str
) -> None:
    """Record who at the hospital confirmed that they have it, and how.

    By the practice, or by a specialist of the client's own hospital. Closes the
    referral once its answer has been acknowledged. Raises Invalid, NotAllowed.
    """
    if not who.strip():
        raise Invalid("Name the person at the hospital who confirmed it.", field="who")
    if not how.strip():
        raise Invalid("Say how they confirmed it: by phone, by letter …", field="how")
    referral = _held(session, by, referral_id)
    if not confirms(session, by.scope, referral):
        raise NotAllowed(
            "The practice, or a specialist of the hospital itself, records this."
        )
    said = f"{who.strip()}, {how.strip()}"
    step(session, by, referral, _open(session, referral), OnwardStep.CONFIRM, said)
    nothing_left(session, referral)


def cancel(session: Session, *, by: Actor, referral_id: uuid.UUID, reason: str) -> None:
    """End it for a reason: the patient declined, or went elsewhere."""
    if not reason.strip():
        raise Invalid("Say why the hospital is not needed any more.", field="reason")
    referral = lock_own(session, by, referral_id)
    onward = _open(session, referral)
    step(session, by, referral, onward, OnwardStep.CANCEL, reason.strip())
    take_back(session, referral, onward)
    nothing_left(session, referral)


def escalate_overdue(session: Session) -> int:
    """Tell practice and hospital, once, where nobody confirmed in time.

    Returns how many.
    """
    late = session.execute(
        _overdue().with_for_update(of=Referral, skip_locked=True)
    ).all()
    for referral, onward in late:
        onward.escalated_at = clock.now()
        _escalate(session, referral, onward)
    return len(late)


def any_overdue(session: Session) -> bool:
    """Whether ``escalate_overdue`` has anything to do."""
    return session.execute(_overdue().limit(1)).first() is not None


def patience(session: Session, referral: Referral, outcome: str) -> timedelta:
    """How long after the answer a hospital has to confirm.

    As the contract says; where it names no hospital, until the patient should be seen.
    """
    described = specialty(referral.specialty)
    urgency = Priority(described.outcome(outcome).onward_priority)
    terms = onward_terms(session, referral)
    if terms is None:
        return timedelta(days=described.see_within_days[urgency])
    return timedelta(hours=terms.confirm_within_hours[urgency])


def _held(session: Session, by: Actor, referral_id: uuid.UUID) -> Referral:
    if by.organisation_kind is OrganisationKind.PRACTICE:
        return lock_own(session, by, referral_id)
    return lock(session, by, referral_id)


def _open(session: Session, referral: Referral) -> Onward:
    """The way that the newest answer opened. Raises NotFound, Conflict."""
    if referral.state is not State.ANSWERED:
        raise Conflict("This referral is closed, so nothing more is handed over.")
    return _newest(session, referral)


def _newest(session: Session, referral: Referral) -> Onward:
    found = session.scalar(
        sa.select(Onward)
        .join(Opinion, Opinion.id == Onward.opinion_id)
        .where(Onward.referral_id == referral.id)
        .order_by(Opinion.version.desc())
        .limit(1)
    )
    if found is None:
        raise NotFound("This referral does not go on to a hospital.")
    return found


def _cancel_earlier(session: Session, by: Actor, referral: Referral) -> None:
    earlier = session.scalars(
        sa.select(Onward).where(
            Onward.referral_id == referral.id,
            Onward.state != OnwardState.CANCELLED,
        )
    ).all()
    for onward in earlier:
        said = "The answer was amended"
        step(session, by, referral, onward, OnwardStep.CANCEL, said)
        take_back(session, referral, onward)


def _escalate(session: Session, referral: Referral, onward: Onward) -> None:
    terms = onward_terms(session, referral)
    practice = session.get_one(Practice, referral.practice_id)
    addresses = [practice.email, *([terms.escalate_to] if terms else [])]
    for address in addresses:
        tell(session, referral, Topic.ONWARD_UNCONFIRMED, terms, address, onward)
    said = f"Nobody confirmed in time; told {' and '.join(addresses)}"
    step(session, SYSTEM, referral, onward, OnwardStep.ESCALATE, said)


def _overdue() -> sa.Select[Referral, Onward]:
    return (
        sa.select(Referral, Onward)
        .join(Onward, Onward.referral_id == Referral.id)
        .where(
            Onward.state.in_(ONWARD_OPEN),
            Onward.confirm_by < clock.now(),
            Onward.escalated_at.is_(None),
            Referral.state == State.ANSWERED,
        )
    )
