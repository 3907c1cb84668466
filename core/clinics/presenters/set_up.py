"""Sites, staff and patterns of a service, and what nobody there may do."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Scope
from core.access.tables import Person
from core.clinics import staffing
from core.clinics.rules import pattern_days, template_in_words
from core.clinics.tables import PatternException, Room, SessionPattern, Site
from core.clinics.waiting import refuse_but_managers
from core.contracts.policy import Weekday
from core.contracts.reference import bank_holidays
from core.kernel import clock, words


_EVERY = {1: "every week", 2: "every 2 weeks", 4: "every 4 weeks"}
# How many of a pattern's next days are offered to be left out.
_DAYS_SHOWN = timedelta(weeks=26)


@dataclass(frozen=True)
class RoomRow:
    """A room, and in words what stands in it."""

    id: uuid.UUID
    name: str
    equipment: tuple[str, ...]
    says: str
    closed: bool


@dataclass(frozen=True)
class SiteRow:
    """A site with its rooms."""

    id: uuid.UUID
    name: str
    address: str
    east_km: float
    north_km: float
    closed: bool
    rooms: list[RoomRow]


@dataclass(frozen=True)
class StaffRow:
    """Somebody who works for the service. ``staff_id`` None: they hold no clinics."""

    staff_id: uuid.UUID | None
    person_id: uuid.UUID
    name: str
    grade: str
    competencies: tuple[str, ...]
    says: str


@dataclass(frozen=True)
class PatternRow:
    """A pattern in words, its days to come, and those that are left out."""

    id: uuid.UUID
    title: str
    says: str
    left_out: list[str]
    days: list[date]


def sites(session: Session, scope: Scope, organisation_id: uuid.UUID) -> list[SiteRow]:
    """Every site of a service by name, closed ones last."""
    refuse_but_managers(scope)
    labels = {
        one.code: one.label for one in staffing.equipment(session, organisation_id)
    }
    rooms = session.scalars(
        sa.select(Room)
        .join(Site, Site.id == Room.site_id)
        .where(Site.organisation_id == organisation_id)
        .order_by(Room.name)
    ).all()
    found = session.scalars(
        sa.select(Site)
        .where(Site.organisation_id == organisation_id)
        .order_by(Site.name)
    )
    rows = [
        SiteRow(
            one.id,
            one.name,
            one.address,
            one.east_km,
            one.north_km,
            one.closed_at is not None,
            [_room(room, labels) for room in rooms if room.site_id == one.id],
        )
        for one in found
    ]
    return sorted(rows, key=lambda row: row.closed)


def staff(session: Session, scope: Scope, organisation_id: uuid.UUID) -> list[StaffRow]:
    """Everyone of a service who could hold clinics; first those who do."""
    refuse_but_managers(scope)
    held = {
        one.person_id: row
        for row, one in staffing.clinic_staff(session, organisation_id)
    }
    labels = {
        one.code: one.label for one in staffing.procedures(session, organisation_id)
    }
    rows = []
    for one in staffing.members(session, organisation_id).values():
        row = held.get(one.person_id)
        codes = tuple(row.procedures) if row else ()
        says = ", ".join(labels.get(code, code) for code in codes)
        rows.append(
            StaffRow(
                row.id if row else None,
                one.person_id,
                one.name,
                one.grade.label if one.grade else "Grade not on record",
                codes,
                says or "no procedure yet",
            )
        )
    return sorted(rows, key=lambda row: row.staff_id is None)


def procedures(
    session: Session, scope: Scope, organisation_id: uuid.UUID
) -> dict[str, str]:
    """What staff may be competent in, by code."""
    refuse_but_managers(scope)
    found = staffing.procedures(session, organisation_id)
    return {one.code: one.label for one in found}


def equipment(
    session: Session, scope: Scope, organisation_id: uuid.UUID
) -> dict[str, str]:
    """What may stand in a room, by code."""
    refuse_but_managers(scope)
    found = staffing.equipment(session, organisation_id)
    return {one.code: one.label for one in found}


def lacking(session: Session, scope: Scope, organisation_id: uuid.UUID) -> list[str]:
    """In sentences: what nobody here may do, and what no room is equipped for."""
    refuse_but_managers(scope)
    people = staffing.clinic_staff(session, organisation_id)
    able = {code for row, _ in people for code in row.procedures}
    rooms = session.scalars(
        sa.select(Room)
        .join(Site, Site.id == Room.site_id)
        .where(
            Site.organisation_id == organisation_id,
            Site.closed_at.is_(None),
            Room.closed_at.is_(None),
        )
    ).all()
    stands = [set(room.equipment) for room in rooms]
    asked = staffing.procedures(session, organisation_id)
    nobody = [one.label for one in asked if one.code not in able]
    nowhere = [
        one.label
        for one in asked
        if one.equipment and not any(set(one.equipment) <= room for room in stands)
    ]
    return [
        *_sentence("Nobody at this service may do", nobody if people else []),
        *_sentence("No room is equipped for", nowhere if rooms else []),
    ]


def patterns(
    session: Session, scope: Scope, organisation_id: uuid.UUID
) -> list[PatternRow]:
    """The patterns that still make sessions, by person and weekday."""
    refuse_but_managers(scope)
    rows = session.execute(
        sa.select(SessionPattern, Person.name, Site.name, Room.name)
        .join(Person, Person.id == SessionPattern.person_id)
        .join(Site, Site.id == SessionPattern.site_id)
        .outerjoin(Room, Room.id == SessionPattern.room_id)
        .where(
            SessionPattern.organisation_id == organisation_id,
            SessionPattern.ended_at.is_(None),
            sa.or_(
                SessionPattern.until_day.is_(None),
                SessionPattern.until_day >= clock.today(),
            ),
        )
        .order_by(Person.name, SessionPattern.weekday, SessionPattern.begins)
    )
    return [_pattern(session, *row) for row in rows]


def _pattern(
    session: Session, row: SessionPattern, person: str, site: str, room: str | None
) -> PatternRow:
    weekday = tuple(Weekday)[row.weekday].label
    where = f"{site}, {room}" if room else site
    exceptions = session.scalars(
        sa.select(PatternException)
        .where(
            PatternException.pattern_id == row.id,
            PatternException.day >= clock.today(),
        )
        .order_by(PatternException.day)
    ).all()
    without = {one.day for one in exceptions} | bank_holidays()
    days = pattern_days(
        weekday=row.weekday,
        every_weeks=row.every_weeks,
        from_day=row.from_day,
        until_day=row.until_day,
        first=clock.today(),
        last=clock.today() + _DAYS_SHOWN,
    )
    return PatternRow(
        row.id,
        f"{person}, {weekday} {row.begins:%H:%M}",
        f"{_EVERY[row.every_weeks].capitalize()}, {row.minutes} minutes, {where}, "
        f"{_from_until(row)}{_divided(row)}.",
        [f"{words.day(one.day)}: {one.reason}" for one in exceptions],
        [day for day in days if day not in without],
    )


def _from_until(row: SessionPattern) -> str:
    until = f" until {words.day(row.until_day)}" if row.until_day else ""
    return f"from {words.day(row.from_day)}{until}"


def _divided(row: SessionPattern) -> str:
    return f", divided into {template_in_words(row.template)}" if row.template else ""


def _room(room: Room, labels: dict[str, str]) -> RoomRow:
    says = ", ".join(labels.get(code, code) for code in room.equipment)
    return RoomRow(
        room.id,
        room.name,
        tuple(room.equipment),
        says or "nothing is noted",
        room.closed_at is not None,
    )


def _sentence(begins: str, labels: Iterable[str]) -> list[str]:
    named = ", ".join(labels)
    return [f"{begins}: {named}."] if named else []
