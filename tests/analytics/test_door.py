"""Rows are read as text, and go through the door by number: nothing lost, nothing bent."""

import uuid
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from core.access.tables import Organisation
from core.analytics.extract.door import fingerprint, opened
from core.analytics.extract.feed import Feed, listed
from core.analytics.extract.lines import Quoted
from core.analytics.extract.referral_feeds import referral_feeds
from core.analytics.extract.snapshot import snapshot
from core.analytics.workshop import load, workshop
from core.kernel.clock import LONDON
from core.kernel.words import age
from tests.analytics import life
from tests.analytics.pseudonyms import number
from tests.analytics.test_numbers import JULY


MODELS = Path(__file__).parents[2] / "core" / "analytics" / "models" / "extract"
MANY = 250_000


@pytest.fixture(scope="module")
def door():
    with duckdb.connect() as connection, opened(connection):
        connection.execute("set TimeZone = 'UTC'")
        yield connection


@settings(deadline=None)
@given(kind=st.sampled_from(["referral", "person"]), one=st.uuids())
def test_numbers_are_those_of_the_standard_library(door, kind, one):
    found = door.execute("select pseudonym($1, $2)", [kind, one.hex]).fetchall()
    assert found == [(number(kind, one.hex),)]


def test_numbers_are_apart_by_kind_and_none_stands_for_nobody(door):
    asked = "select pseudonym('patient', 'a'), pseudonym('person', 'a'), pseudonym('a', null)"
    patient, person, nobody = door.execute(asked).fetchall()[0]
    assert patient != person
    assert nobody is None


BANDS = [(85, "85+"), (75, "75-84"), (65, "65-74"), (50, "50-64"), (30, "30-49")]


def band(years):
    """The bands once more."""
    for least, name in [*BANDS, (18, "18-29")]:
        if years >= least:
            return name
    return "0-17"


@settings(deadline=None)
@given(
    born=st.dates(date(1920, 1, 1), date(2026, 6, 30)),
    days=st.integers(0, 5),
    years=st.integers(0, 105),
    hour=st.integers(0, 23),
)
def test_an_age_band_is_that_of_the_day_of_sending_in_london(
    door, born, days, years, hour
):
    # Around a birthday, where a band can be a day too early.
    birthday = date(min(born.year + years, 2026), born.month, min(born.day, 28))
    on = birthday - timedelta(days=2) + timedelta(days=days)
    sent = datetime(on.year, on.month, on.day, hour, 30, tzinfo=UTC)
    (feed, *_) = referral_feeds()
    row = dict.fromkeys(feed.schema.names)
    row |= {"referral": "a" * 32, "contract": "b" * 32, "sent_at": sent, "born": born}
    came = pa.Table.from_pylist([row], schema=feed.schema)
    door.register("came", came)
    text = (MODELS / "raw_referral.sql").read_text("utf-8")
    door.execute(
        "create or replace table held.known_referral as "
        f"select cast('{'a' * 32}' as uuid) as id, 1 as number"
    )
    expected = band(age(born, sent.astimezone(LONDON).date()))
    assert door.sql(text).to_arrow_table().to_pylist()[0]["age_band"] == expected


def made_up(text, kind):
    """A feed of many rows that no table has."""
    numbers = sa.select(sa.literal(1).label("n")).cte("numbers", recursive=True)
    more = sa.select(numbers.c.n + 1).where(numbers.c.n < MANY)
    numbers = numbers.union_all(more)
    columns = {"n": (int, numbers.c.n), "said": (kind, text(numbers.c.n))}
    return Feed("-", columns, sa.select(*(source for _, source in columns.values())))


def read(store, feed):
    with store.reading() as session:
        return pa.concat_tables(feed.batches(session))


@pytest.mark.slow
def test_a_column_that_is_empty_for_long_keeps_its_type(store):
    def late(n):
        return sa.case((n > MANY - 10, sa.literal("late")), else_=None)

    def late_float(n):
        return sa.case((n > MANY - 10, n / sa.literal(3.0, sa.Double)), else_=None)

    found = read(store, made_up(late, str))
    assert found.num_rows == MANY
    assert found.column("said").null_count == MANY - 10
    assert found.column("said").to_pylist()[-10:] == ["late"] * 10
    found = read(store, made_up(late_float, float))
    # To the last digit.
    assert found.column("said").to_pylist()[-1] == MANY / 3
    assert found.column("said").null_count == MANY - 10


def test_a_word_that_does_not_fit_its_line_stops_the_build(sqlite_store):
    def comma(n):
        return sa.case((n == 7, sa.literal("one,two")), else_="one")

    with pytest.raises(pa.ArrowInvalid):
        read(sqlite_store, made_up(comma, str))


def test_a_word_of_no_list_never_leaves_the_store(store):
    def typed(n):
        return listed(sa.case((n == 7, sa.literal("one,two")), else_="one"), ["one"])

    found = read(store, made_up(typed, str)).column("said").to_pylist()
    assert found[6] is None
    assert set(found) == {None, "one"}


def test_a_word_of_a_list_is_known_whatever_signs_it_has(store):
    word = "50% 'better', \"worse\": 1%%"

    def typed(n):
        return listed(sa.case((n == 7, sa.literal(word)), else_="one"), [word])

    found = read(store, made_up(typed, Quoted)).column("said").to_pylist()
    assert found[6] == word
    assert set(found) == {None, word}


def test_a_query_that_failed_half_way_is_not_read_on(store):
    broken = {
        "sqlite": lambda n: sa.func.json(sa.case((n == 200_000, "{"), else_="1")),
        "postgresql": lambda n: sa.func.div(1, n - 200_000),
    }[store.engine.dialect.name]
    good, bad = made_up(lambda n: n, int), made_up(broken, int)
    with store.reading() as session:
        with pytest.raises(Exception, match=r"malformed|division"):
            list(bad.batches(session))
        session.rollback()
        assert pa.concat_tables(good.batches(session)).num_rows == MANY


def test_a_public_name_crosses_letter_by_letter(world, tmp_path):
    name = 'Elm, "Oak" & Söhne\r\n, too'
    with world.store.transaction() as session:
        session.get_one(Organisation, world.gp.organisation_id).name = name
    with workshop(tmp_path, 1) as connection, snapshot(world.store) as shot:
        load(connection, shot)
        found = connection.sql("select name from raw_practice").fetchall()
    assert sorted(found) == [(name,), ("Oak Practice",)]


def test_some_referrals_are_read_as_in_the_whole(world, tmp_path):
    made = [life.refer(world, JULY) for _ in range(3)]
    life.answer(world, made[0], JULY + timedelta(hours=1))
    with workshop(tmp_path, 1) as connection, snapshot(world.store) as shot:
        load(connection, shot)
        whole = rows_of(connection, made[:2])
    with workshop(tmp_path, 2) as connection, snapshot(world.store) as shot:
        load(connection, shot, made[:2])
        some = rows_of(connection, made)
    assert some == whole
    assert len(some["raw_event"]) == 6


def rows_of(connection, ids):
    numbers = tuple(number("referral", one.hex) for one in ids)
    return {
        table: sorted(
            connection.table(table).filter(f"referral in {numbers}").fetchall(),
            key=str,
        )
        for (table,) in connection.sql("show tables").fetchall()
        if "referral" in connection.table(table).columns
    }


def test_another_key_or_list_is_another_fingerprint(folder):
    before = fingerprint()
    assert before == fingerprint()
    assert uuid.UUID(hex=before * 2)
