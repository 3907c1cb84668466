"""The SQL of the build: which files there are, in which order, and their checks."""

import hashlib
import logging
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from duckdb import DuckDBPyConnection

from core.analytics import facts
from core.analytics.measures import definition


_log = logging.getLogger(__name__)
_FOLDER = Path(__file__).parent / "models"

# Later ones read earlier ones. The mart is what analysts open; staging and the exact
# cubes are gone after the build.
STAGING = (
    "stg_snapshot",
    "stg_moves",
    "stg_answer",
    "stg_step",
    "stg_spell",
    "stg_stage",
    "stg_routing",
    "stg_feedback",
    "stg_need_step",
    "stg_visit",
    "stg_finding",
    "stg_stood",
    "stg_histology",
    "stg_seen",
)
# Tables of the mart that follow from each referral by itself. The others are small, and
# made whole each time.
OF_REFERRALS = (
    "event",
    "referral",
    "picture",
    "routing",
    "second_read",
    "onward",
    "appointment",
    "clinic_need",
    "finding",
    "escalation",
    "invitation",
)
MARTS = (
    "outcome",
    "practice",
    "commissioner",
    "event",
    "escalation",
    "invitation",
    "routing",
    "referral",
    "picture",
    "period",
    "calendar",
    "second_read",
    "onward",
    "week",
    "diagnosis_group",
    "appointment",
    "clinic_session",
    "clinic_need",
    "finding",
)
# Checks that a mart has to pass again when some of its referrals were replaced.
_OF_THE_WHOLE = (
    "appointments_are_of_their_sessions",
    "clinic_keys_are_unique",
    "clinic_minutes_are_whole",
    "link_keys_are_unique",
    "organisations_are_known",
    "referral_key_is_unique",
)
# Who may see what, and from when on; then come the measures' counts, then the cubes.
ROWS = ("audience", "audience_practice", "begun")
CUBES = (
    "category",
    "in_series",
    "by_practice",
    "by_category",
    "figure",
    "overlap",
    "pair_count",
    "span",
    "grade",
    "capacity",
    "queue",
    "waits",
    "plan_audience",
    "forecast",
    "clinic_counts",
    "clinic_parts",
    "counts",
    "twin",
    "addend",
)
PUBLISHED = (
    "release",
    "period",
    "practice",
    "outcome",
    "category",
    "figure",
    "quality",
    "agreement",
    "week",
    "capacity",
    "queue",
    "waits",
    "plan",
    "forecast",
    "shortage",
    "extra_session",
)


# What says whom the figures count that stay once they are published.
_COUNTED = (
    "measures/*.sql",
    "staging/*.sql",
    "marts/*.sql",
    "cubes/referral_row.sql",
    "cubes/pair_count.sql",
    "cubes/waits.sql",
    "cubes/begun.sql",
    "cubes/span.sql",
    "cubes/capacity.sql",
    "cubes/queue.sql",
    "cubes/forecast.sql",
)


class CheckFailedError(Exception):
    """A build that must not be published. Says which check, and on how many rows."""

    def __init__(self, check: str, rows: int) -> None:
        super().__init__(f"check {check} failed on {rows} rows; nothing was published")
        self.check = check
        self.rows = rows


def build_mart(connection: DuckDBPyConnection) -> None:
    """From what crossed to the mart."""
    for name in STAGING:
        _make(connection, f"staging/{name}", name)
    for name in MARTS:
        _make(connection, f"marts/{name}", f"mart.{name}")


def replace_small(connection: DuckDBPyConnection) -> None:
    """Make the small tables of a mart anew, whose referrals were replaced."""
    for name in MARTS:
        if name not in OF_REFERRALS:
            connection.execute(f"drop table mart.{name}")
            _make(connection, f"marts/{name}", f"mart.{name}")


def build_cubes(connection: DuckDBPyConnection) -> None:
    """From the mart to the exact cubes."""
    for name in ROWS:
        _make(connection, f"cubes/{name}", name)
    facts.show_rows(connection)
    facts.count(connection)
    for name in CUBES:
        _make(connection, f"cubes/{name}", name)


def build_published(connection: DuckDBPyConnection) -> None:
    """From disclosed counts to the tables that a commissioner's screens open."""
    connection.execute("set variable definitions = $1", [definitions()])
    for name in PUBLISHED:
        _make(connection, f"published/{name}", f"published.{name}")


def failing(connection: DuckDBPyConnection, stage: str) -> Iterator[tuple[str, int]]:
    """The checks of a stage (``mart``, ``cubes``, ``published``) that found rows, and
    how many.
    """
    for name in checks(stage):
        if rows := found_by(connection, stage, name):
            yield name, rows


def checks(stage: str) -> list[str]:
    """The names of a stage's checks, in order."""
    return sorted(one.stem for one in (_FOLDER / "checks" / stage).glob("*.sql"))


def found_by(connection: DuckDBPyConnection, stage: str, name: str) -> int:
    """How many rows a check finds; none where all is well."""
    file = _FOLDER / "checks" / stage / f"{name}.sql"
    return len(connection.execute(file.read_text("utf-8")).fetchall())


def check(connection: DuckDBPyConnection, stage: str) -> None:
    """Raises CheckFailedError where any check of a stage finds a row."""
    _refuse(failing(connection, stage))


def check_merged(connection: DuckDBPyConnection) -> None:
    """The same of a mart in which the referrals that were replaced have been checked."""
    names = ((name, found_by(connection, "mart", name)) for name in _OF_THE_WHOLE)
    _refuse((name, rows) for name, rows in names if rows)


def _refuse(failed: Iterator[tuple[str, int]]) -> None:
    for name, rows in failed:
        # The name and the number, and no row: it could tell of someone.
        _log.error("Analytics check %s failed on %d rows", name, rows)
        raise CheckFailedError(name, rows)


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Changes with any file of the models: what they built before is then stale."""
    return _digest([*_FOLDER.rglob("*.sql"), *definition.FOLDER.glob("*.toml")])


@lru_cache(maxsize=1)
def definitions() -> str:
    """Changes with what any figure that stays counts: all is then counted anew.

    Words about it may change without that.
    """
    digest = hashlib.sha256()
    for file in sorted(_files(*_COUNTED)):
        lines = file.read_text("utf-8").splitlines()
        told = [one for one in lines if not one.lstrip().startswith("--")]
        digest.update("\n".join([file.name, *told]).encode())
    return digest.hexdigest()[:16]


def _files(*patterns: str) -> list[Path]:
    return [file for one in patterns for file in _FOLDER.glob(one)]


def _digest(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def _make(connection: DuckDBPyConnection, file: str, table: str) -> None:
    rows = (_FOLDER / f"{file}.sql").read_text("utf-8")
    # Said as one statement, it is planned once.
    connection.execute(f"create table {table} as {rows}")
