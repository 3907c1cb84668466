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
from core.analytics.connections import Published, published
from core.analytics.showing import with_counts, with_hours, with_percent
from core.config import settings
from core.contracts.model import Priority
from core.kernel import words
from core.kernel.errors import NotAllowed, NotFound


ALL = "all"
# Each stage's median, and the count of those whom it is over.
STAGES = {
    "median_hours_in_pool": "answered",
    "median_hours_in_hand": "answered",
    "median_hours_at_practice": "returned",
    "median_hours_to_acknowledge": "acknowledged",
}


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
    audience_of(scope)
    data_as_of, last_day = figures().row("release")
    return Freshness(data_as_of.astimezone(UTC), last_day)


def periods(scope: Scope) -> pd.DataFrame:
    """What can be chosen as a period.

    Columns: period (its key), kind (last_12_months, all_quarters, year, quarter, month),
    label, first_day, last_day, complete. Years are financial, from April. A period that
    is not complete, and every month, has figures for all practices together only.
    """
    audience_of(scope)
    return figures().query("periods")


def practices(scope: Scope) -> pd.DataFrame:
    """What can be chosen as a practice: practice (its key), name, ods_code."""
    return figures().query("practices", audience_of(scope))


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
    return with_percent(with_counts(found, counts), "without_visit")


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
    return with_percent(with_counts(found, ["referrals", "answered"]), "referrals")


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
    found = with_percent(
        with_counts(found, ["answered", "within_target"]), "within_target"
    )
    people = {"median_hours": "answered", "p90_hours": "answered"}
    return with_hours(found, people)


def stages(
    scope: Scope,
    period: str,
    practice: str = ALL,
    priority: str = ALL,
) -> pd.DataFrame:
    """Where the time of referrals goes: median hours in each stage, over a period.

    Rows as in ``volumes``. In the pool and in hand: over all that were first answered in
    the period. At the practice: over those of them that were sent back with a question.
    To acknowledge: over answers first acknowledged in the period. Medians of stages do
    not add up to the median of the whole. Raises NotFound.
    """
    found = _cells("stages", scope, period, practice, priority)
    return with_hours(with_counts(found, list(set(STAGES.values()))), STAGES)


def routing(scope: Scope, period: str) -> pd.DataFrame:
    """Why the referrals sent in a period went where they went.

    One row for each pool and rule class: pool, rule_class, referrals, sent. The classes
    are those of the mart's routing table; ``fallback`` counts moves to the other pool by
    their own day, beside the first decisions. All practices and priorities together.
    Raises NotFound.
    """
    found = _of_all("routing", scope, period)
    return with_counts(found, ["referrals", "sent"])


def marks(scope: Scope, period: str) -> pd.DataFrame:
    """What was said of answers in a complete period of a quarter or more.

    One row for each question: question (helpful, instructive: the practice says so of
    the newest answer; group, outcome: a second, blind reader agrees on the diagnosis
    group, on the outcome), agreed, said (of how many), percent. Second reads that a
    rule asked for are in it, so this is not the agreement over all cases. Raises
    NotFound.
    """
    found = with_counts(_of_all("marks", scope, period), ["agreed", "said"])
    return with_percent(found, "agreed", "said")


def audience_of(scope: Scope) -> str:
    """Whose figures are read: a commissioner's, or all. Raises NotAllowed."""
    if scope.kind is OrganisationKind.PLATFORM:
        return ALL
    if scope.kind is OrganisationKind.COMMISSIONER:
        return scope.organisation_id.hex
    raise NotAllowed("These figures are for commissioners and service managers.")


def figures() -> Published:
    """The newest published figures."""
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
    found = figures().query(query, period, audience_of(scope), practice, priority)
    if found.empty or ("whole" in found and not found["whole"].any()):
        raise NotFound(
            "There are no figures for this choice. A practice's figures appear when a "
            "quarter is over; until then, choose all practices."
        )
    return found


def _of_all(query: str, scope: Scope, period: str) -> pd.DataFrame:
    found = figures().query(query, period, audience_of(scope))
    if found.empty:
        raise NotFound(
            "There are no such figures for this period. What was said of answers is "
            "counted when a quarter is over."
        )
    return found
