"""The patient app's own addresses: the door, and pictures in and out.

The link leaves the address bar at once: what stays is a cookie of this browser's.
"""

import json
import uuid
from dataclasses import dataclass
from ipaddress import ip_address

import sqlalchemy as sa
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from core.access import tickets
from core.access.tickets import Purpose, Ticket
from core.audit.actions import record
from core.imaging import keeping
from core.imaging.decode import MAX_BYTES
from core.imaging.model import Fault, UnusableFile
from core.imaging.tables import Image
from core.invitations import entering
from core.invitations.model import LinkTrouble, Trouble, Visitor
from core.invitations.visits import visitor
from core.kernel import clock
from core.kernel.errors import NotAllowed, NotFound, ServiceError
from core.languages.model import Language
from core.languages.reference import language
from core.referrals.actions import by_patient
from core.referrals.actions.pictures import Place
from core.store.engine import store
from core.ui.patient.visit import COOKIE, browser_of, secret_in
from core.ui.server import Site


_LONGEST_CODE = 64
_NOT_KEPT = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


@dataclass(frozen=True)
class Arrival:
    """A picture as a browser sent it."""

    image_id: uuid.UUID
    ticket: Ticket
    secret: str
    data: bytes


def patient_routes(site: Site) -> list[BaseRoute]:
    """All that this app answers beside its pages."""

    async def by_link(request: Request) -> Response:
        # Whoever asks for the head alone looks at links, and reads no page.
        if request.method == "HEAD":
            return Response(headers=_NOT_KEPT)
        token = str(request.path_params["token"])
        try:
            secret = await run_in_threadpool(
                entering.enter, store(), token=token, address=address_of(request)
            )
        except LinkTrouble as trouble:
            where = site.path(f"?trouble={trouble.code}")
            return RedirectResponse(where, 303, headers=_NOT_KEPT)
        answer = RedirectResponse(site.path(), 303, headers=_NOT_KEPT)
        _remember(answer, site, secret)
        return answer

    async def cut_short(_: Request) -> Response:
        # What is left of a link that was broken in two.
        where = site.path(f"?trouble={Trouble.UNKNOWN}")
        return RedirectResponse(where, 303, headers=_NOT_KEPT)

    async def by_code(request: Request) -> Response:
        code = (await _body(request, _LONGEST_CODE) or b"").decode(errors="replace")
        try:
            secret = await run_in_threadpool(
                entering.enter_by_code,
                store(),
                code=code.strip(),
                address=address_of(request),
            )
        except LinkTrouble as trouble:
            return JSONResponse({"trouble": trouble.code}, 403, headers=_NOT_KEPT)
        answer = JSONResponse({}, headers=_NOT_KEPT)
        _remember(answer, site, secret)
        return answer

    small = site.path("api/images/{image_id:uuid}/small")
    return [
        Route(site.path("i"), cut_short, methods=["GET"]),
        Route(site.path("i/"), cut_short, methods=["GET"]),
        Route(site.path("i/{token}"), by_link, methods=["GET"]),
        Route(site.path("api/code"), by_code, methods=["PUT"]),
        Route(site.path("api/pictures/{image_id:uuid}"), receive, methods=["PUT"]),
        Route(small, fetch, methods=["GET"]),
    ]


def address_of(request: Request) -> str:
    """The caller's address on the internet, for counting wrong guesses.

    The apps listen on loopback, so that the peer is nginx, which adds the address that
    it sees at the end; whatever stands before that is the caller's own claim.
    """
    peer = request.client.host if request.client else ""
    told = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return told if told and _is_loopback(peer) else peer


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _remember(answer: Response, site: Site, secret: str) -> None:
    answer.set_cookie(
        COOKIE,
        secret,
        path=f"/{site.name}",
        secure=site.secure,
        httponly=True,
        samesite="lax",
    )


async def receive(request: Request) -> Response:
    """A picture from a telephone, into the one referral that its visit is for."""
    secret = secret_in(request.cookies)
    try:
        ticket = _ticket(
            request.headers.get("x-upload-ticket", ""), Purpose.SEND_IMAGE, secret
        )
        who = await run_in_threadpool(_visitor, ticket, secret)
        data = await _body(request, MAX_BYTES)
    except ClientDisconnect:
        return Response(status_code=400)
    except ServiceError:
        # The page has the sentence for it, in its own language.
        return JSONResponse({}, 401)
    words = language(who.language)
    if data is None:
        return JSONResponse({"sentence": words.faults[Fault.TOO_LARGE]}, 413)
    arrival = Arrival(request.path_params["image_id"], ticket, secret, data)
    return await run_in_threadpool(_answer, arrival, words)


def _answer(arrival: Arrival, words: Language) -> Response:
    try:
        kept = keeping.keep(arrival.data)
        _attach(arrival, kept)
    except UnusableFile as refused:
        return JSONResponse({"sentence": words.faults[refused.fault]}, 422)
    except LinkTrouble:
        return JSONResponse({}, 401)
    except ServiceError:
        return JSONResponse({}, 422)
    answer = {
        "image_id": str(arrival.image_id),
        "width": kept.width,
        "height": kept.height,
        "advice": [words.advice[code] for code in kept.findings],
    }
    return JSONResponse(answer, 201)


def _attach(arrival: Arrival, kept: keeping.Kept) -> None:
    place = json.loads(arrival.ticket.place)
    lesion = uuid.UUID(place["lesion"]) if place["lesion"] else None
    with store().transaction() as session:
        by_patient.add_picture(
            session,
            visitor=visitor(session, arrival.secret),
            image_id=arrival.image_id,
            place=Place(place["view"], lesion),
            kept=kept,
        )


async def fetch(request: Request) -> Response:
    """A small copy of the patient's own picture."""
    secret = secret_in(request.cookies)
    try:
        ticket = _ticket(request.query_params.get("t", ""), Purpose.FETCH_IMAGE, secret)
        data = await run_in_threadpool(
            _thumbnail, ticket, secret, request.path_params["image_id"]
        )
    except ServiceError:
        return Response(status_code=403, headers=_NOT_KEPT)
    headers = {"Cache-Control": "private, max-age=120", "Vary": "Cookie"}
    return Response(data, media_type="image/jpeg", headers=headers)


def _thumbnail(ticket: Ticket, secret: str, image_id: uuid.UUID) -> bytes:
    with store().transaction() as session:
        who = _same(ticket, visitor(session, secret))
        image = _own(session, who, image_id)
        if not who.proved or ticket.thing != str(image_id) or image is None:
            raise NotFound("There is no such picture.")
        record(
            session,
            by=who.actor,
            action="see_thumbnail",
            entity="image",
            entity_id=image.id,
            patient_id=who.patient_id,
        )
        blob = image.thumbnail_blob
    return keeping.fetch(blob)


def _own(session: Session, who: Visitor, image_id: uuid.UUID) -> Image | None:
    return session.scalar(
        sa.select(Image).where(
            Image.id == image_id,
            Image.referral_id == who.referral_id,
            Image.removed_at.is_(None),
        )
    )


def _visitor(ticket: Ticket, secret: str) -> Visitor:
    with store().reading() as session:
        who = _same(ticket, visitor(session, secret))
        by_patient.refuse_too_many(session, visitor=who)
        return who


def _same(ticket: Ticket, who: Visitor) -> Visitor:
    """The visit that a ticket was made for. Raises NotAllowed for another one."""
    if ticket.session_id != str(who.visit_id) or not who.proved:
        raise NotAllowed("This was made for another visit.")
    return who


def _ticket(text: str, purpose: Purpose, secret: str) -> Ticket:
    return tickets.check(text, purpose, browser=browser_of(secret), now=clock.now())


async def _body(request: Request, most: int) -> bytes | None:
    """What was sent, or None for more than is taken. It never touches the disk bare."""
    taken = bytearray()
    async for piece in request.stream():
        taken += piece
        if len(taken) > most:
            return None
    return bytes(taken)
