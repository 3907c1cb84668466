"""How times, ages and lengths of time are said to people."""

from datetime import date, datetime, timedelta

from core.kernel.clock import LONDON


def day(moment: datetime | date) -> str:
    """A day, as ``Mon 23 Nov 2026``."""
    local = moment.astimezone(LONDON) if isinstance(moment, datetime) else moment
    return f"{local:%a} {local.day} {local:%b %Y}"


def long_day(on: date) -> str:
    """A day as letters write it: ``23 November 2026``."""
    return f"{on.day} {on:%B %Y}"


def date_of_birth(born: date) -> str:
    """A date of birth the way NHS banners write it: ``23-Nov-1956``."""
    return f"{born:%d-%b-%Y}"


def time_of_day(moment: datetime) -> str:
    """``10:42`` in London."""
    return f"{moment.astimezone(LONDON):%H:%M}"


def moment_in_words(moment: datetime) -> str:
    """``Mon 23 Nov 2026, 10:42``."""
    return f"{day(moment)}, {time_of_day(moment)}"


def span(begins: datetime, minutes: int) -> str:
    """``Mon 23 Nov 2026, 09:00–13:00``."""
    ends = begins + timedelta(minutes=minutes)
    return f"{moment_in_words(begins)}–{time_of_day(ends)}"


def age(born: date, on: date) -> int:
    """Completed years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def length(seconds: float) -> str:
    """A length of time with its two largest units: ``3 h 20 min``, ``4 min 10 s``."""
    whole = max(0, int(seconds))
    days, rest = divmod(whole, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, left = divmod(rest, 60)
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    if minutes:
        return f"{minutes} min {left} s" if left else f"{minutes} min"
    return f"{left} s"


def time_left(due: datetime, now: datetime) -> str:
    """``3 h 20 min left``, or ``1 h 5 min late``."""
    seconds = (due - now).total_seconds()
    return f"{length(seconds)} left" if seconds >= 0 else f"{length(-seconds)} late"


def plural(count: int, one: str, many: str = "") -> str:
    """``1 image``, ``2 images``."""
    return f"{count} {one if count == 1 else many or one + 's'}"
