"""Whatever becomes of the files, whole figures are read, or a sentence says why not."""

import json
import logging
import shutil
import threading
from datetime import timedelta

import duckdb
import pytest
import sqlalchemy as sa

from benchmarks.many_referrals import UNTIL, fill
from core.access.model import OrganisationKind, Scope
from core.analytics import (
    analysis,
    build,
    connections,
    pipeline,
    reading,
    trouble,
    versions,
)
from core.analytics.checking import checked
from core.analytics.versions import Current, MadeByNewer
from core.cli.doctor import Wrong, _figures
from core.config import settings
from core.kernel import clock
from core.kernel.errors import ServiceError
from core.kernel.ids import new_id
from core.referrals.model import Move
from core.referrals.tables import ReferralEvent
from core.store.engine import Store
from core.worker import Paced
from tests.analytics import life
from tests.analytics.conftest import KEY, settings_in
from tests.analytics.test_build import DAY, build_on_day
from tests.analytics.test_numbers import MANAGER
from tests.world import NOW, build_world


MINUTE = timedelta(minutes=1)


@pytest.fixture
def small(sqlite_store):
    return build_world(sqlite_store)


@pytest.fixture(autouse=True)
def _said_anew():
    """What is said once in a process is said once in each test."""
    versions._say_once.cache_clear()


@pytest.fixture(scope="module")
def lived(sqlite_template, tmp_path_factory):
    """A store of some years; for reading only."""
    file = tmp_path_factory.mktemp("lived") / "ozone.db"
    shutil.copy(sqlite_template, file)
    store = Store(f"sqlite:///{file}", KEY)
    fill(store, 100, practices=3)
    yield store
    store.engine.dispose()


@pytest.fixture(scope="module")
def two_once(lived, tmp_path_factory):
    """The versions of two days."""
    with settings_in(tmp_path_factory.mktemp("two")) as analytics:
        for number in range(2):
            build_on_day(lived, number)
    return analytics


@pytest.fixture
def two(two_once, tmp_path):
    """A folder with them, to be damaged."""
    shutil.copytree(two_once, tmp_path / "analytics")
    with settings_in(tmp_path) as analytics:
        yield analytics


def damage(file, how):
    if how == "missing":
        file.unlink()
    elif how == "empty":
        file.write_bytes(b"")
    elif how == "cut short":
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    else:
        file.write_text(how)


def last_day():
    """What a process that has opened nothing yet would read."""
    connections.published.cache_clear()
    return reading.freshness(MANAGER).last_day


BROKEN = ["missing", "empty", "cut short", "[1, 2]", '{"version": "two"}', "\x00\xff"]


@pytest.mark.parametrize("how", BROKEN)
def test_a_pointer_that_is_lost_or_damaged_is_done_without(two, caplog, how):
    damage(two / "CURRENT", how)
    with caplog.at_level(logging.WARNING):
        assert versions.current(two).version == 2
    assert "version 2 is used" in caplog.text
    assert last_day() == UNTIL.date()


@pytest.mark.parametrize("kind", ["mart", "published"])
@pytest.mark.parametrize("how", ["missing", "empty", "cut short"])
def test_a_file_that_is_lost_or_cut_short_brings_the_one_before_back(
    two, lived, caplog, kind, how
):
    damage(two / f"{kind}-2.duckdb", how)
    with caplog.at_level(logging.WARNING):
        assert versions.current(two).version == 1
    assert "version 1 is used" in caplog.text
    assert last_day() == (UNTIL - DAY).date()
    # The builder sees it, too, and a damaged number is not used again.
    assert build_on_day(lived, 1).version == 3
    assert last_day() == UNTIL.date()


def test_where_nothing_is_whole_a_sentence_says_so_and_the_next_build_mends_it(
    two, lived
):
    for file in two.glob("*-?.duckdb"):
        damage(file, "cut short")
    assert versions.current(two) is None
    with pytest.raises(ServiceError, match="No figures"):
        last_day()
    assert build_on_day(lived, 1).whole
    assert last_day() == UNTIL.date()


def test_a_file_whose_inside_is_damaged_is_told_in_words(two, lived, caplog):
    file = two / "published-2.duckdb"
    file.write_bytes(b"\x07" * file.stat().st_size)
    with pytest.raises(ServiceError, match="cannot be read"):
        last_day()
    with clock.set_to(UNTIL + DAY):
        assert build.rebuild(lived).version == 3
    assert last_day() == UNTIL.date()


def test_whoever_reads_already_goes_on_with_what_is_open(two):
    assert last_day() == UNTIL.date()
    damage(two / "CURRENT", "missing")
    for file in two.glob("*"):
        file.unlink()
    assert reading.freshness(MANAGER).last_day == UNTIL.date()


def test_what_a_newer_program_made_is_left_to_it_by_readers_and_made_anew_by_builders(
    two, lived
):
    said = json.loads((two / "CURRENT").read_text())
    (two / "CURRENT").write_text(json.dumps({**said, "format": 99, "new": [1]}))
    with pytest.raises(MadeByNewer):
        versions.current(two)
    with pytest.raises(ServiceError, match="newer version of the program"):
        last_day()
    with pytest.raises(Wrong) as wrong:
        doctor_of(two)
    assert "newer version" in str(wrong.value)
    with clock.set_to(UNTIL + DAY):
        assert build.is_stale(lived)
        assert build.refresh(lived).version == 3
    assert last_day() == UNTIL.date()


def doctor_of(folder):
    assert settings().analytics_folder == folder
    with clock.set_to(UNTIL + DAY):
        try:
            return _figures(settings())
        except MadeByNewer as newer:
            raise Wrong(newer.sentence, "") from newer


def test_a_pointer_of_before_has_one_number_for_both_and_is_read(two, lived):
    said = json.loads((two / "CURRENT").read_text())
    kept = ("version", "built_at", "data_as_of", "last_day", "watermark", "models")
    for note in two.glob("version-*"):
        note.unlink()
    (two / "CURRENT").write_text(json.dumps({name: said[name] for name in kept}))
    assert last_day() == UNTIL.date()
    with clock.set_to(UNTIL + DAY):
        assert build.refresh(lived).whole


def test_a_file_with_other_columns_is_told_in_words_and_built_anew(two, lived):
    for kind, table in (("mart", "referral"), ("published", "release")):
        file = two / f"{kind}-2.duckdb"
        with duckdb.connect(file) as connection:
            for (name,) in connection.sql("show tables").fetchall():
                connection.execute(f"drop table {name}")
            connection.execute(f"create table {table} (something_else integer)")
        there = versions.current(two)
    there = Current(**{**vars(there), "version": 2, "published": 2, "models": "others"})
    versions.point_to(two, there)
    with pytest.raises(ServiceError, match="another version of the program"):
        last_day()
    with pytest.raises(ServiceError, match="another version of the program"):
        analysis.marks(Scope(new_id(), OrganisationKind.PLATFORM, new_id()))
    # Today was built already, but by other models.
    assert build_on_day(lived, 1).whole
    assert last_day() == UNTIL.date()


def goes_wrong(world, referral):
    """An event before the referral was sent: no check lets that through."""
    with world.store.transaction() as session:
        last = session.scalars(
            sa.select(ReferralEvent).where(ReferralEvent.move == Move.ANSWER)
        ).one()
        facts = {c.key: getattr(last, c.key) for c in sa.inspect(type(last)).columns}
        wrong = {"id": new_id(), "number": 99, "moment": NOW - 90 * DAY}
        session.add(ReferralEvent(**{**facts, **wrong}))
        return wrong["id"]


def mended(world, event_id):
    with world.store.engine.begin() as connection:
        table = ReferralEvent.__table__
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(
                "drop trigger if exists referral_event_no_delete"
            )
        connection.execute(sa.delete(table).where(table.c.id == event_id))


def test_impossible_times_are_told_since_when_and_tried_again_with_patience(
    small, folder, caplog
):
    made = life.refer(small, NOW - 60 * DAY)
    life.answer(small, made, NOW - 59 * DAY)
    with clock.set_to(NOW):
        build.refresh(small.store)
        assert doctor_says().startswith("ok, up to the end of")
        assert reading.freshness(MANAGER).trouble == ""
    goes_wrong(small, made)
    later, waits = NOW + DAY, []
    for _ in range(8):
        with clock.set_to(later):
            assert build.is_stale(small.store)
            with pytest.raises(pipeline.CheckFailedError):
                build.refresh(small.store)
            # Not at the next round.
            assert not build.is_stale(small.store)
        waited = 0
        while True:
            waited += 1
            with clock.set_to(later + waited * MINUTE):
                if build.is_stale(small.store):
                    break
        waits.append(waited)
        later += waited * MINUTE
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    with clock.set_to(later):
        fresh = reading.freshness(MANAGER)
        assert fresh.last_day == (NOW - DAY).date()
        assert "Since Thu 19 Nov 2026, 10:00" in fresh.sentence
        assert "“moments are in order”" in fresh.sentence
        with pytest.raises(Wrong, match=r"It found 1 row\. Tried 8 times\."):
            _figures(settings())


def doctor_says():
    return _figures(settings())


def test_trouble_is_over_once_a_build_succeeds(small, folder):
    life.refer(small, NOW - DAY)
    with clock.set_to(NOW):
        trouble.note(folder_of(folder), OSError("the disk is full"), "-")
        assert "OSError" in trouble.standing(folder).sentence
        assert "disk is full" not in trouble.standing(folder).sentence
        # Of other models: what failed then need not fail now.
        assert build.is_stale(small.store)
        build.refresh(small.store)
    assert trouble.standing(folder) is None


def folder_of(folder):
    folder.mkdir(exist_ok=True)
    return folder


def test_trouble_that_makes_no_sense_is_none(folder):
    (folder_of(folder) / "TROUBLE").write_text("{")
    assert trouble.standing(folder) is None


def test_the_doctor_misses_a_worker(few, folder):
    with clock.set_to(UNTIL):
        assert doctor_says() == "ok, none have been built yet"
        build.refresh(few)
    with clock.set_to(UNTIL + 2 * DAY), pytest.raises(Wrong) as wrong:
        doctor_says()
    assert "worker" in wrong.value.mend


def test_the_first_day_of_an_empty_store_has_figures_and_no_numbers(world, folder):
    with clock.set_to(NOW):
        assert build.refresh(world.store).referrals == 0
        assert reading.freshness(world.commissioner.scope).last_day < NOW.date()
        assert [one.sentence for one in checked(folder) if one.rows] == []
        life.refer(world, NOW)
    with clock.set_to(NOW + MINUTE):
        assert not build.refresh(world.store).whole


def test_all_checks_pass_on_the_files_and_find_what_is_wrong_in_them(few, folder):
    build_on_day(few, 0)
    found = {one.name: one for one in checked(folder)}
    assert found["referral_key_is_unique"].rows == 0
    assert found["every_sent_referral_is_there"].rows is None
    assert not any(one.rows for one in found.values())
    with duckdb.connect(folder / "mart-1.duckdb") as connection:
        connection.execute("insert into referral from referral limit 1")
        connection.execute("checkpoint")
    there = versions.current(folder) or Current(
        **json.loads((folder / "CURRENT").read_text())
    )
    versions.point_to(folder, there)
    (wrong,) = [one for one in checked(folder) if one.name == "referral_key_is_unique"]
    assert wrong.sentence == "mart: referral key is unique: fails on 1 row"


@pytest.mark.slow
def test_readers_are_never_blocked_and_never_torn_through_20_publications(few, folder):
    """Each version says its number in two tables; nobody reads two numbers at once."""
    build_on_day(few, 0)
    numbered(folder, 1)
    seen, wrong, stop = set(), [], threading.Event()
    published = connections.published(folder)

    def read():
        while not stop.is_set():
            try:
                with published.cursor() as cursor:
                    one = cursor.sql("select number from here").fetchall()
                    other = cursor.sql("select number from there").fetchall()
                assert one == other
                seen.add(one[0][0])
            except Exception as error:  # noqa: BLE001  told by the test's own thread
                wrong.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    publish(folder, 2)
    for thread in threads:
        thread.start()
    try:
        for number in range(3, 23):
            publish(folder, number)
            versions.sweep(folder)
    finally:
        while 22 not in seen and not wrong:
            threading.Event().wait(0.01)
        stop.set()
        for thread in threads:
            thread.join()
    assert wrong == []
    assert len(seen) > 5
    assert len([*folder.glob("published-*")]) == versions.KEPT


def publish(folder, number):
    """The files of the version before once more, under a number of their own."""
    for kind in ("mart", "published"):
        before = versions.path(folder, kind, number - 1)
        versions.path(folder, kind, number).write_bytes(before.read_bytes())
    numbered(folder, number)
    there = json.loads((folder / "CURRENT").read_text())
    versions.point_to(
        folder, Current(**{**there, "version": number, "published": number})
    )


def numbered(folder, number):
    with duckdb.connect(folder / f"published-{number}.duckdb") as connection:
        for table in ("here", "there"):
            connection.execute(
                f"create or replace table {table} as select {number} as number"
            )


@pytest.mark.parametrize(
    ("takes", "begun"),
    [
        pytest.param(1, [100.0, 120.0, 140.0], id="a second"),
        pytest.param(9, [100.0, 149.0, 198.0], id="nine seconds"),
    ],
)
def test_a_paced_chore_waits_nineteen_times_as_long_as_it_took_but_no_minute(
    monkeypatch, takes, begun
):
    now, done = [100.0], []
    monkeypatch.setattr("core.worker.time.monotonic", lambda: now[0])

    def chore():
        done.append(now[0])
        now[0] += takes

    paced = Paced(chore)
    for _ in range(200):
        paced()
        now[0] += 1
    assert done[:3] == begun
