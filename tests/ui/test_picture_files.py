"""What comes in over the picture routes that is no picture, or no address."""

import uuid

import pytest

from core.imaging.model import SENTENCES, Fault
from core.kernel.ids import new_id
from tests.imaging.files import DISGUISES, huge_png
from tests.ui.over_routes import (
    JPEG,
    ask,
    put,
    sent_pictures,
    ticket_for,
    url_for,
)


pytestmark = pytest.mark.usefixtures("at_ten")


@pytest.fixture
def world(service):
    return service


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (lambda: JPEG[: len(JPEG) // 2], Fault.DAMAGED),
        (DISGUISES["a PDF"], Fault.NOT_A_PICTURE),
        (DISGUISES["an SVG"], Fault.NOT_A_PICTURE),
        (DISGUISES["nothing"], Fault.NOT_A_PICTURE),
        (huge_png, Fault.TOO_MANY_PIXELS),
    ],
    ids=["truncated", "pdf", "svg", "empty", "900 megapixels"],
)
def test_a_file_that_is_no_good_is_refused_in_words_and_not_kept(
    world, gp, draft, tmp_path, make, fault
):
    refused = put(ticket_for(world, gp, draft), make())
    assert refused.status_code == 422
    assert refused.json() == {"sentence": SENTENCES[fault]}
    assert sent_pictures(world) == []
    assert not any(one.is_file() for one in (tmp_path / "vault").glob("*/*"))


def test_a_file_over_the_limit_is_refused_before_it_has_all_been_read(world, gp, draft):
    taken = []

    async def endless():
        for _ in range(200):
            taken.append(1)
            yield bytes(1_000_000)

    refused = put(ticket_for(world, gp, draft), endless())
    assert refused.status_code == 413
    assert refused.json() == {"sentence": SENTENCES[Fault.TOO_LARGE]}
    assert len(taken) < 50


@pytest.mark.parametrize(
    "path",
    [
        "/capture/api/pictures/../../../etc/passwd",
        "/capture/api/pictures/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/capture/api/pictures/",
        "/capture/api/pictures/1",
        "/capture/api/pictures/{id}/../x",
        "/api/pictures/{id}",
        "//capture/api/pictures/{id}",
    ],
)
def test_an_address_is_a_uuid_or_nothing(world, gp, draft, path):
    headers = {"X-Upload-Ticket": ticket_for(world, gp, draft)}
    answer = ask("PUT", path.format(id=uuid.uuid4()), content=JPEG, headers=headers)
    assert answer.status_code == 404
    assert sent_pictures(world) == []


@pytest.mark.parametrize("size", ["../small", "small%2f..", "full/..%2f"])
def test_a_size_leads_nowhere_else(world, gp, draft, size):
    kept = new_id()
    put(ticket_for(world, gp, draft), image_id=kept)
    url = url_for(gp, kept).replace("/full?", f"/{size}?")
    assert ask("GET", url).status_code in (403, 404)


@pytest.mark.parametrize("device", ["%00", "x" * 5000, "%ff%fe", "<b>"])
def test_what_a_browser_calls_its_camera_is_only_a_name(world, gp, draft, device):
    headers = {"X-Upload-Ticket": ticket_for(world, gp, draft), "X-Device": device}
    path = f"/capture/api/pictures/{new_id()}"
    assert ask("PUT", path, content=JPEG, headers=headers).status_code == 201
    (image,) = sent_pictures(world)
    assert image.device.isprintable()
    assert len(image.device) <= 200


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_pictures_are_put_and_nothing_else(method):
    assert ask(method, f"/capture/api/pictures/{new_id()}").status_code == 405
