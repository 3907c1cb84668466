"""GOV.UK Notify as the way out, by its REST API.

Source: https://docs.notifications.service.gov.uk/rest-api.html. A message takes the words
of a template that has nothing but ((subject)) and ((body)): the words are ours.
"""

import logging
import time
from enum import StrEnum
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import OctKey
from pydantic import SecretStr

from core.notify.model import Channel, NoWayOut, Outgoing, Refused


log = logging.getLogger(__name__)

_SECONDS = 20.0
_ID = 36  # characters of a UUID, as they stand at the end of a key
_TO = {Channel.EMAIL: "email_address", Channel.TEXT: "phone_number"}
_PATH = {Channel.EMAIL: "email", Channel.TEXT: "sms"}


class _NotThere(OSError):
    """There is nothing at that address: mistyped in the settings, or forgotten."""


class Fate(StrEnum):
    """What became of a message."""

    UNDER_WAY = "under way"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    UNKNOWN = "unknown"


# Its words for what is final. "temporary-failure" comes after it has tried for 72 hours,
# "sent" is all that is ever known of a text message to another country.
_FATES = {
    "delivered": Fate.DELIVERED,
    "permanent-failure": Fate.BOUNCED,
    "temporary-failure": Fate.BOUNCED,
    "technical-failure": Fate.BOUNCED,
    "sent": Fate.UNKNOWN,
}


class GovUkNotify:
    """GOV.UK Notify, with one template for each channel.

    ``key`` is an API key as Notify gives it: ``name-<service's UUID>-<secret UUID>``.
    """

    def __init__(self, url: str, key: SecretStr, templates: dict[Channel, str]) -> None:
        whole = key.get_secret_value()
        self._service = whole[-2 * _ID - 1 : -_ID - 1]
        self._secret = OctKey.import_key(whole[-_ID:])
        self._url, self._templates = url.rstrip("/"), templates
        self._open: httpx.Client | None = None

    def known(self, key: object) -> str | None:
        """Notify's id of the message with this key, if it has it already."""
        found = self._asked("GET", "", params={"reference": str(key)})
        there = found["notifications"]
        return str(there[0]["id"]) if there else None

    def send(self, message: Outgoing) -> str:
        """Hand the message over. Returns Notify's id of it.

        Raises Refused where Notify says that this is no address, NoWayOut where it will
        not take the message however often it is sent, OSError where it is worth trying
        again.
        """
        channel = message.channel
        words = {"body": message.body}
        if channel is Channel.EMAIL:
            words["subject"] = message.subject
        told = {
            _TO[channel]: message.address,
            "template_id": self._templates[channel],
            "personalisation": words,
            "reference": str(message.key),
        }
        return str(self._asked("POST", f"/{_PATH[channel]}", json=told)["id"])

    def fate(self, provider_id: str) -> tuple[Fate, str]:
        """What became of a message, with Notify's own word. Raises OSError."""
        try:
            status = str(self._asked("GET", f"/{provider_id}")["status"])
        except _NotThere as gone:
            # Notify forgets messages after some days.
            return Fate.UNKNOWN, str(gone)
        return _FATES.get(status, Fate.UNDER_WAY), status

    def rest(self) -> None:
        """Let go of the connection."""
        client, self._open = self._open, None
        if client is not None:
            client.close()

    def _asked(self, method: str, path: str, **more: Any) -> Any:  # noqa: ANN401  JSON
        if self._open is None:
            self._open = httpx.Client(timeout=_SECONDS)
        try:
            reply = self._open.request(
                method,
                f"{self._url}/v2/notifications{path}",
                headers={"Authorization": f"Bearer {self._token()}"},
                **more,
            )
            if reply.is_success:
                return reply.json()
        except (httpx.HTTPError, ValueError) as error:
            raise OSError(f"Notify does not answer as it should: {error}") from error
        raise _meant(reply)

    def _token(self) -> str:
        # Notify compares with the time of the world, whatever time it is here.
        claims = {"iss": self._service, "iat": int(time.time())}
        return jwt.encode({"alg": "HS256", "typ": "JWT"}, claims, self._secret)


def _meant(reply: httpx.Response) -> Exception:
    """What an answer other than "yes" means."""
    said = _said(reply)
    if reply.status_code == 403:
        log.error("Notify does not know us: check OZONE_NOTIFY_KEY and the clock.")
    if reply.status_code == 404:
        return _NotThere(said)
    # Any other bad request, such as a template that is not there, can be mended.
    if reply.status_code != 400 or "ValidationError" not in said:
        return OSError(said)
    if any(f"{field} " in said for field in _TO.values()):
        return Refused(said)
    return NoWayOut(said)


def _said(reply: httpx.Response) -> str:
    try:
        errors = reply.json()["errors"]
        words = "; ".join(f"{one['error']}: {one['message']}" for one in errors)
    except (ValueError, LookupError, TypeError):
        words = "no reason given"
    return f"Notify answered {reply.status_code}, {words}"
