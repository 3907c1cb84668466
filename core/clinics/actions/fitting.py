"""Whether somebody can hold a session somewhere: site, room and person as they are."""

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.access.tables import Organisation, Person
from core.clinics.staffing import clinic_staff
from core.clinics.tables import Room, Site
from core.kernel.errors import Invalid


@dataclass(frozen=True)
class Place:
    """Where a session is held, and by whom."""

    organisation_id: uuid.UUID
    site_id: uuid.UUID
    room_id: uuid.UUID | None
    person_id: uuid.UUID


def refuse_place(
    session: Session,
    *,
    site_id: uuid.UUID | None,
    room_id: uuid.UUID | None,
    person_id: uuid.UUID | None,
) -> Place:
    """What was chosen, if it can be. Raises Invalid."""
    site = _site(session, site_id)
    _room(session, site, room_id)
    if person_id is None:
        raise Invalid("Choose who holds the session.", field="person")
    there = {one.person_id for _, one in clinic_staff(session, site.organisation_id)}
    if person_id not in there:
        person = session.get(Person, person_id)
        service = session.get_one(Organisation, site.organisation_id).name
        name = person.name if person else "This person"
        raise Invalid(
            f"{name} does not hold clinics for {service}. Add them under Staff first, "
            "or choose somebody else.",
            field="person",
        )
    return Place(site.organisation_id, site.id, room_id, person_id)


def _site(session: Session, site_id: uuid.UUID | None) -> Site:
    site = session.get(Site, site_id) if site_id else None
    if site is None:
        raise Invalid("Choose the site.", field="site")
    if site.closed_at is not None:
        raise Invalid(
            f"{site.name} is closed. Choose another site, or open it again.",
            field="site",
        )
    return site


def _room(session: Session, site: Site, room_id: uuid.UUID | None) -> None:
    if room_id is None:
        return
    room = session.get(Room, room_id)
    if room is None or room.site_id != site.id:
        raise Invalid(f"That room is not at {site.name}. Choose another.", field="room")
    if room.closed_at is not None:
        raise Invalid(
            f"{room.name} at {site.name} is closed. Choose another room, or open it "
            "again.",
            field="room",
        )
