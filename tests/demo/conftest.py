"""A demo whose every picture is the same small one, so that it is there in seconds."""

import pytest

from core import config
from core.config import settings
from core.demo import pictures
from core.demo.pictures import Shelf
from core.demo.seeding import seed
from core.kernel import clock
from tests.world import NOW


@pytest.fixture(scope="session")
def shelf(_settings) -> Shelf:
    return pictures.one_for_all()


@pytest.fixture
def demo_settings():
    return settings().model_copy(
        update={"environment": "demo", "oidc_issuer": "http://localhost:9410"}
    )


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
