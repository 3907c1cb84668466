"""The patient app's own addresses: the door, and pictures in and out.

The link leaves the address bar at once: what stays is a cookie of this browser's.
"""

from dataclasses import dataclass
from ipaddress import ip_address

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from core.invitations import entering
from core.invitations.model import LinkTrouble, Trouble
from core.store.engine import store
from core.ui.patient.visit import COOKIE
from core.ui.patient_pictures import NOT_KEPT, body, fetch, receive
from core.ui.server import Site


_LONGEST_CODE = 64


def patient_routes(site: Site) -> list[BaseRoute]:
    """All that this app answers beside its pages."""
    door = _Door(site)
    small = site.path("api/images/{image_id:uuid}/small")
    return [
        Route(site.path("i"), door.cut_short, methods=["GET"]),
        Route(site.path("i/"), door.cut_short, methods=["GET"]),
        Route(site.path("i/{token}"), door.by_link, methods=["GET"]),
        Route(site.path("api/code"), door.by_code, methods=["PUT"]),
        Route(site.path("api/pictures/{image_id:uuid}"), receive, methods=["PUT"]),
        Route(small, fetch, methods=["GET"]),
    ]


@dataclass(frozen=True)
class _Door:
    """Lets a browser in, by a link or by a code."""

    site: Site

    async def by_link(self, request: Request) -> Response:
        """Trade a link for a cookie."""
        # Whoever asks for the head alone looks at links, and reads no page.
        if request.method == "HEAD":
            return Response(headers=NOT_KEPT)
        token = str(request.path_params["token"])
        try:
            secret = await run_in_threadpool(
                entering.enter, store(), token=token, address=address_of(request)
            )
        except LinkTrouble as trouble:
            return self._turned_away(trouble.code)
        answer = RedirectResponse(self.site.path(), 303, headers=NOT_KEPT)
        return self._remembered(answer, secret)

    async def cut_short(self, _: Request) -> Response:
        """What is left of a link that was broken in two."""
        return self._turned_away(Trouble.UNKNOWN)

    async def by_code(self, request: Request) -> Response:
        """Trade a short code for a cookie."""
        code = (await body(request, _LONGEST_CODE) or b"").decode(errors="replace")
        try:
            secret = await run_in_threadpool(
                entering.enter_by_code,
                store(),
                code=code.strip(),
                address=address_of(request),
            )
        except LinkTrouble as trouble:
            return JSONResponse({"trouble": trouble.code}, 403, headers=NOT_KEPT)
        return self._remembered(JSONResponse({}, headers=NOT_KEPT), secret)

    def _turned_away(self, trouble: str) -> Response:
        where = self.site.path(f"?trouble={trouble}")
        answer = RedirectResponse(where, 303, headers=NOT_KEPT)
        # A telephone is shared: whose link does not open sees nobody else's page instead.
        answer.delete_cookie(COOKIE, path=f"/{self.site.name}")
        return answer

    def _remembered(self, answer: Response, secret: str) -> Response:
        answer.set_cookie(
            COOKIE,
            secret,
            path=f"/{self.site.name}",
            secure=self.site.secure,
            httponly=True,
            samesite="lax",
        )
        return answer


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
