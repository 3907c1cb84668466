"""A message as e-mail has it (RFC 5322), and back."""

from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from core.kernel import clock
from core.notify.model import Channel, Outgoing


CHANNEL = "X-Channel"
KEY = "X-Idempotency-Key"


def as_mail(message: Outgoing, sent_from: str) -> EmailMessage:
    """An e-mail with the message's own id: sent twice, it is one to who receives it.

    Raises ValueError without an address, and for a line break in one or in a subject.
    """
    if not message.address:
        raise ValueError("a message needs an address")
    mail = EmailMessage()
    for name, value in _heads(message, sent_from).items():
        mail[name] = value
    mail.set_content(message.body)
    for one in message.enclosures:
        kind, _, subkind = one.kind.partition("/")
        mail.add_attachment(one.data, maintype=kind, subtype=subkind, filename=one.name)
    return mail


def _heads(message: Outgoing, sent_from: str) -> Mapping[str, str]:
    domain = parseaddr(sent_from)[1].partition("@")[2]
    heads = {
        "Subject": message.subject,
        "From": sent_from,
        "To": message.address,
        "Date": format_datetime(clock.now()),
        "Message-ID": f"<{message.key}@{domain}>",
        KEY: str(message.key),
        # No holiday reply to a machine (RFC 3834).
        "Auto-Submitted": "auto-generated",
    }
    if message.channel is Channel.TEXT:
        heads[CHANNEL] = message.channel.value
    return heads
