"""Sites and their rooms."""

import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Actor
from core.audit.actions import record
from core.clinics.actions.holding import begin
from core.clinics.actions.in_use import refuse_while_used
from core.clinics.staffing import equipment, service
from core.clinics.tables import ClinicSession, Room, SessionPattern, Site
from core.kernel import clock
from core.kernel.errors import Conflict, Invalid, NotFound


# The national grid, with a margin: a number beyond it is a slip of the keyboard.
_EAST, _NORTH = (0, 700), (0, 1300)


def keep_site(
    session: Session,
    *,
    by: Actor,
    organisation_id: uuid.UUID,
    site_id: uuid.UUID | None = None,
    name: str,
    address: str,
    east_km: float | None,
    north_km: float | None,
) -> Site:
    """Add a site to a service, or change the one that ``site_id`` names.

    Raises NotFound, Invalid, Conflict for a name that is taken.
    """
    begin(session, by)
    service(session, organisation_id)
    said = _named(name, 200, "site")
    row = _site(session, site_id) if site_id else Site(organisation_id=organisation_id)
    _refuse_twin(
        session,
        Site.id,
        sa.and_(Site.organisation_id == row.organisation_id, Site.name == said),
        row.id,
        f"There is a site “{said}” already. Give this one another name.",
    )
    row.name, row.address = said, _named(address, 300, "address")
    row.east_km = _position(east_km, _EAST, "east")
    row.north_km = _position(north_km, _NORTH, "north")
    session.add(row)
    session.flush()
    _audit(session, by, "keep_site", row, name=said)
    return row


def close_site(session: Session, *, by: Actor, site_id: uuid.UUID) -> None:
    """Hold no more sessions there. Raises NotFound, Conflict while some are to come."""
    begin(session, by)
    row = _site(session, site_id)
    refuse_while_used(
        session,
        row.name,
        sessions=ClinicSession.site_id == row.id,
        patterns=SessionPattern.site_id == row.id,
    )
    row.closed_at = clock.now()
    _audit(session, by, "close_site", row)


def open_site(session: Session, *, by: Actor, site_id: uuid.UUID) -> None:
    """Take a closing back. Raises NotFound."""
    begin(session, by)
    row = _site(session, site_id)
    row.closed_at = None
    _audit(session, by, "open_site", row)


def keep_room(
    session: Session,
    *,
    by: Actor,
    site_id: uuid.UUID,
    room_id: uuid.UUID | None = None,
    name: str,
    stands_there: Sequence[str],
) -> Room:
    """Add a room to a site, or change the one that ``room_id`` names.

    ``stands_there``: codes of equipment. Raises NotFound, Invalid, Conflict.
    """
    begin(session, by)
    site = _site(session, site_id)
    said = _named(name, 80, "room")
    known = [one.code for one in equipment(session, site.organisation_id)]
    if unknown := sorted(set(stands_there) - set(known)):
        raise Invalid(
            f"There is no equipment “{unknown[0]}”. Choose from the list.",
            field="equipment",
        )
    row = _room(session, room_id) if room_id else Room(site_id=site.id)
    _refuse_twin(
        session,
        Room.id,
        sa.and_(Room.site_id == row.site_id, Room.name == said),
        row.id,
        f"{site.name} has a room “{said}” already. Give this one another name.",
    )
    row.name = said
    row.equipment = [code for code in known if code in stands_there]
    session.add(row)
    session.flush()
    _audit(session, by, "keep_room", row, name=said, equipment=row.equipment)
    return row


def close_room(session: Session, *, by: Actor, room_id: uuid.UUID) -> None:
    """Hold no more sessions in it. Raises NotFound, Conflict while some are to come."""
    begin(session, by)
    row = _room(session, room_id)
    refuse_while_used(
        session,
        row.name,
        sessions=ClinicSession.room_id == row.id,
        patterns=SessionPattern.room_id == row.id,
    )
    row.closed_at = clock.now()
    _audit(session, by, "close_room", row)


def open_room(session: Session, *, by: Actor, room_id: uuid.UUID) -> None:
    """Take a closing back. Raises NotFound."""
    begin(session, by)
    row = _room(session, room_id)
    row.closed_at = None
    _audit(session, by, "open_room", row)


def _site(session: Session, site_id: uuid.UUID) -> Site:
    row = session.get(Site, site_id, with_for_update=True)
    if row is None:
        raise NotFound("There is no such site.")
    return row


def _room(session: Session, room_id: uuid.UUID) -> Room:
    row = session.get(Room, room_id, with_for_update=True)
    if row is None:
        raise NotFound("There is no such room.")
    return row


def _named(text: str, longest: int, field: str) -> str:
    said = " ".join(text.split())
    if not said or len(said) > longest:
        what = {"site": "a name", "room": "a name"}.get(field, "an address")
        raise Invalid(f"Give {what} of at most {longest} characters.", field=field)
    return said


def _position(value: float | None, limits: tuple[int, int], field: str) -> float:
    low, high = limits
    if value is None or not low <= value <= high:
        raise Invalid(
            f"Give the position on the national grid in kilometres: {field} between "
            f"{low} and {high}.",
            field=field,
        )
    return value


def _refuse_twin(
    session: Session,
    column: sa.SQLColumnExpression[uuid.UUID],
    same_name: sa.ColumnElement[bool],
    own: uuid.UUID | None,
    sentence: str,
) -> None:
    twin = session.scalar(sa.select(column).where(same_name))
    if twin is not None and twin != own:
        raise Conflict(sentence)


def _audit(
    session: Session,
    by: Actor,
    action: str,
    row: Site | Room,
    **detail: Any,  # noqa: ANN401  whatever JSON can hold
) -> None:
    record(
        session,
        by=by,
        action=action,
        entity=row.__tablename__,
        entity_id=row.id,
        **detail,
    )
