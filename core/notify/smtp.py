"""A mail server as the way out."""

import smtplib
import ssl
from urllib.parse import unquote, urlsplit

from core.notify.mail import as_mail
from core.notify.model import Outgoing, Refused


_SECONDS = 20
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
# "Sign in first": about us, not about the address (RFC 4954).
_SIGN_IN = 530


class SmtpSender:
    """A mail server, by ``smtp://`` (STARTTLS where offered) or ``smtps://``.

    What a message encloses is a patient's: it leaves this machine encrypted or not at
    all. One connection is kept from message to message, until ``rest``.
    """

    def __init__(self, url: str, sent_from: str) -> None:
        self._parts = urlsplit(url)
        self._sent_from = sent_from
        self._open: smtplib.SMTP | None = None
        self._sealed = False

    def known(self, key: object) -> None:
        """Nothing: a mail server cannot say what it took."""

    def send(self, message: Outgoing) -> str:
        """Hand the message to the server. Raises Refused where it says "never"."""
        mail = as_mail(message, self._sent_from)
        server = self._connected()
        here = self._parts.hostname in _THIS_MACHINE
        if message.enclosures and not (self._sealed or here):
            raise OSError("the mail server offers no encryption for enclosures")
        try:
            server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as refused:
            code, said = next(iter(refused.recipients.values()))
            raise _meant(code, said) from refused
        except smtplib.SMTPDataError as refused:
            raise _meant(refused.smtp_code, refused.smtp_error) from refused
        except OSError:
            self.rest()
            raise
        return ""

    def rest(self) -> None:
        """Let go of the connection."""
        server, self._open = self._open, None
        if server is not None:
            try:
                server.quit()
            except OSError:
                server.close()

    def _connected(self) -> smtplib.SMTP:
        if self._open is not None and not _lives(self._open):
            self.rest()
        if self._open is None:
            self._open = self._begun()
        return self._open

    def _begun(self) -> smtplib.SMTP:
        server = self._dialled()
        try:
            self._introduced(server)
        except BaseException:
            server.close()
            raise
        return server

    def _dialled(self) -> smtplib.SMTP:
        host, port = self._parts.hostname or "", self._parts.port or 0
        if self._parts.scheme == "smtps":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, port, timeout=_SECONDS, context=context)
        return smtplib.SMTP(host, port, timeout=_SECONDS)

    def _introduced(self, server: smtplib.SMTP) -> None:
        parts = self._parts
        self._sealed = parts.scheme == "smtps"
        server.ehlo()
        if not self._sealed and server.has_extn("starttls"):
            # Its own default would take any certificate.
            server.starttls(context=ssl.create_default_context())
            self._sealed = True
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))


def _lives(server: smtplib.SMTP) -> bool:
    try:
        return server.noop()[0] == 250
    except OSError:
        return False


def _meant(code: int, said: bytes | str) -> Exception:
    """What a refusal means. 4xx is "later"; 5.7 is a policy about us (RFC 3463)."""
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    if code < 500 or code == _SIGN_IN or words.startswith("5.7."):
        return OSError(f"{code} {words}")
    return Refused(f"{code} {words}")
