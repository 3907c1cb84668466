"""A mart that follows what changed is the mart that a whole build makes."""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.access.tables import Membership, Organisation
from core.analytics import build, versions
from core.analytics.extract import changes
from core.contracts.tables import ContractPractice
from core.kernel import clock
from core.practices.tables import Practice
from core.referrals.actions import sending
from core.referrals.actions.drafting import time_step
from core.referrals.model import Step
from core.referrals.tables import Referral
from tests.analytics import clinics, desk, life, marts
from tests.analytics.lives import STEPS, Lives
from tests.analytics.test_build import build_on_day
from tests.routing import a_manager
from tests.world import build_world


ROOT = Path(__file__).parents[2]
MINUTE = timedelta(minutes=1)
HOUR = 60 * MINUTE
DAY = 24 * HOUR
# Half past seven in London: the day has hours to go.
MORNING = datetime(2026, 11, 18, 7, 30, tzinfo=UTC)


@pytest.fixture
def small(sqlite_store):
    return build_world(sqlite_store)


def refreshed(world, moment):
    with clock.set_to(moment):
        return build.refresh(world.store)


def agrees_with_the_whole(world, folder, moment):
    with clock.set_to(moment):
        expected = marts.whole(world.store, folder.parent / "whole")
    assert marts.differences(marts.newest(folder), expected) == {}


@pytest.mark.slow
def test_whatever_happens_the_mart_is_as_if_built_whole(world, folder):
    desk.reads_all_again(world, MORNING - 30 * DAY)
    lives = Lives(world, a_manager(world), MORNING - DAY)
    for number in range(12):
        lives.go_on("refer", number, 5)
    lives.now = MORNING
    refreshed(world, lives.now)
    followed = []

    step = st.tuples(st.sampled_from(STEPS), st.integers(0, 999), st.integers(0, 8))

    @settings(
        max_examples=6,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(st.lists(step, min_size=1, max_size=6))
    def goes_on(steps):
        for what, seed, minutes in steps:
            lives.go_on(what, seed, minutes)
        built = refreshed(world, lives.now)
        followed.append(built and not built.whole)
        agrees_with_the_whole(world, folder, lives.now)

    goes_on()
    # And each thing that can be done, at least once.
    for seed in range(3):
        for what in ("refer", "invite", "invite", "answer", "answer", "book"):
            lives.go_on(what, seed, 1)
    lives.now += HOUR
    for number, what in enumerate(STEPS):
        lives.go_on(what, number, 1)
        if number % 4 == 0:
            built = refreshed(world, lives.now)
            followed.append(built and not built.whole)
    refreshed(world, lives.now)
    agrees_with_the_whole(world, folder, lives.now)
    assert sum(map(bool, followed)) > len(followed) / 2
    assert len({*lives.done}) > len(STEPS) / 2


def test_what_is_published_stays_when_the_mart_follows(world, folder):
    life.refer(world, MORNING - DAY)
    first = refreshed(world, MORNING)
    assert first.whole
    before = (folder / "published-1.duckdb").read_bytes()
    life.refer(world, MORNING + MINUTE)
    second = refreshed(world, MORNING + 2 * MINUTE)
    assert (second.version, second.published, second.referrals) == (2, 1, 2)
    said = json.loads((folder / "CURRENT").read_text())
    assert (said["version"], said["published"]) == (2, 1)
    assert (folder / "published-1.duckdb").read_bytes() == before
    assert not (folder / "published-2.duckdb").exists()
    # The next morning both are new.
    assert refreshed(world, MORNING + DAY).whole


def test_a_forced_build_is_whole_though_nothing_changed(small, folder):
    refreshed(small, MORNING)
    assert refreshed(small, MORNING) is None
    with clock.set_to(MORNING):
        assert build.rebuild(small.store).whole


def test_a_row_under_a_time_long_past_brings_a_whole_build_and_a_warning(
    small, folder, caplog
):
    life.refer(small, MORNING - 30 * DAY)
    refreshed(small, MORNING)
    life.refer(small, MORNING - 20 * DAY)
    with caplog.at_level(logging.WARNING):
        assert refreshed(small, MORNING + MINUTE).whole
    assert "built whole: referral has another number of rows" in caplog.text
    agrees_with_the_whole(small, folder, MORNING + MINUTE)


def test_another_grade_of_a_clinician_brings_a_whole_build(small, folder):
    manager = a_manager(small)
    made = clinics.sent_to_clinic(small, MORNING - DAY)
    held = clinics.a_clinic(small, MORNING + 4 * HOUR + 30 * MINUTE)
    clinics.booked(small, manager, made, held, MORNING - HOUR)
    refreshed(small, MORNING)
    with small.store.transaction() as session:
        session.execute(
            sa.update(Membership)
            .where(Membership.person_id == small.consultant.person_id)
            .values(grade="registrar")
        )
    life.refer(small, MORNING + HOUR)
    later = MORNING + HOUR + MINUTE
    refreshed(small, later)
    agrees_with_the_whole(small, folder, later)


def test_a_practice_that_is_renamed_or_leaves_is_followed(world, folder):
    life.refer(world, MORNING - DAY)
    refreshed(world, MORNING)
    with world.store.transaction() as session:
        session.get_one(Organisation, world.gp.organisation_id).name = "Elm & Oak"
        session.execute(sa.delete(ContractPractice))
    life.answer(world, the_only(world), MORNING + HOUR)
    assert not refreshed(world, MORNING + 2 * HOUR).whole
    agrees_with_the_whole(world, folder, MORNING + 2 * HOUR)
    # And a whole build copes with a practice without a contract.
    assert refreshed(world, MORNING + DAY).whole


def test_a_practice_whose_area_is_in_another_tenth_takes_its_old_referrals_along(
    small, folder
):
    life.refer(small, MORNING - DAY)
    refreshed(small, MORNING)
    with small.store.transaction() as session:
        place = session.get_one(Practice, small.gp.organisation_id)
        place.deprivation_decile = 1 if place.deprivation_decile != 1 else 10
    life.refer(small, MORNING + HOUR)
    later = MORNING + HOUR + MINUTE
    assert refreshed(small, later).whole
    agrees_with_the_whole(small, folder, later)


def the_only(world):
    with world.store.reading() as session:
        return session.scalars(sa.select(Referral.id)).one()


@pytest.fixture
def on_postgres(request, tmp_path):
    """The world on PostgreSQL alone, where transactions overlap."""
    from tests.conftest import _postgres

    for store in _postgres(request, tmp_path):
        yield build_world(store)


@pytest.mark.slow
def test_what_commits_late_under_an_early_time_is_not_lost(
    on_postgres, folder, monkeypatch
):
    # Only the transaction itself tells how far back to look.
    monkeypatch.setattr(changes, "MARGIN", timedelta(0))
    world = on_postgres
    draft = life.a_draft(world, life.a_patient(world, number=""))
    other = life.refer(world, clock.now())
    build.refresh(world.store)
    sent, go_on = threading.Event(), threading.Event()

    def sends():
        with world.store.transaction() as session:
            sending.send(session, by=world.gp, referral_id=draft)
            session.flush()
            sent.set()
            go_on.wait(60)

    late = threading.Thread(target=sends)
    late.start()
    assert sent.wait(60)
    for _ in range(2):
        # Of the actions, one that writes no audit, for which others would have to wait.
        with world.store.transaction() as session:
            time_step(
                session,
                by=world.gp,
                referral_id=other,
                step=Step.IMAGES,
                seconds=1.0,
            )
        built = build.refresh(world.store)
        # The one that is not committed is seen by nobody.
        assert (built.referrals, built.whole) == (1, False)
    go_on.set()
    late.join()
    built = build.refresh(world.store)
    assert (built.referrals, built.whole) == (2, False)
    agrees_with_the_whole(world, folder, clock.now())


@pytest.mark.slow
def test_eight_writers_at_once_lose_no_row(on_postgres, folder):
    world, wrong, stop = on_postgres, [], threading.Event()

    def writes():
        try:
            while not stop.is_set():
                life.refer(world, clock.now())
        except Exception as error:  # noqa: BLE001  told by the test's own thread
            wrong.append(error)

    build.refresh(world.store)
    writers = [threading.Thread(target=writes) for _ in range(8)]
    for one in writers:
        one.start()
    built = [build.refresh(world.store) for _ in range(6)]
    stop.set()
    for one in writers:
        one.join()
    built.append(build.refresh(world.store))
    assert wrong == []
    agrees_with_the_whole(world, folder, clock.now())
    assert any(one and not one.whole for one in built)


BUILDER = """
import os, signal, sys
from datetime import datetime
from core.analytics import build, increment, pipeline, versions
from core.kernel import clock
from core.store.engine import Store

def dies_after(module, name):
    goes_on = getattr(module, name)
    def dies(*arguments, **named):
        goes_on(*arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)
    setattr(module, name, dies)

where = {"increment": increment, "pipeline": pipeline, "versions": versions}
module, name = sys.argv[4].split(".")
dies_after(where[module], name)
with clock.set_to(datetime.fromisoformat(sys.argv[2])):
    build.refresh(Store(sys.argv[1], bytes.fromhex(sys.argv[3])))
"""
STEPS_OF_A_BUILD = [
    "increment.load",
    "increment._replace",
    "pipeline.replace_small",
    "increment.put_away",
    "versions._to_disk",
]


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS_OF_A_BUILD)
def test_a_follower_that_is_killed_leaves_the_last_version(small, folder, step):
    life.refer(small, MORNING - DAY)
    refreshed(small, MORNING)
    before = marts.newest(folder)
    life.refer(small, MORNING + MINUTE)
    url = small.store.engine.url.render_as_string()
    later = (MORNING + 2 * MINUTE).isoformat()
    command = [sys.executable, "-c", BUILDER, url, later, (b"k" * 32).hex(), step]
    done = subprocess.run(command, cwd=ROOT, check=False, env=dict(os.environ))  # noqa: TID251
    assert done.returncode == -signal.SIGKILL
    assert versions.current(folder).version == 1
    assert marts.newest(folder) == before
    assert not refreshed(small, MORNING + 3 * MINUTE).whole
    agrees_with_the_whole(small, folder, MORNING + 3 * MINUTE)
    assert not [one for one in folder.iterdir() if "scratch" in one.name]


def test_the_days_of_a_long_life_are_built_whole(few, folder):
    assert [build_on_day(few, number).whole for number in range(2)] == [True, True]
