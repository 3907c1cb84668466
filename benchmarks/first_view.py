"""From choosing a 12-megapixel image to seeing it sharp, against a bare load of it.

Ours is the real page, route and vault in a real browser. Bare is the same browser and
the same bytes from a plain server, decoded and shown as large. In turn, so that whatever
else runs on the machine slows both.
"""

import dataclasses
import statistics
import threading
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any

import numpy as np
import sqlalchemy as sa
from PIL import Image as Pillow
from PIL import ImageFilter
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.raw_client import signed_in
from benchmarks.serve_consultant import COOKIE_SECRET
from benchmarks.waiting import settings_folder
from core.imaging import keeping
from core.imaging.keeping import Kept
from core.imaging.tables import Image
from core.kernel.ids import new_id
from core.referrals.actions import pictures, sending
from core.referrals.tables import Lesion
from core.store import migrate
from core.store.engine import store
from tests.browser.conftest import QUIET, chromium_path
from tests.processes import free_port, serving
from tests.world import World, a_draft, build_world


SIZE = (4000, 3000)
ROUNDS = 18
IMAGES = 56
# Every third is never the neighbour of one that was looked at, so nobody loaded it ahead.
STEP = 3
BAR = 1.5
BOX = (760, 560)

# Two frames after the picture is in the page it has been painted.
_PAINTED = """
  const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const frame = () => new Promise(requestAnimationFrame);
"""
_OURS = f"""async (n) => {{ {_PAINTED}
  const inside = [...document.querySelectorAll("*")].map((one) => one.shadowRoot).find((root) => root?.querySelector(".viewer"));
  const start = performance.now();
  inside.querySelectorAll(".thumb")[n].click();
  const canvas = inside.querySelector(".canvas");
  const before = canvas.firstChild;
  const there = () => canvas.firstChild !== before && canvas.firstChild.className !== "placeholder";
  while (!there()) await frame();
  await painted();
  return [performance.now() - start, canvas.firstChild.naturalWidth];
}}"""
_BARE = f"""async (n) => {{ {_PAINTED}
  const start = performance.now();
  const picture = new Image();
  picture.style = "max-width: 100%; max-height: 100%";
  picture.src = "/picture?" + n;
  await picture.decode();
  document.querySelector("div").replaceChildren(picture);
  await painted();
  return [performance.now() - start, picture.naturalWidth];
}}"""
Figures = list[tuple[str, float, str]]


def run() -> Figures:
    """Name, value and unit of each figure; the bar for the ratio is 1.5."""
    with settings_folder() as folder, ExitStack() as open_things:
        migrate.upgrade(store())
        world = build_world(store())
        kept = keeping.keep(photograph())
        case = referral_with(world, kept)
        port = free_port()
        ready = f"http://localhost:{port}/consultant/healthz"
        told = (port, folder / "settings.env", "ours")
        module = "benchmarks.serve_consultant"
        open_things.enter_context(serving(module, *told, ready=ready))
        plain = open_things.enter_context(plainly(keeping.fetch(kept.clean_blob)))
        running = open_things.enter_context(sync_playwright())
        browser = running.chromium.launch(
            executable_path=chromium_path(), args=list(QUIET)
        )
        times = measured(
            case_page(browser, port, world, case), bare_page(browser, plain)
        )
        browser.close()
        forget()
    ours, bare = (statistics.median(one) for one in times)
    return [
        ("first view of 12 MP, ours", ours, "ms"),
        ("first view of 12 MP, slowest", max(times[0]), "ms"),
        ("bare load of 12 MP", bare, "ms"),
        ("first view ratio", ours / bare, "times"),
    ]


def photograph() -> bytes:
    """12 megapixels with something in every one: skin-coloured noise, and a mole."""
    drawn = np.random.default_rng(1).normal(0, 12, (SIZE[1], SIZE[0], 1))
    y, x = np.ogrid[: SIZE[1], : SIZE[0]]
    mole = ((x - SIZE[0] / 2) ** 2 + (y - SIZE[1] / 2) ** 2 < 600**2)[..., None]
    colour = np.where(mole, (96, 60, 44), (217, 165, 139))
    pixels = np.clip(colour + drawn, 0, 255).astype(np.uint8)
    out = BytesIO()
    picture = Pillow.fromarray(pixels).filter(ImageFilter.GaussianBlur(1))
    picture.save(out, "JPEG", quality=92)
    return out.getvalue()


def referral_with(world: World, kept: Kept) -> uuid.UUID:
    """A sent referral with many pictures, all of the one in the vault."""
    referral_id = a_draft(world)
    with world.store.transaction() as session:
        real = dataclasses.asdict(kept)
        blobs = {name: real[name] for name in real if name.endswith("_blob")}
        size = {"width": kept.width, "height": kept.height}
        session.execute(sa.update(Image).values(**blobs, **size))
        lesion = session.scalars(sa.select(Lesion.id)).one()
        for _ in range(IMAGES):
            pictures.add_picture(
                session,
                by=world.gp,
                referral_id=referral_id,
                image_id=new_id(),
                place=pictures.Place("close_up", lesion),
                source="camera",
                device="DermLite",
                kept=kept,
            )
        sending.send(session, by=world.gp, referral_id=referral_id)
    return referral_id


@contextmanager
def plainly(jpeg: bytes) -> Iterator[str]:
    """A server that knows nothing but one picture and a page to show it on."""
    page = f'<div style="width:{BOX[0]}px;height:{BOX[1]}px"></div>'.encode()

    class Plain(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            picture = self.path.startswith("/picture")
            body = jpeg if picture else page
            self.send_response(200)
            self.send_header("Content-Type", "image/jpeg" if picture else "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:  # noqa: ANN401  whatever it says
            """Nothing to say."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Plain) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def case_page(browser: Browser, port: int, world: World, case: uuid.UUID) -> Page:
    """The case as a specialist sees it, with its first image on the stage."""
    address = f"http://localhost:{port}/consultant"
    context = browser.new_context(viewport={"width": 1500, "height": 900})
    for name, value in signed_in(port, COOKIE_SECRET, world.consultant, 0).items():
        context.add_cookies([{"name": name, "value": value, "url": address}])
    page = context.new_page()
    page.goto(f"{address}/case?id={case}")
    page.locator(".canvas img:not(.placeholder)").first.wait_for(timeout=30_000)
    page.wait_for_load_state("networkidle")
    return page


def bare_page(browser: Browser, address: str) -> Page:
    page = browser.new_context(viewport={"width": 1500, "height": 900}).new_page()
    page.goto(address)
    return page


def measured(case: Page, bare: Page) -> tuple[list[float], list[float]]:
    """Milliseconds of ours and of the bare load."""
    ours, theirs = [], []
    for number in range(ROUNDS):
        case.bring_to_front()
        shown = case.evaluate(_OURS, STEP * (number + 1))
        # The neighbours are loaded ahead after it, and must not be counted as load.
        case.wait_for_load_state("networkidle")
        case.wait_for_timeout(700)
        bare.bring_to_front()
        theirs_shown = bare.evaluate(_BARE, number)
        assert shown[1] == theirs_shown[1] == SIZE[0], (shown, theirs_shown)
        if number:
            # The first of each is also the first of the code that shows it.
            ours.append(shown[0])
            theirs.append(theirs_shown[0])
    return ours, theirs


def forget() -> None:
    """Let the next benchmark open a store and a vault of its own."""
    store().engine.dispose()
    store.cache_clear()
    keeping.vault.cache_clear()


if __name__ == "__main__":
    for name, value, unit in run():
        print(f"{name:32}{value:9.2f} {unit}")
