"""What a commissioner's screens read: published figures, and no way below them.

Every function takes the reader's scope first. A commissioner sees the practices it has
contracts for; the platform's service managers see all. Nobody else sees anything here.

A hidden figure is missing (NaN or NA) in its column and ``*`` in the column ``…_shown``
beside it. Counts of 1 to 7 are hidden, and so is a larger one that would give a smaller
one away: ``*`` says no more than "not shown".
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pandas as pd

from core.access.model import OrganisationKind, Scope
from core.analytics import disclosure
from core.analytics.connections import Published, published
from core.config import settings
from core.contracts.model import Priority
from core.kernel import words
from core.kernel.errors import NotAllowed, NotFound


ALL = "all"
_NONE = "–"


@dataclass(frozen=True)
class Freshness:
    """How new the figures are."""

    data_as_of: datetime
    last_day: date

    @property
    def sentence(self) -> str:
        """For the foot of every page."""
        return f"Figures count up to the end of {words.day(self.last_day)}."


def freshness(scope: Scope) -> Freshness:
    """When the store was read, and the last day that is counted."""
    _audience(scope)
    data_as_of, last_day = _figures().row("release")
    return Freshness(data_as_of.astimezone(UTC), last_day)


def periods(scope: Scope) -> pd.DataFrame:
    """What can be chosen as a period.

    Columns: period (its key), kind (last_12_months, all_quarters, year, quarter, month),
    label, first_day, last_day, complete. Years are financial, from April. A period that
    is not complete, and every month, has figures for all practices together only.
    """
    _audience(scope)
    return _figures().query("periods")


def practices(scope: Scope) -> pd.DataFrame:
    """What can be chosen as a practice: practice (its key), name, ods_code."""
    return _figures().query("practices", _audience(scope))


def volumes(
    scope: Scope,
    period: str,
    practice: str = ALL,
    priority: str = ALL,
) -> pd.DataFrame:
    """Referrals sent, answered, and answered without a visit, over a period.

    One row for each shorter period in it (a quarter's months, else quarters), oldest
    first, then the period itself with ``whole`` true. ``sent`` counts by the day of
    sending, the others by the day of the first answer, so answered can exceed sent.
    Rows need not add up: each is rounded by itself. Raises NotFound for a choice that
    has no figures.
    """
    found = _cells("volumes", scope, period, practice, priority)
    counts = ["sent", "answered", "without_visit"]
    return _with_percent(_with_counts(found, counts), "without_visit")


def outcomes(
    scope: Scope,
    period: str,
    practice: str = ALL,
    priority: str = ALL,
) -> pd.DataFrame:
    """How the referrals first answered in a period were answered.

    One row for each outcome: outcome, label, face_to_face, referrals, percent of
    answered. An amended answer counts as it stands now. Raises NotFound.
    """
    found = _cells("outcomes", scope, period, practice, priority)
    return _with_percent(_with_counts(found, ["referrals", "answered"]), "referrals")


def turnaround(
    scope: Scope,
    period: str,
    practice: str = ALL,
    priority: str = ALL,
) -> pd.DataFrame:
    """How long referrals first answered in a period had waited since they were sent.

    Rows as in ``volumes``. Hours run through nights and weekends, and through the time
    in which a practice answered a question back; the due time does not: it starts anew
    then. Those that still wait are not in it: a growing queue shows in ``volumes``.
    Raises NotFound.
    """
    found = _cells("turnaround", scope, period, practice, priority)
    found = _with_percent(
        _with_counts(found, ["answered", "within_target"]), "within_target"
    )
    for name in ("median_hours", "p90_hours"):
        found[name] = found[name].astype("Float64")
        found[f"{name}_shown"] = [
            _hours_shown(hours, answered)
            for hours, answered in zip(found[name], found["answered"], strict=True)
        ]
    return found


def _audience(scope: Scope) -> str:
    if scope.kind is OrganisationKind.PLATFORM:
        return ALL
    if scope.kind is OrganisationKind.COMMISSIONER:
        return scope.organisation_id.hex
    raise NotAllowed("These figures are for commissioners and service managers.")


def _figures() -> Published:
    return published(settings().analytics_folder)


def _cells(
    query: str,
    scope: Scope,
    period: str,
    practice: str,
    priority: str,
) -> pd.DataFrame:
    if priority not in {ALL, *Priority}:
        raise NotFound("There is no such priority.")
    found = _figures().query(query, period, _audience(scope), practice, priority)
    if found.empty or ("whole" in found and not found["whole"].any()):
        raise NotFound(
            "There are no figures for this choice. A practice's figures appear when a "
            "quarter is over; until then, choose all practices."
        )
    return found


def _with_counts(found: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    for name in names:
        found[name] = found[name].astype("Int64")
        found[f"{name}_shown"] = [
            disclosure.HIDDEN if pd.isna(count) else f"{count:,}"
            for count in found[name]
        ]
    return found


def _with_percent(found: pd.DataFrame, part: str) -> pd.DataFrame:
    """Of the answered, from published counts, never from exact ones."""
    pairs = [
        (None if pd.isna(n) else int(n), None if pd.isna(whole) else int(whole))
        for n, whole in zip(found[part], found["answered"], strict=True)
    ]
    values = [disclosure.percent(n, whole) for n, whole in pairs]
    found["percent"] = pd.array(values, dtype="Float64")
    found["percent_shown"] = [
        _percent_shown(value, whole)
        for value, (_, whole) in zip(values, pairs, strict=True)
    ]
    return found


def _percent_shown(value: float | None, whole: int | None) -> str:
    if value is not None:
        return f"{value:g} %"
    return _NONE if whole == 0 else disclosure.HIDDEN


def _hours_shown(hours: object, answered: object) -> str:
    if isinstance(hours, float):
        return words.length(hours * 3600)
    # A hidden count is missing, and what is missing is neither 0 nor not 0.
    nobody = isinstance(answered, int) and answered == 0
    return _NONE if nobody else disclosure.HIDDEN
