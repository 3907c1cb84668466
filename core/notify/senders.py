"""Ways out for a message, by what is configured.

| | with Notify | without |
|---|---|---|
| e-mail | Notify; with enclosures the mail server | the mail server, else a folder |
| text | Notify | a folder in a demo or a test, nowhere in a service |
"""

import uuid
from dataclasses import dataclass
from typing import Protocol

from core.config import Settings
from core.notify.folder import FolderSender
from core.notify.govuk import GovUkNotify
from core.notify.model import Channel, NoWayOut, Outgoing
from core.notify.smtp import SmtpSender


class Sender(Protocol):
    """A way out. Raises OSError, of which smtplib's errors are a kind, where it is
    worth trying again; NoWayOut or Refused where it is not.
    """

    def known(self, key: uuid.UUID) -> str | None:
        """The provider's id of a message that it has already; None where nobody says.

        Asked before a message is sent that may have left before.
        """

    def send(self, message: Outgoing) -> str:
        """Hand the message over. Returns the provider's id of it, "" where none."""

    def rest(self) -> None:
        """Let go of what is held open between messages."""


@dataclass(frozen=True)
class Ways:
    """One way for each kind of message; ``texts`` is None where there is none."""

    mails: Sender
    enclosures: Sender
    texts: Sender | None

    def known(self, key: uuid.UUID) -> str | None:
        """The provider's id of a message that has none of enclosures."""
        ways = (
            (self.mails, self.texts) if self.texts is not self.mails else [self.mails]
        )
        found = (one.known(key) for one in ways if one is not None)
        return next((one for one in found if one is not None), None)

    def send(self, message: Outgoing) -> str:
        """Hand the message to the way for it."""
        if message.channel is Channel.TEXT:
            if self.texts is None:
                raise NoWayOut(
                    "This service sends no text messages: set OZONE_NOTIFY_KEY and "
                    "OZONE_NOTIFY_TEXT_TEMPLATE."
                )
            return self.texts.send(message)
        return (self.enclosures if message.enclosures else self.mails).send(message)

    def rest(self) -> None:
        """Let go of what each holds open."""
        for one in (self.mails, self.enclosures, self.texts):
            if one is not None:
                one.rest()


def sender(settings: Settings) -> Ways:
    """The ways out that the settings name."""
    server: Sender = _folder(settings)
    if settings.smtp_url:
        server = SmtpSender(settings.smtp_url, settings.mail_from)
    notify = govuk(settings)
    texts: Sender | None = (
        _folder(settings) if settings.environment != "service" else None
    )
    if notify is not None and settings.notify_text_template:
        texts = notify
    mails = server
    if notify is not None and settings.notify_email_template:
        mails = notify
    return Ways(mails=mails, enclosures=server, texts=texts)


def can_text(settings: Settings) -> bool:
    """Whether this service can send text messages; screens offer it only then."""
    return sender(settings).texts is not None


def govuk(settings: Settings) -> GovUkNotify | None:
    """GOV.UK Notify, where it is configured."""
    if not settings.notify_key.get_secret_value():
        return None
    templates = {
        Channel.EMAIL: settings.notify_email_template,
        Channel.TEXT: settings.notify_text_template,
    }
    return GovUkNotify(settings.notify_url, settings.notify_key, templates)


def _folder(settings: Settings) -> FolderSender:
    bare = settings.environment == "demo"
    return FolderSender(settings.mail_folder, settings.mail_from, bare=bare)
