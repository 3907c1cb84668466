"""What the apps' own addresses for files share: ticket, sign-in, refusals, headers.

As for pictures: the ticket names session, browser and thing, and the session is asked
each time.
"""

import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from core.access import actions as access
from core.access import tickets
from core.access.model import Actor
from core.access.tickets import Purpose, Ticket
from core.kernel import clock
from core.kernel.errors import NotAllowed, NotFound, ServiceError
from core.store.engine import store
from core.ui.session import browser_of


Result = TypeVar("Result")

_SIGNED_OUT = "You were signed out. Reload the page and sign in."
_PRIVATE = {"Cache-Control": "private, no-store", "Vary": "Cookie"}


async def answered(
    request: Request,
    purpose: Purpose,
    thing: object,
    found: Callable[[Ticket], Response],
) -> Response:
    """``found`` for whoever has a ticket for this thing; else why not."""
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


def as_actor(
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


def pdf(data: bytes, name: str) -> Response:
    """A PDF to be looked at, and kept nowhere on the way."""
    return Response(data, media_type="application/pdf", headers=named("inline", name))


def named(how: str, name: str) -> dict[str, str]:
    """Headers of a private file; ``how`` is inline or attachment."""
    return {**_PRIVATE, "Content-Disposition": f'{how}; filename="{name}"'}


def issue(
    purpose: Purpose,
    actor: Actor,
    browser: str,
    thing: str,
    **more: Any,  # noqa: ANN401
) -> str:
    """A ticket for one thing, in this browser. Raises NotAllowed without a sign-in."""
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
