"""Commands answer slips of configuration with a sentence."""

import json

import duckdb
import pytest
from typer.testing import CliRunner

from core import config
from core.cli import app
from core.store.engine import store


def ozone(*arguments):
    result = CliRunner().invoke(app, arguments)
    assert "Traceback" not in result.output
    return result.exit_code, " ".join(result.output.split())


@pytest.fixture
def settings_of(tmp_path):
    """Other settings for one test, as a process of its own would read them."""
    usual = config.settings_file()

    def use(text):
        file = tmp_path / "settings.env"
        file.write_text(text)
        config.use_settings_file(file)
        store.cache_clear()

    yield use
    config.use_settings_file(usual)
    store.cache_clear()


def test_without_a_command_the_commands_are_listed():
    _, says = ozone()
    for command in ("demo", "serve", "worker", "migrate", "doctor", "analytics"):
        assert command in says


@pytest.mark.parametrize("command", [["serve", "capture"], ["worker"], ["migrate"]])
def test_a_missing_setting_is_named(settings_of, command):
    settings_of("")
    code, says = ozone(*command)
    assert code == 1
    assert "OZONE_MASTER_KEY: field required." in says


def test_an_app_that_is_not_there():
    code, says = ozone("serve", "kitchen")
    assert code == 1
    assert "There is no app “kitchen”. There are: capture" in says


def test_an_app_that_is_not_configured():
    code, says = ozone("serve", "capture")
    assert code == 1
    assert "OZONE_APPS__CAPTURE__PORT" in says


def test_the_demos_sign_in_is_for_the_demo_only():
    code, says = ozone("provider")
    assert code == 1
    assert "for the demo only" in says


def test_a_demo_has_at_least_the_practices_with_a_name_of_their_own():
    code, says = ozone("demo", "--practices", "5")
    assert code != 0
    assert "24" in says


def test_a_revision_needs_something_new(settings_of, tmp_path):
    settings_of(
        f"OZONE_MASTER_KEY={'5a' * 32}\nOZONE_DATABASE_URL=sqlite:///{tmp_path}/o.db\n"
    )
    assert ozone("migrate") == (0, "The database is up to date.")
    code, says = ozone("revision", "nothing")
    store().engine.dispose()
    assert code == 1
    assert "has everything" in says


def test_numbers_are_built_and_built_once(settings_of, tmp_path):
    settings_of(
        f"OZONE_MASTER_KEY={'5a' * 32}\nOZONE_DATABASE_URL=sqlite:///{tmp_path}/o.db\n"
        f"OZONE_ANALYTICS_FOLDER={tmp_path}/analytics\n"
    )
    ozone("migrate")
    code, says = ozone("analytics", "check")
    assert (code, says[:31]) == (1, "No figures have been built yet:")
    assert ozone("analytics", "refresh") == (
        0,
        "Version 1: 0 referrals, built whole.",
    )
    assert ozone("analytics", "refresh") == (0, "Nothing is new since the last build.")
    assert ozone("analytics", "build") == (0, "Version 2: 0 referrals, built whole.")
    code, says = ozone("analytics", "check")
    assert code == 0
    assert "mart: referral key is unique: ok" in says
    assert "cubes: parts add up: passed when it was built" in says
    with duckdb.connect(tmp_path / "analytics" / "mart-2.duckdb") as connection:
        connection.execute("insert into event select 1, 1, 'send', now(), 'practice'")
        connection.execute("insert into event from event")
    (tmp_path / "analytics" / "version-1.json").unlink()
    same_size(tmp_path / "analytics")
    code, says = ozone("analytics", "check")
    assert code == 1
    assert "mart: event key is unique: fails on 1 row" in says
    store().engine.dispose()


def same_size(folder):
    """Let the pointer name the files as they are now."""
    for name in ("CURRENT", "version-2.json"):
        said = json.loads((folder / name).read_text())
        said["mart_bytes"] = (folder / "mart-2.duckdb").stat().st_size
        (folder / name).write_text(json.dumps(said))
