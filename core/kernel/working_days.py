"""Working days: Monday to Friday but bank holidays, on London's clock."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta

from core.kernel.clock import LONDON


def is_working_day(day: date, holidays: Collection[date]) -> bool:
    """Whether the service works on ``day``."""
    return day.weekday() < 5 and day not in holidays


def next_working_day(day: date, holidays: Collection[date]) -> date:
    """``day`` itself, or the first working day after it."""
    while not is_working_day(day, holidays):
        day += timedelta(days=1)
    return day


def due_at(
    received: datetime, working_days: int, closes: time, holidays: Collection[date]
) -> datetime:
    """When an answer promised in ``working_days`` is due, in UTC.

    The day of receipt is day 0. What comes in after ``closes``, or on a day off,
    counts as received when the next working day opens. 0 means the same day.
    """
    local = received.astimezone(LONDON)
    day = local.date() if local.time() < closes else local.date() + timedelta(days=1)
    day = next_working_day(day, holidays)
    for _ in range(working_days):
        day = next_working_day(day + timedelta(days=1), holidays)
    return datetime.combine(day, closes, LONDON).astimezone(UTC)
