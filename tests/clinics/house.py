"""A service's sites, rooms and clinic staff, for tests of the calendar."""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import sqlalchemy as sa

from core.access.model import Actor, Grade, Role
from core.access.tables import Membership, Person
from core.clinics.actions.sessions import add_session
from core.clinics.actions.sites import keep_room, keep_site
from core.clinics.actions.staff import keep_staff
from core.clinics.rules import Planned, PlannedPattern
from core.clinics.tables import ClinicSession, SessionHold
from core.kernel import clock
from tests.routing import a_manager
from tests.world import NOW, World


# The Monday after the world's Wednesday, at nine.
NEXT_MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class House:
    """Two sites of the partner's service, with two rooms at the first."""

    world: World
    manager: Actor
    service: uuid.UUID
    site: uuid.UUID
    room: uuid.UUID
    other_room: uuid.UUID
    far_site: uuid.UUID
    nurse: uuid.UUID
    now: datetime = NOW

    def planned(self, **changes) -> Planned:
        """A morning session that can be held."""
        facts = {
            "site_id": self.site,
            "room_id": self.room,
            "person_id": self.world.consultant.person_id,
            "begins_at": NEXT_MONDAY,
            "minutes": 240,
            "template": [],
        }
        return Planned(**{**facts, **changes})

    def pattern(self, **changes) -> PlannedPattern:
        """Every Monday morning from now on."""
        facts = {
            "site_id": self.site,
            "room_id": self.room,
            "person_id": self.world.consultant.person_id,
            "weekday": 0,
            "begins": time(9, 0),
            "minutes": 240,
            "every_weeks": 1,
            "from_day": date(2026, 11, 18),
            "until_day": None,
            "template": [],
        }
        return PlannedPattern(**{**facts, **changes})

    def do(self, action, *, by=None, **facts):
        """Carry out one action in its own transaction, at the house's time."""
        with clock.set_to(self.now), self.world.store.transaction() as session:
            return action(session, by=by or self.manager, **facts)

    def add(self, **changes) -> ClinicSession:
        """Plan a session that can be held."""
        return self.do(add_session, planned=self.planned(**changes))

    def rows(self, *where):
        """Sessions, in the order in which they begin."""
        return self.all(
            sa.select(ClinicSession).where(*where).order_by(ClinicSession.begins_at)
        )

    def holds(self, session_id):
        """What a session keeps taken."""
        query = sa.select(SessionHold).where(SessionHold.session_id == session_id)
        return self.all(query)

    def all(self, query):
        """What a query finds."""
        with self.world.store.reading() as session:
            return session.scalars(query).all()


def build_house(world: World, now: datetime = NOW) -> House:
    """The partner's service holds clinics. Screens know only the real time."""
    manager, service = a_manager(world), world.consultant.organisation_id
    nurse = a_member(world, "Funmi Adeyemi", Role.CLINIC_STAFF, Grade.SPECIALIST_NURSE)
    with clock.set_to(now), world.store.transaction() as session:
        site, far = (
            keep_site(
                session,
                by=manager,
                organisation_id=service,
                name=name,
                address="1 High Street",
                east_km=430.0,
                north_km=320.0,
            )
            for name in ("Northmoor General", "Moorside Clinic")
        )
        rooms = [
            keep_room(
                session,
                by=manager,
                site_id=site.id,
                name=name,
                stands_there=["dermatoscope"],
            ).id
            for name in ("Room 1", "Room 2")
        ]
        for person_id, competencies in (
            (world.consultant.person_id, ["consultation", "excision"]),
            (world.gpwer.person_id, ["consultation"]),
            (nurse, ["cryotherapy"]),
        ):
            keep_staff(
                session,
                by=manager,
                organisation_id=service,
                person_id=person_id,
                competencies=competencies,
            )
        return House(world, manager, service, site.id, *rooms, far.id, nurse, now)


def a_member(world, name, role, grade, at=None):
    """Somebody who works for the partner's service, or for ``at``."""
    with world.store.transaction() as session:
        person = Person(issuer="https://id.example", subject=name, name=name)
        session.add(person)
        session.flush()
        session.add(
            Membership(
                person_id=person.id,
                organisation_id=at or world.consultant.organisation_id,
                role=role,
                grade=grade,
            )
        )
        return person.id
