"""A mart of national size, made up by chance inside DuckDB, in seconds.

The tables that the analysts' questions read, made by the product's own build over a store
with hardly anything in it, so that columns and types are those of life; then filled: three years of referrals,
6,500 practices at ten million of them, and fewer where there are fewer. Nobody in it was
ever alive.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import duckdb

from benchmarks.many_referrals import UNTIL, fill
from core import config
from core.analytics import pipeline
from core.analytics.extract.snapshot import snapshot
from core.analytics.workshop import load
from core.kernel import clock
from core.store import migrate
from core.store.engine import Store


_FOLDER = Path(__file__).parent / "national"
_MODELS = Path(pipeline.__file__).parent / "models" / "marts"
_SETTINGS = "OZONE_ENVIRONMENT=test\nOZONE_MASTER_KEY={key}\n"
# At ten million as many as England has, and half a board's referrals at the least.
_OF_EACH_PRACTICE, _OF_EACH_COMMISSIONER = 1_540, 238_000
# Of a hundred answers, in the order of the specialty's list.
_OUTCOMES = (38, 22, 5, 14, 8, 11, 2)
# Of a hundred diagnoses, in the order of their groups.
_GROUPS = (2, 12, 13, 33, 8, 21, 4, 4, 3)
_DAYS = 3 * 365
# What chance decides; then the tables made of it, and the days that follow from these.
_DRAWN = ("practice", "slot", "drawn", "drawn_referral")
_INSERTS = {
    "practice": "insert into mart.practice by name from made",
    "commissioner": "insert into mart.commissioner by name from made",
    "referral": "insert into mart.referral by name from made",
    "routing": "insert into mart.routing by name from made",
    "picture": "insert into mart.picture by name select * exclude (remote_cancer) from made join words using (referral)",
    "clinic_need": "insert into mart.clinic_need by name select * exclude (remote_cancer, sent_day) from made join words using (referral)",
    "finding": "insert into mart.finding by name select * exclude (sent_day) from made join words using (referral)",
    "second_read": "insert into mart.second_read by name select * exclude (remote_cancer, sent_day) from made join words using (referral)",
}
_EMPTIES = (
    "delete from raw_contract_practice",
    "delete from raw_contract_service",
    "delete from mart.practice",
    "delete from mart.commissioner",
    "delete from mart.referral",
    "delete from mart.event",
    "delete from mart.onward",
    "delete from mart.appointment",
    "delete from mart.clinic_session",
    "delete from mart.routing",
    "delete from mart.picture",
    "delete from mart.clinic_need",
    "delete from mart.finding",
    "delete from mart.second_read",
)
_AFTER = ("period", "calendar", "week")
_DROPS = {
    "practice": "drop table practice",
    "slot": "drop table slot",
    "drawn": "drop table drawn",
    "drawn_referral": "drop table drawn_referral",
    "period": "drop table mart.period",
    "calendar": "drop table mart.calendar",
    "week": "drop table mart.week",
}
_LISTS = {
    "outcome": "select outcome from mart.outcome order by place",
    "diagnosis_group": "select diagnosis_group from mart.diagnosis_group order by place",
}
_MACROS = (
    "create temp macro draw(number, salt) as"
    " (hash(number, salt, getvariable('seed')) >> 11) / 9007199254740992.0",
    "create temp macro key_of(number) as"
    " cast(hash(number, getvariable('seed'), 'key') >> 1 as bigint)",
    "create temp macro class_of(rule) as"
    " case when rule = 'outsourced' then 'sole' when rule = 'first_pool' then 'first'"
    " when rule in ('overflow_queue', 'overflow_wait') then 'full' else rule end",
    "create temp macro chosen(words, drawn) as"
    " words[1 + cast(floor(drawn * len(words)) as integer)]",
    # Summer time of the years that the referrals fall in; tests compare with the real one.
    "create temp macro is_summer(moment) as"
    " (moment >= timestamp '2024-03-31 01:00' and moment < timestamp '2024-10-27 01:00')"
    " or (moment >= timestamp '2025-03-30 01:00' and moment < timestamp '2025-10-26 01:00')"
    " or (moment >= timestamp '2026-03-29 01:00' and moment < timestamp '2026-10-25 01:00')",
    "create temp macro london_day(moment) as"
    " cast(moment + to_hours(cast(is_summer(moment) as integer)) as date)",
)


@contextmanager
def workshop(
    folder: Path, referrals: int, *, seed: int = 1
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A workshop as a build has it, its mart full: for whoever goes on to count.

    ``folder`` holds ``mart.duckdb`` afterwards. The same numbers give the same rows.
    """
    with duckdb.connect() as connection:
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


def _make_empty(connection: duckdb.DuckDBPyConnection) -> None:
    """Every table as the build makes it, without its rows."""
    with tempfile.TemporaryDirectory(prefix="ozbench") as name:
        settings = Path(name) / "settings.env"
        settings.write_text(_SETTINGS.format(key="5a" * 32))
        config.use_settings_file(settings)
        store = Store(f"sqlite:///{name}/ozone.db", b"k" * 32)
        migrate.upgrade(store)
        fill(store, 20, practices=2)
        with snapshot(store) as shot:
            load(connection, shot)
        store.engine.dispose()
    pipeline.build_mart(connection)
    for statement in _EMPTIES:
        connection.execute(statement)


def _fill(connection: duckdb.DuckDBPyConnection, referrals: int, seed: int) -> None:
    for macro in _MACROS:
        connection.execute(macro)
    until = UNTIL.replace(tzinfo=None)
    last_day = until.date() - timedelta(days=1)
    told = {
        "seed": seed,
        "referrals": referrals,
        "practices": max(6, referrals // _OF_EACH_PRACTICE),
        "commissioners": max(1, referrals // _OF_EACH_COMMISSIONER),
        "until": until,
        "days": _DAYS,
        "last_day": last_day,
        "first_day": last_day - timedelta(days=_DAYS - 1),
        "outcomes": _words(connection, "outcome", _OUTCOMES),
        "groups": _words(connection, "diagnosis_group", _GROUPS),
    }
    for name, value in told.items():
        connection.execute(f"set variable {name} = $1", [value])
    for name in _DRAWN:
        connection.sql(_text(name)).create(name)
    connection.sql(_text("words")).create_view("words")
    for table, statement in _INSERTS.items():
        connection.sql(_text(f"mart_{table}")).create_view("made", replace=True)
        connection.execute(statement)
    connection.execute("drop view made")
    connection.execute("drop view words")
    for name in _DRAWN:
        connection.execute(_DROPS[name])
    for name in _AFTER:
        connection.execute(_DROPS[name])
        text = (_MODELS / f"{name}.sql").read_text("utf-8")
        connection.sql(text).create(f"mart.{name}")


def _words(
    connection: duckdb.DuckDBPyConnection, kind: str, shares: tuple[int, ...]
) -> list[str]:
    """The words of a list, each as often as its share of a hundred."""
    found = connection.execute(_LISTS[kind]).fetchall()
    pairs = zip(found, shares, strict=True)
    return [word for [word], share in pairs for _ in range(share)]


def _text(name: str) -> str:
    return (_FOLDER / f"{name}.sql").read_text("utf-8")
