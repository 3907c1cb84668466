"""Settings, and the only reader of the environment.

Every setting is an environment variable ``OZONE_…`` or a line of the file named by
``OZONE_SETTINGS`` (default ``data/var/settings.env``, which the demo writes).
"""

import os
import re
from functools import lru_cache
from pathlib import Path
from typing import Literal

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import BaseModel, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "data" / "reference"
VAR = ROOT / "data" / "var"
# As GOV.UK Notify gives it out, or nothing.
_NOTIFY_KEY = re.compile(
    r"(.+(-[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}){2})?"
)

Purpose = Literal[
    "database",
    "sealed",
    "index",
    "vault",
    "tickets",
    "pseudonyms",
    "cookies",
    "second reads",
]


class AppSettings(BaseModel):
    """Where one app listens, and how it is known to the identity provider.

    The patients' app has no sign-in, and no ``client_id``.
    """

    port: int
    origin: str
    client_id: str = ""
    client_secret: SecretStr = SecretStr("")


class Settings(BaseSettings):
    """One process's configuration."""

    model_config = SettingsConfigDict(
        env_prefix="OZONE_", env_nested_delimiter="__", extra="ignore"
    )

    environment: Literal["demo", "service", "test"] = "service"
    database_url: str = f"sqlite:///{VAR / 'ozone.db'}"
    vault_folder: Path = VAR / "vault"
    analytics_folder: Path = VAR / "analytics"
    # 64 hexadecimal digits, kept away from the disks that it protects.
    master_key: SecretStr
    oidc_metadata_url: str = ""
    oidc_issuer: str = ""
    apps: dict[str, AppSettings] = Field(default_factory=dict)
    # Without a mail server, messages are written as files into this folder.
    smtp_url: str = ""
    mail_folder: Path = VAR / "mail"
    mail_from: str = "no-reply@ozone.example"
    # GOV.UK Notify, for text messages and for e-mail instead of a mail server. Each of
    # its templates has nothing but ((subject)) and ((body)), for texts ((body)).
    notify_url: str = "https://api.notifications.service.gov.uk"
    notify_key: SecretStr = SecretStr("")
    notify_email_template: str = ""
    notify_text_template: str = ""

    @field_validator("master_key")
    @classmethod
    def _is_256_bits(cls, value: SecretStr) -> SecretStr:
        if len(bytes.fromhex(value.get_secret_value())) != 32:
            raise ValueError("needs 64 hexadecimal digits")
        return value

    @field_validator("notify_key")
    @classmethod
    def _is_a_key_of_notify(cls, value: SecretStr) -> SecretStr:
        if not _NOTIFY_KEY.fullmatch(value.get_secret_value()):
            raise ValueError("needs a name, the service's UUID and a secret UUID")
        return value

    def key(self, purpose: Purpose) -> bytes:
        """A 32-byte key for one purpose; none tells anything about another."""
        return HKDF(hashes.SHA256(), 32, salt=None, info=purpose.encode()).derive(
            bytes.fromhex(self.master_key.get_secret_value())
        )


@lru_cache(maxsize=1)
def settings() -> Settings:
    """This process's settings. Raises pydantic's ValidationError where one is wrong."""
    file = settings_file()
    return Settings(_env_file=file if file.is_file() else None)


def settings_file() -> Path:
    """Where settings are read from, whether it is there or not."""
    return Path(os.environ.get("OZONE_SETTINGS", VAR / "settings.env")).resolve()


def use_settings_file(file: Path) -> None:
    """Read settings from ``file`` from now on, here and in processes started here."""
    os.environ["OZONE_SETTINGS"] = str(file)
    settings.cache_clear()


def child_environment() -> dict[str, str]:
    """The environment for a process of ours: everything, with the settings' file."""
    return dict(os.environ)
