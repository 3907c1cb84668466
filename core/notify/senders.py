"""Ways out for a message: a mail server, or a folder where there is none."""

import smtplib
import ssl
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
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


class Sender(Protocol):
    """Something that takes a message, or raises OSError or SMTPException."""

    def send(self, message: EmailMessage) -> None:
        """Hand the message over."""


class SmtpSender:
    """A mail server, by ``smtp://`` (STARTTLS where offered) or ``smtps://``.

    What a message encloses is a patient's: it leaves this machine encrypted or not at
    all.
    """

    def __init__(self, url: str) -> None:
        self._parts = urlsplit(url)

    def send(self, message: EmailMessage) -> None:
        """Hand the message to the server."""
        parts = self._parts
        host, port = parts.hostname or "", parts.port or 0
        with self._connected(host, port) as server:
            sealed = parts.scheme == "smtps"
            server.ehlo()
            if not sealed and server.has_extn("starttls"):
                # Its own default would take any certificate.
                server.starttls(context=ssl.create_default_context())
                sealed = True
            if message.is_multipart() and not (sealed or host in _THIS_MACHINE):
                raise OSError("the mail server offers no encryption for enclosures")
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)

    def _connected(self, host: str, port: int) -> smtplib.SMTP:
        if self._parts.scheme == "smtps":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, port, timeout=_SECONDS, context=context)
        return smtplib.SMTP(host, port, timeout=_SECONDS)


class FolderSender:
    """Files in a folder: what a demo's messages come to.

    ``bare`` lets enclosures be written as well: made-up ones only.
    """

    def __init__(self, folder: Path, *, bare: bool = False) -> None:
        self._folder, self._bare = folder, bare

    def send(self, message: EmailMessage) -> None:
        """Write the message as a file."""
        if message.is_multipart() and not self._bare:
            raise OSError("enclosures leave by a mail server only; set OZONE_SMTP_URL")
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / f"{new_id()}.eml").write_bytes(bytes(message))


def sender(settings: Settings) -> Sender:
    """The way out that the settings name."""
    if settings.smtp_url:
        return SmtpSender(settings.smtp_url)
    return FolderSender(settings.mail_folder, bare=settings.environment == "demo")


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
