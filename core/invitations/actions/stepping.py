"""Move an invitation on: the only code that sets its state."""

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Actor
from core.audit.actions import record
from core.invitations.model import MOVES, InvitationState, Step, next_state
from core.invitations.tables import Invitation, InvitationEvent, Link, Visit
from core.kernel import clock
from core.kernel.errors import NotAllowed


def step(
    session: Session,
    invitation: Invitation,
    step: Step,
    *,
    by: Actor,
    reason: str = "",
) -> None:
    """Carry out one step: state, row and audit. ``invitation`` is held already.

    Raises NotAllowed for the wrong role, Conflict for the wrong state.
    """
    if by.role not in MOVES[step].who:
        raise NotAllowed("Your role does not include this.")
    before = None if step is Step.CREATE else invitation.state
    invitation.state = next_state(before, step)
    invitation.changed_at = clock.now()
    session.add(invitation)
    session.flush()
    session.add(
        InvitationEvent(
            invitation_id=invitation.id,
            step=step,
            state=invitation.state,
            moment=clock.now(),
            person_id=by.person_id,
            role=by.role,
            reason=reason,
        )
    )
    note(session, invitation, f"{step}_invitation", by=by)


def note(session: Session, invitation: Invitation, action: str, *, by: Actor) -> None:
    """Audit what moves nothing, such as a link that was opened once more."""
    record(
        session,
        by=by,
        action=action,
        entity="invitation",
        entity_id=invitation.id,
        patient_id=invitation.patient_id,
    )


def hold(session: Session, referral_id: uuid.UUID) -> Invitation | None:
    """A referral's invitation, held against others until the commit; None: it has none."""
    return session.scalar(
        sa.select(Invitation)
        .where(Invitation.referral_id == referral_id)
        .with_for_update()
    )


def close_links(session: Session, invitation: Invitation) -> None:
    """End every link and every visit: what was handed out opens nothing any more."""
    for table in (Link, Visit):
        session.execute(
            sa.update(table)
            .where(table.invitation_id == invitation.id, table.ended_at.is_(None))
            .values(ended_at=clock.now())
        )


def end(
    session: Session, invitation: Invitation, how: Step, *, by: Actor, reason: str = ""
) -> None:
    """Expire, cancel or lock it."""
    step(session, invitation, how, by=by, reason=reason)
    invitation.remind_at = None
    if invitation.state is not InvitationState.LOCKED:
        invitation.ended_at = clock.now()
    close_links(session, invitation)
