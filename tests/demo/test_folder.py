"""The demo's folder: private settings, free ports, and nothing of anybody else's."""

import socket
import stat

import pytest

from core.config import settings
from core.demo.folder import DemoFolder, clients, provider_port
from core.kernel.errors import Conflict, NotAllowed


@pytest.fixture
def folder(tmp_path, own_settings):
    return DemoFolder(tmp_path / "var")


def prepared(folder):
    with folder.held():
        return folder.prepare()


def test_settings_can_be_read_by_their_owner_alone(folder):
    found, written = prepared(folder)
    assert written
    assert stat.S_IMODE(folder.settings_file.stat().st_mode) == 0o600
    assert found.environment == "demo"
    assert set(found.apps) == {"capture", "consultant", "commissioner", "patient"}
    # Patients have links instead of accounts.
    assert {one.name for one in clients(found)} == set(found.apps) - {"patient"}


def test_a_second_start_finds_keys_and_ports_again(folder):
    first, _ = prepared(folder)
    second, written = prepared(folder)
    assert not written
    assert second.master_key == first.master_key
    assert second.apps == first.apps


def test_a_taken_port_is_left_to_its_owner_and_the_new_one_remembered(folder):
    first, _ = prepared(folder)
    taken = first.apps["capture"].port
    with socket.socket() as other:
        other.bind(("127.0.0.1", taken))
        other.listen()
        second, written = prepared(folder)
    assert written
    moved = second.apps["capture"]
    assert moved.port not in {taken, provider_port(second)}
    assert moved.origin == f"http://localhost:{moved.port}"
    assert second.master_key == first.master_key
    ports = [app.port for app in second.apps.values()] + [provider_port(second)]
    assert len(set(ports)) == 5


def test_settings_from_before_there_was_an_app_for_patients_get_its_place(folder):
    first, _ = prepared(folder)
    lines = folder.settings_file.read_text().splitlines()
    folder.settings_file.write_text(
        "\n".join(line for line in lines if "APPS__patient" not in line)
    )
    second, written = prepared(folder)
    assert written
    assert second.apps["patient"].origin.startswith("http://localhost:")
    assert second.apps["capture"].port == first.apps["capture"].port
    assert second.master_key == first.master_key


def test_one_demo_at_a_time(folder):
    with folder.held(), pytest.raises(Conflict, match="running already"):
        prepared(DemoFolder(folder.path))
    prepared(folder)


def test_clearing_removes_what_the_demo_made_and_nothing_else(folder):
    found, _ = prepared(folder)
    found.vault_folder.mkdir()
    (folder.path / "ozone.db").touch()
    (folder.path / "somebody-elses").touch()
    folder.clear()
    left = {file.name for file in folder.path.iterdir()}
    assert left == {"somebody-elses", "demo.lock"}


def test_data_without_a_demos_settings_are_not_cleared(folder):
    folder.path.mkdir()
    (folder.path / "ozone.db").touch()
    with pytest.raises(NotAllowed, match="Nothing was removed"):
        folder.clear()
    assert (folder.path / "ozone.db").exists()


def test_settings_of_a_service_are_refused(folder):
    prepared(folder)
    text = folder.settings_file.read_text()
    folder.settings_file.write_text(text.replace("=demo", "=service"))
    with pytest.raises(NotAllowed, match="not a demo's"):
        folder.clear()
    with pytest.raises(NotAllowed, match="not a demo's"):
        folder.prepare()
    assert folder.settings_file.exists()


def test_an_environment_that_leads_to_other_data_is_refused(folder, monkeypatch):
    prepared(folder)
    monkeypatch.setenv("OZONE_DATABASE_URL", "postgresql:///the-real-one")
    with pytest.raises(NotAllowed, match="not a demo's"):
        folder.prepare()
    assert settings().database_url == "postgresql:///the-real-one"
