"""The one place that asks what time it is. Times are UTC and aware."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


LONDON = ZoneInfo("Europe/London")

_set_to: ContextVar[datetime | None] = ContextVar("clock_set_to", default=None)


def now() -> datetime:
    """The time, in UTC."""
    return _set_to.get() or datetime.now(UTC)  # noqa: TID251  this is the one place


def today() -> date:
    """The date on the wall in London, where the service's days begin and end."""
    return now().astimezone(LONDON).date()


@contextmanager
def set_to(moment: datetime) -> Iterator[None]:
    """Live through a block as if it were ``moment``: past demo data, tests of time.

    Raises ValueError for a moment without a time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("the clock needs a time zone")
    token = _set_to.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _set_to.reset(token)
