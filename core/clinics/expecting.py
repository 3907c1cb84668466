"""Demand that is still to come, as cases that keep room in a plan. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np

from core.clinics.inputs import NeedIn
from core.clinics.matching import demand
from core.clinics.matching.policy import Policy


Level = Literal["low", "mean", "high"]
# Urgency, practice, contract, procedure, complexity, lowest grade, minutes.
Sort = tuple[str, str, str, str, str, str, int]


@dataclass(frozen=True)
class History:
    """Needs by week, the oldest first, for each urgency; and how often each sort came."""

    weekly: Mapping[str, Sequence[int]]
    sorts: Sequence[tuple[Sort, int]]

    def as_json(self) -> dict[str, Any]:
        """To be kept with a plan."""
        return {
            "weekly": {name: list(counts) for name, counts in self.weekly.items()},
            "sorts": [[*sort, count] for sort, count in self.sorts],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """As it was kept."""
        sorts = [(tuple(one[:-1]), one[-1]) for one in kept["sorts"]]
        return cls(kept["weekly"], sorts)


def expected_urgent(
    history: History, policy: Policy, within: Mapping[str, int]
) -> list[NeedIn]:
    """Urgent cases of the next days, for a plan to keep room for.

    ``within``: by urgency, how many days after the answer they have to be seen.
    """
    urgent = [one.code for one in policy.urgencies[:-1]]
    return _expected(history, policy, within, urgent, policy.expected_days, "mean")


def expected_all(
    history: History,
    policy: Policy,
    within: Mapping[str, int],
    *,
    days: int,
    level: Level,
    factor: float = 1.0,
) -> list[NeedIn]:
    """Everyone expected within ``days``: at the forecast, or at an end of its interval."""
    every = [one.code for one in policy.urgencies]
    return _expected(history, policy, within, every, days, level, factor)


def forecast_words(history: History) -> tuple[float, float, float]:
    """Needs a week in the coming eight: the lower end, the mean, the upper end."""
    weeks = [sum(week) for week in zip(*history.weekly.values(), strict=True)]
    if not weeks:
        return 0.0, 0.0, 0.0
    found = demand.forecast(weeks, 8)
    low, mean, high = (np.mean(one) for one in (found.low, found.mean, found.high))
    return float(low), float(mean), float(high)


def _expected(
    history: History,
    policy: Policy,
    within: Mapping[str, int],
    urgencies: Sequence[str],
    days: int,
    level: Level,
    factor: float = 1.0,
) -> list[NeedIn]:
    needs: list[NeedIn] = []
    for urgency in urgencies:
        shares = Counter(
            {sort: count for sort, count in history.sorts if sort[0] == urgency}
        )
        if not shares:
            continue
        weeks = -(-days // 7)
        found = demand.forecast(history.weekly[urgency], weeks)
        per_day = float(np.mean(getattr(found, level))) / 7 * factor
        total = sum(shares.values())
        each = {sort: count / total for sort, count in shares.items()}
        for sort, day in _on_days(round(per_day * days), each, days):
            needs.append(_need(sort, day, len(needs), policy, within))
    return needs


def _on_days(
    total: int, shares: Mapping[Sort, float], days: int
) -> list[tuple[Sort, int]]:
    """Who comes on which day, 1 to ``days``: whole people, no dice."""
    sorts = sorted(shares)
    which = demand.in_turn(np.array([shares[one] * total for one in sorts]))
    return [(sorts[at], 1 + number * days // total) for number, at in enumerate(which)]


def _need(
    sort: Sort, day: int, number: int, policy: Policy, within: Mapping[str, int]
) -> NeedIn:
    urgency, practice, contract, procedure, complexity, grade, minutes = sort
    return NeedIn(
        id=f"expected-{urgency}-{number:05}",
        version=0,
        minutes=minutes,
        urgency=urgency,
        due=day + within[urgency],
        ready=day + policy.notice_days.get(urgency, 1),
        referred=day,
        procedure=procedure,
        complexity=complexity,
        lowest_grade=grade,
        practice=practice,
        contract=contract,
        expected=True,
    )
