"""Honest savings: visits avoided less visits gained, in visits and in money.

A visit is avoided where the referrer would have referred and nobody saw the patient face to
face within 90 days; it is gained where the referrer would not have and somebody did. What
is worked out here comes from published counts, so it hides what they hide.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import sqrt

import pandas as pd
from pydantic import BaseModel, ConfigDict

from core.access.model import Scope
from core.analytics import figures
from core.analytics.intervals import Estimate
from core.config import REFERENCE


_Z = 1.959963984540054


class Tariff(BaseModel):
    """What a visit, and an answer, are worth from a day on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    effective_from: date
    visit_pence: int
    answer_pence: int
    source: str


@dataclass(frozen=True)
class Saved:
    """Visits saved in a period, of ``considered`` referrals; pence by a tariff."""

    avoided: int
    gained: int
    considered: int
    visits: Estimate

    def pence(self, tariff_pence: int) -> tuple[int, int, int]:
        """What the visits are worth: the best guess, and the ends of the 95 % interval."""
        ends = (self.visits.value, self.visits.low, self.visits.high)
        best, low, high = (round((one or 0.0) * tariff_pence) for one in ends)
        return best, low, high


def tariff_on(day: date) -> Tariff:
    """The tariff of a day; the first one for days before it."""
    held = [one for one in _tariffs() if one.effective_from <= day]
    return (held or _tariffs()[:1])[-1]


def saved(avoided: int, gained: int, considered: int) -> Saved:
    """Visits saved, with the interval of a difference of two shares of one sample.

    Each referral saves one visit, costs one, or neither; n referrals of which a and g do so
    vary by n((a + g)/n - ((a - g)/n)²).
    """
    net = avoided - gained
    variance = avoided + gained - net**2 / considered if considered else 0.0
    reach = _Z * sqrt(max(variance, 0.0))
    estimate = Estimate(float(net), net - reach, net + reach, considered)
    return Saved(avoided, gained, considered, estimate)


def in_period(scope: Scope, period: str) -> Saved | None:
    """What was saved in a quarter or longer; None where a count of it is hidden."""
    avoided = figures.whole_service(scope, "avoided", period)
    gained = figures.whole_service(scope, "gained", period)
    if avoided is None or gained is None:
        return None
    counts = (avoided["part"], gained["part"], avoided["whole"])
    if any(pd.isna(one) for one in counts):
        return None
    return saved(*(int(one) for one in counts))


def over_time(scope: Scope, grain: str, visit_pence: int) -> pd.DataFrame:
    """Money saved in each period, oldest first: period, label, first_day, value (pence).

    Missing where a count is hidden.
    """
    avoided = figures.series(scope, "avoided", grain)
    gained = figures.series(scope, "gained", grain)
    net = avoided["part"].astype("Float64") - gained["part"].astype("Float64")
    found = avoided[["period", "label", "first_day", "last_day", "whole"]].copy()
    found["avoided"], found["gained"] = avoided["part"], gained["part"]
    found["value"] = net * visit_pence
    return found


@lru_cache(maxsize=1)
def _tariffs() -> list[Tariff]:
    text = (REFERENCE / "value" / "tariff.toml").read_text("utf-8")
    found = [Tariff.model_validate(one) for one in tomllib.loads(text)["tariffs"]]
    return sorted(found, key=lambda one: one.effective_from)
