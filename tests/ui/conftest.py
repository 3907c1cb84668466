"""A whole service as its settings name it: store, vault, and the people in it."""

import shutil

import pytest

from core import config
from core.imaging import keeping
from core.kernel import clock
from core.store import engine, migrate
from core.store.engine import Store
from tests.ui.over_routes import signed_in
from tests.world import NOW, a_draft, build_world


def forget():
    """Let the next who asks open what the settings name by then."""
    if engine.store.cache_info().currsize:
        engine.store().engine.dispose()
    engine.store.cache_clear()
    keeping.vault.cache_clear()


@pytest.fixture(scope="session")
def service_template(tmp_path_factory):
    """A migrated SQLite file under the settings' own key."""
    file = tmp_path_factory.mktemp("service") / "template.db"
    store = Store(f"sqlite:///{file}", config.settings().key("database"))
    migrate.upgrade(store)
    store.engine.dispose()
    return file


@pytest.fixture
def service(request, tmp_path, service_template):
    """The world of ``tests.world`` in the store that ``store()`` opens."""
    usual = request.getfixturevalue("_settings")
    shutil.copy(service_template, tmp_path / "ozone.db")
    file = tmp_path / "settings.env"
    told = usual.read_text() + (
        f"OZONE_DATABASE_URL=sqlite:///{tmp_path}/ozone.db\n"
        f"OZONE_VAULT_FOLDER={tmp_path}/vault\n"
    )
    file.write_text(told)
    config.use_settings_file(file)
    forget()
    yield build_world(engine.store())
    forget()
    config.use_settings_file(usual)


@pytest.fixture
def at_ten():
    """Everything happens at the world's ten o'clock."""
    with clock.set_to(NOW):
        yield


@pytest.fixture
def gp(at_ten, service):
    """A GP who has signed in."""
    return signed_in(service, service.gp)


@pytest.fixture
def draft(at_ten, service):
    """A draft of the GP's practice that lacks nothing."""
    return a_draft(service)
