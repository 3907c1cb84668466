"""Who holds clinics, what they are competent in, and when they are away."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Actor
from core.access.tables import Person
from core.audit.actions import record
from core.clinics.actions.holding import begin
from core.clinics.actions.in_use import refuse_while_used
from core.clinics.actions.laying_out import except_days
from core.clinics.actions.sessions import cancel_all, open_sessions
from core.clinics.rules import refuse_competencies, refuse_reason
from core.clinics.staffing import members, procedures, service
from core.clinics.tables import ClinicSession, ClinicStaff, SessionPattern
from core.kernel import clock
from core.kernel.clock import LONDON
from core.kernel.errors import Invalid, NotFound


LONGEST_LEAVE = timedelta(days=366)


def keep_staff(
    session: Session,
    *,
    by: Actor,
    organisation_id: uuid.UUID,
    person_id: uuid.UUID | None,
    competencies: Sequence[str],
) -> ClinicStaff:
    """Say that somebody of a service holds clinics, and for which procedures.

    Raises Invalid for somebody of another service, or beyond their grade.
    """
    begin(session, by)
    name = service(session, organisation_id).name
    member = members(session, organisation_id).get(person_id) if person_id else None
    if member is None:
        raise Invalid(
            f"Choose somebody who works for {name}. Who is not on the list has to be "
            "registered with the service first.",
            field="person",
        )
    known = procedures(session, organisation_id)
    refuse_competencies(member.name, member.grade, competencies, known)
    row = _row(session, organisation_id, member.person_id)
    row.procedures = [one.code for one in known if one.code in competencies]
    row.ended_at = None
    session.flush()
    _audit(session, by, "keep_staff", row, procedures=row.procedures)
    return row


def end_staff(session: Session, *, by: Actor, staff_id: uuid.UUID) -> None:
    """Say that somebody holds no clinics any more for a service.

    Raises NotFound, and Conflict while sessions or patterns of theirs are to come.
    """
    begin(session, by)
    row = session.get(ClinicStaff, staff_id, with_for_update=True)
    if row is None or row.ended_at is not None:
        raise NotFound("This person does not hold clinics here.")
    refuse_while_used(
        session,
        session.get_one(Person, row.person_id).name,
        sessions=sa.and_(
            ClinicSession.person_id == row.person_id,
            ClinicSession.organisation_id == row.organisation_id,
        ),
        patterns=sa.and_(
            SessionPattern.person_id == row.person_id,
            SessionPattern.organisation_id == row.organisation_id,
        ),
    )
    row.ended_at = clock.now()
    _audit(session, by, "end_staff", row)


def take_leave(
    session: Session,
    *,
    by: Actor,
    person_id: uuid.UUID,
    from_day: date,
    until_day: date,
    reason: str,
) -> int:
    """Somebody is away: their sessions then, at every service, are cancelled.

    Their patterns leave out those days. Returns how many sessions were cancelled.
    Raises NotFound, Invalid.
    """
    begin(session, by)
    said = refuse_reason(reason)
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("There is no such person.")
    _refuse_leave(from_day, until_day)
    for pattern in session.scalars(
        sa.select(SessionPattern)
        .where(SessionPattern.person_id == person_id, SessionPattern.ended_at.is_(None))
        .order_by(SessionPattern.id)
    ):
        except_days(session, pattern, from_day, until_day, said)
    rows = open_sessions(
        session,
        ClinicSession.person_id == person_id,
        ClinicSession.begins_at >= datetime.combine(from_day, time.min, LONDON),
        ClinicSession.begins_at
        < datetime.combine(until_day + timedelta(days=1), time.min, LONDON),
    )
    cancel_all(session, by, rows, said)
    record(
        session,
        by=by,
        action="take_leave",
        entity="person",
        entity_id=person_id,
        from_day=from_day.isoformat(),
        until_day=until_day.isoformat(),
        reason=said,
        cancelled=len(rows),
    )
    return len(rows)


def _refuse_leave(from_day: date, until_day: date) -> None:
    if until_day < from_day:
        raise Invalid(
            "The last day lies before the first. Correct one of them.", field="until"
        )
    if until_day < clock.today():
        raise Invalid("These days are past.", field="until")
    if until_day - from_day > LONGEST_LEAVE:
        raise Invalid(
            "That is longer than a year. End this person's clinics instead.",
            field="until",
        )


def _row(
    session: Session, organisation_id: uuid.UUID, person_id: uuid.UUID
) -> ClinicStaff:
    found = session.scalar(
        sa.select(ClinicStaff).where(
            ClinicStaff.organisation_id == organisation_id,
            ClinicStaff.person_id == person_id,
        )
    )
    if found is None:
        found = ClinicStaff(organisation_id=organisation_id, person_id=person_id)
        session.add(found)
    return found


def _audit(
    session: Session,
    by: Actor,
    action: str,
    row: ClinicStaff,
    **detail: Any,  # noqa: ANN401  whatever JSON can hold
) -> None:
    record(
        session,
        by=by,
        action=action,
        entity="clinic_staff",
        entity_id=row.id,
        person=str(row.person_id),
        **detail,
    )
