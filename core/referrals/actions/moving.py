"""Move a referral from state to state: the only code that sets its state."""

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Actor, Role
from core.audit.actions import record
from core.kernel import clock
from core.kernel.errors import NotAllowed, NotFound
from core.referrals.actions.telling import tell_patient
from core.referrals.model import MOVES, Move, State, next_state
from core.referrals.tables import Referral, ReferralEvent
from core.store import chain


def lock_own(session: Session, by: Actor, referral_id: uuid.UUID) -> Referral:
    """A referral of the actor's practice, held against others until the commit.

    A patient has one. Raises NotFound for anyone else's, as for one that does not exist.
    """
    own = [Referral.id == referral_id, Referral.practice_id == by.organisation_id]
    if by.role is Role.PATIENT:
        own.append(Referral.id == by.only_referral)
    found = session.scalar(sa.select(Referral).where(*own).with_for_update())
    if found is None:
        raise NotFound("There is no such referral at your practice.")
    return found


def move(
    session: Session,
    referral: Referral,
    move: Move,
    *,
    by: Actor,
    reason: str = "",
) -> None:
    """Carry out one move: state, event and audit. ``referral`` is held already.

    Raises NotAllowed for the wrong role, Conflict for the wrong state.
    """
    if by.role not in MOVES[move].who:
        raise NotAllowed("Your role does not include this.")
    before = referral.state if move is not Move.START else None
    referral.state = next_state(before, move)
    referral.changed_at = clock.now()
    session.add(referral)
    session.flush()
    session.add(_event(session, referral, move, before, by, reason))
    # Before the audit, for which all others wait: this may wait for the invitation.
    tell_patient(session, referral, move)
    record(
        session,
        by=by,
        action=move.value,
        entity="referral",
        entity_id=referral.id,
        patient_id=referral.patient_id,
    )


def note_change(
    session: Session, referral: Referral, *, by: Actor, action: str, **detail: str
) -> None:
    """Audit a change that moves nothing, such as a line added to a draft."""
    referral.changed_at = clock.now()
    record(
        session,
        by=by,
        action=action,
        entity="referral",
        entity_id=referral.id,
        patient_id=referral.patient_id,
        **detail,
    )


def first_broken_event(session: Session) -> uuid.UUID | None:
    """A referral whose history was changed behind our back, or None."""
    previous, current = chain.START, None
    in_order = sa.select(ReferralEvent).order_by(
        ReferralEvent.referral_id, ReferralEvent.number
    )
    # Closed even when we leave early: PostgreSQL streams through a cursor.
    with session.scalars(in_order.execution_options(yield_per=1000)) as events:
        for event in events:
            if event.referral_id != current:
                previous, current = chain.START, event.referral_id
            if event.hash != chain.link(previous, event_content(event)):
                return event.referral_id
            previous = event.hash
    return None


def event_content(event: ReferralEvent) -> dict[str, object]:
    """What an event's hash covers."""
    return {
        "referral": str(event.referral_id),
        "number": event.number,
        "move": event.move.value,
        "from": event.from_state.value if event.from_state else None,
        "to": event.to_state.value,
        "moment": event.moment.isoformat(),
        "person": str(event.person_id),
        "organisation": str(event.organisation_id),
        "role": event.role,
        "reason": event.reason,
    }


def _event(
    session: Session,
    referral: Referral,
    move: Move,
    before: State | None,
    by: Actor,
    reason: str,
) -> ReferralEvent:
    last = session.execute(
        sa.select(ReferralEvent.number, ReferralEvent.hash)
        .where(ReferralEvent.referral_id == referral.id)
        .order_by(ReferralEvent.number.desc())
        .limit(1)
    ).first()
    number, previous = (last.number, last.hash) if last else (0, chain.START)
    event = ReferralEvent(
        referral_id=referral.id,
        number=number + 1,
        move=move,
        from_state=before,
        to_state=referral.state,
        moment=clock.now(),
        person_id=by.person_id,
        organisation_id=by.organisation_id,
        role=by.role,
        reason=reason,
    )
    event.hash = chain.link(previous, event_content(event))
    return event
