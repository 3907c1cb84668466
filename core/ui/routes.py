"""The apps' own addresses for pictures: fetch one, send one.

Nothing here trusts an address alone: the ticket names session, browser and thing,
and the session is asked each time.
"""

import json
import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

import sqlalchemy as sa
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from core.access import actions as access
from core.access import tickets
from core.access.model import Actor
from core.access.tickets import Purpose, Ticket
from core.audit.actions import record
from core.clinics import reading
from core.imaging import keeping
from core.imaging.model import SENTENCES, Fault
from core.imaging.tables import Image
from core.kernel import clock
from core.kernel.errors import NotAllowed, NotFound, ServiceError
from core.referrals.actions import pictures
from core.store.engine import store
from core.ui.server import Site
from core.ui.session import browser_of


log = logging.getLogger(__name__)

LARGEST_FILE = 40_000_000
_SIGNED_OUT = "You were signed out. Reload the page and sign in; the picture is kept."


@dataclass(frozen=True)
class Arrival:
    """A picture as a browser sent it."""

    image_id: uuid.UUID
    ticket: Ticket
    data: bytes
    source: str
    device: str


def fetch_routes(site: Site) -> list[BaseRoute]:
    """For apps that show pictures."""
    return [Route(site.path("api/images/{image_id:uuid}/{size}"), fetch)]


def send_routes(site: Site) -> list[BaseRoute]:
    """For apps that take pictures."""
    path = site.path("api/pictures/{image_id:uuid}")
    return [Route(path, receive, methods=["PUT"])]


async def fetch(request: Request) -> Response:
    """A picture, or its thumbnail, to whoever has a ticket for it."""
    image_id: uuid.UUID = request.path_params["image_id"]
    thumbnail = request.path_params["size"] == "small"
    try:
        ticket = _ticket(
            request.query_params.get("t", ""), Purpose.FETCH_IMAGE, request.cookies
        )
        if ticket.thing != str(image_id):
            raise NotAllowed("This link is for another picture.")
        data = await run_in_threadpool(_picture, ticket, image_id, thumbnail)
    except ServiceError as refused:
        return JSONResponse({"sentence": refused.sentence}, 403)
    headers = {"Cache-Control": "private, max-age=120", "Vary": "Cookie"}
    return Response(data, media_type="image/jpeg", headers=headers)


async def receive(request: Request) -> Response:
    """A picture from a browser, into the draft that its ticket names."""
    try:
        ticket = _ticket(
            request.headers.get("x-upload-ticket", ""),
            Purpose.SEND_IMAGE,
            request.cookies,
        )
        data = await _body(request)
    except NotAllowed:
        return JSONResponse({"sentence": _SIGNED_OUT}, 401)
    except ClientDisconnect:
        return Response(status_code=400)
    if data is None:
        return JSONResponse({"sentence": SENTENCES[Fault.TOO_LARGE]}, 413)
    arrival = Arrival(
        image_id=request.path_params["image_id"],
        ticket=ticket,
        data=data,
        source=request.headers.get("x-source", ""),
        device=_printable(unquote(request.headers.get("x-device", ""))),
    )
    return await run_in_threadpool(_answer, arrival)


def _printable(name: str) -> str:
    # PostgreSQL refuses a zero byte, and the picture would go with it.
    return "".join(letter for letter in name if letter.isprintable())


def _answer(arrival: Arrival) -> Response:
    try:
        kept = keeping.keep(arrival.data)
        _attach(arrival, kept)
    except access.SignedOut:
        return JSONResponse({"sentence": _SIGNED_OUT}, 401)
    except ServiceError as refused:
        return JSONResponse({"sentence": refused.sentence}, 422)
    answer = {
        "image_id": str(arrival.image_id),
        "width": kept.width,
        "height": kept.height,
        "advice": kept.advice,
    }
    return JSONResponse(answer, 201)


def _attach(arrival: Arrival, kept: keeping.Kept) -> None:
    place = json.loads(arrival.ticket.place)
    lesion = place["lesion"]
    with store().transaction() as session:
        actor = access.is_live(session, uuid.UUID(arrival.ticket.session_id))
        if actor is None:
            raise access.SignedOut(_SIGNED_OUT)
        pictures.add_picture(
            session,
            by=actor,
            referral_id=uuid.UUID(arrival.ticket.thing),
            image_id=arrival.image_id,
            place=pictures.Place(place["view"], uuid.UUID(lesion) if lesion else None),
            source=arrival.source,
            device=arrival.device,
            kept=kept,
        )


def _picture(ticket: Ticket, image_id: uuid.UUID, thumbnail: bool) -> bytes:
    try:
        image = _seen(ticket, image_id, "see_thumbnail" if thumbnail else "see_picture")
    except NotFound as refused:
        with store().transaction() as session:
            actor = access.is_live(session, uuid.UUID(ticket.session_id))
            if actor is not None:
                access.refuse(session, by=actor, what=refused.sentence, entity="image")
        raise
    return keeping.fetch(image.thumbnail_blob if thumbnail else image.clean_blob)


def _seen(ticket: Ticket, image_id: uuid.UUID, action: str) -> Image:
    """The picture's row, with the look at it in the audit."""
    with store().transaction() as session:
        actor = access.is_live(session, uuid.UUID(ticket.session_id))
        if actor is None:
            raise access.SignedOut(_SIGNED_OUT)
        image = session.scalar(sa.select(Image).where(Image.id == image_id))
        if image is None:
            raise NotFound("There is no such picture.")
        referral = reading.seen_by(session, actor.scope, image.referral_id)
        record(
            session,
            by=actor,
            action=action,
            entity="image",
            entity_id=image.id,
            patient_id=referral.patient_id,
        )
    return image


def _ticket(text: str, purpose: Purpose, cookies: Mapping[str, str]) -> Ticket:
    return tickets.check(text, purpose, browser=browser_of(cookies), now=clock.now())


async def _body(request: Request) -> bytes | None:
    """What was sent, or None for more than is taken. It never touches the disk bare."""
    taken = bytearray()
    async for piece in request.stream():
        taken += piece
        if len(taken) > LARGEST_FILE:
            return None
    return bytes(taken)


def send_ticket(
    actor: Actor,
    browser: str,
    referral_id: uuid.UUID,
    place: pictures.Place,
) -> str:
    """Permission to send pictures of one place of one draft."""
    lesion = str(place.lesion_id) if place.lesion_id else None
    return tickets.issue(
        Purpose.SEND_IMAGE,
        session_id=_session_of(actor),
        browser=browser,
        thing=str(referral_id),
        place=json.dumps({"view": place.view, "lesion": lesion}),
        now=clock.now(),
    )


def picture_url(
    site_name: str, actor: Actor, browser: str, image_id: uuid.UUID, size: str
) -> str:
    """An address for one picture, good for two minutes in this browser."""
    ticket = tickets.issue(
        Purpose.FETCH_IMAGE,
        session_id=_session_of(actor),
        browser=browser,
        thing=str(image_id),
        now=clock.now(),
    )
    return f"/{site_name}/api/images/{image_id}/{size}?t={ticket}"


def _session_of(actor: Actor) -> uuid.UUID:
    if actor.session_id is None:
        raise NotAllowed("Sign in to go on.")
    return actor.session_id
