"""Who and what is taken while a file is judged: by sessions, and by its own rows."""

import uuid
from collections.abc import Collection, Iterable, Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.clinics.actions.holding import sentence_of_clash
from core.clinics.model import AppointmentState
from core.clinics.rules import Planned, quarters
from core.clinics.tables import Appointment, ClinicSession, SessionHold
from core.kernel.errors import Invalid


class Taken:
    """Time that is held, but for the sessions that the file moves."""

    def __init__(
        self,
        session: Session,
        planned: Iterable[Planned],
        moved: Collection[uuid.UUID],
    ) -> None:
        self._session = session
        self._by: dict[tuple[uuid.UUID, int], uuid.UUID | str] = {}
        spans = [quarters(one.begins_at, max(one.minutes, 0)) for one in planned]
        if not spans:
            return
        rows = session.execute(
            sa.select(
                SessionHold.held_id, SessionHold.quarter, SessionHold.session_id
            ).where(
                SessionHold.quarter.between(
                    min(one.start for one in spans), max(one.stop for one in spans)
                )
            )
        )
        for held_id, quarter, session_id in rows:
            if session_id not in moved:
                self._by[held_id, quarter] = session_id

    def take(self, planned: Planned, where: str, own: uuid.UUID | None) -> None:
        """Give a row its time. ``own``: the session that it is already.

        Raises Invalid where somebody else has it.
        """
        for held_id, quarter in _held(planned):
            by = self._by.get((held_id, quarter))
            if by is not None and by != own:
                raise Invalid(self._sentence(by, held_id == planned.room_id))
        for key in _held(planned):
            self._by[key] = where

    def _sentence(self, by: uuid.UUID | str, of_room: bool) -> str:
        if isinstance(by, str):
            what = "The room" if of_room else "The person"
            return f"{what} is taken then by another row: {by}."
        other = self._session.get_one(ClinicSession, by)
        return sentence_of_clash(self._session, other, of_room=of_room)


def booked_among(session: Session, ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """The sessions into which somebody is booked."""
    found = session.scalars(
        sa.select(Appointment.session_id)
        .where(Appointment.state == AppointmentState.BOOKED)
        .distinct()
    )
    return set(ids) & set(found)


def _held(planned: Planned) -> Iterator[tuple[uuid.UUID, int]]:
    for held_id in (planned.person_id, planned.room_id):
        if held_id is not None:
            for quarter in quarters(planned.begins_at, planned.minutes):
                yield held_id, quarter
