"""The analysts' questions give the same answers in another database.

Their SQL is written for DuckDB in words that others have, too. Here sqlglot turns it for
ClickHouse, which answers over the same rows, handed over as Parquet.
"""

from datetime import date
from functools import partial

import pandas as pd
import pytest
from sqlglot import transpile

from benchmarks import national_mart
from benchmarks.engines import frames
from benchmarks.engines.databases import databases
from benchmarks.engines.questions import in_clickhouse
from benchmarks.pages import differs, opened
from core.analytics.measures.definition import measures


DAYS = (date(2025, 1, 1), date(2026, 6, 30))
TABLES = (
    "referral",
    "practice",
    "calendar",
    "routing",
    "picture",
    "clinic_need",
    "finding",
    "second_read",
)
# The made-up mart has no weblinks: they are too few to tell engines apart.
ASKED = sorted(name for name, one in measures().items() if one.each != "Weblinks")
BY = ("week", "month", "quarter", "practice", "group")
# What ClickHouse does otherwise than the standard unless it is told: it fills what no row
# was joined or grouped to with "" and 0 instead of null.
SETTINGS = ("set join_use_nulls = 1", "set group_by_use_nulls = 1")
CREATE = """
create table mart.{table} engine = Memory as select * from file('{file}', Parquet)
"""
EXACT = "percentile_cont(0.9) within group (order by hours)"


@pytest.fixture(scope="module")
def mart(tmp_path_factory):
    folder = tmp_path_factory.mktemp("national")
    file = national_mart.make(folder, 5000)
    with opened(file) as bench:
        yield bench, folder


@pytest.fixture(scope="module")
def clickhouse(mart):
    """ClickHouse with the same tables."""
    session = pytest.importorskip("chdb.session", reason="chdb is not installed")
    bench, folder = mart
    with session.Session(str(folder / "clickhouse")) as other:
        other.query("create database mart")
        for table in TABLES:
            file = folder / f"{table}.parquet"
            bench.connection.table(f"mart.{table}").write_parquet(str(file))
            other.query(CREATE.format(table=table, file=file))
        for setting in SETTINGS:
            other.query(setting)
        yield other


def answer(session, asked):
    return session.query(asked, "DataFrame")


@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize("name", ASKED)
def test_another_database_gives_the_same_answer_to_every_question(
    mart, clickhouse, name, by
):
    bench, _ = mart
    expected = bench.measure(name, by, DAYS).drop(columns="value")
    assert len(expected)
    found = answer(clickhouse, in_clickhouse(name, by, DAYS))
    assert differs(expected, found) == ""


@pytest.fixture(scope="module")
def others(mart):
    """What the benchmark asks beside DuckDB."""
    bench, folder = mart
    loaded = frames.load(bench.connection)
    asked = {"pandas": partial(frames.ask, loaded)}
    with databases(folder) as opened:
        for one in opened:
            one.fill(bench.connection, folder)
            asked[one.name] = one.ask
        yield asked


@pytest.mark.parametrize("engine", ["pandas", "PostgreSQL", "SQLite"])
@pytest.mark.parametrize("name", ASKED)
def test_what_is_measured_against_gives_the_same_answers(mart, others, name, engine):
    bench, _ = mart
    for by in BY:
        expected = bench.measure(name, by, DAYS).drop(columns="value")
        assert differs(expected, others[engine](name, by, DAYS)) == "", by


def test_a_percentile_that_is_turned_by_rote_is_not_exact_any_more(mart, clickhouse):
    # What Spark and Trino would be asked, without a word of warning.
    asked = f"select {EXACT} from referral"  # noqa: S608  no value of anybody's
    for dialect, found in (
        ("spark", "SELECT PERCENTILE_APPROX(hours, 0.9) FROM referral"),
        ("trino", "SELECT APPROX_PERCENTILE(hours, 0.9) FROM referral"),
    ):
        assert transpile(asked, read="duckdb", write=dialect) == [found]


def test_the_quantile_of_another_database_is_a_sample_unless_the_exact_one_is_asked(
    mart, clickhouse
):
    bench, _ = mart
    [(exact,)] = bench.connection.execute(
        "select percentile_cont(0.9) within group (order by number * number % 99991)"
        " from range(60000) as row (number)"
    ).fetchall()
    told = {
        kind: answer(
            clickhouse,
            f"select {kind}(0.9)(number * number % 99991) as p90 from numbers(60000)",  # noqa: S608
        )["p90"].item()
        for kind in ("quantile", "quantileExactInclusive")
    }
    assert told["quantileExactInclusive"] == pytest.approx(exact, rel=1e-12)
    assert told["quantile"] != pytest.approx(exact, rel=1e-6)


def test_answers_that_differ_are_told_apart():
    ours = pd.DataFrame(
        {"week_start": ["a", "b"], "whole": [1, 2], "median": [0.5, None]}
    )
    assert differs(ours, ours) == ""
    assert differs(ours, ours.head(1)) == "1 rows instead of 2"
    assert differs(ours, ours.assign(median=[0.5 + 1e-6, None])) == "median differs"
    assert differs(ours, ours.assign(whole=[1, 3])) == "whole differs"
    assert differs(ours, ours.drop(columns="whole")) == "no whole"
