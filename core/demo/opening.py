"""Working time as one long line of minutes, so that waits skip nights and weekends."""

from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta

from core.contracts.reference import bank_holidays
from core.kernel.clock import LONDON
from core.kernel.working_days import is_working_day


OPENS = time(8, 0)
CLOSES = time(18, 30)
DAY = 630.0  # minutes between the two


class WorkingTime:
    """The service's opening hours over some years."""

    def __init__(self, first: date, last: date) -> None:
        holidays = bank_holidays()
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        self._opens = [
            datetime.combine(day, OPENS, LONDON).astimezone(UTC)
            for day in days
            if is_working_day(day, holidays)
        ]

    def position(self, moment: datetime) -> float:
        """Minutes worked since the beginning."""
        day = bisect_right(self._opens, moment) - 1
        minutes = (moment - self._opens[day]).total_seconds() / 60
        return day * DAY + min(minutes, DAY)

    def at(self, position: float) -> datetime:
        """When that many minutes have been worked."""
        day, minutes = divmod(position, DAY)
        seconds = int(minutes * 60)
        return self._opens[int(day)] + timedelta(seconds=seconds)

    def later(self, moment: datetime, minutes: float) -> datetime:
        """``moment`` and so many minutes of work."""
        return self.at(self.position(moment) + minutes)

    def earlier(self, moment: datetime, minutes: float) -> datetime:
        """So many minutes of work before ``moment``."""
        return self.at(self.position(moment) - minutes)
