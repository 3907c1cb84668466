"""A clinic's list and pictures over the real routes: who has them, what is noted."""

import asyncio
from datetime import timedelta

import httpx
import pytest
import sqlalchemy as sa
from starlette.applications import Starlette

from core.access import actions as access
from core.access.model import App
from core.imaging import keeping
from core.imaging.tables import Image
from core.kernel import clock
from core.kernel.ids import new_id
from core.ui import clinic_routes, routes
from core.ui.server import Site
from core.ui.session import browser_of
from tests.clinics.booked import BEGINS, a_nurse, a_session, book
from tests.ui.over_routes import COOKIES, JPEG, audited, signed_in
from tests.world import NOW, TO_BE_SEEN, a_patient, an_answered_referral


pytestmark = pytest.mark.usefixtures("at_ten")
SITE = Site("consultant", "http://localhost:8612", 8612)
SERVER = Starlette(
    routes=[*clinic_routes.clinic_routes(SITE), *routes.fetch_routes(SITE)]
)
BROWSER = browser_of(COOKIES)


@pytest.fixture
def world(service):
    return service


@pytest.fixture
def nurse(world):
    return a_nurse(world)


@pytest.fixture
def booked(at_ten, world, nurse):
    """Two patients in a nurse's clinic; this is the first."""
    held = a_session(world, nurse)
    other = a_patient(world, "9000000009", family_name="Brown")
    book(world, an_answered_referral(world, TO_BE_SEEN, other), held, after=40)
    return book(world, an_answered_referral(world, TO_BE_SEEN), held)


def get(url, cookies=COOKIES):
    async def asked():
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(SERVER), base_url=SITE.origin, cookies=cookies
        ) as client:
            return await client.get(url)

    return asyncio.run(asked())


def at_desk(world, who):
    return signed_in(world, who, App.CONSULTANT)


def paper(actor, session_id):
    return clinic_routes.list_url("consultant", actor, BROWSER, session_id)


def a_picture(world, booked):
    """One of the referral's pictures, with pixels."""
    kept = keeping.keep(JPEG)
    with world.store.transaction() as session:
        image = session.scalars(
            sa.select(Image).where(Image.referral_id == booked.referral_id)
        ).first()
        image.clean_blob, image.thumbnail_blob = kept.clean_blob, kept.thumbnail_blob
        return image.id


def picture(actor, image_id):
    return routes.picture_url("consultant", actor, BROWSER, image_id, "full")


def test_its_holder_gets_one_pdf_kept_nowhere_and_audited_for_every_patient(
    world, nurse, booked
):
    seen = get(paper(at_desk(world, nurse), booked.session_id))
    assert (seen.status_code, seen.headers["content-type"]) == (200, "application/pdf")
    assert seen.headers["cache-control"] == "private, no-store"
    assert (
        'filename="clinic-2026-11-25-0900.pdf"' in seen.headers["content-disposition"]
    )
    assert seen.content.startswith(b"%PDF")
    rows = audited(world, "print_clinic_list")
    assert {row.person_id for row in rows} == {nurse.person_id}
    assert len({row.patient_id for row in rows}) == 2


@pytest.mark.parametrize("who", ["consultant", "local", "stranger", "other nurse"])
def test_nobody_else_gets_the_list_however_they_came_by_an_address(
    world, nurse, booked, who
):
    person = (
        a_nurse(world, name="Nils Other")
        if who == "other nurse"
        else getattr(world, who)
    )
    actor = at_desk(world, person)
    refused = get(paper(actor, booked.session_id))
    assert refused.status_code == 403
    assert b"PDF" not in refused.content
    (row,) = audited(world, "refused")
    assert (row.person_id, row.entity) == (person.person_id, "clinic_session")
    assert audited(world, "print_clinic_list") == []


def test_a_link_is_good_for_one_thing_in_one_browser_for_half_an_hour(
    world, nurse, booked
):
    actor = at_desk(world, nurse)
    url = paper(actor, booked.session_id)
    assert get(url, {"_streamlit_user": "eve"}).status_code == 403
    other = url.replace(str(booked.session_id), str(new_id()), 1)
    assert get(other).text == "This link is for something else."
    with clock.set_to(NOW + timedelta(minutes=31)):
        assert get(url).status_code == 403
    assert get(url.replace("?t=", "?t=x")).status_code == 403
    with world.store.transaction() as session:
        access.sign_out(session, by=actor)
    assert get(url).status_code == 403


def test_whoever_holds_the_clinic_sees_its_pictures_and_each_look_is_audited(
    world, nurse, booked
):
    image_id = a_picture(world, booked)
    seen = get(picture(at_desk(world, nurse), image_id))
    assert (seen.status_code, seen.headers["content-type"]) == (200, "image/jpeg")
    (row,) = audited(world, "see_picture")
    assert (row.entity_id, row.person_id) == (image_id, nurse.person_id)
    assert row.patient_id is not None


def test_another_nurse_and_a_clinic_long_ago_show_no_picture(world, nurse, booked):
    image_id = a_picture(world, booked)
    other = at_desk(world, a_nurse(world, name="Nils Other"))
    assert get(picture(other, image_id)).status_code == 403
    assert get(picture(at_desk(world, world.stranger), image_id)).status_code == 403
    assert len(audited(world, "refused")) == 2
    with clock.set_to(BEGINS + timedelta(days=31)):
        late = at_desk(world, nurse)
        assert get(picture(late, image_id)).status_code == 403
        assert get(paper(late, booked.session_id)).status_code == 403
    assert audited(world, "see_picture") == []
