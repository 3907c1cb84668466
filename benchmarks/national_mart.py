"""A mart of national size, made up by chance inside DuckDB, in seconds.

The tables that the analysts' questions read, made by the product's own build over a store
with hardly anything in it, so that columns and types are those of life; then filled: three
years of referrals, 6,500 practices at ten million of them, and fewer where there are fewer.
Nobody in it was ever alive.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from duckdb import DuckDBPyConnection, connect

from benchmarks.many_referrals import UNTIL, fill
from core import config
from core.analytics import pipeline
from core.analytics.extract.snapshot import snapshot
from core.analytics.workshop import load
from core.kernel import clock
from core.store import migrate
from core.store.engine import Store


_FOLDER = Path(__file__).parent / "national"
_SETTINGS = "OZONE_ENVIRONMENT=test\nOZONE_MASTER_KEY={key}\n"
# At ten million there are as many practices and boards as England has.
_OF_EACH_PRACTICE, _OF_EACH_COMMISSIONER = 1_540, 238_000
_DAYS = 3 * 365
# Of a hundred answers and diagnoses, in the order of the specialty's lists.
_OUTCOMES = (38, 22, 5, 14, 8, 11, 2)
_GROUPS = (2, 12, 13, 33, 8, 21, 4, 4, 3)
_LISTS = {
    "outcomes": "select outcome from mart.outcome order by place",
    "groups": "select diagnosis_group from mart.diagnosis_group order by place",
}
# What chance decides, each resting on those before; then rows as the mart has them.
_DRAWN = ("practice", "slot", "drawn", "drawn_referral")
_MADE = (
    "practice",
    "commissioner",
    "words",
    "referral",
    "routing",
    "picture",
    "clinic_need",
    "finding",
    "second_read",
)
_VARIABLES = {
    "seed": "set variable seed = $1",
    "referrals": "set variable referrals = $1",
    "practices": "set variable practices = $1",
    "commissioners": "set variable commissioners = $1",
    "until": "set variable until = $1",
    "days": "set variable days = $1",
    "first_day": "set variable first_day = $1",
    "last_day": "set variable last_day = $1",
    "outcomes": "set variable outcomes = $1",
    "groups": "set variable groups = $1",
}


@contextmanager
def workshop(
    folder: Path, referrals: int, *, seed: int = 1
) -> Iterator[DuckDBPyConnection]:
    """A workshop as a build has it, its mart full: for whoever goes on to count.

    ``folder`` holds ``mart.duckdb`` afterwards. The same numbers give the same rows.
    """
    with connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("set threads = 2")
        connection.execute("attach $1 as mart", [str(folder / "mart.duckdb")])
        with clock.set_to(UNTIL):
            _make_empty(connection)
        _fill(connection, referrals, seed)
        connection.execute("checkpoint mart")
        yield connection


def make(folder: Path, referrals: int, *, seed: int = 1) -> Path:
    """The file of a mart of so many referrals."""
    with workshop(folder, referrals, seed=seed):
        return folder / "mart.duckdb"


def _make_empty(connection: DuckDBPyConnection) -> None:
    """Every table as the build makes it, without its rows."""
    with tempfile.TemporaryDirectory(prefix="ozbench") as name:
        before = config.child_environment().get("OZONE_SETTINGS", "")
        settings = Path(name) / "settings.env"
        settings.write_text(_SETTINGS.format(key="5a" * 32))
        config.use_settings_file(settings)
        store = Store(f"sqlite:///{name}/ozone.db", b"k" * 32)
        migrate.upgrade(store)
        fill(store, 20, practices=2)
        with snapshot(store) as shot:
            load(connection, shot)
        store.engine.dispose()
        if before:
            config.use_settings_file(Path(before))
    pipeline.build_mart(connection)
    connection.execute(_text("empty"))


def _fill(connection: DuckDBPyConnection, referrals: int, seed: int) -> None:
    connection.execute(_text("macros"))
    last_day = UNTIL.date() - timedelta(days=1)
    told = {
        "seed": seed,
        "referrals": referrals,
        "practices": max(6, referrals // _OF_EACH_PRACTICE),
        "commissioners": max(1, referrals // _OF_EACH_COMMISSIONER),
        "until": UNTIL.replace(tzinfo=None),
        "days": _DAYS,
        "first_day": last_day - timedelta(days=_DAYS - 1),
        "last_day": last_day,
        "outcomes": _words(connection, "outcomes", _OUTCOMES),
        "groups": _words(connection, "groups", _GROUPS),
    }
    for name, statement in _VARIABLES.items():
        connection.execute(statement, [told[name]])
    for name in _DRAWN:
        connection.sql(_text(name)).create(name)
    for name in _MADE:
        connection.sql(_text(f"made_{name}")).create_view(f"made_{name}")
    connection.execute(_text("fill"))
    pipeline.replace_small(connection)
    connection.execute(_text("finish"))


def _words(
    connection: DuckDBPyConnection, name: str, shares: tuple[int, ...]
) -> list[str]:
    """The words of a list, each as often as its share of a hundred."""
    pairs = zip(connection.execute(_LISTS[name]).fetchall(), shares, strict=True)
    return [word for [word], share in pairs for _ in range(share)]


def _text(name: str) -> str:
    return (_FOLDER / f"{name}.sql").read_text("utf-8")
