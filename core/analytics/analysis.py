"""Exact figures without names, for the service's own analysts; never published.

They come from the mart, so no small number is hidden in them: nothing of this belongs on
a commissioner's screen. Each function is one measure; its docstring says what is counted,
of what, and what it cannot tell. Readers are keyed hashes and stay so.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pandas as pd

from core.access.model import OrganisationKind, Scope
from core.analytics import versions
from core.analytics.connections import in_words
from core.analytics.intervals import wilson
from core.config import settings
from core.kernel.errors import NotAllowed, ServiceError
from core.reviews.agreement import agreement_of


_QUERIES = Path(__file__).parent / "models" / "analysis"


def stage_times(scope: Scope) -> pd.DataFrame:
    """Hours in each stage by priority: priority (or all), stage, n, median, p90.

    Over all answered referrals; ``at_practice`` over those that were sent back with a
    question, ``to_acknowledge`` over those whose answer was taken up. ``to_claim`` is
    part of ``in_pool``. The stages' percentiles do not add up to the turnaround's, and
    what still waits is in none of them.
    """
    return _query(scope, "stage_times")


def routing_reasons(scope: Scope) -> pd.DataFrame:
    """Routing decisions by month: month, pool, rule, decisions.

    Every decision counts in London's month of its own, so that a referral which fell
    back, or went back to whoever had asked, counts more than once.
    """
    return _query(scope, "routing_reasons")


def marks(scope: Scope) -> pd.DataFrame:
    """What practices say of answers: question, n, said_yes, share, low, high.

    Of the newest answers on which the practice clicked that question; low and high are
    the 95 % Wilson interval. Who clicks is nobody's sample: those who liked an answer
    may click more often.
    """
    found = _query(scope, "marks")
    spans = [
        wilson(int(yes), int(n))
        for yes, n in zip(found["said_yes"], found["n"], strict=True)
    ]
    found["share"] = found["said_yes"] / found["n"].where(found["n"] > 0)
    found["low"], found["high"] = zip(*spans, strict=True)
    return found


def agreement(scope: Scope, cause: str = "") -> pd.DataFrame:
    """Agreement of first and second readers: of, category, n, agreed, kappa, low, high.

    ``of``: group (the likeliest diagnosis's) or outcome. ``category`` all: as they are;
    otherwise that one against all others, since within one category kappa has no
    meaning. ``cause`` sample or rule narrows it: only what was drawn by lot speaks for
    all answers. The second reader saw the same pictures and not the answer; agreement
    says nothing of who is right. Intervals are rough below some 30 pairs.
    """
    pairs = _pairs(scope, cause)
    rows = []
    for of in ("group", "outcome"):
        said = _said(pairs, of)
        rows.append(_row(of, "all", said))
        for category in sorted({one for pair in said for one in pair}):
            against = [(str(a == category), str(b == category)) for a, b in said]
            rows.append(_row(of, category, against))
    return pd.DataFrame(rows, columns=["of", "category", *_FIGURES])


def agreement_by_reader(scope: Scope, cause: str = "") -> pd.DataFrame:
    """As ``agreement``, for each reader: reader, of, n, agreed, kappa, low, high.

    Over all cases that the reader read, first or second, the own reading first: the same
    figures as each reader's own page has. For improvement between colleagues; few pairs
    rank nobody.
    """
    pairs = _pairs(scope, cause)
    rows = []
    readers = set(pairs["first_reader"]) | set(pairs["second_reader"])
    for reader in sorted(readers):
        first = pairs[pairs["first_reader"] == reader]
        second = pairs[pairs["second_reader"] == reader]
        for of in ("group", "outcome"):
            said = _said(first, of) + [(b, a) for a, b in _said(second, of)]
            rows.append((reader, *_row(of, "all", said)))
    found = pd.DataFrame(rows, columns=["reader", "of", "category", *_FIGURES])
    return found.drop(columns="category")


_FIGURES = ("n", "agreed", "kappa", "low", "high")
_Row = tuple[str, str, int, float | None, float | None, float | None, float | None]


def _row(of: str, category: str, said: list[tuple[str, str]]) -> _Row:
    found = agreement_of(said)
    return of, category, found.n, found.agreed, found.kappa, found.low, found.high


def _said(pairs: pd.DataFrame, of: str) -> list[tuple[str, str]]:
    known = pairs.dropna(subset=[f"first_{of}", f"second_{of}"])
    return list(zip(known[f"first_{of}"], known[f"second_{of}"], strict=True))


def _pairs(scope: Scope, cause: str) -> pd.DataFrame:
    found = _query(scope, "pairs")
    return found[found["cause"] == cause] if cause else found


def _query(scope: Scope, name: str) -> pd.DataFrame:
    if scope.kind is not OrganisationKind.PLATFORM:
        raise NotAllowed("These figures are for the service's own analysts.")
    text = (_QUERIES / f"{name}.sql").read_text("utf-8")
    with in_words(), _mart() as connection:
        return connection.execute(text).df()


@contextmanager
def _mart() -> Iterator[duckdb.DuckDBPyConnection]:
    folder = settings().analytics_folder
    there = versions.current(folder)
    if there is None:
        raise ServiceError("No figures have been built yet. Try again in a minute.")
    file = versions.path(folder, "mart", there.version)
    with duckdb.connect(file, read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        yield connection
