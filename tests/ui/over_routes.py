"""Pictures over the real routes, as a browser would send and fetch them."""

import asyncio

import httpx
import sqlalchemy as sa
from starlette.applications import Starlette

from core.access import actions as access
from core.access.model import App
from core.audit.tables import Audit
from core.demo.skin import draw
from core.imaging.tables import Image
from core.kernel import clock
from core.kernel.ids import new_id
from core.referrals.actions.pictures import Place
from core.referrals.tables import Lesion
from core.ui import routes
from core.ui.server import Site
from core.ui.session import browser_of


SITE = Site("capture", "http://localhost:8611", 8611)
SERVER = Starlette(routes=[*routes.send_routes(SITE), *routes.fetch_routes(SITE)])
COOKIES = {"_streamlit_user": "asha"}
JPEG = draw("close_up", problem="naevus", tone=3, seed=1, size=(640, 480))


def ask(method, path, *, cookies=COOKIES, **rest):
    async def asked():
        transport = httpx.ASGITransport(SERVER)
        async with httpx.AsyncClient(
            transport=transport, base_url=SITE.origin, cookies=cookies
        ) as client:
            return await client.request(method, path, **rest)

    return asyncio.run(asked())


def signed_in(world, who, app=App.CAPTURE):
    with world.store.transaction() as session:
        identity = access.Identity("https://id.example", who.name, clock.now())
        return access.resume(session, identity=identity, app=app)


def place_of(world, referral_id):
    with world.store.reading() as session:
        lesion = session.scalars(
            sa.select(Lesion.id).where(Lesion.referral_id == referral_id)
        ).first()
    return Place("close_up", lesion)


def ticket_for(world, actor, referral_id, place=None):
    place = place or place_of(world, referral_id)
    return routes.send_ticket(actor, browser_of(COOKIES), referral_id, place)


def put(ticket, data=JPEG, image_id=None, **rest):
    headers = {
        "X-Upload-Ticket": ticket,
        "X-Source": "camera",
        "X-Device": "DermLite%20%C3%A9",
    }
    path = f"/capture/api/pictures/{image_id or new_id()}"
    return ask("PUT", path, content=data, headers=headers, **rest)


def url_for(actor, image_id, size="full"):
    return routes.picture_url("capture", actor, browser_of(COOKIES), image_id, size)


def sent_pictures(world):
    """The pictures that came over the route; a draft of the world has four others."""
    with world.store.reading() as session:
        return session.scalars(sa.select(Image).where(Image.clean_blob != "c")).all()


def audited(world, action):
    with world.store.reading() as session:
        return session.scalars(sa.select(Audit).where(Audit.action == action)).all()
