"""What importing a file would do, row by row. Nothing is written here.

The preview and the import both go by it, so that what is shown is what is done.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.clinics.actions.holding import sentence_of_session
from core.clinics.actions.naming import Names
from core.clinics.actions.sessions import refuse_planned
from core.clinics.actions.taken import Taken, booked_among
from core.clinics.importing.calendar import read_calendar
from core.clinics.importing.entry import DAYS_AHEAD, Entry
from core.clinics.importing.table import read_table
from core.clinics.model import SessionState
from core.clinics.rules import Planned
from core.clinics.staffing import service
from core.clinics.tables import ClinicSession
from core.kernel import clock, words
from core.kernel.errors import Invalid


class Verdict(StrEnum):
    """What becomes of a row."""

    ADD = "add"
    CHANGE = "change"
    SAME = "same"
    WRONG = "wrong"


@dataclass(frozen=True)
class Judged:
    """A row with its verdict. ``says``: what is wrong, or what it is."""

    where: str
    verdict: Verdict
    says: str
    uid: str = ""
    planned: Planned | None = None
    session_id: uuid.UUID | None = None


@dataclass(frozen=True)
class Judgement:
    """A whole file. ``gone``: imported before, and not in this file any more."""

    rows: tuple[Judged, ...]
    gone: tuple[str, ...]

    def count(self, verdict: Verdict) -> int:
        """How many rows have a verdict."""
        return sum(one.verdict is verdict for one in self.rows)


_TABLE, _CALENDAR = "table", "calendar"
# Rows that are refused leave their old time taken, and others may then be refused too.
_ROUNDS = 10
_BOOKED = (
    "It has changed, but patients are booked into it, so it stays as it was. Cancel the "
    "session under “This week”, then import again."
)

Known = dict[str, ClinicSession]


def judge(
    session: Session, organisation_id: uuid.UUID, name: str, content: bytes
) -> Judgement:
    """Judge a file by its name's ending: ``.ics`` is a calendar, else a table.

    Raises Invalid for a file that cannot be read, NotFound for no such service.
    """
    names = Names(session, service(session, organisation_id))
    kind = _CALENDAR if name.lower().endswith((".ics", ".ical")) else _TABLE
    entries = (
        read_calendar(content, clock.now())
        if kind == _CALENDAR
        else read_table(content)
    )
    known = _known(session, organisation_id)
    booked = booked_among(session, {row.id for row in known.values()})
    seen: set[str] = set()
    read = [
        _known_as(_resolved(names, one, kind), known, booked, seen) for one in entries
    ]
    rows = _placed(session, read)
    return Judgement(tuple(rows), tuple(_gone(session, kind, known, read)))


def _resolved(names: Names, entry: Entry, kind: str) -> Judged:
    """A row with site, room and person found, or what is wrong with it."""
    uid = f"{kind} {entry.uid}"
    if entry.problem or entry.begins_at is None:
        return Judged(entry.where, Verdict.WRONG, entry.problem, uid)
    try:
        site_id, room_id = names.place(entry)
        person_id = names.person(entry)
    except Invalid as problem:
        return Judged(entry.where, Verdict.WRONG, problem.sentence, uid)
    planned = Planned(
        site_id=site_id,
        room_id=room_id,
        person_id=person_id,
        begins_at=entry.begins_at,
        minutes=entry.minutes,
        template=entry.template or [],
    )
    if not entry.uid:
        uid = f"{kind} {person_id} {entry.begins_at:%Y%m%dT%H%MZ}"
    when = words.span(planned.begins_at, planned.minutes)
    says = f"{names.of(person_id)}, {when}, {names.spot(planned)}"
    return Judged(entry.where, Verdict.ADD, says, uid, planned)


def _known_as(
    row: Judged, known: Known, booked: set[uuid.UUID], seen: set[str]
) -> Judged:
    """A row beside the session that it has become before, if it has."""
    planned, there = row.planned, known.get(row.uid)
    if planned is None:
        return row
    if row.uid in seen:
        return _wrong(row, "It is in this file twice.")
    seen.add(row.uid)
    if there is not None:
        row = replace(row, session_id=there.id, verdict=Verdict.CHANGE)
        if there.state is SessionState.CANCELLED:
            said = f"It stays cancelled here: {there.cancelled_reason}."
            return replace(row, verdict=Verdict.SAME, says=said)
        if _same(there, planned):
            return replace(row, verdict=Verdict.SAME, says="Imported already.")
        if there.id in booked:
            return _wrong(row, _BOOKED)
    try:
        refuse_planned(planned)
        _refuse_far(planned.begins_at)
    except Invalid as problem:
        return _wrong(row, problem.sentence)
    return row


def _placed(session: Session, read: Sequence[Judged]) -> list[Judged]:
    """The rows again, those refused whose person or room is taken."""
    moved = {
        one.session_id
        for one in read
        if one.verdict is Verdict.CHANGE and one.session_id
    }
    for _ in range(_ROUNDS):
        rows = _one_round(session, read, moved)
        stay = {
            was.session_id
            for was, now in zip(read, rows, strict=True)
            if now.verdict is Verdict.WRONG and was.session_id in moved
        }
        if not stay:
            return rows
        moved = {one for one in moved if one not in stay}
    return _one_round(session, read, set())


def _one_round(
    session: Session, read: Sequence[Judged], moved: set[uuid.UUID]
) -> list[Judged]:
    taken = Taken(session, [one.planned for one in read if one.planned], moved)
    rows = []
    for row in read:
        if row.planned is None or row.verdict not in (Verdict.ADD, Verdict.CHANGE):
            rows.append(row)
            continue
        try:
            taken.take(row.planned, row.where, row.session_id)
        except Invalid as problem:
            rows.append(_wrong(row, problem.sentence))
        else:
            rows.append(row)
    return rows


def _gone(
    session: Session, kind: str, known: Known, read: Sequence[Judged]
) -> Iterator[str]:
    """Sessions to come of the same people that a file of this kind has no more."""
    planned = [one.planned for one in read if one.planned]
    people, named = {one.person_id for one in planned}, {one.uid for one in read}
    last = max((one.begins_at for one in planned), default=clock.now())
    for uid, row in sorted(known.items(), key=lambda one: one[1].begins_at):
        to_come = row.state is SessionState.OPEN and row.begins_at > clock.now()
        of_file = uid.startswith(f"{kind} ") and row.person_id in people
        # A table may be about some weeks only, a calendar goes on.
        within = kind == _CALENDAR or row.begins_at <= last
        if to_come and of_file and within and uid not in named:
            yield sentence_of_session(session, row)


def _known(session: Session, organisation_id: uuid.UUID) -> Known:
    rows = session.scalars(
        sa.select(ClinicSession).where(
            ClinicSession.organisation_id == organisation_id,
            ClinicSession.uid.is_not(None),
        )
    )
    return {row.uid: row for row in rows if row.uid}


def _same(there: ClinicSession, planned: Planned) -> bool:
    return (
        there.site_id == planned.site_id
        and there.room_id == planned.room_id
        and there.person_id == planned.person_id
        and there.begins_at == planned.begins_at
        and there.minutes == planned.minutes
        and there.template == planned.template
    )


def _refuse_far(begins_at: datetime) -> None:
    if begins_at > clock.now() + timedelta(days=DAYS_AHEAD):
        raise Invalid("It is more than a year ahead. Import it later.")


def _wrong(row: Judged, sentence: str) -> Judged:
    return Judged(row.where, Verdict.WRONG, sentence, row.uid)
