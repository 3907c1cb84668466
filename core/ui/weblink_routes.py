"""The sheet that a practice prints for a patient: a link, and a square to scan."""

import io
import uuid
from typing import Any

import segno
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from core.access.model import Actor, App
from core.access.tickets import Purpose, Ticket
from core.config import settings
from core.invitations.filling import address_of
from core.kernel.errors import NotFound
from core.languages.reference import language
from core.referrals.actions import inviting
from core.reviews import printing
from core.ui import ticketed
from core.ui.server import Site


def weblink_routes(site: Site) -> list[BaseRoute]:
    """For the practices' app."""
    return [Route(site.path("api/weblinks/{referral_id:uuid}"), fetch_paper)]


async def fetch_paper(request: Request) -> Response:
    """The sheet as PDF, with a link made for it."""
    referral_id: uuid.UUID = request.path_params["referral_id"]
    return await ticketed.answered(request, Purpose.FETCH_WEBLINK, referral_id, _paper)


def paper_url(actor: Actor, browser: str, referral_id: uuid.UUID) -> str:
    """Where this person's browser gets the sheet."""
    ticket = ticketed.issue(Purpose.FETCH_WEBLINK, actor, browser, str(referral_id))
    return f"/{App.CAPTURE}/api/weblinks/{referral_id}?t={ticket}"


def _paper(ticket: Ticket) -> Response:
    def made(session: Session, actor: Actor) -> inviting.Paper:
        return inviting.print_link(
            session, by=actor, referral_id=uuid.UUID(ticket.thing)
        )

    paper = ticketed.as_actor(ticket, "invitation", made)
    app = settings().apps.get("patient")
    if app is None:
        raise NotFound("The patients' app has no address yet. Ask your administrator.")
    content = _content(paper, address_of(app.origin, paper.token))
    return ticketed.pdf(printing.sheet("weblink", content), "weblink.pdf")


def _content(paper: inviting.Paper, address: str) -> dict[str, Any]:
    spoken = language(paper.language)
    words = {
        name: text.format(practice=paper.practice, until=spoken.day(paper.until))
        for name, text in spoken.pages["paper"].items()
    }
    square = io.BytesIO()
    segno.make(address, error="m").save(square, kind="svg", scale=8, border=2)
    return {
        **words,
        "from": paper.practice,
        "address": address,
        "square": list(square.getvalue()),
        "language": spoken.code,
        "direction": spoken.direction,
    }
