"""A real Chromium with a pretended camera."""

import json
import os
import shutil
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageFilter
from playwright.sync_api import Browser, Error, Page, Playwright, sync_playwright

from core import config
from core.cli.demo import start
from core.config import ROOT, Settings
from core.demo import service
from core.demo.children import Children
from core.demo.folder import DemoFolder
from core.demo.seeding import REFERRALS
from core.store.engine import Store
from tests.browser.weblink_service import photographs, small_service, take  # noqa: F401
from tests.processes import free_port, serving


Launch = Callable[..., Browser]
OpenPage = Callable[..., Page]
Order = Callable[[str], None]

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
SCREENS = ROOT / "docs" / "screens"
REFUSED_ON_PURPOSE = "Failed to load resource"
FAKE_CAMERA = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")


def chromium_path() -> str | None:
    """The browser to drive; None leaves it to Playwright's own."""
    named = os.environ.get("OZONE_CHROMIUM")  # noqa: TID251 - the tests' own setting
    names = ("chromium", "chromium-browser", "google-chrome")
    return named or next(filter(None, map(shutil.which, names)), None)


# For one module, not for the session: while Playwright is there an event loop counts as
# running, and asyncio.run() fails in every test that comes after.
@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
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
    """A camera's film: structure from pores to patches, in or out of focus."""
    picture = Image.new("L", size, 165)
    for cell, strength in ((3, 28), (20, 18), (70, 18)):
        small = Image.effect_noise((size[0] // cell, size[1] // cell), strength)
        layer = small.resize(size, Image.Resampling.BILINEAR)
        picture = ImageChops.add(picture, layer, offset=-128)
    if blur:
        picture = picture.filter(ImageFilter.GaussianBlur(blur))
    frame = Image.merge("RGB", (picture, picture.point(lambda v: v * 0.8), picture))
    with path.open("wb") as out:
        for _ in range(2):
            frame.save(out, "JPEG", quality=92)
    return path


@pytest.fixture(scope="module")
def browser(launch: Launch, tmp_path_factory: pytest.TempPathFactory) -> Browser:
    """Chromium with a camera of 2 megapixels, held still."""
    path = film(tmp_path_factory.mktemp("camera") / "sharp.mjpeg", (1600, 1200), 0)
    return launch(*FAKE_CAMERA, f"--use-file-for-fake-video-capture={path}")


@pytest.fixture(scope="module")
def two_cameras(launch: Launch) -> Browser:
    flag = "--use-fake-device-for-media-stream=device-count=2"
    return launch(FAKE_CAMERA[0], flag)


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Opens an address; a blocked script or a failing one fails the test."""
    pages: list[Page] = []
    troubles: list[str] = []

    def open_at(
        url: str, *, width: int = 1280, script: str = "", within: Browser = browser
    ) -> Page:
        context = within.new_context(viewport={"width": width, "height": 844})
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
    told = [t for t in troubles if not t.startswith(REFUSED_ON_PURPOSE)]
    assert told == [], "The browser's console is not empty."


def fetch(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=10) as reply:  # noqa: S310 - loopback
        return json.load(reply)


@pytest.fixture(scope="module")
def sample_server() -> Iterator[str]:
    port = free_port()
    url = f"http://localhost:{port}/sample"
    with serving("tests.browser.serve_sample", port, ready=f"{url}/healthz"):
        yield url


@pytest.fixture
def order(sample_server: str) -> Order:
    """Tells the sample's routes how to behave from now on."""

    def give(words: str) -> None:
        fetch(f"{sample_server}/api/orders?{words}")

    return give


@pytest.fixture
def sample(sample_server: str, order: Order) -> str:
    """The address of the sample page, whose routes all work to begin with."""
    order("status=201&images=fine")
    return sample_server


@pytest.fixture(scope="session")
def screens(request: pytest.FixtureRequest) -> Path | None:
    """Where pictures of the pages go: nowhere, unless `make screens` asks."""
    if not request.config.getoption("--screens"):
        return None
    SCREENS.mkdir(exist_ok=True)
    return SCREENS


@pytest.fixture(scope="session")
def demo(
    screens: Path | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """A whole service of its own, on ports of its own."""
    tests_settings = config.settings_file()
    # As many as a demo has: of fewer, most of the dashboard would have to be hidden.
    size = REFERRALS
    folder = DemoFolder(tmp_path_factory.mktemp("demo"))
    with folder.held(), Children() as children:
        found = service.fill(
            folder, referrals=size, number=1, say=str, progress=lambda *_: None
        )
        try:
            start(children, folder, found)
        finally:
            config.use_settings_file(tests_settings)
        yield found


@pytest.fixture
def demo_store(demo: Settings) -> Iterator[Store]:
    """The demo's own store, to look into and add to: what is sealed is by its key."""
    tests_settings = config.settings_file()
    config.use_settings_file(demo.vault_folder.parent / "settings.env")
    store = Store(demo.database_url, demo.key("database"))
    yield store
    store.engine.dispose()
    config.use_settings_file(tests_settings)
