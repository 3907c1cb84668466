"""What an oracle's facts come to in each cell that is published, by the words of it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Period:
    kind: str
    first: date
    last: date

    @property
    def key(self):
        """As the service names it; the last quarters are told apart by their end."""
        if self.kind == "week":
            return f"week:{self.first}"
        named = self.last if self.kind == "all_quarters" else self.first
        return f"{self.kind}:{named:%Y-%m}"


def periods(oldest: date, last_day: date) -> list[Period]:
    """Every period that is over, from the quarter of the oldest referral on."""
    monday = oldest
    while monday.weekday():
        monday += timedelta(days=1)
    found = []
    while monday + timedelta(days=6) <= last_day:
        found.append(Period("week", monday, monday + timedelta(days=6)))
        monday += timedelta(days=7)
    start = date(oldest.year, (oldest.month - 1) // 3 * 3 + 1, 1)
    financial = date(start.year - (start.month < 4), 4, 1)
    for kind, begins, months in (
        ("month", start, 1),
        ("quarter", start, 3),
        ("year", financial, 12),
    ):
        first = begins
        while (after := later(first, months)) <= last_day + timedelta(days=1):
            found.append(Period(kind, first, after - timedelta(days=1)))
            first = after
    quarters = [one for one in found if one.kind == "quarter"]
    if quarters:
        end = quarters[-1].last
        year = later(end + timedelta(days=1), -12)
        found.append(Period("twelve_months", year, end))
        found.append(Period("all_quarters", start, end))
    return found


def later(first: date, months: int) -> date:
    place = first.year * 12 + first.month - 1 + months
    return date(place // 12, place % 12 + 1, 1)


def begun(period: Period, first: date) -> bool:
    """Whether a period is shown of whoever sent their first referral on that day.

    Of their own month it is; never of a part of a week, a quarter or a year. All quarters
    are there once one whole quarter is.
    """
    if period.kind == "week":
        return first <= period.first
    if period.kind == "all_quarters":
        last_quarter = later(period.last + timedelta(days=1), -3)
        return first.replace(day=1) <= last_quarter
    return first.replace(day=1) <= period.first


def first_days(lives) -> dict[tuple[str, str], date]:
    """When each audience and practice, and all practices together, sent their first."""
    found: dict[tuple[str, str], date] = {}
    for one in lives:
        for audience in (one.commissioner, "all"):
            for practice in (one.row.practice_id.hex, "all"):
                key = audience, practice
                found[key] = min(one.sent_on, found.get(key, one.sent_on))
    return found


Cell = tuple[str, str, str, str, str]


class Expected:
    """Exact figures of one measure: by period, audience, practice, dimension, category."""

    def __init__(self, measure, dimensions, facts, spans):
        self._measure, self._dimensions, self._spans = measure, dimensions, spans
        self._of_day: dict[date, list[Period]] = {}
        self.whole: dict[Cell, int] = defaultdict(int)
        self.part: dict[Cell, int] = defaultdict(int)
        self.hours: dict[Cell, list[float]] = defaultdict(list)
        for fact in facts:
            for period in self.periods_of(fact.day):
                for cell in self.cells(fact, period):
                    self.add(cell, fact)

    def periods_of(self, on):
        if on not in self._of_day:
            held = [one for one in self._spans if one.first <= on <= one.last]
            self._of_day[on] = held
        return self._of_day[on]

    def cells(self, fact, period):
        for audience in (fact.commissioner, "all"):
            yield period.key, audience, "all", "all", "all"
            if self._measure.by_practice and period.kind not in ("week", "month"):
                yield period.key, audience, fact.practice, "all", "all"
            for name in self._measure.dimensions:
                if period.kind in KINDS[self._dimensions[name].finest]:
                    yield period.key, audience, "all", name, fact.dimensions[name]

    def add(self, cell, fact):
        self.whole[cell] += fact.whole
        if fact.part is not None:
            self.part[cell] += fact.part
        if fact.amount is not None:
            self.hours[cell].append(fact.amount)


_LONG = ("year", "twelve_months", "all_quarters")
# By the finest period of a dimension, those that it is counted in.
KINDS = {
    "month": ("month", "quarter", *_LONG),
    "quarter": ("quarter", *_LONG),
    "year": _LONG,
}
