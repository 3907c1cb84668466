"""Letters and packs over the real routes: who may have one, and what is noted."""

import asyncio
import zipfile
from datetime import timedelta
from io import BytesIO

import httpx
import pytest
import sqlalchemy as sa
from starlette.applications import Starlette

from core.access import actions as access
from core.access.model import App
from core.kernel import clock
from core.kernel.ids import new_id
from core.reviews.model import Audience, OnwardState
from core.reviews.presenters.letters import letters_of
from core.reviews.tables import Onward
from core.ui import letter_routes
from core.ui.session import browser_of
from tests.ui.over_routes import COOKIES, SITE, audited, signed_in
from tests.world import NOW, URGENT, an_answered_referral


pytestmark = pytest.mark.usefixtures("at_ten")
SERVER = Starlette(
    routes=[
        *letter_routes.letter_routes(SITE),
        *letter_routes.preview_routes(SITE),
        *letter_routes.pack_routes(SITE),
    ]
)
BROWSER = browser_of(COOKIES)


@pytest.fixture
def world(service):
    return service


@pytest.fixture
def referral_id(at_ten, service):
    """A referral whose answer leads into a hospital."""
    return an_answered_referral(service, URGENT)


@pytest.fixture
def letter_id(world, referral_id):
    with world.store.reading() as session:
        letters = letters_of(session, world.gp.scope, referral_id)
    return letters[1][Audience.PATIENT]


def get(url, cookies=COOKIES):
    async def asked():
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(SERVER), base_url=SITE.origin, cookies=cookies
        ) as client:
            return await client.get(url)

    return asyncio.run(asked())


def letter(actor, letter_id):
    return letter_routes.letter_url("capture", actor, BROWSER, letter_id)


def pack(actor, referral_id):
    return letter_routes.pack_url("capture", actor, BROWSER, referral_id)


def preview(actor, referral_id, pdf=b"%PDF-1.7 x"):
    return letter_routes.preview_url("capture", actor, BROWSER, referral_id, pdf)


def state_of(world):
    with world.store.reading() as session:
        return session.scalars(sa.select(Onward.state)).one()


def test_a_letter_opens_in_the_browser_is_never_stored_and_the_look_is_audited(
    world, gp, letter_id
):
    seen = get(letter(gp, letter_id))
    assert seen.status_code == 200
    assert seen.headers["content-type"] == "application/pdf"
    assert seen.headers["cache-control"] == "private, no-store"
    how, _, name = seen.headers["content-disposition"].partition("; ")
    assert how == "inline"
    assert name.startswith('filename="letter-')
    assert name.endswith('.pdf"')
    assert seen.content.startswith(b"%PDF")
    (row,) = audited(world, "see_letter")
    assert (row.entity_id, row.person_id) == (letter_id, gp.person_id)
    assert row.patient_id is not None


def test_the_specialist_sees_it_too(world, letter_id):
    consultant = signed_in(world, world.consultant, App.CONSULTANT)
    assert get(letter(consultant, letter_id)).status_code == 200


@pytest.mark.parametrize("who", ["other_gp", "stranger", "commissioner"])
def test_whoever_has_nothing_to_do_with_it_sees_no_letter_and_no_pack(
    world, referral_id, letter_id, who
):
    person = getattr(world, who)
    app = {"other_gp": App.CAPTURE, "stranger": App.CONSULTANT}.get(
        who, App.COMMISSIONER
    )
    actor = signed_in(world, person, app)
    for url in (
        letter(actor, letter_id),
        pack(actor, referral_id),
        preview(actor, referral_id),
    ):
        refused = get(url)
        assert refused.status_code == 403
        assert b"PDF" not in refused.content
        assert b"PK" not in refused.content
    assert len(audited(world, "refused")) == 3
    assert audited(world, "see_letter") == []
    assert state_of(world) is OnwardState.PREPARED


def test_a_specialist_takes_no_pack(world, referral_id):
    consultant = signed_in(world, world.consultant, App.CONSULTANT)
    assert get(pack(consultant, referral_id)).status_code == 403
    assert state_of(world) is OnwardState.PREPARED


@pytest.mark.parametrize("cookies", [{}, {"_streamlit_user": "eve"}])
def test_a_link_is_good_in_its_own_browser_only(
    world, gp, referral_id, letter_id, cookies
):
    for url in (
        letter(gp, letter_id),
        pack(gp, referral_id),
        preview(gp, referral_id),
    ):
        assert get(url, cookies).status_code == 403
    assert state_of(world) is OnwardState.PREPARED


def test_a_link_to_one_thing_opens_no_other(world, gp, referral_id, letter_id):
    for url, thing in (
        (letter(gp, letter_id), letter_id),
        (pack(gp, referral_id), referral_id),
    ):
        other = get(url.replace(str(thing), str(new_id()), 1))
        assert other.status_code == 403
        assert other.text == "This link is for something else."
    ticket = letter(gp, letter_id).partition("?t=")[2]
    assert get(f"/capture/api/packs/{letter_id}?t={ticket}").status_code == 403


@pytest.mark.parametrize("ticket", ["", "x", "a.b", "e30.0"])
def test_without_a_ticket_there_is_nothing(world, gp, referral_id, letter_id, ticket):
    for path in (f"letters/{letter_id}", f"packs/{referral_id}"):
        assert get(f"/capture/api/{path}?t={ticket}").status_code == 403


def test_signing_out_and_time_end_every_link(world, gp, referral_id, letter_id):
    urls = [letter(gp, letter_id), pack(gp, referral_id), preview(gp, referral_id)]
    with clock.set_to(NOW + timedelta(minutes=31)):
        assert {get(url).status_code for url in urls} == {403}
    with world.store.transaction() as session:
        access.sign_out(session, by=gp)
    assert {get(url).status_code for url in urls} == {403}
    assert "signed out" in get(urls[0]).text


def test_a_pack_comes_as_one_zip_and_is_handed_over_by_name_once(
    world, gp, referral_id
):
    for _ in range(2):
        taken = get(pack(gp, referral_id))
        assert taken.status_code == 200
        assert taken.headers["content-type"] == "application/zip"
        assert "attachment" in taken.headers["content-disposition"]
        assert taken.headers["cache-control"] == "private, no-store"
        with zipfile.ZipFile(BytesIO(taken.content)) as archive:
            assert archive.testzip() is None
            assert len(archive.namelist()) >= 3
    assert state_of(world) is OnwardState.HANDED_OVER
    assert len(audited(world, "onward_take")) == 1
    assert {row.person_id for row in audited(world, "fetch_pack")} == {gp.person_id}
    assert len(audited(world, "fetch_pack")) == 2


def test_a_preview_is_there_for_whoever_wrote_it_and_goes_after_many_others(
    world, referral_id
):
    consultant = signed_in(world, world.consultant, App.CONSULTANT)
    url = preview(consultant, referral_id, b"%PDF-1.7 mine")
    seen = get(url)
    assert (seen.status_code, seen.content) == (200, b"%PDF-1.7 mine")
    assert seen.headers["cache-control"] == "private, no-store"
    assert len(audited(world, "preview_letter")) == 1
    for _ in range(60):
        preview(consultant, referral_id)
    gone = get(url)
    assert (gone.status_code, gone.text) == (
        403,
        "This preview has gone. Open the letters again.",
    )
