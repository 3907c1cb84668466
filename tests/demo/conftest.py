"""A demo whose every picture is the same small one, so that it is there in seconds."""

import shutil

import pytest
import sqlalchemy as sa

from core import config
from core.config import settings
from core.demo import pictures
from core.demo.pictures import Shelf
from core.demo.seeding import seed
from core.imaging import keeping
from core.kernel import clock
from core.store.engine import Store
from tests.conftest import KEY
from tests.postgres import copied
from tests.world import NOW


@pytest.fixture(scope="session")
def shelf(_settings) -> Shelf:
    return pictures.one_for_all()


@pytest.fixture
def demo_settings():
    return settings_of_a_demo()


def settings_of_a_demo():
    return settings().model_copy(
        update={"environment": "demo", "oidc_issuer": "http://localhost:9410"}
    )


@pytest.fixture(scope="module")
def seeded(sqlite_template, tmp_path_factory, shelf):
    """Seeds a store that a module's tests share: for reading only."""
    stores = []

    def seeded(referrals):
        file = tmp_path_factory.mktemp("seeded") / "ozone.db"
        shutil.copy(sqlite_template, file)
        stores.append(Store(f"sqlite:///{file}", KEY))
        with clock.set_to(NOW):
            seed(stores[-1], settings_of_a_demo(), referrals=referrals, shelf=shelf)
        return stores[-1]

    yield seeded
    for store in stores:
        store.engine.dispose()


@pytest.fixture
def sow(demo_settings, shelf):
    """Seeds a store, at the same Wednesday morning each time."""

    def sow(store, referrals=150, number=1):
        with clock.set_to(NOW):
            return seed(
                store, demo_settings, referrals=referrals, seed=number, shelf=shelf
            )

    return sow


@pytest.fixture(scope="session")
def sown_sqlite(sqlite_template, tmp_path_factory, shelf):
    """A file with a demo of 150 referrals; each test has a copy."""
    file = tmp_path_factory.mktemp("sown") / "ozone.db"
    shutil.copy(sqlite_template, file)
    sown_into(f"sqlite:///{file}", shelf)
    return file


@pytest.fixture(scope="session")
def sown_postgres(postgres_url, postgres_template, shelf):
    """A database with it; each test has a copy."""
    with copied(postgres_url, postgres_template) as url:
        sown_into(url, shelf)
        yield sa.make_url(url).database


def sown_into(url, shelf):
    store = Store(url, KEY)
    with clock.set_to(NOW):
        seed(store, settings_of_a_demo(), referrals=150, seed=1, shelf=shelf)
    store.engine.dispose()


@pytest.fixture
def sown_once(request, tmp_path):
    """A demo where the database makes no difference."""
    yield from reading_sqlite(request, tmp_path)


@pytest.fixture(params=["sqlite", "postgresql"])
def sown(request, tmp_path):
    """A demo on both databases."""
    if request.param == "sqlite":
        yield from reading_sqlite(request, tmp_path)
        return
    template = request.getfixturevalue("sown_postgres")
    with copied(request.getfixturevalue("postgres_url"), template) as url:
        yield from reading(url)


def reading_sqlite(request, tmp_path):
    file = shutil.copy(request.getfixturevalue("sown_sqlite"), tmp_path / "ozone.db")
    yield from reading(f"sqlite:///{file}")


def reading(url):
    store = Store(url, KEY)
    with clock.set_to(NOW), store.reading() as session:
        yield session
    store.engine.dispose()


@pytest.fixture
def own_settings():
    """For tests that read other settings: the usual ones are back afterwards."""
    usual = config.settings_file()
    yield
    config.use_settings_file(usual)
    # It may have been opened where the others' pictures are not.
    keeping.vault.cache_clear()
