"""Signed, short-lived permission to fetch or to send one image, letter, pack or list.

A ticket names its session, its browser, its thing and its end. Whoever takes one
checks the session as well: a ticket does not outlive a sign-out.
"""

import hmac
import json
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.config import settings
from core.kernel.errors import NotAllowed


_RUN_OUT = "This link has run out. Reload the page to get a new one."


class Purpose(StrEnum):
    """What a ticket is good for."""

    FETCH_IMAGE = "fetch_image"
    SEND_IMAGE = "send_image"
    FETCH_LETTER = "fetch_letter"
    PREVIEW_LETTER = "preview_letter"
    FETCH_PACK = "fetch_pack"
    FETCH_HEADS_UP = "fetch_heads_up"
    FETCH_APPOINTMENT = "fetch_appointment"
    FETCH_WEBLINK = "fetch_weblink"


# A picture is fetched at once; a picture may be taken long after the page was drawn,
# and the session behind it is checked when it arrives. A letter is opened while the
# page that links to it is still looked at.
LIFETIMES = {
    Purpose.FETCH_IMAGE: timedelta(minutes=2),
    Purpose.SEND_IMAGE: timedelta(hours=12),
    Purpose.FETCH_LETTER: timedelta(minutes=30),
    Purpose.FETCH_APPOINTMENT: timedelta(minutes=30),
    Purpose.PREVIEW_LETTER: timedelta(minutes=30),
    Purpose.FETCH_PACK: timedelta(minutes=30),
    Purpose.FETCH_HEADS_UP: timedelta(minutes=30),
    Purpose.FETCH_WEBLINK: timedelta(minutes=30),
}


@dataclass(frozen=True)
class Ticket:
    """What was signed. ``thing`` is an image, or the draft that images are for."""

    purpose: Purpose
    session_id: str
    browser: str
    thing: str
    ends: float
    # Where a sent image belongs: view, lesion.
    place: str = ""


def issue(
    purpose: Purpose,
    *,
    session_id: uuid.UUID,
    browser: str,
    thing: str,
    now: datetime,
    place: str = "",
) -> str:
    """A ticket as text that fits an address."""
    ends = (now + LIFETIMES[purpose]).timestamp()
    ticket = Ticket(purpose, str(session_id), browser, thing, ends, place)
    body = urlsafe_b64encode(json.dumps(asdict(ticket)).encode()).decode().rstrip("=")
    return f"{body}.{_signature(body)}"


def check(text: str, purpose: Purpose, *, browser: str, now: datetime) -> Ticket:
    """The ticket in ``text``. Raises NotAllowed for any that is not good here, now."""
    body, _, signature = text.partition(".")
    if not hmac.compare_digest(_signature(body).encode(), signature.encode()):
        raise NotAllowed(_RUN_OUT)
    content = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    ticket = Ticket(**{**content, "purpose": Purpose(content["purpose"])})
    good = ticket.purpose is purpose and now.timestamp() < ticket.ends
    if not good or not hmac.compare_digest(ticket.browser.encode(), browser.encode()):
        raise NotAllowed(_RUN_OUT)
    return ticket


def _signature(body: str) -> str:
    return hmac.digest(settings().key("tickets"), body.encode(), "sha256").hex()
