"""Patterns: sessions that come back, laid out some weeks ahead."""

import uuid
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import SYSTEM, Actor
from core.audit.actions import record
from core.clinics.actions.fitting import refuse_place
from core.clinics.actions.holding import begin, take_turns
from core.clinics.actions.laying_out import (
    Laid,
    days_of,
    excepted_days,
    horizon,
    lay_out,
)
from core.clinics.actions.sessions import cancel_all, open_sessions
from core.clinics.rules import (
    PlannedPattern,
    refuse_pattern,
    refuse_reason,
    refuse_template,
    refuse_times,
)
from core.clinics.tables import ClinicSession, PatternException, SessionPattern
from core.kernel import clock, words
from core.kernel.clock import LONDON
from core.kernel.errors import Conflict, Invalid, NotFound


def add_pattern(session: Session, *, by: Actor, planned: PlannedPattern) -> Laid:
    """Keep a pattern and lay out its first weeks.

    Raises Invalid. A day on which person or room are taken is left out and said.
    """
    begin(session, by)
    refuse_pattern(planned)
    refuse_times(planned.begins, planned.minutes)
    refuse_template(planned.template, planned.minutes)
    if planned.until_day is not None and planned.until_day < clock.today():
        raise Invalid("The last day is past. Choose a later one.", field="until")
    place = refuse_place(
        session,
        site_id=planned.site_id,
        room_id=planned.room_id,
        person_id=planned.person_id,
    )
    pattern = SessionPattern(
        organisation_id=place.organisation_id,
        site_id=place.site_id,
        room_id=place.room_id,
        person_id=place.person_id,
        weekday=planned.weekday,
        begins=planned.begins,
        minutes=planned.minutes,
        every_weeks=planned.every_weeks,
        from_day=planned.from_day,
        until_day=planned.until_day,
        template=planned.template,
    )
    session.add(pattern)
    session.flush()
    laid = Laid()
    lay_out(session, pattern, horizon(), laid)
    _audit(session, by, "add_pattern", pattern, made=laid.made)
    return laid


def end_pattern(
    session: Session, *, by: Actor, pattern_id: uuid.UUID, last_day: date, reason: str
) -> int:
    """End a pattern; later sessions of it are cancelled. Returns how many.

    Raises NotFound, Invalid, Conflict.
    """
    begin(session, by)
    said = refuse_reason(reason)
    pattern = _live(session, pattern_id)
    if last_day < clock.today():
        raise Invalid("The last day is today or later.", field="until")
    pattern.until_day, pattern.ended_at = last_day, clock.now()
    later = open_sessions(
        session,
        ClinicSession.pattern_id == pattern.id,
        ClinicSession.begins_at >= _midnight(last_day + timedelta(days=1)),
    )
    cancel_all(session, by, later, said)
    _audit(session, by, "end_pattern", pattern, reason=said, cancelled=len(later))
    return len(later)


def except_day(
    session: Session, *, by: Actor, pattern_id: uuid.UUID, day: date, reason: str
) -> None:
    """Leave out one day of a pattern; its session, if laid out, is cancelled.

    Raises NotFound, Invalid, Conflict.
    """
    begin(session, by)
    said = refuse_reason(reason)
    pattern = _live(session, pattern_id)
    if day < clock.today():
        raise Invalid("That day is past.", field="day")
    if day not in set(days_of(pattern, day, day)):
        raise Invalid(
            f"This pattern has no session on {words.day(day)}. Choose one of its days.",
            field="day",
        )
    if day in excepted_days(session, pattern.id):
        raise Conflict(f"{words.day(day)} is left out already.")
    session.add(PatternException(pattern_id=pattern.id, day=day, reason=said))
    rows = open_sessions(
        session,
        ClinicSession.pattern_id == pattern.id,
        ClinicSession.begins_at >= _midnight(day),
        ClinicSession.begins_at < _midnight(day + timedelta(days=1)),
    )
    cancel_all(session, by, rows, said)
    _audit(session, by, "except_day", pattern, day=day.isoformat(), reason=said)


def extend(session: Session, until: date, *, by: Actor = SYSTEM) -> Laid:
    """Lay out every live pattern until a day. Again: nothing changes.

    Bank holidays are left out. So are clashes and what cannot be held any more, each
    with a sentence.
    """
    take_turns(session)
    laid = Laid()
    patterns = session.scalars(
        sa.select(SessionPattern)
        .where(
            SessionPattern.ended_at.is_(None),
            sa.or_(
                SessionPattern.until_day.is_(None),
                SessionPattern.until_day >= clock.today(),
            ),
        )
        .order_by(SessionPattern.id)
    )
    for pattern in patterns:
        lay_out(session, pattern, until, laid)
    if laid.made:
        record(
            session,
            by=by,
            action="extend_patterns",
            entity="session_pattern",
            until=until.isoformat(),
            made=laid.made,
        )
    return laid


def _live(session: Session, pattern_id: uuid.UUID) -> SessionPattern:
    pattern = session.get(SessionPattern, pattern_id, with_for_update=True)
    if pattern is None:
        raise NotFound("There is no such pattern.")
    if pattern.ended_at is not None:
        raise Conflict("This pattern has ended already. Reload the page.")
    return pattern


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, LONDON)


def _audit(
    session: Session,
    by: Actor,
    action: str,
    pattern: SessionPattern,
    **detail: Any,  # noqa: ANN401  whatever JSON can hold
) -> None:
    record(
        session,
        by=by,
        action=action,
        entity="session_pattern",
        entity_id=pattern.id,
        **detail,
    )
