"""The commissioner's Overview from request to a page that rests, against a bare one.

Ours is the real app over figures of three years, 120 practices and 54,000 referrals, in a
real browser. Bare is a Streamlit page with six plotly charts of numbers of its own: what
Streamlit, plotly and the browser take by themselves. In turn, each in a new tab of a
browser that has been there before, so that whatever else runs on the machine slows both.
"""

import statistics
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import sqlalchemy as sa
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from benchmarks import many_referrals
from benchmarks.first_view import forget
from benchmarks.raw_client import signed_in
from benchmarks.serve_consultant import COOKIE_SECRET
from benchmarks.waiting import settings_folder
from core import config
from core.access.model import Actor, OrganisationKind, Role
from core.access.tables import Membership, Organisation, Person
from core.analytics import build
from core.kernel import clock
from core.store import migrate
from core.store.engine import Store, store
from tests.browser.conftest import QUIET, chromium_path
from tests.processes import free_port, serving


REFERRALS, PRACTICES = 54_000, 120
ROUNDS = 9
CHARTS = 6
_NAME = "Dina Khan"
_PATIENCE_MS = 60_000
# All charts drawn, the script at rest, and two frames later: then it has been painted.
_SETTLED = """async (charts) => {
  const frame = () => new Promise(requestAnimationFrame);
  const resting = "[data-testid=stApp][data-test-script-state=notRunning]";
  const plots = () => [...document.querySelectorAll(".js-plotly-plot")];
  const drawn = () => plots().filter((one) => one.querySelector(".trace")).length;
  while (!document.querySelector(resting) || drawn() < charts) await frame();
  await frame();
  await frame();
  return [performance.now(), document.querySelector("h1")?.innerText ?? ""];
}"""
Figures = list[tuple[str, float, str]]


def run() -> Figures:
    """Name, value and unit of each figure; the bar is in ``benchmarks.__main__``."""
    with settings_folder() as folder, ExitStack() as open_things:
        settings = folder / "settings.env"
        analytics = f"OZONE_ANALYTICS_FOLDER={folder}/analytics\n"
        settings.write_text(settings.read_text() + analytics)
        config.use_settings_file(settings)
        actor = a_service_with_figures(store())
        ports = {"ours": free_port(), "bare": free_port()}
        ready = f"http://localhost:{ports['ours']}/commissioner/healthz"
        told = (ports["ours"], settings, "ours", "commissioner")
        open_things.enter_context(
            serving("benchmarks.serve_consultant", *told, ready=ready)
        )
        open_things.enter_context(bare(ports["bare"]))
        running = open_things.enter_context(sync_playwright())
        browser = running.chromium.launch(
            executable_path=chromium_path(), args=list(QUIET)
        )
        ours, theirs = measured(browser, ports, actor)
        browser.close()
        forget()
    return [
        ("overview, ours, first", ours[0], "ms"),
        ("overview, ours", statistics.median(ours[1:]), "ms"),
        ("six bare charts, first", theirs[0], "ms"),
        ("six bare charts", statistics.median(theirs[1:]), "ms"),
        (
            "first paint ratio",
            statistics.median(ours[1:]) / statistics.median(theirs[1:]),
            "times",
        ),
    ]


def a_service_with_figures(service: Store) -> Actor:
    """The figures are published; somebody of the board may see them."""
    migrate.upgrade(service)
    many_referrals.fill(service, REFERRALS, practices=PRACTICES)
    board = sa.select(Organisation).where(
        Organisation.kind == OrganisationKind.COMMISSIONER
    )
    with service.transaction() as session:
        pays = session.scalars(board).one()
        person = Person(issuer="https://id.example", subject=_NAME, name=_NAME)
        session.add(person)
        session.flush()
        role = Role.COMMISSIONER
        session.add(Membership(person_id=person.id, organisation_id=pays.id, role=role))
        actor = Actor(person.id, _NAME, role, pays.id, pays.name, pays.kind)
    with clock.set_to(many_referrals.UNTIL):
        build.refresh(service)
    return actor


def bare(port: int) -> AbstractContextManager[None]:
    """Plain Streamlit with the page of six charts."""
    script = Path(__file__).parent / "bare_charts.py"
    flags = (
        "--server.headless=true",
        f"--server.port={port}",
        "--browser.gatherUsageStats=false",
        "--server.fileWatcherType=none",
    )
    ready = f"http://localhost:{port}/_stcore/health"
    return serving("streamlit", "run", script, *flags, ready=ready)


def measured(
    browser: Browser, ports: dict[str, int], actor: Actor
) -> tuple[list[float], list[float]]:
    """Milliseconds of ours and of the bare one, the first of each first."""
    address = f"http://localhost:{ports['ours']}/commissioner"
    known = browser.new_context(viewport={"width": 1500, "height": 1000})
    for name, value in signed_in(ports["ours"], COOKIE_SECRET, actor, 0).items():
        known.add_cookies([{"name": name, "value": value, "url": address}])
    plain = browser.new_context(viewport={"width": 1500, "height": 1000})
    ours, theirs = [], []
    for _ in range(1 + ROUNDS):
        ours.append(settled(known, f"{address}/", "Overview"))
        theirs.append(settled(plain, f"http://localhost:{ports['bare']}/", ""))
    return ours, theirs


def settled(context: BrowserContext, address: str, title: str) -> float:
    """Milliseconds from the request until everything stands still, in a new tab."""
    page = context.new_page()
    page.set_default_timeout(_PATIENCE_MS)
    page.goto(address, wait_until="commit")
    spent, shown = page.evaluate(_SETTLED, CHARTS)
    assert shown == title, shown
    page.close()
    return float(spent)


if __name__ == "__main__":
    for label, value, unit in run():
        print(f"{label:32}{value:9.2f} {unit}")
