"""A folder of its own for each test's numbers, and a large store made once."""

import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks.many_referrals import UNTIL, fill
from core import config
from core.analytics import build, pipeline, publishing
from core.analytics.extract.snapshot import snapshot
from core.analytics.workshop import load, workshop
from core.kernel import clock
from core.store.engine import Store
from tests.analytics import whole_lives
from tests.analytics.richer import make_uneven


KEY = b"k" * 32


@contextmanager
def settings_in(folder):
    before = config.child_environment()["OZONE_SETTINGS"]
    text = Path(before).read_text("utf-8")
    file = folder / "settings.env"
    lines = [one for one in text.splitlines() if "ANALYTICS" not in one]
    analytics = folder / "analytics"
    file.write_text("\n".join([*lines, f"OZONE_ANALYTICS_FOLDER={analytics}"]))
    config.use_settings_file(file)
    try:
        yield analytics
    finally:
        config.use_settings_file(Path(before))


@pytest.fixture
def folder(tmp_path):
    """Where this test's numbers are built."""
    with settings_in(tmp_path) as analytics:
        yield analytics


@pytest.fixture(scope="session")
def many(sqlite_template, tmp_path_factory):
    """A store with 2,000 uneven referrals of three years; for reading only."""
    file = tmp_path_factory.mktemp("many") / "ozone.db"
    shutil.copy(sqlite_template, file)
    store = Store(f"sqlite:///{file}", KEY)
    fill(store, 2000, practices=6)
    make_uneven(store)
    yield store
    store.engine.dispose()


@pytest.fixture
def few(sqlite_store):
    """A store that is built in no time."""
    fill(sqlite_store, 100, practices=3)
    return sqlite_store


@pytest.fixture(scope="session")
def published_once(many, tmp_path_factory):
    """The folder of numbers built from it."""
    folder = tmp_path_factory.mktemp("published")
    with settings_in(folder) as analytics, clock.set_to(UNTIL):
        build.refresh(many)
    return analytics


@pytest.fixture
def published(published_once, tmp_path):
    """Those numbers, for a test that reads them."""
    shutil.copytree(published_once, tmp_path / "analytics")
    with settings_in(tmp_path) as analytics:
        yield analytics


@pytest.fixture(scope="session")
def lived(many):
    """What became of each of the many referrals."""
    return whole_lives.lives(many)


@pytest.fixture(scope="session")
def workbench(many, tmp_path_factory):
    """The same build left open, its exact cubes beside what is published of them.

    Whoever changes anything takes it back.
    """
    folder = tmp_path_factory.mktemp("workbench")
    with workshop(folder, 1) as connection:
        # Not for as long as it is open: others have a clock of their own.
        with clock.set_to(UNTIL):
            built_into(connection, many)
        yield connection


def built_into(connection, store, before=None):
    """Everything up to the published tables."""
    with snapshot(store) as shot:
        load(connection, shot)
    pipeline.build_mart(connection)
    pipeline.build_cubes(connection)
    publishing.disclose(connection, before)
    pipeline.build_published(connection)
