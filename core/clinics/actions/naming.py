"""Sites, rooms and people by the names that a file gives them."""

import re
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.tables import Organisation
from core.clinics.importing.entry import Entry
from core.clinics.rules import Planned
from core.clinics.staffing import clinic_staff
from core.clinics.tables import Room, Site
from core.kernel.errors import Invalid


_TITLE = re.compile(r"^(?:dr|mr|mrs|ms|miss|prof|professor|sister|nurse)\.?\s+")


class Names:
    """What a service calls its sites, rooms and clinic staff."""

    def __init__(self, session: Session, organisation: Organisation) -> None:
        self.service = organisation.name
        self._people = {
            member.person_id: member.name
            for _, member in clinic_staff(session, organisation.id)
        }
        self._sites = {
            site.id: site
            for site in session.scalars(
                sa.select(Site).where(Site.organisation_id == organisation.id)
            )
        }
        self._rooms = {
            room.id: room
            for room in session.scalars(
                sa.select(Room).where(Room.site_id.in_(self._sites))
            )
        }

    def of(self, person_id: uuid.UUID | None) -> str:
        """Somebody's name."""
        return self._people.get(person_id, "") if person_id else ""

    def spot(self, planned: Planned) -> str:
        """Site and room in words."""
        site = self._sites[planned.site_id].name if planned.site_id else ""
        return (
            f"{site}, {self._rooms[planned.room_id].name}" if planned.room_id else site
        )

    def person(self, entry: Entry) -> uuid.UUID:
        """Who holds it. Raises Invalid."""
        for said in filter(None, entry.names):
            found = [
                one
                for one, name in self._people.items()
                if _names(said, name, in_words=entry.names_in_words)
            ]
            if len(found) == 1:
                return found[0]
            if found:
                raise Invalid(f"“{said[:60]}” names more than one person.")
        said = next(filter(None, entry.names), "")
        if not said:
            raise Invalid("It does not say who holds the session.")
        raise Invalid(
            f"“{said[:60]}” names nobody who holds clinics for {self.service}. Correct "
            "the name, or add the person under Staff."
        )

    def place(self, entry: Entry) -> tuple[uuid.UUID, uuid.UUID | None]:
        """Site and room. Raises Invalid for one that is unknown or closed."""
        if not entry.site:
            raise Invalid("It does not say where: give the site.")
        site, rest = self._site(entry.site, with_room=entry.room is None)
        room = rest if entry.room is None else entry.room
        if site.closed_at is not None:
            raise Invalid(f"{site.name} is closed.")
        return site.id, self._room(site, room) if room else None

    def _site(self, said: str, *, with_room: bool) -> tuple[Site, str]:
        # The longest first: a site's name may begin with another's.
        for site in sorted(self._sites.values(), key=lambda one: -len(one.name)):
            name, written = _bare(site.name), _bare(said)
            if written == name:
                return site, ""
            if with_room and written.startswith(f"{name},"):
                return site, said[len(" ".join(site.name.split())) + 1 :].strip()
        known = ", ".join(sorted(one.name for one in self._sites.values()))
        raise Invalid(
            f"“{said[:60]}” is no site of {self.service}. "
            + (f"Its sites are: {known}." if known else "It has no site yet.")
        )

    def _room(self, site: Site, said: str) -> uuid.UUID:
        for room in self._rooms.values():
            if room.site_id == site.id and _bare(room.name) == _bare(said):
                if room.closed_at is not None:
                    raise Invalid(f"{room.name} at {site.name} is closed.")
                return room.id
        raise Invalid(f"{site.name} has no room “{said[:60]}”.")


def _bare(name: str) -> str:
    return " ".join(name.casefold().split())


def _names(said: str, name: str, *, in_words: bool) -> bool:
    """Whether words name somebody; titles do not matter."""
    person, written = _TITLE.sub("", _bare(name)), _TITLE.sub("", _bare(said))
    if not in_words:
        return written == person
    return re.search(rf"(?<!\w){re.escape(person)}(?!\w)", _bare(said)) is not None
