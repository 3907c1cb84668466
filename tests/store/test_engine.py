"""What the store promises: durable, in turns, and readers that do not wait."""

import json
import subprocess
import sys
import threading
import time
from datetime import date, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
import sqlcipher3.dbapi2

from core.access.model import Grade, OrganisationKind
from core.access.tables import Organisation
from core.contracts.model import Priority
from core.store import chain
from core.store.base import Moment, Word
from core.store.engine import Store
from tests.conftest import KEY
from tests.processes import ROOT
from tests.world import NOW


def organisation(name):
    return Organisation(kind=OrganisationKind.PRACTICE, name=name)


def names(store):
    with store.reading() as session:
        return sorted(session.scalars(sa.select(Organisation.name)))


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),  # FULL
        ("foreign_keys", 1),
        ("busy_timeout", 30_000),
    ],
)
def test_each_connection_is_told_how_to_be_safe(sqlite_store, pragma, value):
    # More connections than one, as threads would have.
    with sqlite_store.reading() as one, sqlite_store.reading() as other:
        for session in (one, other):
            assert session.scalar(sa.text(f"pragma {pragma}")) == value


def test_the_file_opens_with_its_key_only(sqlite_store):
    url = sqlite_store.engine.url.render_as_string(hide_password=False)
    wrong = Store(url, b"w" * 32)
    with pytest.raises(sa.exc.DBAPIError), wrong.reading() as session:
        session.execute(sa.text("select count(*) from organisation"))
    wrong.engine.dispose()
    bare = sqlcipher3.dbapi2.connect(sqlite_store.engine.url.database)
    with pytest.raises(sqlcipher3.dbapi2.DatabaseError, match="not a database"):
        bare.execute("select count(*) from organisation")
    bare.close()


def test_a_block_that_fails_keeps_nothing(store):
    with pytest.raises(KeyError), store.transaction() as session:
        session.add(organisation("Elm"))
        session.flush()
        raise KeyError
    assert names(store) == []
    with store.transaction() as session:
        session.add(organisation("Oak"))
    assert names(store) == ["Oak"]


def test_a_reader_neither_waits_for_a_writer_nor_sees_half_of_what_it_writes(store):
    with store.transaction() as session:
        session.add(organisation("Elm"))
    with store.transaction() as session:
        session.add(organisation("Oak"))
        session.flush()
        seen = []
        reader = threading.Thread(target=lambda: seen.append(names(store)))
        started = time.monotonic()
        reader.start()
        reader.join(10)
        assert seen == [["Elm"]]
        assert time.monotonic() - started < 5
    assert names(store) == ["Elm", "Oak"]


def test_a_reader_sees_one_moment_however_long_it_reads(sqlite_store):
    with sqlite_store.reading() as reader:
        count = sa.select(sa.func.count()).select_from(Organisation)
        assert reader.scalar(count) == 0
        with sqlite_store.transaction() as writer:
            writer.add(organisation("Elm"))
        assert reader.scalar(count) == 0
    assert names(sqlite_store) == ["Elm"]


ADD_ONE = """
import json, sys
import sqlalchemy as sa
import core.schema
from core.store.engine import Store

store = Store(sys.argv[1], bytes.fromhex(sys.argv[2]))
for _ in range(int(sys.argv[3])):
    with store.transaction() as session:
        # Reads, then writes what it read plus one: lost updates would show.
        read = sa.text("select name from organisation" + sys.argv[4])
        count = json.loads(session.scalar(read))
        session.execute(
            sa.text("update organisation set name = :name"),
            {"name": json.dumps(count + 1)},
        )
"""


def test_writers_of_several_processes_take_turns_and_lose_nothing(store):
    with store.transaction() as session:
        session.add(organisation("0"))
    url = store.engine.url.render_as_string(hide_password=False)
    lock = " for update" if store.engine.dialect.name == "postgresql" else ""
    command = [sys.executable, "-c", ADD_ONE, url, KEY.hex(), "20", lock]
    workers = [subprocess.Popen(command, cwd=ROOT) for _ in range(3)]
    assert [worker.wait(60) for worker in workers] == [0, 0, 0]
    assert json.loads(names(store)[0]) == 60


HOLD = """
import os, sys
import sqlalchemy as sa
import core.schema
from core.store.engine import Store

with Store(sys.argv[1], bytes.fromhex(sys.argv[2])).transaction() as session:
    session.execute(sa.text("select 1"))
    print("mine", flush=True)
    sys.stdin.read(1)
    os._exit(9)
"""


def test_a_writer_that_died_leaves_its_turn_to_the_next(sqlite_store):
    url = sqlite_store.engine.url.render_as_string(hide_password=False)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, url, KEY.hex()],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout.readline() == b"mine\n"
        done = threading.Event()

        def write():
            with sqlite_store.transaction() as session:
                session.add(organisation("Elm"))
            done.set()

        waiting = threading.Thread(target=write)
        waiting.start()
        assert not done.wait(0.3), "two had the turn"
        holder.communicate(b"x")
        assert done.wait(10)
        waiting.join()
    assert names(sqlite_store) == ["Elm"]


def test_a_row_that_points_nowhere_is_refused(world):
    with pytest.raises(sa.exc.IntegrityError), world.store.transaction() as session:
        session.execute(sa.text("delete from organisation where name = 'Elm Practice'"))


def test_a_time_goes_in_aware_and_comes_out_in_utc(store):
    elsewhere = NOW.astimezone(timezone(timedelta(hours=9)))
    table = sa.Table("moments", sa.MetaData(), sa.Column("moment", Moment()))
    with store.transaction() as session:
        table.create(session.connection())
        session.execute(table.insert(), [{"moment": elsewhere}, {"moment": None}])
        found = session.scalars(sa.select(table.c.moment)).all()
        table.drop(session.connection())
    assert found == [NOW, None]
    assert found[0].utcoffset() == timedelta(0)


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_a_time_without_a_zone_is_refused(dialect):
    told = type("D", (), {"name": dialect})()
    with pytest.raises(ValueError, match="needs its zone"):
        Moment().process_bind_param(datetime(2026, 1, 1), told)  # noqa: DTZ001
    with pytest.raises(AttributeError):
        Moment().process_bind_param(date(2026, 1, 1), told)


def test_a_word_of_another_enumeration_is_refused(store):
    with pytest.raises(sa.exc.StatementError), store.transaction() as session:
        session.add(Organisation(kind="charity", name="x"))
        session.flush()
    word = Word(Priority)
    assert word.process_bind_param(Priority.URGENT, None) == "urgent"
    assert word.process_result_value("urgent", None) is Priority.URGENT
    for strange in (Grade.CONSULTANT, "urgently", ""):
        with pytest.raises(ValueError, match="is not a valid Priority"):
            word.process_bind_param(strange, None)
    with pytest.raises(ValueError, match="is not a valid Priority"):
        word.process_result_value("urgently", None)


def test_a_chain_depends_on_every_word_and_on_what_came_before():
    first = chain.link(chain.START, {"what": "send", "when": NOW.isoformat()})
    assert chain.link(chain.START, {"when": NOW.isoformat(), "what": "send"}) == first
    others = {
        chain.link(first, {"what": "send", "when": NOW.isoformat()}),
        chain.link(chain.START, {"what": "sent", "when": NOW.isoformat()}),
        chain.link(chain.START, {"what": "send"}),
    }
    assert first not in others
    assert len(others) == 3
