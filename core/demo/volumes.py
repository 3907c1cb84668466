"""How many referrals on which day, by which practice, at what time."""

import math
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from core.contracts.reference import bank_holidays
from core.demo.cast import Surgery
from core.demo.draws import Draws
from core.demo.parameters import parameters
from core.kernel.clock import LONDON


_FIRST_HOUR, _LAST_HOUR = 8.5, 18.2


class Volumes:
    """The demand of the last years, until now."""

    def __init__(self, surgeries: list[Surgery], now: datetime) -> None:
        self.surgeries, self.now = surgeries, now
        self.today = now.astimezone(LONDON).date()
        self.story = parameters().volumes
        self.length = 365 * self.story.years
        self.first = self.today - timedelta(days=self.length)

    def days(self, total: int) -> Iterator[tuple[date, int]]:
        """Each day with its number of referrals, ``total`` in all."""
        days = [self.first + timedelta(days=n) for n in range(self.length + 1)]
        weights = [self._demand(day) for day in days]
        share, reached, given = total / sum(weights), 0.0, 0
        for day, weight in zip(days, weights, strict=True):
            reached += weight * share
            # Rounded as they add up, so that none is lost; the last gets the rest.
            count = (total if day == days[-1] else round(reached)) - given
            given += count
            yield day, count

    def by_surgery(self, day: date) -> dict[int, float]:
        """How likely a referral of that day is to come from each, by its number."""
        return {
            number: surgery.entry.patients
            * surgery.entry.rate
            * self._uptake(surgery, day)
            for number, surgery in enumerate(self.surgeries)
        }

    def moment(self, day: date, draws: Draws) -> datetime:
        """A time of that day when practices work, and not later than now."""
        hours = draws.random.triangular(_FIRST_HOUR, _LAST_HOUR, 11.0)
        seconds = timedelta(seconds=int(hours * 3600))
        opening = datetime.combine(day, time(), LONDON)
        moment = (opening + seconds).astimezone(UTC)
        return min(
            moment, self.now - timedelta(seconds=draws.random.randrange(60, 7200))
        )

    def _demand(self, day: date) -> float:
        if day in bank_holidays():
            return 0.0
        # Lesions are shown when sleeves are short.
        angle = (day.timetuple().tm_yday - self.story.peak_day) / 365 * 2 * math.pi
        season = 1 + self.story.swing * math.cos(angle)
        return (
            self.story.weekdays[day.weekday()]
            * season
            * sum(self.by_surgery(day).values())
            * (self._part_of_today() if day == self.today else 1.0)
        )

    def _part_of_today(self) -> float:
        local = self.now.astimezone(LONDON)
        hours = local.hour + local.minute / 60
        return min(max((hours - _FIRST_HOUR) / (_LAST_HOUR - _FIRST_HOUR), 0.0), 1.0)

    def _uptake(self, surgery: Surgery, day: date) -> float:
        live = (day - self.first).days - surgery.entry.live_after
        if live < 0:
            return 0.0
        # Each practice refers more as it gets used to the service.
        at_first = self.story.at_first
        return min(at_first + (1 - at_first) * live / self.story.used_to_it, 1.0)
