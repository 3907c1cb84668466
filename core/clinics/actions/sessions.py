"""Single sessions: plan one, cancel one, take a cancellation back."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Actor
from core.audit.actions import record
from core.clinics.actions.booking import release_all
from core.clinics.actions.fitting import refuse_place
from core.clinics.actions.holding import begin, hold, let_go, refuse_clash
from core.clinics.actions.stepping import note_change
from core.clinics.model import AppointmentState, ChangeKind, SessionState
from core.clinics.rules import (
    Planned,
    refuse_past,
    refuse_reason,
    refuse_template,
    refuse_times,
)
from core.clinics.tables import (
    Appointment,
    ClinicNeed,
    ClinicSession,
    PatternException,
)
from core.kernel import clock
from core.kernel.clock import LONDON
from core.kernel.errors import Conflict, Invalid, NotFound


def add_session(session: Session, *, by: Actor, planned: Planned) -> ClinicSession:
    """Plan one session.

    Raises Invalid for what cannot be, Conflict where person or room are taken.
    """
    begin(session, by)
    place = refuse_place(
        session,
        site_id=planned.site_id,
        room_id=planned.room_id,
        person_id=planned.person_id,
    )
    refuse_planned(planned)
    row = ClinicSession(
        organisation_id=place.organisation_id,
        site_id=place.site_id,
        room_id=place.room_id,
        person_id=place.person_id,
        begins_at=planned.begins_at,
        minutes=planned.minutes,
        template=planned.template,
        state=SessionState.OPEN,
    )
    refuse_clash(session, row)
    session.add(row)
    hold(session, row)
    _audit(session, by, "add_session", row)
    return row


def refuse_planned(planned: Planned) -> None:
    """Raise Invalid where time or template cannot be."""
    refuse_times(planned.begins_at.astimezone(LONDON).time(), planned.minutes)
    refuse_past(planned.begins_at, clock.now())
    refuse_template(planned.template, planned.minutes)


def cancel_session(
    session: Session, *, by: Actor, session_id: uuid.UUID, reason: str
) -> None:
    """Say that a session does not take place; who is booked into it waits again.

    Raises NotFound, Invalid, Conflict.
    """
    begin(session, by)
    said = refuse_reason(reason)
    row = _held(session, session_id)
    if row.state is SessionState.CANCELLED:
        raise Conflict("This session is cancelled already. Reload the page.")
    if _ended(row):
        raise Invalid("This session is over, so it cannot be cancelled any more.")
    cancel_all(session, by, [row], said)


def cancel_all(
    session: Session, by: Actor, rows: Sequence[ClinicSession], reason: str
) -> None:
    """Cancel several open sessions that are held, for one's turn."""
    _hold_needs(session, rows)
    for row in rows:
        row.state = SessionState.CANCELLED
        row.cancelled_at, row.cancelled_reason = clock.now(), reason
        let_go(session, row.id)
        note_change(
            session,
            row.id,
            ChangeKind.CANCELLED,
            f"The session is cancelled: {reason}"[:200],
        )
        release_all(session, by, row, reason)
        _audit(session, by, "cancel_session", row, reason=reason)


def restore_session(session: Session, *, by: Actor, session_id: uuid.UUID) -> None:
    """Hold a cancelled session after all. Nobody is booked into it again.

    Raises NotFound, Invalid, Conflict where person or room are taken meanwhile.
    """
    begin(session, by)
    row = _held(session, session_id)
    if row.state is not SessionState.CANCELLED:
        raise Conflict("This session is not cancelled. Reload the page.")
    refuse_past(row.begins_at, clock.now())
    refuse_place(
        session, site_id=row.site_id, room_id=row.room_id, person_id=row.person_id
    )
    refuse_clash(session, row)
    row.state, row.cancelled_at, row.cancelled_reason = SessionState.OPEN, None, ""
    hold(session, row)
    session.execute(
        sa.delete(PatternException).where(
            PatternException.pattern_id == row.pattern_id,
            PatternException.day == row.begins_at.astimezone(LONDON).date(),
        )
    )
    note_change(
        session, row.id, ChangeKind.ALTERED, "The session takes place after all"
    )
    _audit(session, by, "restore_session", row)


def open_sessions(
    session: Session, *where: sa.ColumnElement[bool]
) -> list[ClinicSession]:
    """Open sessions that are not over, held until the transaction ends."""
    rows = session.scalars(
        sa.select(ClinicSession)
        .where(
            ClinicSession.state == SessionState.OPEN,
            # No session lasts longer than a day.
            ClinicSession.begins_at > clock.now() - timedelta(days=1),
            *where,
        )
        # Held in the order in which whoever books holds them.
        .order_by(ClinicSession.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = [row for row in rows if not _ended(row)]
    return sorted(found, key=lambda row: row.begins_at)


def _hold_needs(session: Session, rows: Sequence[ClinicSession]) -> None:
    # All of them before the first audit row: whoever books holds a need and waits for
    # the audit, and each would wait for the other.
    booked = sa.select(Appointment.need_id).where(
        Appointment.session_id.in_([row.id for row in rows]),
        Appointment.state == AppointmentState.BOOKED,
    )
    session.execute(
        sa.select(ClinicNeed.id)
        .where(ClinicNeed.id.in_(booked))
        .order_by(ClinicNeed.id)
        .with_for_update()
    ).all()


def _held(session: Session, session_id: uuid.UUID) -> ClinicSession:
    row = session.scalar(
        sa.select(ClinicSession)
        .where(ClinicSession.id == session_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound("There is no such session.")
    return row


def _ended(row: ClinicSession) -> bool:
    return row.begins_at + timedelta(minutes=row.minutes) <= clock.now()


def _audit(
    session: Session,
    by: Actor,
    action: str,
    row: ClinicSession,
    **detail: Any,  # noqa: ANN401  whatever JSON can hold
) -> None:
    record(
        session,
        by=by,
        action=action,
        entity="clinic_session",
        entity_id=row.id,
        **detail,
    )
