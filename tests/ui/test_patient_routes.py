"""The patient app's own addresses: the door, pictures in and out, and nothing else."""

import asyncio
import json
from datetime import timedelta

import httpx
import pytest
import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.requests import Request

from core.access import tickets
from core.access.tickets import Purpose
from core.audit.tables import Audit
from core.demo.skin import draw
from core.imaging.tables import Image
from core.invitations import entering
from core.invitations.model import Way
from core.invitations.tables import Invitation, Visit
from core.kernel import clock
from core.kernel.ids import new_id
from core.referrals.actions import by_patient, drafting
from core.referrals.model import ConsentGiver
from core.ui.patient.visit import COOKIE, browser_of
from core.ui.patient_routes import address_of, patient_routes
from core.ui.server import Site
from tests import weblinks
from tests.world import NOW


SITE = Site("patient", "https://ozone.example", 8504)
SERVER = Starlette(routes=patient_routes(SITE))
JPEG = draw("close_up", problem="naevus", tone=3, seed=1, size=(640, 480))
DOCUMENT = b"%PDF-1.7 no picture"


def ask(method, path, *, secret="", **rest):
    async def asked():
        transport = httpx.ASGITransport(SERVER, client=("127.0.0.1", 5000))
        cookies = {COOKIE: secret} if secret else {}
        async with httpx.AsyncClient(
            transport=transport, base_url=SITE.origin, cookies=cookies
        ) as client:
            return await client.request(method, path, **rest)

    return asyncio.run(asked())


def visits(world):
    with world.store.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Visit))


@pytest.fixture
def referral(at_ten, service):
    """A referral that waits for its patient."""
    return weblinks.an_invitation(service)


@pytest.fixture
def secret(service, referral):
    """A browser that has proved the date of birth, agreed and marked a place."""
    secret = weblinks.a_visit(service, referral)
    weblinks.as_patient(
        service,
        secret,
        by_patient.consent,
        given_by=ConsentGiver.PATIENT,
        messages=True,
    )
    return secret


@pytest.fixture
def lesion(service, secret):
    place = drafting.Pin("chest", "front", 0.5, 0.3)
    return weblinks.as_patient(service, secret, by_patient.pin, place=place).id


def ticket(service, secret, lesion, view="close_up", **other):
    who = weblinks.who(service, secret)
    facts = {
        "session_id": who.visit_id,
        "browser": browser_of(secret),
        "thing": str(who.referral_id),
        "place": json.dumps({"view": view, "lesion": str(lesion)}),
        "now": clock.now(),
    }
    return tickets.issue(Purpose.SEND_IMAGE, **{**facts, **other})


def put(secret, signed, data=JPEG, image_id=None):
    path = f"/patient/api/pictures/{image_id or new_id()}"
    return ask(
        "PUT", path, secret=secret, content=data, headers={"X-Upload-Ticket": signed}
    )


def pictures(world):
    with world.store.reading() as session:
        return session.scalars(sa.select(Image)).all()


# ------------------------------------------------------------------ the door


def test_a_link_leaves_the_address_bar_at_once_and_a_cookie_behind(service, referral):
    token = weblinks.a_token(service, referral)
    answer = ask("GET", f"/patient/i/{token}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/patient/")
    assert answer.headers["cache-control"] == "no-store"
    cookie = answer.headers["set-cookie"]
    for said in ("HttpOnly", "Path=/patient", "SameSite=lax", "Secure"):
        assert said.lower() in cookie.lower(), said
    assert "expires" not in cookie.lower()
    assert "max-age" not in cookie.lower()
    assert token not in cookie
    secret = answer.cookies[COOKIE]
    assert weblinks.who(service, secret).referral_id == referral


def test_where_there_is_no_tls_the_cookie_still_comes(service, referral):
    plain = Starlette(routes=patient_routes(Site("patient", "http://localhost:1", 1)))

    async def asked():
        transport = httpx.ASGITransport(plain)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://localhost:1"
        ) as client:
            return await client.get(f"/patient/i/{weblinks.a_token(service, referral)}")

    assert "secure" not in asyncio.run(asked()).headers["set-cookie"].lower()


def test_whoever_looks_at_the_head_of_a_link_only_opens_nothing(service, referral):
    answer = ask("HEAD", f"/patient/i/{weblinks.a_token(service, referral)}")
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert visits(service) == 0


def test_a_robot_that_fetches_a_link_has_not_opened_the_page(service, referral):
    ask("GET", f"/patient/i/{weblinks.a_token(service, referral)}")
    invitation = weblinks.invitation_of(service, referral)
    assert invitation.opened_at is None


@pytest.mark.parametrize("path", ["i/xyz", f"i/{'x' * 22}", "i", "i/"])
def test_a_link_that_leads_nowhere_says_why(at_ten, service, path):
    answer = ask("GET", f"/patient/{path}")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/patient/?trouble=unknown"
    assert "set-cookie" not in answer.headers


def test_a_cancelled_link_says_why(service, referral):
    token = weblinks.a_token(service, referral)
    with service.store.transaction() as session:
        session.execute(sa.update(Invitation).values(state="cancelled"))
    answer = ask("GET", f"/patient/i/{token}")
    assert answer.headers["location"] == "/patient/?trouble=cancelled"


def test_a_short_code_opens_it_however_it_is_typed(service, referral):
    code = weblinks.a_token(service, referral, Way.CODE)
    typed = f"  {code.lower().replace('-', ' ')}\n"
    answer = ask("PUT", "/patient/api/code", content=typed)
    assert answer.status_code == 200
    assert weblinks.who(service, answer.cookies[COOKIE]).referral_id == referral


@pytest.mark.parametrize("code", ["AAAA-BBBB", "", "x" * 10_000, b"\xff\xfe"])
def test_a_wrong_code_is_told_as_one_and_counted(at_ten, service, code):
    answer = ask("PUT", "/patient/api/code", content=code)
    assert (answer.status_code, answer.json()) == (403, {"trouble": "unknown"})


def test_guessing_from_one_place_comes_to_an_end_and_from_another_does_not(
    at_ten, service
):
    def guess(address):
        headers = {"X-Forwarded-For": address}
        return ask("PUT", "/patient/api/code", content="AAAA-AAAA", headers=headers)

    said = [guess("203.0.113.9").json()["trouble"] for _ in range(30)]
    assert said[0] == "unknown"
    assert said[-1] == "too_many"
    assert guess("203.0.113.10").json()["trouble"] == "unknown"
    # What a caller claims before the proxy's own word counts for nothing.
    claimed = guess("198.51.100.1, 203.0.113.9").json()
    assert claimed["trouble"] == "too_many"


@pytest.mark.parametrize(
    ("peer", "told", "address"),
    [
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ("::1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("198.51.100.9", "203.0.113.7", "198.51.100.9"),
        ("testclient", "203.0.113.7", "testclient"),
    ],
)
def test_the_callers_address_is_what_the_proxy_saw(peer, told, address):
    headers = [(b"x-forwarded-for", told.encode())] if told else []
    scope = {"type": "http", "client": (peer, 1), "headers": headers}
    assert address_of(Request(scope)) == address


# ------------------------------------------------------------------ pictures


def test_a_picture_comes_into_the_patients_own_referral(
    service, referral, secret, lesion
):
    answer = put(secret, ticket(service, secret, lesion))
    assert answer.status_code == 201
    assert answer.json()["advice"] == [
        "This picture is very small. Take a new one with the camera of your phone."
    ]
    (kept,) = pictures(service)
    assert (kept.referral_id, kept.lesion_id) == (referral, lesion)
    assert kept.view == "close_up"


def test_one_picture_sent_twice_is_one(service, secret, lesion):
    image_id = new_id()
    signed = ticket(service, secret, lesion)
    answers = [put(secret, signed, image_id=image_id).status_code for _ in range(2)]
    assert answers == [201, 201]
    assert len(pictures(service)) == 1


def test_remarks_and_refusals_are_in_the_patients_language(service, secret, lesion):
    entering.speak(service.store, secret=secret, language="pl")
    signed = ticket(service, secret, lesion)
    said = put(secret, signed).json()["advice"]
    assert said == [
        "To zdjęcie jest bardzo małe. Proszę zrobić nowe aparatem w telefonie."
    ]
    refused = put(secret, signed, DOCUMENT)
    assert refused.status_code == 422
    assert "Nie możemy otworzyć" in refused.json()["sentence"]
    assert len(pictures(service)) == 1


def test_a_picture_without_a_visit_a_ticket_or_with_anothers_is_not_taken(
    service, secret, lesion
):
    signed = ticket(service, secret, lesion)
    other = weblinks.a_visit(service, weblinks.who(service, secret).referral_id)
    tries = [
        put("", signed),
        put("x" * 22, signed),
        put(secret, ""),
        put(secret, signed[:-1] + ("0" if signed[-1] != "0" else "1")),
        # The same patient's other telephone has a ticket of its own.
        put(other, signed),
        put(secret, ticket(service, secret, lesion, session_id=new_id())),
        put(secret, ticket(service, secret, lesion, now=NOW - timedelta(hours=13))),
    ]
    assert [one.status_code for one in tries] == [401] * len(tries)
    assert pictures(service) == []


def test_nothing_more_comes_in_after_it_was_sent(service, secret):
    weblinks.fill_in(service, secret)
    (one,) = {row.lesion_id for row in pictures(service)}
    signed = ticket(service, secret, one)
    weblinks.submit(service, secret)
    assert put(secret, signed).status_code == 422
    assert len(pictures(service)) == 2


def test_a_picture_of_something_that_is_not_asked_for_is_refused(
    service, secret, lesion
):
    assert put(secret, ticket(service, secret, lesion, view="x")).status_code == 422
    assert put(secret, ticket(service, secret, new_id())).status_code == 422
    assert pictures(service) == []


def seen(secret, image_id, signed, size="small"):
    path = f"/patient/api/images/{image_id}/{size}"
    return ask("GET", path, secret=secret, params={"t": signed})


def look_at(service, secret, image_id, **other):
    facts = {
        "session_id": weblinks.who(service, secret).visit_id,
        "browser": browser_of(secret),
        "thing": str(image_id),
        "now": clock.now(),
    }
    return tickets.issue(Purpose.FETCH_IMAGE, **{**facts, **other})


def test_patients_see_a_small_copy_of_their_own_pictures_and_it_is_audited(
    service, secret, lesion
):
    put(secret, ticket(service, secret, lesion))
    (kept,) = pictures(service)
    answer = seen(secret, kept.id, look_at(service, secret, kept.id))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, max-age=120"
    with service.store.reading() as session:
        query = sa.select(Audit).where(Audit.action == "see_thumbnail")
        (row,) = session.scalars(query).all()
    assert (row.entity_id, row.role) == (kept.id, "patient")


def test_nobody_elses_picture_and_no_large_one_is_shown(service, secret, lesion):
    put(secret, ticket(service, secret, lesion))
    (own,) = pictures(service)
    patient = weblinks.a_patient(service, number="", family_name="Other")
    other_referral = weblinks.a_patients_draft(service, patient)
    weblinks.invite(service, other_referral)
    other = weblinks.a_visit(service, other_referral)
    # Even with a ticket that the service itself has signed for another's picture.
    assert seen(other, own.id, look_at(service, other, own.id)).status_code == 403
    good = look_at(service, secret, own.id)
    assert seen(other, own.id, good).status_code == 403
    assert seen("", own.id, good).status_code == 403
    assert seen(secret, new_id(), good).status_code == 403
    late = look_at(service, secret, own.id, now=NOW - timedelta(minutes=3))
    assert seen(secret, own.id, late).status_code == 403
    assert seen(secret, own.id, good, size="full").status_code == 404
    weblinks.as_patient(service, secret, by_patient.remove_picture, image_id=own.id)
    assert seen(secret, own.id, good).status_code == 403


def test_before_the_date_of_birth_no_picture_comes_in_or_out(service, secret, lesion):
    put(secret, ticket(service, secret, lesion))
    (own,) = pictures(service)
    referral_id = weblinks.who(service, secret).referral_id
    fresh = weblinks.enter(service, weblinks.a_token(service, referral_id))
    assert put(fresh, ticket(service, fresh, lesion)).status_code == 401
    assert seen(fresh, own.id, look_at(service, fresh, own.id)).status_code == 403


def test_the_app_answers_at_these_addresses_and_no_others():
    assert sorted(route.path for route in SERVER.routes) == [
        "/patient/api/code",
        "/patient/api/images/{image_id:uuid}/small",
        "/patient/api/pictures/{image_id:uuid}",
        "/patient/i",
        "/patient/i/",
        "/patient/i/{token}",
    ]
