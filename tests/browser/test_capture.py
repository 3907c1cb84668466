"""Taking and adding pictures: what a person sees when it goes well, and when not."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import FAKE_CAMERA, Launch, OpenPage, Order, fetch, film
from tests.browser.serve_sample import drawing


pytestmark = pytest.mark.browser

KEEP_STREAM = """
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wish) => (window.stream = await ask(wish));
"""
NO_CAMERA_API = "Object.defineProperty(navigator, 'mediaDevices', {value: undefined});"


def refusing(name: str) -> str:
    return (
        "navigator.mediaDevices.getUserMedia = () => "
        f"Promise.reject(new DOMException('', '{name}'));"
    )


def received(sample: str) -> list[dict[str, Any]]:
    return list(fetch(f"{sample}/api/received").values())


def take(page: Page) -> None:
    page.get_by_role("button", name="Take picture").click()


def live(page: Page) -> None:
    expect(page.get_by_role("button", name="Take picture")).to_be_enabled()


def test_a_picture_arrives_at_the_cameras_full_size(
    sample: str, open_page: OpenPage, launch: Launch, tmp_path: Path
) -> None:
    path = film(tmp_path / "large.mjpeg", (4000, 3000), 0)
    within = launch(*FAKE_CAMERA, f"--use-file-for-fake-video-capture={path}")
    page = open_page(f"{sample}/?show=camera", within=within)
    live(page)
    page.get_by_role("button", name="Take picture").dblclick()
    expect(page.get_by_text("Taken: 1")).to_be_visible()
    [upload] = received(sample)
    assert upload["size"] == [4000, 3000]
    assert upload["times"] == 1
    assert upload["x-source"] == "camera"
    assert upload["x-device"]


def test_the_space_bar_takes_and_a_rerun_keeps_the_live_picture(
    sample: str, open_page: OpenPage
) -> None:
    page = open_page(f"{sample}/?show=camera", script=KEEP_STREAM)
    live(page)
    first = page.evaluate("stream.id")
    page.locator("body").press("Space")
    expect(page.get_by_text("Taken: 1")).to_be_visible()
    page.get_by_role("button", name="Rerun").click()
    page.wait_for_timeout(300)
    assert page.evaluate("stream.id") == first
    assert page.evaluate("stream.active") is True


def test_leaving_the_page_releases_the_camera(sample: str, open_page: OpenPage) -> None:
    page = open_page(f"{sample}/?show=camera", script=KEEP_STREAM)
    live(page)
    page.get_by_text("Camera on").click()
    expect(page.get_by_role("button", name="Take picture")).to_have_count(0)
    assert page.evaluate("stream.active") is False


def test_the_meter_says_sharp_or_blurred(
    sample: str, open_page: OpenPage, launch: Launch, tmp_path: Path
) -> None:
    page = open_page(f"{sample}/?show=camera")
    expect(page.locator("#word")).to_have_text("Sharp")
    path = film(tmp_path / "soft.mjpeg", (1280, 960), 6)
    soft = launch(*FAKE_CAMERA, f"--use-file-for-fake-video-capture={path}")
    page = open_page(f"{sample}/?show=camera", within=soft)
    expect(page.locator("#word")).to_contain_text("Blurred")


def test_the_chosen_camera_is_remembered_by_name(
    sample: str, open_page: OpenPage, two_cameras: Browser
) -> None:
    page = open_page(f"{sample}/?show=camera", within=two_cameras)
    page.locator("#device").select_option("fake_device_1")
    live(page)
    page.reload()
    live(page)
    chosen = "select => select.selectedOptions[0].textContent"
    assert page.locator("#device").evaluate(chosen) == "fake_device_1"


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        (refusing("NotFoundError"), "No camera was found"),
        (refusing("NotReadableError"), "Another program is using the camera"),
        (NO_CAMERA_API, "begins with https"),
    ],
)
def test_a_camera_that_cannot_start_says_why(
    sample: str, open_page: OpenPage, script: str, sentence: str
) -> None:
    page = open_page(f"{sample}/?show=camera", script=script)
    expect(page.locator("#sentence")).to_contain_text(sentence)


def test_a_denied_permission_says_how_to_give_it(
    sample: str, open_page: OpenPage, launch: Launch
) -> None:
    within = launch("--use-fake-device-for-media-stream", "--deny-permission-prompts")
    page = open_page(f"{sample}/?show=camera", within=within)
    page.get_by_role("button", name="Turn on the camera").click()
    expect(page.locator("#sentence")).to_contain_text("not allowed to use the camera")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


def test_a_camera_lost_in_the_middle_can_be_started_again(
    sample: str, open_page: OpenPage
) -> None:
    page = open_page(f"{sample}/?show=camera", script=KEEP_STREAM)
    live(page)
    page.evaluate("stream.getTracks()[0].dispatchEvent(new Event('ended'))")
    expect(page.locator("#sentence")).to_contain_text("The camera stopped")
    expect(page.get_by_role("button", name="Take picture")).to_be_disabled()
    page.get_by_role("button", name="Try again").click()
    live(page)


def test_a_picture_that_was_not_sent_is_kept_and_sent_again_as_the_same(
    sample: str, open_page: OpenPage, order: Order
) -> None:
    order("status=503")
    page = open_page(f"{sample}/?show=camera")
    live(page)
    take(page)
    expect(page.get_by_role("alert")).to_contain_text("It is kept here")
    expect(page.get_by_alt_text("The picture you just took")).to_be_visible()
    [refused] = fetch(f"{sample}/api/received")
    order("status=201")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Taken: 1")).to_be_visible()
    assert list(fetch(f"{sample}/api/received")) == [refused]


def test_without_a_connection_the_picture_is_kept(
    sample: str, open_page: OpenPage
) -> None:
    page = open_page(f"{sample}/?show=camera")
    live(page)
    page.route("**/api/captures/*", lambda route: route.abort())
    take(page)
    expect(page.get_by_role("alert")).to_contain_text("no connection")
    page.unroute("**/api/captures/*")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Taken: 1")).to_be_visible()


def test_a_ticket_that_ran_out_is_renewed_for_the_next_try(
    sample: str, open_page: OpenPage
) -> None:
    page = open_page(f"{sample}/?show=camera&ticket=old")
    live(page)
    take(page)
    expect(page.get_by_role("alert")).to_contain_text("has run out")
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Taken: 1")).to_be_visible()


def test_one_refused_file_does_not_stop_the_others(
    sample: str, open_page: OpenPage
) -> None:
    page = open_page(f"{sample}/?show=stored")
    expect(page.get_by_role("heading", name="Add stored pictures")).to_be_visible()
    page.locator("#files").set_input_files(
        [
            {"name": "a <b>.jpg", "mimeType": "", "buffer": drawing(1600, 1200)},
            {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"hello"},
            {"name": "damaged.HEIC", "mimeType": "", "buffer": b"nothing"},
            {"name": "small.jpg", "mimeType": "", "buffer": drawing(640, 480)},
        ]
    )
    rows = page.locator("li.file")
    said = [
        "not a picture this service can read",
        "This file is damaged",
        "640 × 480. This picture is small. Move closer.",
    ]
    expect(rows.nth(0)).to_contain_text("Sent: 1600 × 1200")
    for row, words in zip((1, 2, 3), said, strict=True):
        expect(rows.nth(row)).to_contain_text(words)
    expect(page.get_by_text("2 sent, 2 not sent")).to_be_visible()
    expect(page.get_by_text("Stored: a <b>.jpg, small.jpg")).to_be_visible()
    assert len(received(sample)) == 3


def test_a_stored_file_is_sent_again_on_request(
    sample: str, open_page: OpenPage, order: Order
) -> None:
    order("status=500")
    page = open_page(f"{sample}/?show=stored")
    file = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": drawing(900, 900)}
    expect(page.get_by_role("heading", name="Add stored pictures")).to_be_visible()
    page.locator("#files").set_input_files([file])
    again = page.get_by_role("button", name="Try again: a.jpg")
    expect(again).to_be_visible()
    order("status=201")
    again.click()
    expect(page.get_by_text("Stored: a.jpg")).to_be_visible()
    expect(page.get_by_text("1 sent", exact=True)).to_be_visible()
