"""The patients' door over its real routes, and what stands behind it for whom."""

import asyncio
from http.cookies import SimpleCookie

import httpx
import pytest
import sqlalchemy as sa
from starlette.applications import Starlette
from streamlit.testing.v1 import AppTest

from core.access.tickets import Purpose, issue
from core.cli.serving import _ROUTES
from core.imaging.tables import Image
from core.invitations import rules
from core.invitations.limits import limits
from core.invitations.model import Way
from core.kernel import clock
from core.kernel.ids import new_id
from core.referrals.actions import by_patient, sending
from core.referrals.tables import Lesion
from core.ui.patient.visit import COOKIE, browser_of
from core.ui.patient_routes import address_of, patient_routes
from core.ui.server import Site
from tests.processes import ROOT
from tests.ui.over_routes import JPEG
from tests.ui.test_screens import everything_said
from tests.weblinks import (
    a_patients_draft,
    a_token,
    a_visit,
    an_invitation,
    as_patient,
    enter,
    fill_in,
    invite,
    who,
)
from tests.world import a_draft, a_patient


SITE = Site("patient", "http://localhost:8504", 8504)
SERVER = Starlette(routes=patient_routes(SITE))
PROXY = ("127.0.0.1", 40_000)


@pytest.fixture
def world(service):
    return service


def ask(method, path, *, cookies=None, peer=PROXY, **rest):
    async def asked():
        transport = httpx.ASGITransport(SERVER, client=peer)
        async with httpx.AsyncClient(
            transport=transport, base_url=SITE.origin, cookies=cookies
        ) as client:
            return await client.request(method, path, **rest)

    return asyncio.run(asked())


def cookie_of(answer):
    return SimpleCookie(answer.headers["set-cookie"])[COOKIE]


def another_patients(world):
    """Somebody else of the same practice, with a draft and its pictures."""
    other = a_patient(world, "9434765870", family_name="Elsewhere")
    referral_id = a_draft(world, other)
    with world.store.reading() as session:
        image_id = session.scalars(
            sa.select(Image.id).where(Image.referral_id == referral_id)
        ).first()
    return referral_id, image_id


def ticket(world, secret, purpose, thing, place=""):
    return issue(
        purpose,
        session_id=who(world, secret).visit_id,
        browser=browser_of(secret),
        thing=str(thing),
        place=place,
        now=clock.now(),
    )


def test_a_link_leaves_a_cookie_that_no_script_reads_and_no_token_in_the_address(world):
    token = a_token(world, an_invitation(world))
    answer = ask("GET", f"/patient/i/{token}")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/patient/"
    assert answer.headers["cache-control"] == "no-store"
    kept = cookie_of(answer)
    assert kept["httponly"] and kept["samesite"] == "lax" and kept["path"] == "/patient"
    assert token not in answer.headers["set-cookie"]
    assert not who(world, kept.value).proved


def test_a_wrong_link_leaves_nothing_but_a_word(world):
    for token in ("x", "A" * 22, "A" * 4000, "%2e%2e", "%00", "'; drop"):
        answer = ask("GET", f"/patient/i/{token}")
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/patient/?trouble=")
        assert "set-cookie" not in answer.headers


def test_whoever_guesses_over_the_network_is_told_to_wait(world):
    tried = [
        ask("GET", f"/patient/i/{rules.new_token()}").headers["location"]
        for _ in range(limits().wrong_from_one_place + 2)
    ]
    assert tried.count("/patient/?trouble=unknown") == limits().wrong_from_one_place
    assert tried[-2:] == ["/patient/?trouble=too_many"] * 2


def test_guesses_are_counted_by_the_address_that_nginx_saw_not_by_what_was_claimed(
    world,
):
    for number in range(limits().wrong_from_one_place):
        claimed = {"X-Forwarded-For": f"10.0.0.{number}, 203.0.113.9"}
        ask("GET", f"/patient/i/{rules.new_token()}", headers=claimed)
    again = {"X-Forwarded-For": "10.9.9.9, 203.0.113.9"}
    answer = ask("GET", f"/patient/i/{rules.new_token()}", headers=again)
    assert answer.headers["location"].endswith("too_many")
    other = {"X-Forwarded-For": "203.0.113.9, 203.0.113.10"}
    answer = ask("GET", f"/patient/i/{rules.new_token()}", headers=other)
    assert answer.headers["location"].endswith("unknown")
    assert address_of is not None


def test_a_code_is_taken_at_the_door_and_guessing_ends_soon(world):
    referral_id = an_invitation(world)
    code = a_token(world, referral_id, Way.CODE)
    answer = ask("PUT", "/patient/api/code", content=code.lower())
    assert answer.status_code == 200 and not who(world, cookie_of(answer).value).proved
    for _ in range(limits().wrong_from_one_place):
        ask("PUT", "/patient/api/code", content=rules.new_code())
    answer = ask("PUT", "/patient/api/code", content=code)
    assert answer.json() == {"trouble": "too_many"}


def sends(world, secret, referral_id, *, cookies=None, data=JPEG, made_for=None):
    with world.store.reading() as session:
        lesion = session.scalars(
            sa.select(Lesion.id).where(Lesion.referral_id == referral_id)
        ).first()
    place = f'{{"view": "close_up", "lesion": "{lesion}"}}'
    permit = ticket(world, made_for or secret, Purpose.SEND_IMAGE, referral_id, place)
    return ask(
        "PUT",
        f"/patient/api/pictures/{new_id()}",
        cookies={COOKIE: secret} if cookies is None else cookies,
        content=data,
        headers={"X-Upload-Ticket": permit},
    )


def test_a_picture_is_taken_and_what_is_wrong_with_it_said_in_the_patients_language(
    world,
):
    referral_id = an_invitation(world)
    secret = a_visit(world, referral_id)
    fill_in(world, secret)
    answer = sends(world, secret, referral_id)
    assert answer.status_code == 201, answer.text
    # 640 by 480 are few pixels.
    assert answer.json()["advice"]
    video = b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 2000
    answer = sends(world, secret, referral_id, data=video)
    assert answer.status_code == 422 and answer.json()["sentence"]


def test_a_picture_needs_cookie_and_ticket_of_one_and_the_same_visit(world):
    referral_id = an_invitation(world)
    secret, other = a_visit(world, referral_id), a_visit(world, referral_id)
    fill_in(world, secret)
    assert sends(world, secret, referral_id, cookies={}).status_code == 401
    assert sends(world, secret, referral_id, made_for=other).status_code == 401
    unproved = enter(world, a_token(world, referral_id))
    assert sends(world, unproved, referral_id).status_code == 401


def test_nobody_elses_picture_is_to_be_had_with_a_good_link(world):
    secret = a_visit(world, an_invitation(world))
    referral_id, image_id = another_patients(world)
    for purpose in Purpose:
        permit = ticket(world, secret, purpose, image_id)
        answer = ask(
            "GET",
            f"/patient/api/images/{image_id}/small?t={permit}",
            cookies={COOKIE: secret},
        )
        assert answer.status_code == 403
        assert answer.content == b""
    answer = sends(world, secret, referral_id)
    assert answer.status_code in (401, 422)


def test_no_address_of_another_app_answers_here(world):
    """Every route of every app, under the patients' name and its own."""
    secret = a_visit(world, an_invitation(world))
    referral_id, image_id = another_patients(world)
    tried = 0
    for name, makers in _ROUTES.items():
        if name == "patient":
            continue
        for under in (name, "patient"):
            for make in makers:
                for route in make(Site(under, SITE.origin, SITE.port)):
                    path = route.path
                    for part in ("image_id", "letter_id", "referral_id"):
                        path = path.replace(f"{{{part}:uuid}}", str(image_id))
                    path = path.replace("{size}", "full").replace("{name}", "x")
                    for method in ("GET", "PUT", "POST"):
                        answer = ask(
                            method,
                            path.split("{", maxsplit=1)[0],
                            cookies={COOKIE: secret},
                            headers={"X-Upload-Ticket": "x"},
                        )
                        assert answer.status_code in (401, 404, 405), (method, path)
                        tried += 1
    assert tried > 40 and referral_id


def screen_of(world, secret, **query):
    screen = AppTest.from_file(ROOT / "apps" / "patient.py", default_timeout=30)
    screen.session_state["oz-visit"] = secret
    for name, value in query.items():
        screen.query_params[name] = str(value)
    return screen.run()


def words_of(screen):
    html = " ".join(str(one.proto) for one in screen.get("html"))
    fields = " ".join(str(one.value) for one in [*screen.text_input, *screen.text_area])
    return f"{everything_said(screen)} {html} {fields}"


@pytest.mark.parametrize(
    "name",
    ["id", "at", "referral", "referral_id", "patient", "image", "trouble", "show"],
)
def test_whatever_stands_in_the_address_the_page_is_ones_own(world, name):
    secret = a_visit(world, an_invitation(world))
    fill_in(world, secret)
    referral_id, image_id = another_patients(world)
    for value in (
        referral_id,
        image_id,
        "ELSEWHERE",
        "worklist",
        "'; --",
        "../capture",
    ):
        screen = screen_of(world, secret, **{name: value})
        assert not screen.exception
        assert "Elsewhere" not in words_of(screen).replace(str(value), "")


def test_before_the_date_of_birth_the_page_names_nobody(world):
    secret = enter(world, a_token(world, an_invitation(world)))
    said = words_of(screen_of(world, secret))
    assert "Elm Practice" in said
    for known in ("Anna", "Smith", "Apr", "9434765919", "lesion"):
        assert known not in said


def test_without_a_link_there_is_a_box_for_a_code_and_nothing_else(world):
    an_invitation(world)
    for secret in ("", "made-up", "x" * 5000):
        screen = screen_of(world, secret)
        assert not screen.exception
        assert "Elm" not in words_of(screen) and "Anna" not in words_of(screen)


def test_a_page_that_was_open_when_the_practice_ended_it_says_so(world):
    referral_id = an_invitation(world)
    secret = a_visit(world, referral_id)
    screen = screen_of(world, secret)
    with world.store.transaction() as session:
        sending.withdraw(session, by=world.gp, referral_id=referral_id, reason="Seen")
    screen.run()
    assert not screen.exception
    assert "Anna" not in words_of(screen)


def test_a_name_with_markup_in_it_stays_a_name(world):
    patient = a_patient(world, "", given_name="<script>alert(1)</script>")
    referral_id = a_patients_draft(world, patient)
    invite(world, referral_id)
    secret = a_visit(world, referral_id)
    said = words_of(screen_of(world, secret))
    assert "<script>" not in said


def test_the_same_answer_from_two_tabs_is_kept_once_and_shown_in_both(world):
    referral_id = an_invitation(world)
    one, other = a_visit(world, referral_id), a_visit(world, referral_id)
    as_patient(world, one, by_patient.answer, answers={"duration": "over_1_year"})
    assert not screen_of(world, other).exception
