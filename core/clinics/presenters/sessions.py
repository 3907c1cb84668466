"""Somebody's own clinic sessions, and what changed in them since they looked."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Scope
from core.access.tables import Organisation, Person
from core.clinics import reading
from core.clinics.model import AppointmentState, SessionState
from core.clinics.tables import (
    Appointment,
    ClinicSession,
    HeadsUpSeen,
    Room,
    SessionChange,
    Site,
)
from core.kernel import clock, words
from core.kernel.clock import LONDON


# Nobody looks farther ahead than their next fifty clinics.
_MOST = 50


@dataclass(frozen=True)
class Changes:
    """``number`` is the last change of all; ``since`` those since the holder looked."""

    number: int
    since: tuple[str, ...]
    looked: bool

    @property
    def in_words(self) -> str:
        """``2 changes since you looked: 10:20 added, 11:00 left``; or nothing."""
        if not self.since:
            return ""
        if not self.looked:
            return "You have not looked at this list yet"
        counted = words.plural(len(self.since), "change")
        return f"{counted} since you looked: {', '.join(self.since)}"


@dataclass(frozen=True)
class SessionHead:
    """One clinic session: when, where, whose, and how many are in it."""

    session_id: uuid.UUID
    day: str
    begins: str
    ends: str
    site: str
    address: str
    room: str
    clinician: str
    service: str
    cancelled: str
    booked: int
    # Whose appointment is over without anything recorded.
    to_record: int
    changes: Changes
    # Day and time for a file; nobody's name.
    file_name: str

    @property
    def title(self) -> str:
        """``Wed 25 Nov 2026, 09:00 to 13:00, Northmoor Clinic``."""
        return f"{self.day}, {self.begins} to {self.ends}, {self.site}"


def coming(session: Session, scope: Scope) -> list[SessionHead]:
    """One's own clinics from today on, the next one first."""
    query = (
        sa.select(ClinicSession)
        .where(reading.own(scope), ClinicSession.begins_at >= reading.today_begins())
        .order_by(ClinicSession.begins_at)
        .limit(_MOST)
    )
    return [head(session, scope, one) for one in session.scalars(query).all()]


def earlier(session: Session, scope: Scope) -> list[SessionHead]:
    """Those that are over and still open, the latest first; none that was empty."""
    query = (
        sa.select(ClinicSession)
        .where(reading.open_to(scope), ClinicSession.begins_at < reading.today_begins())
        .order_by(ClinicSession.begins_at.desc())
        .limit(_MOST)
    )
    heads = [head(session, scope, one) for one in session.scalars(query).all()]
    return [one for one in heads if one.booked]


def changed(session: Session, scope: Scope) -> int:
    """How many changes to one's coming clinics one has not seen."""
    seen = sa.func.coalesce(HeadsUpSeen.number, 0)
    found = session.scalar(
        sa.select(sa.func.count(SessionChange.id))
        .join(ClinicSession, ClinicSession.id == SessionChange.session_id)
        .outerjoin(HeadsUpSeen, _seen_by(scope))
        .where(
            reading.own(scope),
            ClinicSession.begins_at >= reading.today_begins(),
            SessionChange.number > seen,
        )
    )
    return found or 0


def head(session: Session, scope: Scope, held: ClinicSession) -> SessionHead:
    """One session of this person's. Raises NotFound for anybody else's."""
    held = reading.session_of(session, scope, held.id)
    site = session.get_one(Site, held.site_id)
    room = session.get(Room, held.room_id) if held.room_id else None
    there = reading.appointments_of(session, held)
    return SessionHead(
        session_id=held.id,
        day=words.day(held.begins_at),
        begins=words.time_of_day(held.begins_at),
        ends=words.time_of_day(held.begins_at + timedelta(minutes=held.minutes)),
        site=site.name,
        address=site.address,
        room=room.name if room else "",
        clinician=session.get_one(Person, held.person_id).name,
        service=session.get_one(Organisation, held.organisation_id).name,
        cancelled=_cancelled(held),
        booked=len(there),
        to_record=sum(_is_over(one) for one in there),
        changes=_changes(session, scope, held),
        file_name=f"{held.begins_at.astimezone(LONDON):%Y-%m-%d-%H%M}",
    )


def _seen_by(scope: Scope) -> sa.ColumnElement[bool]:
    return sa.and_(
        HeadsUpSeen.session_id == SessionChange.session_id,
        HeadsUpSeen.person_id == scope.person_id,
    )


def _changes(session: Session, scope: Scope, held: ClinicSession) -> Changes:
    seen = session.get(HeadsUpSeen, (held.id, scope.person_id))
    rows = session.scalars(
        sa.select(SessionChange)
        .where(SessionChange.session_id == held.id)
        .order_by(SessionChange.number)
    ).all()
    upto = seen.number if seen else 0
    return Changes(
        number=rows[-1].number if rows else 0,
        since=tuple(one.words for one in rows if one.number > upto),
        looked=seen is not None,
    )


def _cancelled(held: ClinicSession) -> str:
    if held.state is not SessionState.CANCELLED:
        return ""
    return held.cancelled_reason or "No reason was given"


def _is_over(one: Appointment) -> bool:
    over = one.begins_at + timedelta(minutes=one.minutes) <= clock.now()
    return one.state is AppointmentState.BOOKED and over
