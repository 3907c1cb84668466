"""A demo whose every picture is the same small one, so that it is there in seconds."""

import shutil

import pytest

from core import config
from core.config import settings
from core.demo import pictures
from core.demo.pictures import Shelf
from core.demo.seeding import seed
from core.imaging import keeping
from core.kernel import clock
from core.store.engine import Store
from tests.conftest import KEY
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


@pytest.fixture
def own_settings():
    """For tests that read other settings: the usual ones are back afterwards."""
    usual = config.settings_file()
    yield
    config.use_settings_file(usual)
    # It may have been opened where the others' pictures are not.
    keeping.vault.cache_clear()
