"""A weblink on the practice's screens: sending, following, printing, what waits."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from starlette.applications import Starlette

from core.config import settings
from core.invitations.filling import with_link
from core.invitations.model import InvitationState, StopReason
from core.kernel import clock
from core.notify.delivery import deliver
from core.notify.senders import sender
from core.referrals.actions import by_patient
from core.referrals.actions.escalating import escalate_waiting
from core.referrals.model import State
from core.referrals.tables import Referral
from core.ui.session import browser_of
from core.ui.weblink_routes import paper_url, weblink_routes
from tests.routing import a_manager
from tests.ui.conftest import served
from tests.ui.over_routes import COOKIES, SITE, audited, signed_in
from tests.ui.test_screens import everything_said, opened
from tests.weblinks import (
    EMAIL,
    a_patients_draft,
    a_visit,
    an_invitation,
    as_patient,
    fill_in,
    invitation_of,
    outbox,
    submit,
    with_terms,
)
from tests.world import an_answered_referral, build_world


DOOR = (
    "OZONE_APPS__PATIENT__PORT=8504",
    "OZONE_APPS__PATIENT__ORIGIN=http://localhost:8504",
)


@pytest.fixture
def world(request, tmp_path, service_template):
    """A service whose patients' app has an address."""
    with served(request, tmp_path, service_template, *DOOR) as store:
        yield build_world(store)


def state(world, referral_id):
    with world.store.reading() as session:
        return session.get_one(Referral, referral_id).state


def pick(screen, key, value):
    (one,) = [each for each in screen.radio if str(each.key).startswith(key)]
    one.set_value(value)


def get(url):
    async def asked():
        server = Starlette(routes=weblink_routes(SITE))
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(server), base_url=SITE.origin, cookies=COOKIES
        ) as client:
            return await client.get(url)

    return asyncio.run(asked())


def filled_in_form(world, referral_id, way="email"):
    screen = opened("capture", world.gp, "new", id=referral_id)
    pick(screen, "weblink-problem", "lesion")
    pick(screen, "weblink-would", True)
    pick(screen, "way-", way)
    screen.run()
    return screen


def test_a_weblink_is_sent_from_the_new_referral(world):
    referral_id = a_patients_draft(world)
    screen = filled_in_form(world, referral_id)
    (address,) = [one for one in screen.text_input if one.label == "E-mail address"]
    address.set_value("anna@example.org")
    screen.button(key="send-weblink").click().run()
    assert not screen.exception
    assert state(world, referral_id) is State.AWAITING_PATIENT
    assert [one.address for one in outbox(world, "invited")] == ["anna@example.org"]


def test_a_mistake_is_said_beside_the_button_and_nothing_typed_is_lost(world):
    referral_id = a_patients_draft(world)
    screen = filled_in_form(world, referral_id)
    (address,) = [one for one in screen.text_input if one.label == "E-mail address"]
    address.set_value("anna at example")
    screen.button(key="send-weblink").click().run()
    assert "not an e\\-mail address" in screen.error[0].value
    (address,) = [one for one in screen.text_input if one.label == "E-mail address"]
    assert address.value == "anna at example"
    assert state(world, referral_id) is State.DRAFT


def test_what_the_practice_must_decide_is_asked_for(world):
    referral_id = a_patients_draft(world)
    screen = opened("capture", world.gp, "new", id=referral_id)
    pick(screen, "way-", "printed")
    screen.run()
    screen.button(key="send-weblink").click().run()
    assert "Choose the problem" in screen.error[0].value
    pick(screen, "weblink-problem", "rash")
    screen.run()
    screen.button(key="send-weblink").click().run()
    assert "would have referred" in screen.error[0].value
    assert state(world, referral_id) is State.DRAFT


def test_a_code_is_shown_once_to_be_read_out(world):
    referral_id = a_patients_draft(world)
    screen = filled_in_form(world, referral_id, "code")
    screen.button(key="send-weblink").click().run()
    code = screen.session_state["oz-code"]
    assert len(code) == 9
    assert code not in repr(outbox(world))


def test_the_referrals_page_says_how_far_the_patient_is(world):
    referral_id = an_invitation(world)
    screen = opened("capture", world.nurse, "referral", id=referral_id)
    said = everything_said(screen)
    html = " ".join(str(one.proto) for one in screen.get("html"))
    assert "By e-mail to anna@example.org, English" in html
    assert "✓ Sent" in said and "✓ Opened" not in said
    a_visit(world, referral_id)
    said = everything_said(opened("capture", world.nurse, "referral", id=referral_id))
    assert "✓ Opened" in said and "✓ Begun" in said


def test_another_practice_sees_nothing_of_it(world):
    referral_id = an_invitation(world)
    screen = opened("capture", world.other_gp, "referral", id=referral_id)
    assert screen.exception
    assert "anna" not in everything_said(screen)
    said = everything_said(opened("capture", world.other_gp, "weblinks"))
    assert "SMITH" not in said


def test_it_is_sent_again_from_the_page(world):
    referral_id = an_invitation(world)
    screen = opened("capture", world.nurse, "referral", id=referral_id)
    pick(screen, "way-", "email")
    screen.run()
    (address,) = [one for one in screen.text_input if one.label == "E-mail address"]
    address.set_value("anna.smith@example.org").run()
    screen.button(key="resend").click().run()
    assert [one.address for one in outbox(world, "link_anew")] == [
        "anna.smith@example.org"
    ]


def test_the_patient_comes_in_instead(world):
    referral_id = an_invitation(world)
    screen = opened("capture", world.nurse, "referral", id=referral_id)
    screen.button(key="weblink-list").click().run()
    assert state(world, referral_id) is State.LISTED
    assert invitation_of(world, referral_id).state is InvitationState.CANCELLED


def test_what_a_patient_could_not_send_is_on_the_home_page_with_its_reason(world):
    referral_id = an_invitation(world)
    secret = a_visit(world, referral_id)
    as_patient(world, secret, by_patient.stop, reason=StopReason.INTIMATE)
    home = opened("capture", world.gp)
    assert not home.exception
    screen = opened("capture", world.gp, "weblinks")
    assert "SMITH, Anna" in everything_said(screen)
    html = " ".join(str(one.proto) for one in screen.get("html"))
    assert "An intimate area" in html


def test_what_a_patient_sent_is_looked_through_and_sent_by_the_practice(world):
    with_terms(world, practice_reviews=True)
    referral_id = an_invitation(world)
    secret = a_visit(world, referral_id)
    fill_in(world, secret)
    submit(world, secret)
    screen = opened("capture", world.gp, "new", id=referral_id, step="ask_and_send")
    screen.button(key="send").click().run()
    assert not screen.error
    assert state(world, referral_id) is State.SUBMITTED


def test_the_sheet_has_a_link_of_its_own_and_needs_a_ticket(world):
    referral_id = an_invitation(world)
    actor = signed_in(world, world.gp)
    url = paper_url(actor, browser_of(COOKIES), referral_id)
    answer = get(url)
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")
    assert len(audited(world, "print_link")) == 1
    assert get(url.replace("t=", "t=x")).status_code == 403
    stranger = signed_in(world, world.other_gp)
    theirs = paper_url(stranger, browser_of(COOKIES), referral_id)
    assert get(theirs).status_code == 403


def test_a_sheet_is_printed_in_polish_too(world):
    referral_id = an_invitation(world, reach=replace(EMAIL, language="pl"))
    actor = signed_in(world, world.gp)
    answer = get(paper_url(actor, browser_of(COOKIES), referral_id))
    assert answer.content.startswith(b"%PDF")


def test_what_waits_too_long_is_shown_to_the_practice_and_to_the_manager(world):
    then = clock.now() - timedelta(days=10)
    with clock.set_to(then):
        an_answered_referral(world)
    with world.store.transaction() as session:
        assert escalate_waiting(session) == 3
    said = everything_said(opened("capture", world.gp, "overdue"))
    assert "An answer that nobody has acknowledged" in said
    said = everything_said(opened("capture", world.other_gp, "overdue"))
    assert "Nothing of your practice" in said


def test_the_deputy_is_named_on_the_page(world):
    screen = opened("capture", world.gp, "overdue")
    screen.text_input(key="deputy-name").set_value("Ann Reed")
    screen.text_input(key="deputy-email").set_value("reed@practice.example")
    screen.run()
    screen.button(key="deputy-save").click().run()
    screen = opened("capture", world.nurse, "overdue")
    assert screen.text_input(key="deputy-email").value == "reed@practice.example"


def test_a_real_service_has_no_page_of_messages(world):
    assert settings().environment != "demo"
    screen = opened("capture", world.gp)
    pages = {one["url_pathname"] for one in screen._registered_pages.values()}
    assert "messages" not in pages and "weblinks" in pages


def test_a_service_manager_sees_what_waits_everywhere_and_nobodys_name(world):
    with clock.set_to(clock.now() - timedelta(days=10)):
        an_answered_referral(world)
    with world.store.transaction() as session:
        escalate_waiting(session)
    said = everything_said(opened("commissioner", a_manager(world), "overdue"))
    assert "Elm Practice: 1" in said
    assert "An answer that nobody has acknowledged" in said
    assert "SMITH" not in said.upper()
    screen = opened("commissioner", world.commissioner)
    pages = {one["url_pathname"] for one in screen._registered_pages.values()}
    assert "overdue" not in pages


def test_the_demos_messages_can_be_read_and_their_links_followed(
    request, tmp_path, service_template
):
    mail = tmp_path / "mail"
    told = (*DOOR, "OZONE_ENVIRONMENT=demo", f"OZONE_MAIL_FOLDER={mail}")
    with served(request, tmp_path, service_template, *told) as store:
        world = build_world(store)
        an_invitation(world)
        found = settings()
        left = deliver(
            store, sender(found), fill=lambda row: with_link(store, found, row)
        )
        assert left == 1
        screen = opened("capture", world.gp, "messages")
        said = everything_said(screen)
        assert "Elm Practice" in said and "/patient/i/" in said.replace("\\", "")
        assert not screen.exception
