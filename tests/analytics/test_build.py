"""Versions come whole or not at all."""

import logging
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
import sqlalchemy as sa

from benchmarks.many_referrals import UNTIL, fill
from core.analytics import build, pipeline, reading, versions
from core.analytics.extract.snapshot import snapshot
from core.analytics.workshop import load, workshop
from core.kernel import clock
from core.kernel.ids import new_id
from core.referrals.model import Move
from core.referrals.tables import ReferralEvent
from tests.analytics import life
from tests.analytics.test_numbers import MANAGER
from tests.world import NOW


ROOT = Path(__file__).parents[2]
DAY = timedelta(days=1)


def build_on_day(store, number):
    with clock.set_to(UNTIL + number * DAY):
        return build.refresh(store)


def files(folder):
    return sorted(file.name for file in folder.iterdir())


def test_nothing_new_builds_nothing_and_a_change_builds_anew(world, folder):
    with clock.set_to(NOW):
        assert build.is_stale(world.store)
        first = build.refresh(world.store)
        assert (first.version, first.referrals) == (1, 0)
        assert not build.is_stale(world.store)
        assert build.refresh(world.store) is None
        # Backdated, as the demo's past is: the newest moment stays what it was.
        life.refer(world, NOW - 30 * DAY)
        assert build.is_stale(world.store)
        assert build.refresh(world.store).referrals == 1
    with clock.set_to(NOW + DAY):
        assert build.is_stale(world.store)


def test_three_versions_are_kept(few, folder):
    for number in range(5):
        build_on_day(few, number)
    assert files(folder) == [
        "CURRENT",
        "build.lock",
        *(f"mart-{n}.duckdb" for n in (3, 4, 5)),
        *(f"published-{n}.duckdb" for n in (3, 4, 5)),
        *(f"version-{n}.json" for n in (3, 4, 5)),
    ]


def test_a_failed_check_keeps_the_last_version_and_says_so(world, folder, caplog):
    referral = life.refer(world, NOW - 60 * DAY)
    life.answer(world, referral, NOW - 59 * DAY)
    with clock.set_to(NOW):
        build.refresh(world.store)
    before = files(folder)
    with world.store.transaction() as session:
        last = session.scalars(
            sa.select(ReferralEvent).where(ReferralEvent.move == Move.ANSWER)
        ).one()
        facts = {c.key: getattr(last, c.key) for c in sa.inspect(type(last)).columns}
        wrong = {"id": new_id(), "number": 99, "moment": NOW - 90 * DAY}
        session.add(ReferralEvent(**{**facts, **wrong}))
    with (
        clock.set_to(NOW + DAY),
        caplog.at_level(logging.ERROR),
        pytest.raises(pipeline.CheckFailedError, match="moments_are_in_order"),
    ):
        build.refresh(world.store)
    assert "moments_are_in_order failed on 1 rows" in caplog.text
    assert files(folder) == sorted(["TROUBLE", *before])
    assert versions.current(folder).version == 1
    assert reading.freshness(MANAGER).last_day == (NOW - DAY).date()


BUILDER = """
import sys
from datetime import datetime
from core.analytics import build
from core.kernel import clock
from core.kernel.ids import new_id
from core.store.engine import Store
with clock.set_to(datetime.fromisoformat(sys.argv[2])):
    build.refresh(Store(sys.argv[1], bytes.fromhex(sys.argv[3])))
"""


@pytest.mark.slow
@pytest.mark.parametrize("until", ["scratch-2.duckdb", "mart-2.duckdb"])
def test_a_killed_build_leaves_the_last_version(many, folder, until):
    build_on_day(many, 0)
    url = many.engine.url.render_as_string()
    later = (UNTIL + DAY).isoformat()
    command = [sys.executable, "-c", BUILDER, url, later, (b"k" * 32).hex()]
    with subprocess.Popen(command, cwd=ROOT) as process:
        deadline = time.monotonic() + 30
        while not (folder / until).exists():
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert versions.current(folder).version == 1
    assert reading.freshness(MANAGER).last_day == (UNTIL - DAY).date()
    # The next build is not in its way, takes another number, and cleans up.
    assert build_on_day(many, 1).version == 3
    assert not [name for name in files(folder) if "scratch" in name or "-2." in name]
    assert reading.freshness(MANAGER).last_day == UNTIL.date()


@pytest.mark.slow
def test_readers_go_on_to_the_next_day(few, folder):
    build_on_day(few, 0)
    for number in range(1, 3):
        build_on_day(few, number)
        assert reading.freshness(MANAGER).last_day == UNTIL.date() + (number - 1) * DAY


ALL_OF = {
    name: f"select distinct referral from raw_{name}"  # noqa: S608  names of ours
    for name in ("referral", "event", "lesion", "picture")
}


@pytest.mark.slow
def test_one_snapshot_while_others_write(world, tmp_path):
    """Events and referrals belong together, whatever is sent meanwhile."""
    stop = threading.Event()
    wrong = []

    def write():
        try:
            while not stop.is_set():
                life.refer(world, NOW - DAY)
        except Exception as error:  # noqa: BLE001  told by the test's own thread
            wrong.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    counts, number = set(), 0
    deadline = time.monotonic() + 60
    try:
        while len(counts) < 4 and time.monotonic() < deadline:
            number += 1
            with workshop(tmp_path, number) as connection:
                with snapshot(world.store) as shot:
                    load(connection, shot)
                sent, moved, pinned, taken = (
                    {one for (one,) in connection.sql(ALL_OF[name]).fetchall()}
                    for name in ALL_OF
                )
            assert sent == moved == pinned == taken
            counts.add(len(sent))
    finally:
        stop.set()
        writer.join()
    assert not wrong
    assert len(counts) >= 4


def test_two_builders_build_once(few, folder):
    built = []
    builders = [
        threading.Thread(target=lambda: built.append(build_on_day(few, 0)))
        for _ in range(2)
    ]
    for one in builders:
        one.start()
    for one in builders:
        one.join()
    assert sorted(b.version if b else 0 for b in built) == [0, 1]


def test_seeds_do_not_matter_to_the_checks(sqlite_store, folder):
    fill(sqlite_store, 300, practices=12, seed=7)
    assert build_on_day(sqlite_store, 0).referrals == 300


def test_the_published_file_holds_the_cubes_and_nothing_else(few, folder):
    build_on_day(few, 0)
    with duckdb.connect(folder / "published-1.duckdb", read_only=True) as connection:
        tables = {name for (name,) in connection.sql("show tables").fetchall()}
    assert tables == set(pipeline.PUBLISHED)
