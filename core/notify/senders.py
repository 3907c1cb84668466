"""Ways out for a message: a mail server, or a folder where there is none."""

import smtplib
import tomllib
from collections.abc import Sequence
from email.message import EmailMessage
from functools import lru_cache
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from core.config import REFERENCE, Settings
from core.kernel.ids import new_id
from core.notify.model import Enclosure, Topic


_SECONDS = 20


class Sender(Protocol):
    """Something that takes a message, or raises OSError or SMTPException."""

    def send(self, message: EmailMessage) -> None:
        """Hand the message over."""


class SmtpSender:
    """A mail server, by ``smtp://`` (STARTTLS where offered) or ``smtps://``."""

    def __init__(self, url: str) -> None:
        self._parts = urlsplit(url)

    def send(self, message: EmailMessage) -> None:
        """Hand the message to the server."""
        parts = self._parts
        kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
        host, port = parts.hostname or "", parts.port or 0
        with kind(host, port, timeout=_SECONDS) as server:
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls()
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)


class FolderSender:
    """Files in a folder: what a demo's messages come to."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage) -> None:
        """Write the message as a file."""
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / f"{new_id()}.eml").write_bytes(bytes(message))


def sender(settings: Settings) -> Sender:
    """The way out that the settings name."""
    if settings.smtp_url:
        return SmtpSender(settings.smtp_url)
    return FolderSender(settings.mail_folder)


def compose(
    topic: Topic,
    facts: dict[str, str],
    *,
    sent_from: str,
    address: str,
    enclosed: Sequence[Enclosure] = (),
) -> EmailMessage:
    """A message from its template, with what it encloses."""
    template = _templates()[topic]
    message = EmailMessage()
    message["Subject"] = template["subject"].format_map(facts)
    message["From"], message["To"] = sent_from, address
    message.set_content(template["body"].format_map(facts).strip() + "\n")
    for one in enclosed:
        kind, _, subkind = one.kind.partition("/")
        message.add_attachment(
            one.data, maintype=kind, subtype=subkind, filename=one.name
        )
    return message


@lru_cache(maxsize=1)
def _templates() -> dict[str, dict[str, str]]:
    return tomllib.loads((REFERENCE / "messages.toml").read_text("utf-8"))
