"""The demo's folder: its settings, what belongs to it, and who is using it."""

import fcntl
import os
import secrets
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.config import Settings, settings, use_settings_file
from core.demo.provider import LOOPBACK, DemoClient, issuer, metadata_url
from core.imaging import keeping
from core.kernel.errors import Conflict, NotAllowed


# The ports that are tried first: app by app, and the identity provider.
PORTS = {"capture": 8501, "consultant": 8502, "commissioner": 8503, "patient": 8504}
# Patients have links instead of accounts.
_WITHOUT_SIGN_IN = {"patient"}
PROVIDER_PORT = 9410
_HIGHEST = 65_535
_SETTINGS, _LOCK = "settings.env", "demo.lock"
# What a demo makes. Nothing else in the folder is ever removed.
_FOLDERS = ("vault", "analytics", "mail", "logs")
# The settings last: they say that the rest is a demo's.
_FILES = ("ozone.db", "ozone.db-wal", "ozone.db-shm", "ozone.lock", _SETTINGS)
_HEAD = """\
# Written by `ozone demo`: keys and secrets of made-up data, for this machine only.
# `ozone demo --fresh` writes it anew. A real service has a file of its own.
"""


@dataclass(frozen=True)
class DemoFolder:
    """Where a demo keeps everything."""

    path: Path

    @property
    def settings_file(self) -> Path:
        """Its configuration."""
        return self.path / _SETTINGS

    def log(self, name: str) -> Path:
        """Where one process writes what it has to say."""
        return self.path / "logs" / f"{name}.log"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep the folder to ourselves. Raises Conflict where a demo is running.

        A lock of the system's, which goes with its process however that ends.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            who = os.pread(descriptor, 20, 0).decode() or "unknown"
            os.close(descriptor)
            raise Conflict(
                f"A demo is running already (process {who}). Stop it with Ctrl-C first."
            ) from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        try:
            yield
        finally:
            os.close(descriptor)

    def clear(self) -> None:
        """Remove what a demo made. Raises NotAllowed where that is not certain."""
        there = [name for name in _FOLDERS + _FILES if (self.path / name).exists()]
        if not there:
            return
        if not self.settings_file.exists():
            raise NotAllowed(
                f"{self.path} has data but no {_SETTINGS} that says they are a demo's. "
                "Nothing was removed."
            )
        self.use()
        for name in _FOLDERS:
            shutil.rmtree(self.path / name, ignore_errors=True)
        for name in _FILES:
            (self.path / name).unlink(missing_ok=True)
        # What this process has open of it is gone, and the next one has other keys.
        keeping.vault.cache_clear()

    def use(self) -> Settings:
        """The demo's settings, for this process and its children.

        Raises NotAllowed where they are not a demo's, or lead out of its folder: the
        environment goes before the file, and could name the data of a real service.
        """
        use_settings_file(self.settings_file)
        found = settings()
        inside = found.database_url == self._database_url and all(
            folder.is_relative_to(self.path)
            for folder in (found.vault_folder, found.analytics_folder)
        )
        if found.environment != "demo" or not inside:
            raise NotAllowed(
                f"{self.settings_file}, with the environment's OZONE_… variables, is "
                "not a demo's. Nothing was changed."
            )
        return found

    @property
    def _database_url(self) -> str:
        return f"sqlite:///{self.path / 'ozone.db'}"

    def prepare(self) -> tuple[Settings, bool]:
        """Settings with free ports, and whether they were written now."""
        new = not self.settings_file.exists()
        if new:
            self._write(secrets.token_hex(32), _free_ports(PORTS, PROVIDER_PORT))
            return self.use(), True
        found = self.use()
        # An app that has come since the settings were written gets its place now.
        wanted = PORTS | {name: app.port for name, app in found.apps.items()}
        ports = _free_ports(wanted, provider_port(found))
        known = {name: app.port for name, app in found.apps.items()}
        changed = ports != {**known, "provider": provider_port(found)}
        if changed:
            self._write(found.master_key.get_secret_value(), ports)
        return self.use(), changed

    def _write(self, master_key: str, ports: dict[str, int]) -> None:
        lines = [
            "OZONE_ENVIRONMENT=demo",
            f"OZONE_MASTER_KEY={master_key}",
            f"OZONE_DATABASE_URL={self._database_url}",
            f"OZONE_VAULT_FOLDER={self.path / 'vault'}",
            f"OZONE_ANALYTICS_FOLDER={self.path / 'analytics'}",
            f"OZONE_MAIL_FOLDER={self.path / 'mail'}",
            f"OZONE_OIDC_METADATA_URL={metadata_url(ports['provider'])}",
            f"OZONE_OIDC_ISSUER={issuer(ports['provider'])}",
        ]
        for name in PORTS:
            lines += _app_lines(name, ports[name])
        self.path.mkdir(parents=True, exist_ok=True)
        temporary = self.settings_file.with_suffix(".new")
        temporary.unlink(missing_ok=True)
        # Nobody else may read it, from its first byte on.
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(_HEAD + "\n".join(lines) + "\n")
        temporary.replace(self.settings_file)


def _app_lines(name: str, port: int) -> list[str]:
    app = f"OZONE_APPS__{name}__"
    place = [f"{app}port={port}", f"{app}origin=http://localhost:{port}"]
    if name in _WITHOUT_SIGN_IN:
        return place
    return [
        *place,
        f"{app}client_id=ozone-{name}",
        f"{app}client_secret={secrets.token_urlsafe(32)}",
    ]


def provider_port(found: Settings) -> int:
    """Where the demo's identity provider listens."""
    return int(found.oidc_issuer.rsplit(":", 1)[1])


def clients(found: Settings) -> list[DemoClient]:
    """The apps, as the identity provider knows them."""
    return [
        DemoClient(
            name, app.origin, app.client_id, app.client_secret.get_secret_value()
        )
        for name, app in found.apps.items()
        if app.client_id
    ]


def _free_ports(wanted: dict[str, int], provider: int) -> dict[str, int]:
    taken: set[int] = set()
    ports = {}
    for name, port in {**wanted, "provider": provider}.items():
        while port in taken or not _is_free(port):
            port = port + 1 if port < _HIGHEST else PORTS["capture"]  # noqa: PLW2901
        taken.add(port)
        ports[name] = port
    return ports


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As the servers do: a connection that is just closing is not in the way.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
