"""Pictures over the real routes: who may send one, and who may look."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image as Pillow

from core.access import actions as access
from core.access.model import App
from core.kernel import clock
from core.kernel.ids import new_id
from core.referrals.actions import sending
from core.referrals.actions.pictures import Place
from tests.ui.over_routes import (
    JPEG,
    ask,
    audited,
    place_of,
    put,
    sent_pictures,
    signed_in,
    ticket_for,
    url_for,
)
from tests.world import NOW, a_draft, a_patient


pytestmark = pytest.mark.usefixtures("at_ten")


@pytest.fixture
def world(service):
    return service


@pytest.fixture
def kept(world, gp, draft):
    """A picture that was sent by the GP."""
    image_id = new_id()
    assert put(ticket_for(world, gp, draft), image_id=image_id).status_code == 201
    return image_id


def test_a_picture_goes_in_and_comes_out_clean_and_each_look_is_audited(
    world, gp, draft
):
    exif = Pillow.Exif()
    exif[0x010F] = "Spycam 3000"
    file = BytesIO()
    Pillow.open(BytesIO(JPEG)).save(file, "JPEG", exif=exif, comment=b"Anna Smith")
    image_id = new_id()
    answer = put(ticket_for(world, gp, draft), file.getvalue(), image_id)
    assert answer.status_code == 201
    assert answer.json() == {
        "image_id": str(image_id),
        "width": 640,
        "height": 480,
        "advice": answer.json()["advice"],
    }
    for size, action in (("full", "see_picture"), ("small", "see_thumbnail")):
        seen = ask("GET", url_for(gp, image_id, size))
        assert seen.headers["content-type"] == "image/jpeg"
        assert seen.headers["cache-control"].startswith("private")
        assert b"Spycam" not in seen.content
        assert b"Anna" not in seen.content
        picture = Pillow.open(BytesIO(seen.content))
        assert picture.format == "JPEG"
        assert not picture.getexif()
        assert max(picture.size) == (640 if size == "full" else 320)
        (row,) = audited(world, action)
        assert (row.entity_id, row.person_id) == (image_id, gp.person_id)
        assert row.patient_id is not None


def test_what_was_sent_is_kept_with_its_place_and_device(world, gp, draft):
    put(ticket_for(world, gp, draft))
    (image,) = sent_pictures(world)
    place = place_of(world, draft)
    assert (image.view, image.lesion_id) == (place.view, place.lesion_id)
    assert (image.source, image.device) == ("camera", "DermLite é")
    assert image.added_by == gp.person_id
    assert len(audited(world, "add_picture")) == 5


def test_sending_one_picture_twice_keeps_one(world, gp, draft):
    image_id, ticket = new_id(), ticket_for(world, gp, draft)
    first, second = (put(ticket, image_id=image_id) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert len(sent_pictures(world)) == 1


@pytest.mark.parametrize("ticket", ["", "x", "a.b", "e30.0", "%00.%00", "." * 5000])
def test_without_a_ticket_nothing_comes_in_and_nothing_goes_out(world, kept, ticket):
    assert put(ticket).status_code == 401
    looked = ask("GET", f"/capture/api/images/{kept}/full", params={"t": ticket})
    assert looked.status_code == 403
    assert b"JFIF" not in looked.content
    assert ask("GET", f"/capture/api/images/{kept}/full").status_code == 403
    assert len(sent_pictures(world)) == 1
    assert audited(world, "see_picture") == []


def test_a_ticket_is_good_in_its_own_browser_only(world, gp, draft, kept):
    for cookies in ({}, {"_streamlit_user": "eve"}, {"other": "asha"}):
        seen = ask("GET", url_for(gp, kept), cookies=cookies)
        assert seen.status_code == 403
        sent = put(ticket_for(world, gp, draft), cookies=cookies)
        assert sent.status_code == 401


def test_a_ticket_for_one_picture_shows_no_other(world, gp, draft, kept):
    other = new_id()
    put(ticket_for(world, gp, draft), image_id=other)
    url = url_for(gp, kept).replace(str(kept), str(other), 1)
    assert ask("GET", url).json() == {"sentence": "This link is for another picture."}


def test_a_ticket_to_look_does_not_send_and_one_to_send_does_not_look(
    world, gp, draft, kept
):
    look = url_for(gp, kept).partition("?t=")[2]
    assert put(look).status_code == 401
    send = ticket_for(world, gp, draft)
    path = f"/capture/api/images/{kept}/full"
    assert ask("GET", path, params={"t": send}).status_code == 403


def test_tickets_end(world, gp, draft, kept):
    look, send = url_for(gp, kept), ticket_for(world, gp, draft)
    with clock.set_to(NOW + timedelta(minutes=2)):
        assert ask("GET", look).status_code == 403
        assert put(send).status_code == 201
    with clock.set_to(NOW + timedelta(hours=12)):
        assert put(send).status_code == 401


def test_signing_out_ends_every_ticket_at_once(world, gp, draft, kept):
    look, send = url_for(gp, kept), ticket_for(world, gp, draft)
    with world.store.transaction() as session:
        access.sign_out(session, by=gp)
    assert ask("GET", look).status_code == 403
    refused = put(send)
    assert (refused.status_code, "signed out" in refused.text) == (401, True)
    assert len(sent_pictures(world)) == 1


def test_an_idle_session_sends_nothing_though_its_ticket_is_good(world, gp, draft):
    send = ticket_for(world, gp, draft)
    with clock.set_to(NOW + timedelta(minutes=16)):
        assert put(send).status_code == 401
    assert sent_pictures(world) == []


def test_another_practice_neither_adds_to_a_draft_nor_sees_its_pictures(
    world, draft, kept
):
    other = signed_in(world, world.other_gp)
    refused = put(ticket_for(world, other, draft))
    assert refused.status_code == 422
    assert refused.json()["sentence"] == "There is no such referral at your practice."
    seen = ask("GET", url_for(other, kept))
    assert seen.status_code == 403
    assert "not yours to see" in seen.json()["sentence"]
    assert len(sent_pictures(world)) == 1


def test_a_specialist_sees_a_picture_once_it_was_sent_and_not_before(
    world, draft, kept
):
    consultant = signed_in(world, world.consultant, App.CONSULTANT)
    assert ask("GET", url_for(consultant, kept)).status_code == 403
    with world.store.transaction() as session:
        sending.send(session, by=world.gp, referral_id=draft)
    assert ask("GET", url_for(consultant, kept)).status_code == 200


def test_a_draft_that_was_sent_meanwhile_says_so(world, gp, draft):
    ticket = ticket_for(world, gp, draft)
    with world.store.transaction() as session:
        sending.send(session, by=world.gp, referral_id=draft)
    late = put(ticket)
    assert late.status_code == 422
    assert "has been sent, so its pictures stay" in late.json()["sentence"]
    assert sent_pictures(world) == []


def test_a_lesion_of_another_referral_is_refused(world, gp, draft):
    patient = a_patient(world, "", given_name="Bea")
    elsewhere = place_of(world, a_draft(world, patient))
    refused = put(ticket_for(world, gp, draft, elsewhere))
    assert refused.status_code == 422
    assert "not on this referral's body map" in refused.json()["sentence"]


def test_a_picture_cannot_be_pulled_over_to_another_referral(world, gp, draft, kept):
    patient = a_patient(world, "", given_name="Bea")
    other = a_draft(world, patient)
    refused = put(ticket_for(world, gp, other), image_id=kept)
    assert refused.json() == {"sentence": "That picture belongs to another referral."}
    (image,) = sent_pictures(world)
    assert image.referral_id == draft


def test_a_view_that_nobody_asked_for_is_refused(world, gp, draft):
    refused = put(ticket_for(world, gp, draft, Place("selfie", None)))
    assert refused.status_code == 422
