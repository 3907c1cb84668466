"""Sessions from a calendar (iCalendar, .ics), with its repetitions.

SUMMARY, ATTENDEE or ORGANIZER name who holds it; LOCATION is the site, or the site, a
comma and the room. A time without a zone is London's.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import recurring_ical_events
from icalendar import Calendar, Component

from core.clinics.importing.entry import (
    DAYS_AHEAD,
    MOST,
    Entry,
    refuse_large,
    refuse_many,
)
from core.kernel import words
from core.kernel.clock import LONDON
from core.kernel.errors import Invalid


_UID_LENGTH = 200
_SERIES = 500
_OLDEST = timedelta(days=3660)
_ALWAYS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"}
# What clinics repeat by. Others could keep us counting to the year 9999.
_RULES = {
    "DAILY": _ALWAYS,
    "WEEKLY": _ALWAYS | {"BYDAY"},
    "MONTHLY": _ALWAYS | {"BYDAY", "BYMONTHDAY", "BYSETPOS"},
}
# What the libraries raise for what only looks like a calendar.
_RUBBISH = (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError)


def read_calendar(content: bytes, now: datetime) -> list[Entry]:
    """Every event of the year to come, right or not. Raises Invalid.

    What is past and what the calendar calls cancelled is left out.
    """
    refuse_large(content)
    series: dict[str, list[Component]] = defaultdict(list)
    events = _events(content)
    refuse_many(len(events))
    if not events:
        raise Invalid("This calendar has no events.")
    for number, event in enumerate(events):
        series[str(event.get("UID", "")) or f"without a name {number}"].append(event)
    if sum(map(_repeats, series.values())) > _SERIES:
        raise Invalid(
            f"This calendar has more than {_SERIES} events that repeat. Export fewer."
        )
    entries: list[Entry] = []
    for uid, found in series.items():
        entries.extend(_entries(uid, found, now))
        refuse_many(len(entries))
    return sorted(entries, key=lambda one: (one.begins_at or now, one.where))


def _events(content: bytes) -> list[Component]:
    try:
        calendars = Calendar.from_ical(content, multiple=True)
        return [event for one in calendars for event in one.walk("VEVENT")]
    except _RUBBISH as error:
        raise Invalid(
            "This is not a calendar that can be read. Export it as iCalendar (.ics)."
        ) from error


def _repeats(events: list[Component]) -> bool:
    return any(
        name in event
        for event in events
        for name in ("RRULE", "RDATE", "RECURRENCE-ID")
    )


def _entries(uid: str, events: list[Component], now: datetime) -> Iterator[Entry]:
    where = _where(events[0])
    problem = _unreadable(uid, events, now)
    if problem:
        yield Entry(where, problem)
        return
    repeated = _repeats(events)
    try:
        for event in _occurrences(events, now) if repeated else events:
            entry = _entry(_uid(uid, event, repeated=repeated), event, now)
            if entry is not None:
                yield entry
    except _RUBBISH:
        yield Entry(where, "It could not be read. Look at it in the calendar.")


def _unreadable(uid: str, events: list[Component], now: datetime) -> str:
    """Why an event, with its repetitions, cannot be taken from the calendar."""
    if uid.startswith("without a name"):
        return "It has no UID, so it would not be known again. Export it anew."
    for event in events:
        begins = _dt(event, "DTSTART")
        wrong = [str(name) for name, _ in event.errors if name]
        if wrong or begins is None:
            return f"Its {wrong[0] if wrong else 'DTSTART'} could not be read."
        if not isinstance(begins, datetime):
            return "It lasts all day and has no time. Give it a beginning and an end."
        if "RRULE" in event and not _understood(event["RRULE"], begins, now):
            return (
                "It repeats in a way that is not read here. Repeat it by days, weeks or "
                "months, from the last ten years on."
            )
    return ""


def _understood(
    rule: Any,  # noqa: ANN401  the library's, or a list of several
    begins: datetime,
    now: datetime,
) -> bool:
    if isinstance(rule, list):
        return False
    frequency = str((rule.get("FREQ") or [""])[0]).upper()
    known = {str(name).upper() for name in rule} <= _RULES.get(frequency, set())
    return known and _moment(begins) > now - _OLDEST


def _dt(event: Component, name: str) -> Any:  # noqa: ANN401  whatever was written
    """A field as Python's date, time or length; None where it is none."""
    try:
        return getattr(event.get(name), "dt", None)
    except ValueError:
        # What could not be read raises at the first touch.
        return None


def _occurrences(events: list[Component], now: datetime) -> Iterable[Component]:
    calendar = Calendar()
    for event in events:
        calendar.add_component(event)
    until = now + timedelta(days=DAYS_AHEAD)
    found: list[Component] = recurring_ical_events.of(calendar).between(now, until)
    return found[: MOST + 1]


def _entry(uid: str, event: Component, now: datetime) -> Entry | None:
    begins, seconds = _times(event)
    until = now + timedelta(days=DAYS_AHEAD)
    cancelled = str(event.get("STATUS", "")).upper() == "CANCELLED"
    if cancelled or not now < begins <= until:
        return None
    minutes, rest = divmod(seconds, 60)
    return Entry(
        _where(event),
        "It does not last whole minutes." if rest else "",
        uid=uid,
        begins_at=begins,
        minutes=int(minutes),
        site=" ".join(str(event.get("LOCATION", "")).split()),
        room=None,
        names=tuple(_names(event)),
        names_in_words=True,
    )


def _times(event: Component) -> tuple[datetime, float]:
    begins, ends = _moment(_dt(event, "DTSTART")), _dt(event, "DTEND")
    if ends is not None:
        return begins, (_moment(ends) - begins).total_seconds()
    lasts = _dt(event, "DURATION")
    return begins, lasts.total_seconds() if isinstance(lasts, timedelta) else 0.0


def _moment(said: datetime | date) -> datetime:
    if not isinstance(said, datetime):
        said = datetime(said.year, said.month, said.day, tzinfo=LONDON)
    return (said if said.tzinfo else said.replace(tzinfo=LONDON)).astimezone(UTC)


def _uid(uid: str, event: Component, *, repeated: bool) -> str:
    """Stays the same when the event is moved: a repetition goes by its first time."""
    if len(uid) > _UID_LENGTH:
        uid = hashlib.sha256(uid.encode()).hexdigest()
    if not repeated:
        return uid
    first = _dt(event, "RECURRENCE-ID") or _dt(event, "DTSTART")
    return f"{uid} {_moment(first):%Y%m%dT%H%M%SZ}"


def _names(event: Component) -> Iterator[str]:
    """What may name who holds it, the likeliest first."""
    yield " ".join(str(event.get("SUMMARY", "")).split())
    for role in ("ATTENDEE", "ORGANIZER"):
        said = event.get(role, [])
        for one in said if isinstance(said, list) else [said]:
            yield str(getattr(one, "params", {}).get("CN", ""))


def _where(event: Component) -> str:
    said = " ".join(str(event.get("SUMMARY", "")).split())[:80] or "An event"
    start = _dt(event, "DTSTART")
    if isinstance(start, datetime):
        return f"{said}, {words.moment_in_words(_moment(start))}"
    return f"{said}, {words.day(start)}" if isinstance(start, date) else said
