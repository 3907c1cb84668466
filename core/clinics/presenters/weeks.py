"""A service's clinic sessions week by week, for who plans them.

No patient is in it: minutes booked are counted, and nobody is named.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import OrganisationKind, Scope
from core.access.tables import Organisation, Person
from core.clinics.model import AppointmentState, SessionState
from core.clinics.rules import template_in_words
from core.clinics.tables import Appointment, ClinicSession, Room, Site
from core.clinics.waiting import refuse_but_managers
from core.kernel import clock, words
from core.kernel.clock import LONDON


@dataclass(frozen=True)
class SessionRow:
    """A session in the words of the week's table."""

    id: uuid.UUID
    day: date
    begins_at: datetime
    person: str
    site: str
    room: str
    minutes: int
    booked: int
    template: str
    # Why it does not take place; empty: it does.
    cancelled: str

    @property
    def hours(self) -> str:
        """``09:00–13:00``."""
        ends = self.begins_at + timedelta(minutes=self.minutes)
        return f"{words.time_of_day(self.begins_at)}–{words.time_of_day(ends)}"

    @property
    def free(self) -> int:
        """Minutes that nobody has."""
        return 0 if self.cancelled else self.minutes - self.booked

    @property
    def is_over(self) -> bool:
        """Nothing can be changed any more."""
        return self.begins_at + timedelta(minutes=self.minutes) <= clock.now()

    @property
    def name(self) -> str:
        """What tells it from the others of its week."""
        return f"{words.day(self.day)}, {self.hours}, {self.person}, {self.site}"


def services(session: Session, scope: Scope) -> dict[uuid.UUID, str]:
    """The specialist services by name. Raises NotAllowed for all but managers."""
    refuse_but_managers(scope)
    rows = session.execute(
        sa.select(Organisation.id, Organisation.name)
        .where(Organisation.kind == OrganisationKind.SPECIALIST_SERVICE)
        .order_by(Organisation.name)
    )
    return {row.id: row.name for row in rows}


def week(
    session: Session, scope: Scope, organisation_id: uuid.UUID, monday: date
) -> list[SessionRow]:
    """The sessions of seven days in the order of time, cancelled ones among them."""
    refuse_but_managers(scope)
    begins = datetime.combine(monday, time.min, LONDON)
    ends = datetime.combine(monday + timedelta(days=7), time.min, LONDON)
    within = sa.and_(
        ClinicSession.organisation_id == organisation_id,
        ClinicSession.begins_at >= begins,
        ClinicSession.begins_at < ends,
    )
    booked = _booked(session, within)
    rows = session.execute(
        sa.select(ClinicSession, Person.name, Site.name, Room.name)
        .join(Person, Person.id == ClinicSession.person_id)
        .join(Site, Site.id == ClinicSession.site_id)
        .outerjoin(Room, Room.id == ClinicSession.room_id)
        .where(within)
        .order_by(ClinicSession.begins_at, Person.name)
    )
    return [
        SessionRow(
            id=held.id,
            day=held.begins_at.astimezone(LONDON).date(),
            begins_at=held.begins_at,
            person=person,
            site=site,
            room=room or "",
            minutes=held.minutes,
            booked=booked.get(held.id, 0),
            template=template_in_words(held.template),
            cancelled=_cancelled(held),
        )
        for held, person, site, room in rows
    ]


def _booked(session: Session, within: sa.ColumnElement[bool]) -> dict[uuid.UUID, int]:
    rows = session.execute(
        sa.select(Appointment.session_id, sa.func.sum(Appointment.minutes))
        .join(ClinicSession, ClinicSession.id == Appointment.session_id)
        .where(within, Appointment.state != AppointmentState.CANCELLED)
        .group_by(Appointment.session_id)
    )
    return {session_id: int(minutes) for session_id, minutes in rows}


def _cancelled(held: ClinicSession) -> str:
    if held.state is not SessionState.CANCELLED:
        return ""
    return held.cancelled_reason or "No reason was given"
