"""The viewer in a real browser: measured, marked, compared, by mouse and by keyboard."""

import itertools
import re
import statistics
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage, Order


pytestmark = pytest.mark.browser

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
Look = Callable[..., Page]

# Where a pixel of the image is on the page, from the transform that shows it.
ON_PAGE = """(stage, [x, y]) => {
  const shown = new DOMMatrix(getComputedStyle(stage.querySelector(".canvas")).transform);
  const box = stage.getBoundingClientRect();
  return [box.left + shown.e + x * shown.a, box.top + shown.f + y * shown.a];
}"""
# The middle of the stage in the image, from 0 to 1, and the zoom over fitting.
LOOKS_AT = """(stage) => {
  const shown = new DOMMatrix(getComputedStyle(stage.querySelector(".canvas")).transform);
  const { naturalWidth: w, naturalHeight: h } = stage.querySelector("img");
  const { clientWidth, clientHeight } = stage;
  const fit = Math.min(clientWidth / w, clientHeight / h);
  return [(clientWidth / 2 - shown.e) / shown.a / w, (clientHeight / 2 - shown.f) / shown.a / h, shown.a / fit];
}"""
# When the two images of a blink change places, four times, in ms.
TURNS = """(panes) => new Promise((done) => {
  const times = [];
  const seen = new MutationObserver(() => {
    if (times.push(performance.now()) === 4) { seen.disconnect(); done(times); }
  });
  seen.observe(panes, { attributeFilter: ["data-face"] });
})"""


@pytest.fixture
def look(sample: str, open_page: OpenPage) -> Look:
    """Opens the sample's viewer; the first image is there when it returns."""

    def opened(query: str = "", **how: object) -> Page:
        page = open_page(f"{sample}/?show=viewer{query}", **how)
        expect(page.get_by_text("Kept: nothing")).to_be_visible()
        is_shown(page, "Overview")
        return page

    return opened


def stage(page: Page, number: int = 0) -> Locator:
    return page.locator(".stage").nth(number)


def is_shown(page: Page, label: str, number: int = 0) -> None:
    """The whole image, not what stands in for it."""
    full = page.locator(".pane").nth(number).locator("img:not(.placeholder)")
    expect(full).to_have_attribute("alt", f"{label} of the left forearm")


def on_page(page: Page, x: float, y: float, number: int = 0) -> tuple[float, float]:
    left, top = stage(page, number).evaluate(ON_PAGE, [x, y])
    return left, top


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Between two pixels of the image."""
    page.mouse.move(*on_page(page, *start))
    page.mouse.down()
    page.mouse.move(*on_page(page, *end), steps=3)
    page.mouse.up()


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def is_kept(page: Page, words: str) -> None:
    expect(page.get_by_text(f"Kept: {words}", exact=True)).to_be_visible()


def mark(page: Page, name: str | re.Pattern[str]) -> Locator:
    return page.get_by_role("img", name=name)


def test_a_known_distance_is_measured_in_mm_once_the_scale_is_set(look: Look) -> None:
    page = look()
    press(page, "m")
    drag(page, (200, 300), (500, 700))
    expect(page.locator("#said")).to_have_text(
        re.compile(r"Measured \d+ px\. Set the scale first")
    )
    press(page, "k")
    drag(page, (100, 100), (900, 100))
    length = page.get_by_role("spinbutton", name="The line is")
    expect(length).to_be_focused()
    length.fill("40")
    length.press("Enter")
    is_kept(page, "Overview measure, Overview scale")
    # 500 px at 20 px for a mm; a screen px is 2 px of the image at this zoom.
    shown = page.locator(".measure text").text_content() or ""
    assert 24.8 <= float(shown.removesuffix(" mm")) <= 25.2
    expect(mark(page, f"Measurement {shown} by Dr Reid")).to_have_count(1)
    press(page, "m")
    drag(page, (100, 900), (900, 900))
    expect(page.locator("#said")).to_have_text(
        re.compile(r"Measured (39\.9|40\.[01]) mm\.")
    )


def test_ones_own_scale_changes_nothing_that_a_colleague_measured(look: Look) -> None:
    page = look()
    press(page, "4")
    is_shown(page, "Dermoscopic")
    press(page, "m")
    drag(page, (200, 700), (1200, 700))
    # Without a scale of one's own the colleague's counts: 50 px for a mm.
    expect(page.locator("#said")).to_have_text(re.compile(r"(19\.9|20\.[01]) mm"))
    press(page, "k")
    drag(page, (100, 1000), (1100, 1000))
    page.keyboard.type("100")
    press(page, "Enter")
    is_kept(page, "Dermoscopic measure, Dermoscopic scale")
    expect(mark(page, "Measurement 10.0 mm by Dr Lee")).to_be_visible()
    expect(mark(page, re.compile(r"(99\.\d|100\.\d) mm by Dr Reid"))).to_be_visible()


def test_two_clicks_draw_as_well_as_a_drag_and_a_zoom_between_them_moves_nothing(
    look: Look,
) -> None:
    page = look()
    press(page, "w")
    page.mouse.click(*on_page(page, 400, 300))
    page.mouse.wheel(0, -300)
    page.mouse.click(*on_page(page, 600, 400))
    is_kept(page, "Overview arrow")
    ends = page.locator(".arrow .over polyline").first.get_attribute("points") or ""
    drawn = [tuple(map(float, point.split(","))) for point in ends.split()]
    box = stage(page).bounding_box()
    assert box is not None
    for (x, y), wanted in zip(drawn, [(400, 300), (600, 400)], strict=True):
        there = on_page(page, *wanted)
        assert abs(x + box["x"] - there[0]) < 3
        assert abs(y + box["y"] - there[1]) < 3


def test_an_outline_is_drawn_and_taken_back_with_the_keyboard_alone(look: Look) -> None:
    page = look()
    press(page, "l", "Space", *["Shift+ArrowRight"] * 3, "Space")
    expect(page.locator(".point")).to_have_count(2)
    press(page, "Backspace")
    expect(page.locator(".point")).to_have_count(1)
    # Two points are no outline: Enter sets the one under the cross-hair first.
    press(page, "Enter", *["Shift+ArrowDown"] * 3, "Space", "Enter")
    is_kept(page, "Overview outline")
    expect(mark(page, "Outline by Dr Reid")).to_be_visible()
    press(page, "l", "Space", "Escape")
    expect(page.locator(".point")).to_have_count(0)
    press(page, "Delete")
    is_kept(page, "nothing")
    expect(mark(page, "Outline by Dr Reid")).to_have_count(0)


def test_a_double_click_closes_an_outline_without_a_point_of_its_own(
    look: Look,
) -> None:
    page = look()
    page.get_by_role("button", name="Outline").click()
    for place in ((300, 300), (900, 300)):
        page.mouse.click(*on_page(page, *place))
    page.mouse.dblclick(*on_page(page, 600, 900))
    is_kept(page, "Overview outline")
    drawn = page.locator(".outline .over polygon").get_attribute("points") or ""
    assert len(drawn.split()) == 3


def test_the_cross_hair_takes_the_image_along_at_the_edge(look: Look) -> None:
    page = look()
    press(page, "z", "m")
    before = stage(page).evaluate(LOOKS_AT)
    press(page, *["Shift+ArrowRight"] * 30)
    assert stage(page).evaluate(LOOKS_AT)[0] > before[0]


def test_only_ones_own_marks_are_removed_the_clicked_one_first(look: Look) -> None:
    page = look()
    press(page, "m")
    drag(page, (200, 300), (500, 300))
    press(page, "w")
    drag(page, (900, 900), (1200, 900))
    is_kept(page, "Overview arrow, Overview measure")
    page.mouse.click(*on_page(page, 350, 300))
    press(page, "Delete")
    is_kept(page, "Overview arrow")
    press(page, "2")
    is_shown(page, "Close-up")
    expect(mark(page, "Outline by Dr Lee")).to_be_visible()
    expect(page.get_by_role("button", name="Remove my last mark")).to_be_disabled()
    press(page, "Delete")
    expect(mark(page, "Outline by Dr Lee")).to_be_visible()
    press(page, "h")
    expect(mark(page, "Outline by Dr Lee")).to_be_hidden()


def test_marks_and_view_survive_a_rerun_and_the_way_to_another_image(
    look: Look,
) -> None:
    page = look()
    press(page, "+", "+", "m")
    drag(page, (700, 500), (900, 600))
    is_kept(page, "Overview measure")
    before = stage(page).evaluate(LOOKS_AT)
    page.get_by_role("button", name="Rerun").click()
    page.wait_for_timeout(300)
    assert stage(page).evaluate(LOOKS_AT) == before
    press(page, "2")
    is_shown(page, "Close-up")
    expect(page.locator(".measure")).to_have_count(0)
    press(page, "1")
    is_shown(page, "Overview")
    expect(page.locator(".measure")).to_have_count(1)
    expect(page.locator(".unsaved")).to_have_count(0)


def test_a_mark_that_could_not_be_kept_goes_away_and_says_why(look: Look) -> None:
    page = look("&marks=refused")
    press(page, "m")
    drag(page, (200, 300), (500, 300))
    expect(page.get_by_role("alert")).to_have_text(re.compile("took the picture off"))
    expect(page.locator(".measure")).to_have_count(0)
    page.get_by_role("button", name="Close this message").click()
    expect(page.locator("#trouble")).to_be_hidden()


# A network that swallows what is sent, as long as it is cut.
CUT = """const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (...all) { if (!window.cut) send.apply(this, all); };"""


def test_a_mark_that_got_lost_on_the_way_is_sent_again(look: Look) -> None:
    page = look(script=CUT)
    page.evaluate("window.cut = true")
    press(page, "m")
    drag(page, (200, 300), (500, 300))
    expect(page.locator(".unsaved")).to_have_count(1)
    page.evaluate("window.cut = false")
    expect(page.get_by_text("Kept: Overview measure")).to_be_visible(timeout=15_000)
    expect(page.locator(".unsaved")).to_have_count(0)


def test_a_mark_that_nobody_answers_goes_away_and_says_so(look: Look) -> None:
    page = look(script=CUT)
    page.clock.install()
    page.evaluate("window.cut = true")
    press(page, "m")
    drag(page, (200, 300), (500, 300))
    page.clock.fast_forward(31_000)
    expect(page.get_by_role("alert")).to_have_text(re.compile("could not be saved"))
    expect(page.locator(".measure")).to_have_count(0)


def test_an_image_is_marked_unusable_and_usable_again(look: Look) -> None:
    page = look()
    press(page, "u")
    expect(page.get_by_text("Marked unusable by you")).to_be_visible()
    is_kept(page, "Overview unusable")
    name = "Image 1: Overview, marked unusable"
    expect(page.get_by_role("button", name=name)).to_be_visible()
    press(page, "u")
    is_kept(page, "nothing")
    expect(page.get_by_text("Marked unusable by you")).to_be_hidden()


def test_side_by_side_finds_the_partner_and_moves_both_until_unlinked(
    look: Look,
) -> None:
    page = look()
    press(page, "c")
    is_shown(page, "Dermoscopic", 1)
    press(page, "2")
    is_shown(page, "Close-up")
    is_shown(page, "Dermoscopic", 1)
    press(page, "+", "+", "+")
    stage(page, 0).press("ArrowRight")
    first, second = (stage(page, n).evaluate(LOOKS_AT) for n in (0, 1))
    assert first == pytest.approx(second, abs=0.002)
    assert first[2] == pytest.approx(1.25**3, abs=0.01)
    stage(page, 1).press("ArrowDown")
    assert stage(page, 0).evaluate(LOOKS_AT)[1] > first[1]
    page.get_by_role("button", name="Linked").click()
    stage(page, 1).press("-")
    assert stage(page, 0).evaluate(LOOKS_AT)[2] == pytest.approx(first[2])
    assert stage(page, 1).evaluate(LOOKS_AT)[2] < first[2]
    assert page.locator(".pane img").nth(0).evaluate("one => one.naturalWidth") == 2400


def test_the_other_image_can_be_any_image(look: Look) -> None:
    page = look()
    press(page, "c")
    page.get_by_label("With").select_option("2: Close-up")
    is_shown(page, "Close-up", 1)
    page.locator(".stage").first.focus()
    press(page, "Shift+Digit4")
    is_shown(page, "Dermoscopic", 1)
    # The image that was the other one comes to the left; its partner takes its place.
    press(page, "4")
    is_shown(page, "Dermoscopic", 0)
    is_shown(page, "Close-up", 1)
    press(page, "Escape")
    expect(page.locator(".pane").nth(1)).to_be_hidden()


def test_a_mark_is_drawn_on_either_of_two_images(look: Look) -> None:
    page = look()
    press(page, "c")
    is_shown(page, "Dermoscopic", 1)
    stage(page, 1).focus()
    press(page, "m", "Space", *["Shift+ArrowRight"] * 3, "Space")
    is_kept(page, "Dermoscopic measure")


def face(page: Page) -> str:
    return page.locator("#panes").get_attribute("data-face") or ""


def test_a_blink_alternates_in_one_place_and_can_be_paused(look: Look) -> None:
    page = look()
    press(page, "b")
    is_shown(page, "Dermoscopic", 1)
    boxes = [stage(page, number).bounding_box() for number in (0, 1)]
    assert boxes[0] == boxes[1]
    times = page.locator("#panes").evaluate(TURNS)
    gaps = [end - start for start, end in itertools.pairwise(times)]
    assert 700 < statistics.median(gaps) < 1600
    press(page, "+")
    assert stage(page, 0).evaluate(LOOKS_AT) == pytest.approx(
        stage(page, 1).evaluate(LOOKS_AT), abs=0.002
    )
    press(page, "p")
    expect(page.get_by_role("button", name="Go on")).to_be_visible()
    held = face(page)
    page.wait_for_timeout(1300)
    assert face(page) == held
    press(page, "b")
    expect(page.locator(".pane").nth(1)).to_be_hidden()


def test_who_asked_for_less_motion_turns_the_images_over_themselves(
    look: Look,
) -> None:
    page = look()
    page.emulate_media(reduced_motion="reduce")
    press(page, "b")
    held = face(page)
    page.wait_for_timeout(1300)
    assert face(page) == held
    press(page, "p")
    assert face(page) != held
    page.get_by_role("button", name="Other image").click()
    assert face(page) == held


def test_a_broken_image_leaves_the_others_working(look: Look, order: Order) -> None:
    page = look()
    press(page, "3")
    expect(page.get_by_role("alert")).to_contain_text("could not be shown")
    press(page, "c")
    is_shown(page, "Dermoscopic", 1)
    press(page, "2", "Shift+Digit3")
    is_shown(page, "Close-up")
    expect(page.get_by_role("alert")).to_contain_text("could not be shown")
    order("images=mended")
    page.get_by_role("button", name="Try again").click()
    is_shown(page, "Broken", 1)


def test_keys_are_left_alone_while_somebody_types_or_means_a_shortcut(
    look: Look,
) -> None:
    page = look()
    page.get_by_label("Advice").focus()
    page.keyboard.type("Scale cubic mb 2 u hkl")
    expect(page.get_by_label("Advice")).to_have_value("Scale cubic mb 2 u hkl")
    page.get_by_label("Advice").press("Tab")
    press(page, "Control+c", "Alt+b", "Control+m")
    expect(page.locator("#panes")).to_have_attribute("data-mode", "single")
    expect(page.locator("#panes")).to_have_attribute("data-tool", "")
    is_shown(page, "Overview")
    is_kept(page, "nothing")


def test_whoever_may_only_look_sees_the_marks_and_has_no_tools(look: Look) -> None:
    page = look("&marks=read")
    expect(page.get_by_role("button", name="Measure")).to_have_count(0)
    press(page, "m", "u", "Delete", "2")
    expect(page.locator("#panes")).to_have_attribute("data-tool", "")
    expect(mark(page, "Outline by Dr Lee")).to_be_visible()
    is_kept(page, "nothing")


def test_marks_get_an_id_where_the_page_is_not_encrypted(look: Look) -> None:
    page = look(script="delete Crypto.prototype.randomUUID")
    assert page.evaluate("typeof crypto.randomUUID") == "undefined"
    press(page, "m", "Space", *["Shift+ArrowRight"] * 3, "Space")
    is_kept(page, "Overview measure")
    made = page.locator("[data-mark]").get_attribute("data-mark") or ""
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", made)
    assert made[14] == "4"


@pytest.mark.parametrize("width", [1280, 390])
def test_every_mode_is_accessible_and_fits(look: Look, width: int) -> None:
    page = look(width=width)
    press(page, "m", "Space", *["Shift+ArrowRight"] * 3, "Space", "u")
    is_kept(page, "Overview measure, Overview unusable")
    modes = {"single": [], "beside": ["c"], "blink": ["b"], "ruler": ["b", "k"]}
    for mode, keys in modes.items():
        press(page, *keys)
        if mode == "ruler":
            press(page, "Space", *["Shift+ArrowLeft"] * 2, "Space")
        page.wait_for_timeout(300)
        found = Axe().run(page, options={"runOnly": WCAG}).response
        assert [v["id"] for v in found["violations"]] == [], mode
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        small = page.locator(
            ".viewer button:visible, .viewer select:visible"
        ).evaluate_all(
            "all => all.filter((one) => one.offsetHeight < 44 || one.offsetWidth < 44).length"
        )
        assert small == 0, mode
