"""The consultant app's own address for a clinic's list as one PDF, by ticket."""

import uuid

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from core.access.model import Actor
from core.access.tickets import Purpose, Ticket
from core.clinics import heads_up_pdf
from core.clinics.actions import heads_up
from core.clinics.heads_up_pdf import Plan
from core.clinics.presenters.printed import printed
from core.ui import ticketed
from core.ui.server import Site


def clinic_routes(site: Site) -> list[BaseRoute]:
    """For the app of those who see patients."""
    return [Route(site.path("api/clinics/{session_id:uuid}"), fetch_list)]


async def fetch_list(request: Request) -> Response:
    """The list of one session, to whoever holds it."""
    session_id: uuid.UUID = request.path_params["session_id"]
    return await ticketed.answered(
        request,
        Purpose.FETCH_HEADS_UP,
        session_id,
        lambda ticket: _list(ticket, session_id),
    )


def list_url(site_name: str, actor: Actor, browser: str, session_id: uuid.UUID) -> str:
    """An address for it, good for half an hour in this browser."""
    ticket = ticketed.issue(Purpose.FETCH_HEADS_UP, actor, browser, str(session_id))
    return f"/{site_name}/api/clinics/{session_id}?t={ticket}"


def _list(ticket: Ticket, session_id: uuid.UUID) -> Response:
    def taken(session: Session, actor: Actor) -> Plan:
        heads_up.note_print(session, by=actor, session_id=session_id)
        return printed(session, actor.scope, session_id)

    planned = ticketed.as_actor(ticket, "clinic_session", taken)
    return ticketed.pdf(heads_up_pdf.made(planned), f"clinic-{planned.name}.pdf")
