"""Viewer, body map and whole pages in a real browser."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, Order


pytestmark = pytest.mark.browser

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def zoom_level(page: Page) -> int:
    shown = page.locator(".level").first.text_content() or ""
    return int(re.sub(r"\D", "", shown))


def offset(page: Page) -> str:
    return page.locator(".canvas").first.evaluate("node => node.style.transform")


def test_the_viewer_zooms_and_moves_by_keys_wheel_and_mouse(
    sample: str, open_page: OpenPage
) -> None:
    page = open_page(f"{sample}/?show=viewer")
    stage = page.locator(".stage").first
    expect(page.get_by_alt_text("Overview of the left forearm")).to_be_visible()
    expect(page.locator(".wait").first).to_be_empty()
    fitted = zoom_level(page)
    stage.press("+")
    assert zoom_level(page) > fitted
    stage.press("z")
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
    expect(page.locator(".level").first).not_to_have_text("100 %")
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
    expect(page.locator(".wait").first).to_be_empty()
    assert picture.evaluate("node => node.naturalWidth") == 2400
    current = page.get_by_role("button", name="Image 2: Close-up")
    expect(current).to_have_attribute("aria-current", "true")


def test_an_address_that_ran_out_is_renewed_unseen(
    sample: str, open_page: OpenPage, order: Order
) -> None:
    order("images=stale")
    page = open_page(f"{sample}/?show=viewer")
    expect(page.get_by_text("mint 1")).to_be_visible()
    expect(page.locator(".wait").first).to_be_empty()
    expect(page.locator(".problem").first).to_be_hidden()


def test_an_image_that_does_not_come_says_so_and_can_be_tried_again(
    sample: str, open_page: OpenPage, order: Order
) -> None:
    page = open_page(f"{sample}/?show=viewer")
    page.get_by_role("button", name="Image 3: Broken").click()
    expect(page.get_by_role("alert")).to_contain_text("could not be shown")
    order("images=mended")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".wait").first).to_be_empty()
    expect(page.locator(".problem").first).to_be_hidden()


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


def test_a_field_that_is_long_in_coming_still_gets_the_cursor(
    sample: str, open_page: OpenPage
) -> None:
    page = open_page(f"{sample}/?show=keys")
    expect(page.get_by_role("button", name="Keys")).to_be_enabled()
    expect(page.get_by_label("Field")).to_have_count(0)
    page.keyboard.press("f")
    page.keyboard.press("b")
    expect(page.get_by_label("Field")).to_be_focused()
    page.keyboard.type("bb")
    expect(page.get_by_label("Field")).to_have_value("bb")
    expect(page.get_by_text("Pressed: 0")).to_be_visible()


def test_a_button_that_is_long_in_coming_is_not_pressed(
    sample: str, open_page: OpenPage
) -> None:
    page = open_page(f"{sample}/?show=keys")
    expect(page.get_by_role("button", name="Keys")).to_be_enabled()
    expect(page.get_by_role("button", name="Button")).to_have_count(0)
    page.keyboard.press("b")
    expect(page.get_by_role("button", name="Button")).to_be_visible()
    page.wait_for_timeout(500)
    expect(page.get_by_text("Pressed: 0")).to_be_visible()
    page.keyboard.press("b")
    expect(page.get_by_text("Pressed: 1")).to_be_visible()


def test_a_key_that_is_held_down_presses_its_button_once(
    sample: str, open_page: OpenPage
) -> None:
    page = open_page(f"{sample}/?show=keys")
    expect(page.get_by_text("Pressed: 0")).to_be_visible()
    for _ in range(4):
        page.keyboard.down("b")
        page.wait_for_timeout(300)
    page.keyboard.up("b")
    page.wait_for_timeout(300)
    expect(page.get_by_text("Pressed: 1")).to_be_visible()


@pytest.mark.parametrize(
    "show", ["camera", "stored", "viewer", "map", "reading", "keys", "style"]
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
    expect(
        page.get_by_text("Dr *Reid* [has](http://evil.example) it: $5 & <b>.")
    ).to_be_visible()
