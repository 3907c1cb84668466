"""The sessions of a pattern, day by day; for whoever has the turn."""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.tables import Person
from core.clinics.actions.fitting import refuse_place
from core.clinics.actions.holding import hold, refuse_clash
from core.clinics.model import SessionState
from core.clinics.rules import moment_of, pattern_days
from core.clinics.tables import ClinicSession, PatternException, SessionPattern
from core.contracts.reference import bank_holidays
from core.kernel import clock, words
from core.kernel.errors import Invalid, ServiceError


WEEKS_AHEAD = 12


@dataclass
class Laid:
    """What was laid out, and in sentences what was left out and why."""

    made: int = 0
    skipped: list[str] = field(default_factory=list)


def horizon() -> date:
    """The day until which patterns are laid out."""
    return clock.today() + timedelta(weeks=WEEKS_AHEAD)


def lay_out(session: Session, pattern: SessionPattern, until: date, laid: Laid) -> None:
    """Make what is missing of a pattern from today on, and say what was left out."""
    name = session.get_one(Person, pattern.person_id).name
    try:
        refuse_place(
            session,
            site_id=pattern.site_id,
            room_id=pattern.room_id,
            person_id=pattern.person_id,
        )
    except Invalid as problem:
        laid.skipped.append(
            f"A pattern of {name} makes no sessions. {problem.sentence}"
        )
        return
    left_out = excepted_days(session, pattern.id) | bank_holidays()
    begun = _begun(session, pattern)
    for day in days_of(pattern, clock.today(), until):
        if day in left_out:
            continue
        try:
            laid.made += _lay_one(session, pattern, day, begun)
        except ServiceError as problem:
            laid.skipped.append(f"{words.day(day)} is left out. {problem.sentence}")


def days_of(pattern: SessionPattern, first: date, last: date) -> list[date]:
    """A pattern's days of a stretch of time, exceptions among them."""
    return list(
        pattern_days(
            weekday=pattern.weekday,
            every_weeks=pattern.every_weeks,
            from_day=pattern.from_day,
            until_day=pattern.until_day,
            first=first,
            last=last,
        )
    )


def excepted_days(session: Session, pattern_id: uuid.UUID) -> set[date]:
    """The days on which a pattern's session does not take place."""
    return set(
        session.scalars(
            sa.select(PatternException.day).where(
                PatternException.pattern_id == pattern_id
            )
        )
    )


def except_days(
    session: Session, pattern: SessionPattern, first: date, last: date, reason: str
) -> None:
    """Leave out the pattern's days of a stretch of time, for one's turn."""
    there = excepted_days(session, pattern.id)
    session.add_all(
        PatternException(pattern_id=pattern.id, day=day, reason=reason)
        for day in days_of(pattern, first, last)
        if day not in there
    )


def _lay_one(
    session: Session, pattern: SessionPattern, day: date, begun: set[datetime]
) -> bool:
    begins_at = moment_of(day, pattern.begins)
    if begins_at in begun or begins_at <= clock.now():
        return False
    row = ClinicSession(
        organisation_id=pattern.organisation_id,
        site_id=pattern.site_id,
        room_id=pattern.room_id,
        person_id=pattern.person_id,
        begins_at=begins_at,
        minutes=pattern.minutes,
        template=pattern.template,
        state=SessionState.OPEN,
        pattern_id=pattern.id,
    )
    refuse_clash(session, row)
    session.add(row)
    hold(session, row)
    return True


def _begun(session: Session, pattern: SessionPattern) -> set[datetime]:
    return set(
        session.scalars(
            sa.select(ClinicSession.begins_at).where(
                ClinicSession.pattern_id == pattern.id
            )
        )
    )
