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
from core.analytics import trouble
from core.analytics.connections import Published, published
from core.config import settings
from core.kernel import words
from core.kernel.errors import NotAllowed


ALL = "all"
_CUBES = {
    "series": "The whole service over time",
    "practice": "Practice by practice",
    "category": "Groups",
}
_OF_CUBES = {
    "series": "of the whole service’s",
    "practice": "of practices’",
    "category": "of groups’",
}


@dataclass(frozen=True)
class Freshness:
    """How new the figures are."""

    data_as_of: datetime
    last_day: date
    # Why they are no newer, where something is in the way.
    trouble: str = ""

    @property
    def sentence(self) -> str:
        """For the foot of every page."""
        told = (
            "A week, a month or a quarter counts once it is over: up to the end of "
            f"{words.day(self.last_day)}."
        )
        return f"{told} {self.trouble}".strip()


def freshness(scope: Scope) -> Freshness:
    """When the store was read, and the last day that is counted."""
    audience_of(scope)
    data_as_of, last_day, _ = figures().row("release")
    standing = trouble.standing(settings().analytics_folder)
    said = standing.sentence if standing else ""
    return Freshness(data_as_of.astimezone(UTC), last_day, said)


def periods(scope: Scope) -> pd.DataFrame:
    """What can be chosen as a period.

    Columns: period (its key), kind (twelve_months, all_quarters, year, quarter, month,
    week), label, first_day, last_day. Years are financial, from April. Weeks and months
    have figures for all practices together only. None begins before the first day of
    service: of the month in which the first referral was sent.
    """
    return figures().query("periods", audience_of(scope))


def practices(scope: Scope) -> pd.DataFrame:
    """What can be chosen as a practice.

    Columns: practice (its key), name, ods_code, registered_patients, deprivation_decile.
    """
    return figures().query("practices", audience_of(scope))


def trouble_of(scope: Scope) -> str:
    """Why the figures are older than they should be, in a sentence; empty where they are not."""
    audience_of(scope)
    found = trouble.standing(settings().analytics_folder)
    return found.sentence if found else ""


def hidden_shares(scope: Scope) -> pd.DataFrame:
    """How much is not shown, cube by cube: cube_name, title, of (whose, in words), cells, hidden, share in
    percent.

    Of the cells that are not empty, in all audiences together.
    """
    audience_of(scope)
    found = figures().query("quality")
    found["title"] = [_CUBES[cube] for cube in found["cube_name"]]
    found["of"] = [_OF_CUBES[cube] for cube in found["cube_name"]]
    found["share"] = 100 * found["hidden"] / found["cells"].where(found["cells"] > 0)
    return found


def visits(scope: Scope) -> set[str]:
    """The outcomes after which the patient has to be seen face to face."""
    audience_of(scope)
    found = figures().query("outcome_labels")
    return set(found[found["face_to_face"]]["outcome"])


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
