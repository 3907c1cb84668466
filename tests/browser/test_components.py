"""The components in a real browser: what a person sees when it goes well, and when not."""

import json
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import FAKE_CAMERA, Launch, OpenPage, film
from tests.browser.serve_sample import drawing
from tests.processes import free_port, serving


pytestmark = pytest.mark.browser

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
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


@pytest.fixture(scope="module")
def sample() -> Iterator[str]:
    port = free_port()
    url = f"http://localhost:{port}/sample"
    with serving("tests.browser.serve_sample", port, ready=f"{url}/healthz"):
        yield url


@pytest.fixture(autouse=True)
def order(sample: str) -> Any:
    """Tells the upload route how to behave; well, to begin with."""

    def give(words: str) -> None:
        fetch(f"{sample}/api/orders?{words}")

    give("status=201&images=fine")
    return give


def fetch(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=10) as reply:  # noqa: S310 - loopback
        return json.load(reply)


def received(sample: str) -> list[dict[str, Any]]:
    return list(fetch(f"{sample}/api/received").values())


def take(page: Page) -> None:
    page.get_by_role("button", name="Take picture").click()


def live(page: Page) -> None:
    expect(page.get_by_role("button", name="Take picture")).to_be_enabled()


# ------------------------------------------------------------------ camera


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
    page = open_page(f"{sample}/?show=camera", within=within, permissions=())
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
    sample: str, open_page: OpenPage, order: Any
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


# ------------------------------------------------------------------ stored pictures


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
    sample: str, open_page: OpenPage, order: Any
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


# ------------------------------------------------------------------ viewer


def zoom_level(page: Page) -> int:
    shown = page.locator("#level").text_content() or ""
    return int(re.sub(r"\D", "", shown))


def offset(page: Page) -> str:
    return page.locator("#canvas").evaluate("node => node.style.transform")


def test_the_viewer_zooms_and_moves_by_keys_wheel_and_mouse(
    sample: str, open_page: OpenPage
) -> None:
    page = open_page(f"{sample}/?show=viewer")
    stage = page.locator("#stage")
    expect(page.get_by_alt_text("Overview of the left forearm")).to_be_visible()
    expect(page.locator("#wait")).to_be_empty()
    fitted = zoom_level(page)
    stage.press("+")
    assert zoom_level(page) > fitted
    stage.press("a")
    assert zoom_level(page) == 100
    before = offset(page)
    stage.press("ArrowRight")
    assert offset(page) != before
    before = offset(page)
    stage.hover()
    page.mouse.down()
    page.mouse.move(400, 300)
    page.mouse.up()
    assert offset(page) != before
    page.mouse.wheel(0, -200)
    expect(page.locator("#level")).not_to_have_text("100 %")
    page.get_by_role("button", name="Fit").click()
    assert zoom_level(page) == fitted


def test_number_keys_choose_an_image_at_full_resolution(
    sample: str, open_page: OpenPage
) -> None:
    page = open_page(f"{sample}/?show=viewer")
    expect(page.get_by_role("button", name="Image 1: Overview")).to_be_visible()
    page.locator("body").press("2")
    expect(page.get_by_text("Looking at 2")).to_be_visible()
    picture = page.get_by_alt_text("Close-up of the left forearm")
    expect(picture).to_be_visible()
    expect(page.locator("#wait")).to_be_empty()
    assert picture.evaluate("node => node.naturalWidth") == 2400
    current = page.get_by_role("button", name="Image 2: Close-up")
    expect(current).to_have_attribute("aria-current", "true")


def test_an_address_that_ran_out_is_renewed_unseen(
    sample: str, open_page: OpenPage, order: Any
) -> None:
    order("images=stale")
    page = open_page(f"{sample}/?show=viewer")
    expect(page.get_by_text("mint 1")).to_be_visible()
    expect(page.locator("#wait")).to_be_empty()
    expect(page.locator("#problem")).to_be_hidden()


def test_an_image_that_does_not_come_says_so_and_can_be_tried_again(
    sample: str, open_page: OpenPage, order: Any
) -> None:
    page = open_page(f"{sample}/?show=viewer")
    page.get_by_role("button", name="Image 3: Broken").click()
    expect(page.get_by_role("alert")).to_contain_text("could not be shown")
    order("images=mended")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#wait")).to_be_empty()
    expect(page.locator("#problem")).to_be_hidden()


# ------------------------------------------------------------------ body map


def test_a_tap_on_the_body_sets_a_pin_there(sample: str, open_page: OpenPage) -> None:
    page = open_page(f"{sample}/?show=map")
    page.get_by_role("button", name="Left forearm, front").click()
    expect(
        page.get_by_text(re.compile(r"Pins: 2\. left_forearm .* front"))
    ).to_be_visible()
    back = page.get_by_role("button", name="Left forearm, back").bounding_box()
    figure = page.locator("[data-side=back] svg").bounding_box()
    assert back is not None
    assert figure is not None
    # Seen from behind, the left arm is on the left of the sheet.
    assert back["x"] < figure["x"] + figure["width"] / 2


def test_a_pin_can_be_set_with_the_keyboard_alone(
    sample: str, open_page: OpenPage
) -> None:
    page = open_page(f"{sample}/?show=map")
    chest = page.get_by_role("button", name="Chest, front")
    chest.focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="Abdomen, front")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile(r"Pins: 2\. abdomen"))).to_be_visible()
    expect(page.get_by_role("button", name="Abdomen, front")).to_be_focused()


def test_a_phone_shows_one_side_at_a_time(sample: str, open_page: OpenPage) -> None:
    page = open_page(f"{sample}/?show=map", width=390)
    back = page.locator("[data-side=back]")
    expect(back).to_be_hidden()
    page.get_by_role("button", name="Back", exact=True).click()
    expect(back).to_be_visible()
    page.get_by_role("button", name="Upper back, back").click()
    expect(
        page.get_by_text(re.compile(r"Pins: 2\. upper_back .* back"))
    ).to_be_visible()
    expect(back).to_be_visible()


# ------------------------------------------------------------------ pages


@pytest.mark.parametrize(
    "show", ["camera", "stored", "viewer", "map", "reading", "style"]
)
def test_pages_are_accessible_and_fit_desk_and_phone(
    sample: str, open_page: OpenPage, show: str
) -> None:
    page = open_page(f"{sample}/?show={show}")
    expect(
        page.get_by_role("heading", name=show.capitalize(), exact=True)
    ).to_be_visible()
    page.wait_for_timeout(500)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        page.wait_for_timeout(250)
        found = Axe().run(page, options={"runOnly": WCAG}).response
        assert [v["id"] for v in found["violations"]] == []
        assert len(found["passes"]) > 20
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_broke_is_shown_without_what_was_typed(
    sample: str, open_page: OpenPage
) -> None:
    page = open_page(f"{sample}/?show=style")
    page.get_by_role("button", name="Break").click()
    expect(page.get_by_text(re.compile("quote error [0-9a-f]{8}"))).to_be_visible()
    assert "943 476 5919" not in page.locator("[data-testid=stAlert]").inner_text()
    page.get_by_role("button", name="Clash").click()
    expect(page.get_by_text("Dr Reid has this case already.")).to_be_visible()
