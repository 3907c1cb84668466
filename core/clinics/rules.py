"""When clinic sessions are, what fits into them, and who may do what. Pure."""

import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from core.access.model import Grade
from core.clinics.model import QUARTER_MINUTES, STEP_MINUTES
from core.kernel import words
from core.kernel.clock import LONDON
from core.kernel.errors import Invalid
from core.specialties.model import Procedure


SHORTEST, LONGEST = 15, 720
REASON_LENGTH = 200
EVERY_WEEKS = (1, 2, 4)

# [[minutes, count], …]: how a session is divided, in its order.
Template = list[list[int]]

_PIECE = re.compile(r"(\d{1,3})\s*[×xX*]\s*(\d{1,3})")
_QUARTER_SECONDS = QUARTER_MINUTES * 60


@dataclass(frozen=True)
class Planned:
    """A session as somebody enters it, right or not."""

    site_id: uuid.UUID | None
    room_id: uuid.UUID | None
    person_id: uuid.UUID | None
    begins_at: datetime
    minutes: int
    template: Template


@dataclass(frozen=True)
class PlannedPattern:
    """Sessions that come back, as somebody enters them, right or not."""

    site_id: uuid.UUID | None
    room_id: uuid.UUID | None
    person_id: uuid.UUID | None
    # 0 is Monday.
    weekday: int
    begins: time
    minutes: int
    every_weeks: int
    from_day: date
    until_day: date | None
    template: Template


def quarters(begins_at: datetime, minutes: int) -> range:
    """The quarters of an hour that a session takes, counted since 1970 in UTC."""
    first = int(begins_at.timestamp()) // _QUARTER_SECONDS
    return range(first, first + minutes // QUARTER_MINUTES)


def moment_of(day: date, begins: time) -> datetime:
    """A time on London's clock, in UTC. An hour that comes twice is the first.

    Raises Invalid for an hour that the clocks skip.
    """
    said = datetime.combine(day, begins, LONDON)
    moment = said.astimezone(UTC)
    if moment.astimezone(LONDON).time() != begins:
        raise Invalid(
            f"The clocks go forward on {words.day(day)} and skip {begins:%H:%M}. "
            "Choose another time.",
            field="begins",
        )
    return moment


def refuse_times(begins: time, minutes: int) -> None:
    """Raise Invalid where a session cannot begin then or last so long."""
    if begins.minute % QUARTER_MINUTES or begins.second or begins.microsecond:
        raise Invalid(
            f"A session begins on the quarter hour, such as 09:00 or 13:45, not at "
            f"{begins:%H:%M}.",
            field="begins",
        )
    if not SHORTEST <= minutes <= LONGEST or minutes % QUARTER_MINUTES:
        raise Invalid(
            "A session lasts whole quarters of an hour, from 15 minutes to 12 hours; "
            f"this one has {words.plural(minutes, 'minute')}.",
            field="minutes",
        )
    if begins.hour * 60 + begins.minute + minutes > 24 * 60:
        raise Invalid(
            "A session ends on the day on which it begins. Shorten it.",
            field="minutes",
        )


def refuse_past(begins_at: datetime, now: datetime) -> None:
    """Raise Invalid for a session that would have begun already."""
    if begins_at <= now:
        raise Invalid(
            f"{words.moment_in_words(begins_at)} is past. Choose a time to come.",
            field="begins",
        )


def template_of(text: str) -> Template:
    """Read ``6×20, 2×40``: six places of 20 minutes, then two of 40.

    An empty text is no template. Raises Invalid.
    """
    template: Template = []
    for piece in filter(None, map(str.strip, re.split(r"[,;+\n]", text))):
        found = _PIECE.fullmatch(piece)
        count, minutes = map(int, found.groups()) if found else (0, 0)
        if not count or not minutes or minutes % STEP_MINUTES:
            raise Invalid(
                f"“{piece}” is not a part of a template. Write how many and how long, "
                "in steps of five minutes, such as 6×20, 2×40.",
                field="template",
            )
        template.append([minutes, count])
    return template


def template_in_words(template: Sequence[Sequence[int]]) -> str:
    """The way people type it: ``6×20, 2×40``."""
    return ", ".join(f"{count}×{minutes}" for minutes, count in template)


def refuse_template(template: Sequence[Sequence[int]], minutes: int) -> None:
    """Raise Invalid where the places do not fit into the session."""
    filled = sum(length * count for length, count in template)
    if filled > minutes:
        raise Invalid(
            f"The template {template_in_words(template)} fills {filled} minutes, but "
            f"the session has {minutes}. Shorten the one or lengthen the other.",
            field="template",
        )


def refuse_pattern(pattern: PlannedPattern) -> None:
    """Raise Invalid where a pattern's days cannot be."""
    if pattern.weekday not in range(7):
        raise Invalid("Choose a weekday.", field="weekday")
    if pattern.every_weeks not in EVERY_WEEKS:
        raise Invalid("Choose every week, every 2 or every 4 weeks.", field="every")
    if pattern.until_day is not None and pattern.until_day < pattern.from_day:
        raise Invalid(
            "The last day lies before the first. Correct one of them.", field="until"
        )


def refuse_reason(reason: str) -> str:
    """A reason without the spaces around it. Raises Invalid where there is none."""
    said = " ".join(reason.split())
    if not said:
        raise Invalid("Say why: those concerned are told.", field="reason")
    if len(said) > REASON_LENGTH:
        raise Invalid(
            f"Give the reason in at most {REASON_LENGTH} characters.", field="reason"
        )
    return said


def pattern_days(
    *,
    weekday: int,
    every_weeks: int,
    from_day: date,
    until_day: date | None,
    first: date,
    last: date,
) -> Iterator[date]:
    """A pattern's days from ``first`` to ``last``.

    The weeks are counted from its first day, wherever one begins to look.
    """
    start = from_day + timedelta(days=(weekday - from_day.weekday()) % 7)
    step = 7 * every_weeks
    skipped = max(0, -(-(first - start).days // step))
    day = start + timedelta(days=skipped * step)
    end = last if until_day is None else min(last, until_day)
    while day <= end:
        yield day
        day += timedelta(days=step)


def may_do(grade: Grade | None, lowest: Grade) -> bool:
    """Whether a grade suffices for what needs at least ``lowest``."""
    order = list(Grade)
    return grade is not None and order.index(grade) <= order.index(lowest)


def refuse_competencies(
    name: str,
    grade: Grade | None,
    codes: Sequence[str],
    procedures: Sequence[Procedure],
) -> None:
    """Raise Invalid where somebody's grade is too low for one of the procedures."""
    known = {one.code: one for one in procedures}
    for code in codes:
        procedure = known.get(code)
        if procedure is None:
            raise Invalid(
                f"This service has no procedure “{code}”. Choose from the list.",
                field="procedures",
            )
        lowest = Grade(procedure.lowest_grade)
        if not may_do(grade, lowest):
            theirs = f"is “{grade.label}”" if grade else "is not on record"
            raise Invalid(
                f"{procedure.label} needs the grade “{lowest.label}” or a higher one; "
                f"the grade of {name} {theirs}. Leave it out.",
                field="procedures",
            )
