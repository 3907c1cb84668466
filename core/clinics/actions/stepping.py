"""One move of a clinic need with its event and audit, and what a session's list shows."""

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Actor
from core.audit.actions import record
from core.clinics.model import ChangeKind, NeedMove, next_need
from core.clinics.tables import ClinicNeed, NeedEvent, SessionChange
from core.kernel import clock
from core.kernel.errors import NotFound


def lock_need(session: Session, need_id: uuid.UUID) -> ClinicNeed:
    """The need, held until the transaction ends. Raises NotFound."""
    need = session.scalar(
        sa.select(ClinicNeed)
        .where(ClinicNeed.id == need_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if need is None:
        raise NotFound("There is nobody to be seen here.")
    return need


def step(
    session: Session,
    by: Actor,
    need: ClinicNeed,
    move: NeedMove,
    *,
    appointment_id: uuid.UUID | None = None,
    reason: str = "",
    new: bool = False,
) -> None:
    """Take one move. ``need`` is held. Raises NotAllowed, Conflict."""
    need.state = next_need(None if new else need.state, move, by.role)
    need.changed_at = clock.now()
    number = session.scalar(
        sa.select(sa.func.max(NeedEvent.number)).where(NeedEvent.need_id == need.id)
    )
    session.add(
        NeedEvent(
            need_id=need.id,
            number=(number or 0) + 1,
            move=move,
            to_state=need.state,
            moment=clock.now(),
            person_id=by.person_id,
            organisation_id=by.organisation_id,
            role=by.role,
            appointment_id=appointment_id,
            reason=reason,
        )
    )
    record(
        session,
        by=by,
        action=f"clinic_{move}",
        entity="clinic_need",
        entity_id=need.id,
        patient_id=need.patient_id,
    )


def note_change(
    session: Session,
    session_id: uuid.UUID,
    kind: ChangeKind,
    words: str,
    appointment_id: uuid.UUID | None = None,
) -> None:
    """Tell whoever holds the session that its list has changed. No patient's name.

    The session's row is held by the caller, so that the numbers follow each other.
    """
    number = session.scalar(
        sa.select(sa.func.max(SessionChange.number)).where(
            SessionChange.session_id == session_id
        )
    )
    session.add(
        SessionChange(
            session_id=session_id,
            number=(number or 0) + 1,
            moment=clock.now(),
            kind=kind,
            appointment_id=appointment_id,
            words=words,
        )
    )
    session.flush()
