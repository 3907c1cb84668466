"""The apps' own addresses for letters and packs: each by ticket, each look audited."""

import uuid
from collections import OrderedDict
from collections.abc import Iterator
from itertools import chain
from threading import Lock

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from core.access.model import Actor
from core.access.tickets import Purpose, Ticket
from core.audit.actions import record
from core.clinics.presenters import needs
from core.imaging import keeping
from core.kernel.errors import NotFound
from core.kernel.ids import new_id
from core.referrals import reading
from core.reviews import packs
from core.reviews.actions import onward
from core.reviews.presenters import onward as shown
from core.reviews.presenters.letters import letter_file
from core.ui import ticketed
from core.ui.server import Site


# Previews wait here for the click that opens them, in the process that made them.
_MOST_PREVIEWS = 60
_previews: OrderedDict[str, bytes] = OrderedDict()
_turn = Lock()


def letter_routes(site: Site) -> list[BaseRoute]:
    """For apps that show letters."""
    return [
        Route(site.path("api/letters/{letter_id:uuid}"), fetch_letter),
        Route(site.path("api/appointments/{letter_id:uuid}"), fetch_appointment),
    ]


def preview_routes(site: Site) -> list[BaseRoute]:
    """For the app that writes letters."""
    return [Route(site.path("api/letters/previews/{name}"), fetch_preview)]


def pack_routes(site: Site) -> list[BaseRoute]:
    """For the app that hands packs over."""
    return [Route(site.path("api/packs/{referral_id:uuid}"), fetch_pack)]


async def fetch_letter(request: Request) -> Response:
    """A letter as PDF, to whoever has a ticket for it."""
    letter_id: uuid.UUID = request.path_params["letter_id"]
    return await ticketed.answered(
        request,
        Purpose.FETCH_LETTER,
        letter_id,
        lambda ticket: _letter(ticket, letter_id),
    )


async def fetch_appointment(request: Request) -> Response:
    """A letter about an appointment as PDF."""
    letter_id: uuid.UUID = request.path_params["letter_id"]
    return await ticketed.answered(
        request,
        Purpose.FETCH_APPOINTMENT,
        letter_id,
        lambda ticket: _appointment(ticket, letter_id),
    )


async def fetch_preview(request: Request) -> Response:
    """A letter that was not sent yet."""
    name: str = request.path_params["name"]
    return await ticketed.answered(
        request, Purpose.PREVIEW_LETTER, name, lambda ticket: _preview(ticket, name)
    )


async def fetch_pack(request: Request) -> Response:
    """A pack as one ZIP; that the practice has it is noted."""
    referral_id: uuid.UUID = request.path_params["referral_id"]
    return await ticketed.answered(
        request,
        Purpose.FETCH_PACK,
        referral_id,
        lambda ticket: _pack(ticket, referral_id),
    )


def letter_url(site_name: str, actor: Actor, browser: str, letter_id: uuid.UUID) -> str:
    """An address for one letter, good for half an hour in this browser."""
    ticket = ticketed.issue(Purpose.FETCH_LETTER, actor, browser, str(letter_id))
    return f"/{site_name}/api/letters/{letter_id}?t={ticket}"


def appointment_url(
    site_name: str, actor: Actor, browser: str, letter_id: uuid.UUID
) -> str:
    """An address for the letter about one appointment."""
    ticket = ticketed.issue(Purpose.FETCH_APPOINTMENT, actor, browser, str(letter_id))
    return f"/{site_name}/api/appointments/{letter_id}?t={ticket}"


def pack_url(site_name: str, actor: Actor, browser: str, referral_id: uuid.UUID) -> str:
    """An address for the pack of one referral."""
    ticket = ticketed.issue(Purpose.FETCH_PACK, actor, browser, str(referral_id))
    return f"/{site_name}/api/packs/{referral_id}?t={ticket}"


def preview_url(
    site_name: str, actor: Actor, browser: str, referral_id: uuid.UUID, pdf: bytes
) -> str:
    """Keep a preview for a while, and an address for it."""
    name = new_id().hex
    with _turn:
        _previews[name] = pdf
        while len(_previews) > _MOST_PREVIEWS:
            _previews.popitem(last=False)
    ticket = ticketed.issue(
        Purpose.PREVIEW_LETTER, actor, browser, name, place=str(referral_id)
    )
    return f"/{site_name}/api/letters/previews/{name}?t={ticket}"


def _letter(ticket: Ticket, letter_id: uuid.UUID) -> Response:
    def seen(session: Session, actor: Actor) -> tuple[str, str]:
        found = letter_file(session, actor.scope, letter_id)
        _audit(session, actor, "see_letter", found.letter_id, found.patient_id)
        return found.blob, found.reference

    blob, reference = ticketed.as_actor(ticket, "letter", seen)
    return ticketed.pdf(keeping.fetch(blob), f"letter-{reference}.pdf")


def _appointment(ticket: Ticket, letter_id: uuid.UUID) -> Response:
    def seen(session: Session, actor: Actor) -> tuple[str, str]:
        found = needs.letter_file(session, actor.scope, letter_id)
        _audit(session, actor, "see_letter", found.letter_id, found.patient_id)
        return found.blob, found.reference

    blob, reference = ticketed.as_actor(ticket, "appointment_letter", seen)
    return ticketed.pdf(keeping.fetch(blob), f"appointment-{reference}.pdf")


def _preview(ticket: Ticket, name: str) -> Response:
    def seen(session: Session, actor: Actor) -> str:
        referral = reading.get(session, actor.scope, uuid.UUID(ticket.place))
        _audit(session, actor, "preview_letter", referral.id, referral.patient_id)
        return referral.reference

    reference = ticketed.as_actor(ticket, "letter", seen)
    with _turn:
        data = _previews.get(name)
    if data is None:
        raise NotFound("This preview has gone. Open the letters again.")
    return ticketed.pdf(data, f"preview-{reference}.pdf")


def _pack(ticket: Ticket, referral_id: uuid.UUID) -> Response:
    def taken(session: Session, actor: Actor) -> packs.Plan:
        onward.take(session, by=actor, referral_id=referral_id)
        return shown.pack_of(session, actor.scope, referral_id)

    planned = ticketed.as_actor(ticket, "pack", taken)
    pieces = packs.zipped(packs.files(planned))
    # The first file is made before anything is promised to the browser.
    first = next(pieces)
    return StreamingResponse(
        _joined(first, pieces),
        media_type="application/zip",
        headers=ticketed.named("attachment", f"pack-{planned.reference}.zip"),
    )


def _joined(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    return chain([first], rest)


def _audit(
    session: Session,
    actor: Actor,
    action: str,
    entity_id: uuid.UUID,
    patient_id: uuid.UUID,
) -> None:
    record(
        session,
        by=actor,
        action=action,
        entity="letter",
        entity_id=entity_id,
        patient_id=patient_id,
    )
