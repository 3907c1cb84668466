"""A whole service as its settings name it: store, vault, and the people in it."""

import shutil
from contextlib import contextmanager

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
    with served(request, tmp_path, service_template) as store:
        yield build_world(store)


@contextmanager
def served(request, folder, database, *told):
    """A copy of a database is what the settings name; ``told``: more lines of these."""
    usual = request.getfixturevalue("_settings")
    shutil.copy(database, folder / "ozone.db")
    mine = {
        "OZONE_DATABASE_URL": f"sqlite:///{folder}/ozone.db",
        "OZONE_VAULT_FOLDER": f"{folder}/vault",
    }
    lines = [*usual.read_text().splitlines(), *map("=".join, mine.items()), *told]
    file = folder / "settings.env"
    file.write_text("\n".join(lines))
    config.use_settings_file(file)
    forget()
    try:
        yield engine.store()
    finally:
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
