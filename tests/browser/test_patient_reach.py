"""A patient with a good link, who tries every address of every app: nothing opens."""

import re
import uuid

import httpx
import pytest
import sqlalchemy as sa

from core.cli.serving import _ROUTES
from core.imaging.tables import Image
from core.referrals.tables import Referral
from core.ui.patient.visit import COOKIE
from core.ui.server import Site
from tests import weblinks
from tests.browser.weblink_service import Weblinks
from tests.processes import ROOT
from tests.world import a_sent_referral


pytestmark = pytest.mark.slow

HERE = Site("patient", "http://localhost:1", 1)
OF_OTHERS = sorted(
    {
        (method, route.path)
        for app, makers in _ROUTES.items()
        if app != "patient"
        for make in makers
        for route in make(HERE)
        for method in (route.methods or ())
    }
    - {("PUT", "/patient/api/pictures/{image_id:uuid}")}
)
PAGES = sorted(
    set(
        re.findall(
            r'url_path="([\w-]+)"',
            "\n".join(file.read_text("utf-8") for file in (ROOT / "apps").glob("*.py")),
        )
    )
)


@pytest.fixture(scope="module")
def known(small_service: Weblinks) -> dict[str, uuid.UUID]:
    """Ids of somebody else's things, which a patient cannot know, but let them."""
    referral_id = a_sent_referral(small_service.world)
    with small_service.world.store.reading() as session:
        referral = session.get_one(Referral, referral_id)
        image = session.scalars(
            sa.select(Image.id).where(Image.referral_id == referral_id)
        ).first()
    assert image
    return {"image": image, "referral": referral.id, "patient": referral.patient_id}


@pytest.fixture(scope="module")
def visitor(small_service: Weblinks) -> httpx.Client:
    """A browser that opened a link and proved the date of birth."""
    link = small_service.link()
    secret = weblinks.a_visit(small_service.world, small_service.sent[link])
    return httpx.Client(
        base_url=small_service.origin,
        cookies={COOKIE: secret},
        headers={"Origin": small_service.origin},
    )


def filled(path: str, one: uuid.UUID) -> str:
    path = re.sub(r"\{\w+:uuid\}", str(one), path)
    return re.sub(r"\{\w+\}", "full", path)


def test_other_apps_have_addresses_to_try():
    assert len(OF_OTHERS) > 10
    assert len(PAGES) > 10


@pytest.mark.parametrize(("method", "path"), OF_OTHERS)
def test_no_address_of_another_app_answers(
    visitor: httpx.Client, known: dict[str, uuid.UUID], method: str, path: str
) -> None:
    index = visitor.get("/patient/").content
    for one in known.values():
        answer = visitor.request(method, filled(path, one))
        # Streamlit gives its one empty page for whatever it does not know.
        empty = answer.status_code == 200 and answer.content in (index, b"")
        assert empty or answer.status_code in (403, 404, 405), (path, answer)


@pytest.mark.parametrize("page", PAGES)
def test_no_page_of_another_app_is_one_here(visitor: httpx.Client, page: str) -> None:
    answer = visitor.get(f"/patient/{page}", follow_redirects=True)
    assert answer.content == visitor.get("/patient/").content


@pytest.mark.parametrize(
    "path",
    [
        "/patient/_stcore/metrics",
        "/patient/_stcore/agent/openapi.json",
        "/patient/app/static/x",
        "/patient/media/" + "0" * 64 + ".jpg",
        "/_stcore/metrics",
        "/capture/",
        "/consultant/api/healthz",
        "/patient/..%2f..%2fetc/passwd",
    ],
)
def test_what_streamlit_would_tell_is_closed(visitor: httpx.Client, path: str) -> None:
    index = visitor.get("/patient/").content
    answer = visitor.get(path, follow_redirects=True)
    assert answer.status_code in (400, 403, 404, 421) or answer.content == index


def test_nothing_is_taken_from_another_site(visitor: httpx.Client) -> None:
    for origin in ("https://evil.example", "null", ""):
        answer = visitor.put(
            "/patient/api/code", content="AAAA-AAAA", headers={"Origin": origin}
        )
        assert answer.status_code == 403
        assert answer.text == "Sent from another site"
