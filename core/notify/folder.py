"""Files in a folder: what a demo's messages come to, and how they are read back."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from pathlib import Path

from core.notify.mail import CHANNEL, KEY, as_mail
from core.notify.model import Channel, Outgoing


class FolderSender:
    """Files in a folder, each named by its message's key: sent twice, it is one.

    ``bare`` lets enclosures be written as well: made-up ones only.
    """

    def __init__(self, folder: Path, sent_from: str, *, bare: bool = False) -> None:
        self._folder, self._sent_from, self._bare = folder, sent_from, bare

    def known(self, key: object) -> None:
        """Nothing: it is written again over what is there."""

    def send(self, message: Outgoing) -> str:
        """Write the message as a file."""
        if message.enclosures and not self._bare:
            raise OSError("enclosures leave by a mail server only; set OZONE_SMTP_URL")
        mail = as_mail(message, self._sent_from)
        self._folder.mkdir(parents=True, exist_ok=True)
        # Whoever reads the folder sees whole files only.
        half = self._folder / f".{message.key}.{uuid.uuid4().hex}"
        half.write_bytes(bytes(mail))
        half.replace(self._folder / f"{message.key}.eml")
        return ""

    def rest(self) -> None:
        """Nothing is held open."""


@dataclass(frozen=True)
class Filed:
    """A message that was written into a folder, as its reader sees it."""

    key: str
    sent_at: datetime
    channel: Channel
    address: str
    subject: str
    body: str


def messages_in(folder: Path, newest: int = 50) -> list[Filed]:
    """The newest messages of a folder, newest first; none where there is no folder."""
    # Keys begin with the time at which a message was promised.
    files = sorted(folder.glob("*.eml"), key=lambda one: one.name, reverse=True)
    found = [_read(file) for file in files[:newest]]
    return sorted(found, key=lambda one: one.sent_at, reverse=True)


def _read(file: Path) -> Filed:
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    words = mail.get_body(("plain",))
    moment = mail["Date"]
    return Filed(
        key=mail[KEY] or file.stem,
        sent_at=parsedate_to_datetime(moment)
        if moment
        else datetime.fromtimestamp(file.stat().st_mtime, UTC),
        channel=Channel(mail[CHANNEL] or Channel.EMAIL),
        address=mail["To"] or "",
        subject=mail["Subject"] or "",
        body=words.get_content() if words else "",
    )
