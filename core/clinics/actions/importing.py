"""Import sessions from a table or a calendar: what is right goes in."""

import uuid
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Actor
from core.audit.actions import record
from core.clinics.actions.holding import begin, hold_all, let_go
from core.clinics.actions.judging import Judged, Judgement, Verdict, judge
from core.clinics.actions.stepping import note_change
from core.clinics.actions.taken import booked_among
from core.clinics.model import ChangeKind, SessionState
from core.clinics.tables import ClinicSession
from core.kernel.errors import Conflict


def import_sessions(
    session: Session,
    *,
    by: Actor,
    organisation_id: uuid.UUID,
    name: str,
    content: bytes,
) -> Judgement:
    """Add and change what a file says, and leave out what is wrong in it.

    Nothing is ever cancelled. Raises Invalid for a file that cannot be read, Conflict
    where somebody is booked meanwhile into what changes.
    """
    begin(session, by)
    judged = judge(session, organisation_id, name, content)
    changed = [one for one in judged.rows if one.verdict is Verdict.CHANGE]
    added = [one for one in judged.rows if one.verdict is Verdict.ADD]
    rows = _change(session, changed) + _add(session, organisation_id, added)
    session.flush()
    hold_all(session, rows)
    for one in changed:
        if one.session_id is not None:
            note_change(
                session, one.session_id, ChangeKind.ALTERED, "Changed by import"
            )
    record(
        session,
        by=by,
        action="import_sessions",
        entity="organisation",
        entity_id=organisation_id,
        file=name[:200],
        added=len(added),
        changed=len(changed),
        left_out=judged.count(Verdict.WRONG),
    )
    return judged


def _add(
    session: Session, organisation_id: uuid.UUID, judged: Iterable[Judged]
) -> list[ClinicSession]:
    rows = [
        ClinicSession(
            organisation_id=organisation_id,
            site_id=one.planned.site_id,
            room_id=one.planned.room_id,
            person_id=one.planned.person_id,
            begins_at=one.planned.begins_at,
            minutes=one.planned.minutes,
            template=one.planned.template,
            state=SessionState.OPEN,
            uid=one.uid,
        )
        for one in judged
        if one.planned is not None
    ]
    session.add_all(rows)
    return rows


def _change(session: Session, judged: Sequence[Judged]) -> list[ClinicSession]:
    planned = {one.session_id: one.planned for one in judged}
    rows = session.scalars(
        sa.select(ClinicSession)
        .where(ClinicSession.id.in_(planned))
        .order_by(ClinicSession.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if booked_among(session, [row.id for row in rows]):
        raise Conflict("Patients were booked meanwhile. Look at the file again.")
    for row in rows:
        # All of them before any is placed: two may have changed places.
        let_go(session, row.id)
        new = planned[row.id]
        if new is not None and new.site_id and new.person_id:
            row.site_id, row.room_id = new.site_id, new.room_id
            row.person_id, row.begins_at = new.person_id, new.begins_at
            row.minutes, row.template = new.minutes, new.template
    return list(rows)
