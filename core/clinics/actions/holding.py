"""Nobody in two places: a session takes its person's and its room's time.

Whoever changes the calendar of clinics takes turns, so that what was found free is
still free when it is taken. The table's key is the last word.
"""

import uuid
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Actor
from core.access.rules import may_plan_clinics
from core.access.tables import Person
from core.clinics.rules import quarters
from core.clinics.tables import ClinicSession, Room, SessionHold, Site
from core.kernel import words
from core.kernel.errors import Conflict, NotAllowed


# Any number, as long as nothing else in the database locks on the same one.
_CALENDAR_LOCK = 7_316_906


def begin(session: Session, by: Actor) -> None:
    """Let only planners through, one at a time. First call of every such action."""
    if not may_plan_clinics(by):
        raise NotAllowed("Only a service manager plans clinics.")
    take_turns(session)


def take_turns(session: Session) -> None:
    """Wait until nobody else changes the calendar. On SQLite every writer does."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(_CALENDAR_LOCK)))


def refuse_clash(session: Session, row: ClinicSession) -> None:
    """Raise Conflict where the person or the room is taken, saying by what."""
    held = [row.person_id] if row.room_id is None else [row.person_id, row.room_id]
    taken = quarters(row.begins_at, row.minutes)
    for held_id in held:
        other = session.scalar(
            sa.select(ClinicSession)
            .join(SessionHold, SessionHold.session_id == ClinicSession.id)
            .where(
                SessionHold.held_id == held_id,
                SessionHold.quarter.between(taken[0], taken[-1]),
                ClinicSession.id != row.id,
            )
            .order_by(SessionHold.quarter)
            .limit(1)
        )
        if other is not None:
            raise Conflict(
                sentence_of_clash(session, other, of_room=held_id == row.room_id)
            )


def hold(session: Session, row: ClinicSession) -> None:
    """Take the time of a session that clashes with nothing."""
    session.flush()
    hold_all(session, [row])


def hold_all(session: Session, rows: Iterable[ClinicSession]) -> None:
    """Take the time of sessions that are in the store."""
    taken = [
        {"held_id": held_id, "quarter": quarter, "session_id": row.id}
        for row in rows
        for held_id in (row.person_id, row.room_id)
        if held_id is not None
        for quarter in quarters(row.begins_at, row.minutes)
    ]
    if taken:
        session.execute(sa.insert(SessionHold), taken)


def let_go(session: Session, session_id: uuid.UUID) -> None:
    """Give the time back."""
    session.execute(sa.delete(SessionHold).where(SessionHold.session_id == session_id))


def sentence_of_clash(session: Session, other: ClinicSession, *, of_room: bool) -> str:
    """Who or what is taken, and by which session."""
    name = session.get_one(Person, other.person_id).name
    site = session.get_one(Site, other.site_id).name
    when = words.span(other.begins_at, other.minutes)
    if of_room and other.room_id is not None:
        room = session.get_one(Room, other.room_id).name
        return f"{room} at {site} is taken then: {name}, {when}."
    return f"{name} already holds a session then: {when}, {site}."


def sentence_of_session(session: Session, row: ClinicSession) -> str:
    """Who holds it, when and where."""
    name = session.get_one(Person, row.person_id).name
    site = session.get_one(Site, row.site_id).name
    return f"{name}, {words.span(row.begins_at, row.minutes)}, {site}"
