"""The doctor says what is wrong, and how to mend it."""

import json
import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import sqlalchemy as sa
from dotenv import dotenv_values
from typer.testing import CliRunner

from core import config
from core.cli import app
from core.config import settings
from core.demo import pictures, skin
from core.demo.folder import DemoFolder
from core.demo.pictures import Shelf
from core.demo.service import fill
from core.imaging import keeping
from core.imaging.vault import Vault
from core.kernel import clock
from core.notify.model import Topic
from core.notify.tables import Outbox
from core.store.engine import Store


class Provider(BaseHTTPRequestHandler):
    """As much of an identity provider as the doctor looks at."""

    def do_GET(self) -> None:
        issuer = f"http://localhost:{self.server.server_address[1]}"
        body = json.dumps({"issuer": issuer}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A demo's data: its files, to be copied."""
    usual = config.settings_file()
    folder = DemoFolder(tmp_path_factory.mktemp("filled"))
    found, _ = folder.prepare()
    vault = Vault(found.vault_folder, found.key("vault"))
    drawn = skin.draw("close_up", problem="naevus", tone=2, seed=1, size=(160, 120))
    blob = vault.put(drawn)
    kept = keeping.Kept(blob, blob, blob, 160, 120, "jpeg", None, False, {}, [])
    shelf = Shelf(dict.fromkeys(pictures.subjects(), kept))
    fill(
        folder,
        referrals=70,
        number=1,
        say=str,
        progress=lambda *_: None,
        shelf=shelf,
    )
    config.use_settings_file(usual)
    return folder


@pytest.fixture
def provider():
    with ThreadingHTTPServer(("127.0.0.1", 0), Provider) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,)).start()
        yield f"http://localhost:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def sound(filled, provider, tmp_path):
    """A sound service on a copy of the data; what is passed by name is spoilt."""
    usual = config.settings_file()
    folder = tmp_path / "var"
    shutil.copytree(filled.path, folder)
    kept = dotenv_values(filled.settings_file)

    def spoilt(**changes):
        facts = kept | {
            "OZONE_DATABASE_URL": f"sqlite:///{folder / 'ozone.db'}",
            "OZONE_VAULT_FOLDER": str(folder / "vault"),
            "OZONE_OIDC_ISSUER": provider,
            "OZONE_OIDC_METADATA_URL": f"{provider}/.well-known/openid-configuration",
            **changes,
        }
        file = folder / "settings.env"
        file.write_text("".join(f"{k}={v}\n" for k, v in facts.items() if v))
        config.use_settings_file(file)
        return file

    spoilt()
    yield spoilt
    config.use_settings_file(usual)


@pytest.fixture
def store(sound):
    opened = Store(settings().database_url, settings().key("database"))
    yield opened
    opened.engine.dispose()


def doctor():
    result = CliRunner().invoke(app, ["doctor"])
    assert "Traceback" not in result.output
    return result.exit_code, result.output


def test_a_sound_service(sound):
    code, says = doctor()
    assert code == 0, says
    assert says.count("ok ") == 10
    assert "wrong" not in says


def test_a_setting_that_is_missing(sound):
    sound(OZONE_MASTER_KEY="")
    code, says = doctor()
    assert code == 1
    assert "OZONE_MASTER_KEY: field required." in says
    assert "OZONE_SETTINGS" in says


def test_the_wrong_key(sound):
    sound(OZONE_MASTER_KEY="77" * 32)
    code, says = doctor()
    assert code == 1
    assert "cannot be opened with this key" in says
    assert "Set OZONE_MASTER_KEY to the key" in says


def test_a_schema_that_is_behind(sound, store):
    with store.engine.begin() as connection:
        connection.execute(sa.text("update alembic_version set version_num = '0000'"))
    code, says = doctor()
    assert code == 1
    assert "run “ozone migrate”" in says


def test_an_empty_database(sound, tmp_path):
    sound(OZONE_DATABASE_URL=f"sqlite:///{tmp_path / 'new.db'}")
    code, says = doctor()
    assert code == 1
    assert "run “ozone migrate”" in says
    assert CliRunner().invoke(app, ["migrate"]).exit_code == 0


def test_a_vault_that_is_not_there(sound, tmp_path):
    sound(OZONE_VAULT_FOLDER=str(tmp_path / "elsewhere"))
    code, says = doctor()
    assert code == 1
    assert "Restore the folder from the backup" in says
    assert not (tmp_path / "elsewhere").exists()


def test_a_vault_of_another_key(sound, tmp_path):
    other = tmp_path / "other"
    Vault(other, b"o" * 32)
    sound(OZONE_VAULT_FOLDER=str(other))
    code, says = doctor()
    assert code == 1
    assert "does not open: WrongKey" in says


def test_a_past_that_was_changed(sound, store):
    with store.transaction() as session:
        session.execute(sa.text("drop trigger referral_event_no_update"))
        session.execute(sa.text("drop trigger audit_no_update"))
        session.execute(
            sa.text("update referral_event set role = 'nobody' where number = 2")
        )
        session.execute(sa.text("update audit set action = 'nothing'"))
    code, says = doctor()
    assert code == 1
    assert "Row 1 is not what it was" in says
    assert "was changed after it was written" in says


def test_a_provider_that_is_down(sound):
    sound(OZONE_OIDC_METADATA_URL="http://127.0.0.1:9/metadata")
    code, says = doctor()
    assert code == 1
    assert "Check OZONE_OIDC_METADATA_URL" in says


def test_a_provider_of_another_name(sound):
    sound(OZONE_OIDC_ISSUER="https://somebody.example")
    code, says = doctor()
    assert code == 1
    assert "Set OZONE_OIDC_ISSUER" in says


def test_a_message_that_is_stuck(sound, store):
    now = clock.now()
    with store.transaction() as session:
        session.add(
            Outbox(
                topic=Topic.RETURNED,
                address="elm@practice.example",
                facts={},
                created_at=now,
                available_at=now,
                gave_up_at=now,
            )
        )
    code, says = doctor()
    assert code == 1
    assert "OZONE_SMTP_URL" in says


def test_patients_whose_links_lead_nowhere(sound):
    sound(OZONE_APPS__patient__port="", OZONE_APPS__patient__origin="")
    code, says = doctor()
    assert code == 1
    assert "their links lead nowhere" in says
    assert "ozone serve patient" in says
