"""A real Chromium with a pretended camera."""

import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageFilter
from playwright.sync_api import Browser, Error, Page, Playwright, sync_playwright


Launch = Callable[..., Browser]
OpenPage = Callable[..., Page]

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
FAKE_CAMERA = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")


def chromium_path() -> str | None:
    """The browser to drive; None leaves it to Playwright's own."""
    named = os.environ.get("OZONE_CHROMIUM")  # noqa: TID251 - the tests' own setting
    names = ("chromium", "chromium-browser", "google-chrome")
    return named or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def launch(playwright: Playwright) -> Iterator[Launch]:
    """Starts Chromium with further flags; all are closed at the end."""
    started: list[Browser] = []

    def start(*flags: str) -> Browser:
        try:
            browser = playwright.chromium.launch(
                executable_path=chromium_path(), args=[*QUIET, *flags]
            )
        except Error as error:
            pytest.fail(
                "No Chromium to test with. Install one, or name it in "
                f"OZONE_CHROMIUM. ({error.message.splitlines()[0]})",
                pytrace=False,
            )
        started.append(browser)
        return browser

    yield start
    for browser in started:
        browser.close()


def film(path: Path, size: tuple[int, int], blur: float) -> Path:
    """A camera's film: skin-coloured grain, in or out of focus."""
    grain = random.Random(7)  # noqa: S311 - a picture
    small = Image.new("L", (512, 384))
    small.putdata([grain.randrange(90, 230) for _ in range(512 * 384)])
    tile = small.resize(size, Image.Resampling.NEAREST)
    if blur:
        tile = tile.filter(ImageFilter.GaussianBlur(blur))
    frame = Image.merge("RGB", (tile, tile.point(lambda v: v * 0.8), tile))
    with path.open("wb") as out:
        for _ in range(2):
            frame.save(out, "JPEG", quality=92)
    return path


@pytest.fixture(scope="session")
def browser(launch: Launch, tmp_path_factory: pytest.TempPathFactory) -> Browser:
    """Chromium with a camera of 12 megapixels, held still."""
    path = film(tmp_path_factory.mktemp("camera") / "sharp.mjpeg", (4000, 3000), 0)
    return launch(*FAKE_CAMERA, f"--use-file-for-fake-video-capture={path}")


@pytest.fixture(scope="session")
def two_cameras(launch: Launch) -> Browser:
    flag = "--use-fake-device-for-media-stream=device-count=2"
    return launch(FAKE_CAMERA[0], flag)


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Opens an address; a blocked script or a failing one fails the test."""
    pages: list[Page] = []
    troubles: list[str] = []

    def open_at(
        url: str,
        *,
        width: int = 1280,
        script: str = "",
        within: Browser | None = None,
        permissions: tuple[str, ...] = ("camera",),
    ) -> Page:
        context = (within or browser).new_context(
            viewport={"width": width, "height": 844}, permissions=list(permissions)
        )
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda message: troubles.append(message.text))
        page.add_init_script(script or "/* nothing */")
        page.goto(url)
        pages.append(page)
        return page

    yield open_at
    for page in pages:
        page.context.close()
    expected = ("Failed to load resource", "willReadFrequently")
    told = [t for t in troubles if not any(words in t for words in expected)]
    assert told == [], "The browser's console is not empty."
