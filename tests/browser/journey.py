"""What people do in a browser, in their words, for journeys of any test."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from core.config import Settings
from core.demo import reference


WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# The first page of a process has everything to import.
PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)


def until(there: Callable[[], bool], otherwise: str, seconds: float = 60) -> None:
    """Wait for something that no page can be asked for."""
    deadline = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.5)


@dataclass
class Desk:
    """One person at one browser."""

    page: Page
    screens: Path | None = None

    def see(self, words: str) -> None:
        """Some words are on the page."""
        expect(self.page.get_by_text(words).first).to_be_visible()

    def heading(self, words: str) -> None:
        """The page with this heading is there, and has settled."""
        expect(self.page.get_by_role("heading", name=words, exact=True)).to_be_visible()
        self.settle()

    def press(self, words: str) -> None:
        """Press a button and let the page settle."""
        self.page.get_by_role("button", name=words, exact=True).first.click()
        self.settle()

    def next_case(self) -> None:
        """Open the specialist's next case."""
        self.page.get_by_role("button", name="Next case").click()
        self.settle()

    def write(self, label: str, words: str) -> None:
        """Fill a field and leave it, which is when it is kept."""
        field = self.page.get_by_role("textbox", name=label).first
        field.fill(words)
        field.press("Tab")
        self.settle()

    def number(self, label: str, value: str) -> None:
        """Fill a number."""
        field = self.page.get_by_label(label).first
        field.fill(value)
        field.press("Tab")
        self.settle()

    def choose(self, words: str) -> None:
        """Choose one of several answers that are all in view."""
        self.page.get_by_text(words, exact=True).first.click()
        self.settle()

    def answer(self, question: str, words: str) -> None:
        """Choose an answer of one question."""
        group = self.page.get_by_role("radiogroup", name=question)
        group.get_by_text(words, exact=True).click()
        self.settle()

    def pick(self, label: str, words: str) -> None:
        """Pick from a list that opens."""
        box = self.page.get_by_role("combobox", name=label).first
        # A list that opens while the page still scrolls closes again.
        box.scroll_into_view_if_needed()
        self.page.wait_for_timeout(300)
        box.click()
        self.page.get_by_role("option", name=words).first.click()
        self.settle()

    def settle(self) -> None:
        """Wait until the page has stopped running."""
        # Not by the running man: he comes half a second late.
        self.page.wait_for_timeout(150)
        resting = "[data-testid=stApp][data-test-script-state=notRunning]"
        expect(self.page.locator(resting)).to_have_count(1)

    def check(self, name: str) -> None:
        """The page is accessible, fits a phone, and has its picture taken if asked."""
        self.settle()
        self._accessible(name)
        self._picture(f"{name}.png")
        self.page.set_viewport_size({"width": 390, "height": 844})
        self.settle()
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390, f"{name} is {width} px wide on a phone"
        self._accessible(f"{name} on a phone")
        self._picture(f"{name}-phone.png")
        self.page.set_viewport_size({"width": 1280, "height": 900})
        self.settle()

    def _accessible(self, name: str) -> None:
        found = Axe().run(self.page, options={"runOnly": WCAG})
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"

    def _picture(self, file: str) -> None:
        if self.screens is not None:
            self.page.evaluate(
                "document.querySelector('[data-testid=stMain]').scrollTo(0, 0)"
            )
            self.page.wait_for_timeout(300)
            self.page.screenshot(path=self.screens / file)


OpenDesk = Callable[[str, str], Desk]


def sign_in(browser: Browser, found: Settings, app: str, user_name: str) -> Page:
    """Sign in as somebody of the demo, in a browser of their own."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(f"{found.apps[app].origin}/{app}")
    page.get_by_role("button", name="Sign in").click()
    page.locator("input[name=login]").fill(user_name)
    page.locator("form button[type=submit]").first.click()
    page.locator("input[name=password]").fill(_password(user_name))
    page.locator("form button[type=submit]").first.click()
    page.wait_for_url(f"{found.apps[app].origin}/{app}**")
    return page


def _password(user_name: str) -> str:
    people = {one.user_name: one for one in reference.people().people}
    return people[user_name].password
