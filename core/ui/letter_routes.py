"""The apps' own addresses for letters and packs: each by ticket, each look audited.

As for pictures: the ticket names session, browser and thing, and the session is asked
each time.
"""

import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterator
from itertools import chain
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from core.access import actions as access
from core.access import tickets
from core.access.model import Actor
from core.access.tickets import Purpose, Ticket
from core.audit.actions import record
from core.imaging import keeping
from core.kernel import clock
from core.kernel.errors import NotAllowed, NotFound, ServiceError
from core.kernel.ids import new_id
from core.referrals import reading
from core.reviews import packs
from core.reviews.actions import onward
from core.reviews.presenters import onward as shown
from core.reviews.presenters.letters import letter_file
from core.store.engine import store
from core.ui.server import Site
from core.ui.session import browser_of


Result = TypeVar("Result")

_SIGNED_OUT = "You were signed out. Reload the page and sign in."
_PRIVATE = {"Cache-Control": "private, no-store", "Vary": "Cookie"}
# Previews wait here for the click that opens them, in the process that made them.
_MOST_PREVIEWS = 60
_previews: OrderedDict[str, bytes] = OrderedDict()
_turn = Lock()


def letter_routes(site: Site) -> list[BaseRoute]:
    """For apps that show letters."""
    return [Route(site.path("api/letters/{letter_id:uuid}"), fetch_letter)]


def preview_routes(site: Site) -> list[BaseRoute]:
    """For the app that writes letters."""
    return [Route(site.path("api/letters/previews/{name}"), fetch_preview)]


def pack_routes(site: Site) -> list[BaseRoute]:
    """For the app that hands packs over."""
    return [Route(site.path("api/packs/{referral_id:uuid}"), fetch_pack)]


async def fetch_letter(request: Request) -> Response:
    """A letter as PDF, to whoever has a ticket for it."""
    letter_id: uuid.UUID = request.path_params["letter_id"]
    return await _answered(
        request,
        Purpose.FETCH_LETTER,
        letter_id,
        lambda ticket: _letter(ticket, letter_id),
    )


async def fetch_preview(request: Request) -> Response:
    """A letter that was not sent yet."""
    name: str = request.path_params["name"]
    return await _answered(
        request, Purpose.PREVIEW_LETTER, name, lambda ticket: _preview(ticket, name)
    )


async def fetch_pack(request: Request) -> Response:
    """A pack as one ZIP; that the practice has it is noted."""
    referral_id: uuid.UUID = request.path_params["referral_id"]
    return await _answered(
        request,
        Purpose.FETCH_PACK,
        referral_id,
        lambda ticket: _pack(ticket, referral_id),
    )


def letter_url(site_name: str, actor: Actor, browser: str, letter_id: uuid.UUID) -> str:
    """An address for one letter, good for half an hour in this browser."""
    ticket = _issue(Purpose.FETCH_LETTER, actor, browser, str(letter_id))
    return f"/{site_name}/api/letters/{letter_id}?t={ticket}"


def pack_url(site_name: str, actor: Actor, browser: str, referral_id: uuid.UUID) -> str:
    """An address for the pack of one referral."""
    ticket = _issue(Purpose.FETCH_PACK, actor, browser, str(referral_id))
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
    ticket = _issue(
        Purpose.PREVIEW_LETTER, actor, browser, name, place=str(referral_id)
    )
    return f"/{site_name}/api/letters/previews/{name}?t={ticket}"


async def _answered(
    request: Request,
    purpose: Purpose,
    thing: object,
    found: Callable[[Ticket], Response],
) -> Response:
    try:
        ticket = tickets.check(
            request.query_params.get("t", ""),
            purpose,
            browser=browser_of(request.cookies),
            now=clock.now(),
        )
        if ticket.thing != str(thing):
            raise NotAllowed("This link is for something else.")
        return await run_in_threadpool(found, ticket)
    except ServiceError as refused:
        # A person has clicked a link: they read this in a tab of its own.
        return PlainTextResponse(refused.sentence, 403, headers=_PRIVATE)


def _letter(ticket: Ticket, letter_id: uuid.UUID) -> Response:
    def seen(session: Session, actor: Actor) -> tuple[str, str]:
        found = letter_file(session, actor.scope, letter_id)
        _audit(session, actor, "see_letter", found.letter_id, found.patient_id)
        return found.blob, found.reference

    blob, reference = _as_actor(ticket, "letter", seen)
    return _pdf(keeping.fetch(blob), f"letter-{reference}.pdf")


def _preview(ticket: Ticket, name: str) -> Response:
    def seen(session: Session, actor: Actor) -> str:
        referral = reading.get(session, actor.scope, uuid.UUID(ticket.place))
        _audit(session, actor, "preview_letter", referral.id, referral.patient_id)
        return referral.reference

    reference = _as_actor(ticket, "letter", seen)
    with _turn:
        data = _previews.get(name)
    if data is None:
        raise NotFound("This preview has gone. Open the letters again.")
    return _pdf(data, f"preview-{reference}.pdf")


def _pack(ticket: Ticket, referral_id: uuid.UUID) -> Response:
    def taken(session: Session, actor: Actor) -> packs.Plan:
        onward.take(session, by=actor, referral_id=referral_id)
        return shown.pack_of(session, actor.scope, referral_id)

    planned = _as_actor(ticket, "pack", taken)
    pieces = packs.zipped(packs.files(planned))
    # The first file is made before anything is promised to the browser.
    first = next(pieces)
    return StreamingResponse(
        _joined(first, pieces),
        media_type="application/zip",
        headers=_named("attachment", f"pack-{planned.reference}.zip"),
    )


def _joined(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    return chain([first], rest)


def _as_actor(
    ticket: Ticket, entity: str, look: Callable[[Session, Actor], Result]
) -> Result:
    """``look`` for whoever is signed in; a refusal is audited."""
    session_id = uuid.UUID(ticket.session_id)
    try:
        with store().transaction() as session:
            actor = access.is_live(session, session_id)
            if actor is None:
                raise access.SignedOut(_SIGNED_OUT)
            return look(session, actor)
    except (NotFound, NotAllowed) as refused:
        with store().transaction() as session:
            actor = access.is_live(session, session_id)
            if actor is not None:
                access.refuse(session, by=actor, what=refused.sentence, entity=entity)
        raise


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


def _pdf(data: bytes, name: str) -> Response:
    return Response(data, media_type="application/pdf", headers=_named("inline", name))


def _named(how: str, name: str) -> dict[str, str]:
    return {**_PRIVATE, "Content-Disposition": f'{how}; filename="{name}"'}


def _issue(
    purpose: Purpose,
    actor: Actor,
    browser: str,
    thing: str,
    **more: Any,  # noqa: ANN401
) -> str:
    if actor.session_id is None:
        raise NotAllowed("Sign in to go on.")
    return tickets.issue(
        purpose,
        session_id=actor.session_id,
        browser=browser,
        thing=thing,
        now=clock.now(),
        **more,
    )
