"""Where the demo's services hold clinics, who holds them, and their sessions."""

import uuid
from datetime import date, datetime, timedelta

from core.access.model import Actor, Role
from core.clinics.model import QUARTER_MINUTES, SessionState
from core.clinics.rules import (
    EVERY_WEEKS,
    Template,
    moment_of,
    pattern_days,
    quarters,
    template_in_words,
    template_of,
)
from core.clinics.tables import (
    ClinicSession,
    ClinicStaff,
    Room,
    SessionHold,
    SessionPattern,
    Site,
)
from core.contracts.policy import Weekday
from core.contracts.reference import bank_holidays
from core.demo import reference
from core.demo.cast import NOBODY, Casting
from core.demo.draws import Draws
from core.demo.reference import PatternEntry
from core.demo.rows import Rows
from core.kernel.clock import LONDON


# A year and some. Divided by four two are left, which the first weeks of the patterns
# count on: whoever signs in holds clinics this week and next.
WEEKS_BACK, WEEKS_AHEAD = 54, 10
_CANCELLED = 0.04
# From nine until the room is wanted for the afternoon.
_HALF_A_DAY = 210
# As long before as sessions are laid out.
_PLANNED = timedelta(weeks=12)


def first_monday(now: datetime) -> date:
    """When the services began to keep their clinics here."""
    today = now.astimezone(LONDON).date()
    return today - timedelta(days=today.weekday(), weeks=WEEKS_BACK)


def write_clinics(
    rows: Rows, draws: Draws, casting: Casting, now: datetime, busy: float = 1.0
) -> None:
    """Sites, rooms, staff, patterns, and a year and ten weeks of sessions.

    ``draws`` are for this alone. ``busy``: how many times the usual work there is.
    """
    _cast(draws, casting)
    writing = _Writing(rows, draws, casting, now)
    writing.places()
    writing.staff()
    for entry in reference.patterns():
        writing.sessions(busier(entry, busy))


def busier(entry: PatternEntry, times: float) -> PatternEntry:
    """A pattern for so many times the work: more often, then longer, never shorter."""
    weeks = max((n for n in EVERY_WEEKS if n * times <= entry.every_weeks), default=1)
    longer = max(times * weeks / entry.every_weeks, 1.0)
    quarters_long = round(entry.minutes * longer / QUARTER_MINUTES)
    longest = max(_HALF_A_DAY, entry.minutes)
    minutes = min(quarters_long * QUARTER_MINUTES, longest)
    more = minutes / entry.minutes
    template = [
        [length, int(count * more)] for length, count in template_of(entry.template)
    ]
    return entry.model_copy(
        update={
            "every_weeks": min(weeks, entry.every_weeks),
            "first_week": entry.first_week % weeks,
            "minutes": minutes,
            "template": template_in_words(template),
        }
    )


def _cast(draws: Draws, casting: Casting) -> None:
    """Those who see patients in clinics and answer nothing."""
    everyone = reference.people()
    named = [
        (one.user_name, one.name, one.grade, one.at, casting.issuer)
        for one in everyone.people
        if one.role is Role.CLINIC_STAFF
    ]
    named += [
        (one.name, one.name, one.grade, one.at, NOBODY)
        for one in everyone.clinic_people
    ]
    for key, name, grade, at, issuer in named:
        casting.clinicians[key] = casting.person(
            at, name, Role.CLINIC_STAFF, grade, (issuer, key), draws=draws
        )


class _Writing:
    def __init__(
        self, rows: Rows, draws: Draws, casting: Casting, now: datetime
    ) -> None:
        self.rows, self.draws, self.casting, self.now = rows, draws, casting, now
        self.today = now.astimezone(LONDON).date()
        self.first = first_monday(now)
        self.monday = self.first + timedelta(weeks=WEEKS_BACK)
        self.last = self.monday + timedelta(weeks=WEEKS_AHEAD, days=-1)
        self._sites: dict[str, uuid.UUID] = {}
        self._rooms: dict[tuple[str, str], uuid.UUID] = {}

    def places(self) -> None:
        """Sites and their rooms."""
        for entry in reference.places().sites:
            site_id = self._new_id()
            self._sites[entry.name] = site_id
            self.rows.add(
                Site,
                id=site_id,
                organisation_id=self.casting.organisation_id(entry.service),
                name=entry.name,
                address=entry.address,
                east_km=entry.east,
                north_km=entry.north,
                closed_at=None,
            )
            for room in entry.rooms:
                room_id = self._new_id()
                self._rooms[entry.name, room.name] = room_id
                self.rows.add(
                    Room,
                    id=room_id,
                    site_id=site_id,
                    name=room.name,
                    equipment=list(room.equipment),
                    closed_at=None,
                )

    def staff(self) -> None:
        """Whoever holds a pattern, competent in what their grade is."""
        competencies = reference.people().competencies
        for name in dict.fromkeys(one.person for one in reference.patterns()):
            person = self.casting.clinicians[name]
            grade = person.grade
            self.rows.add(
                ClinicStaff,
                id=self._new_id(),
                person_id=person.person_id,
                organisation_id=person.organisation_id,
                procedures=list(competencies[grade]) if grade else [],
                ended_at=None,
            )

    def sessions(self, entry: PatternEntry) -> None:
        """A pattern, with its sessions."""
        person = self.casting.clinicians[entry.person]
        pattern_id = self._new_id()
        site_id = self._sites[entry.site]
        room_id = self._rooms[entry.site, entry.room]
        template = template_of(entry.template)
        weekday = tuple(Weekday).index(entry.weekday)
        from_day = self.first + timedelta(weeks=entry.first_week)
        self.rows.add(
            SessionPattern,
            id=pattern_id,
            organisation_id=person.organisation_id,
            site_id=site_id,
            room_id=room_id,
            person_id=person.person_id,
            weekday=weekday,
            begins=entry.begins,
            minutes=entry.minutes,
            every_weeks=entry.every_weeks,
            from_day=from_day,
            until_day=None,
            template=template,
            ended_at=None,
        )
        for day in pattern_days(
            weekday=weekday,
            every_weeks=entry.every_weeks,
            from_day=from_day,
            until_day=None,
            first=self.first,
            last=self.last,
        ):
            if day not in bank_holidays():
                self._session(entry, person, pattern_id, day, template)

    def _session(
        self,
        entry: PatternEntry,
        person: Actor,
        pattern_id: uuid.UUID,
        day: date,
        template: Template,
    ) -> None:
        begins_at = moment_of(day, entry.begins)
        site_id = self._sites[entry.site]
        room_id = self._rooms[entry.site, entry.room]
        session_id = self.draws.id_at(min(begins_at - _PLANNED, self.now))
        cancelled_at = self._cancelled_at(entry, day, begins_at)
        cancelled = cancelled_at is not None
        self.rows.add(
            ClinicSession,
            id=session_id,
            organisation_id=person.organisation_id,
            site_id=site_id,
            room_id=room_id,
            person_id=person.person_id,
            begins_at=begins_at,
            minutes=entry.minutes,
            template=template,
            state=SessionState.CANCELLED if cancelled else SessionState.OPEN,
            pattern_id=pattern_id,
            uid=None,
            cancelled_at=cancelled_at,
            cancelled_reason=self._reason() if cancelled else "",
        )
        if not cancelled:
            self._hold(
                session_id, (person.person_id, room_id), begins_at, entry.minutes
            )

    def _hold(
        self,
        session_id: uuid.UUID,
        held: tuple[uuid.UUID, uuid.UUID],
        begins_at: datetime,
        minutes: int,
    ) -> None:
        for held_id in held:
            for quarter in quarters(begins_at, minutes):
                self.rows.add(
                    SessionHold, held_id=held_id, quarter=quarter, session_id=session_id
                )

    def _cancelled_at(
        self, entry: PatternEntry, day: date, begins_at: datetime
    ) -> datetime | None:
        if not self.draws.chance(_CANCELLED):
            return None
        # Whoever signs in finds clinics of theirs this week and next.
        soon = self.monday <= day < self.monday + timedelta(weeks=2)
        if soon and entry.person in self._signing_in():
            return None
        hours = self.draws.around(48, 1)
        told = begins_at - timedelta(hours=hours)
        return min(told, self.now - timedelta(minutes=hours)).replace(microsecond=0)

    def _signing_in(self) -> set[str]:
        return {one.user_name for one in reference.people().people}

    def _reason(self) -> str:
        return self.draws.one_of(reference.phrases()["sessions_cancelled"])

    def _new_id(self) -> uuid.UUID:
        return self.draws.id_at(self.casting.begins)
