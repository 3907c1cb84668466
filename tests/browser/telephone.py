"""What a patient does on a telephone, in their words."""

from dataclasses import dataclass
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.journey import PATIENCE_MS, WCAG


SIZE = {"width": 390, "height": 844}
SMALLEST_TARGET = 44


def telephone(browser: Browser, **more: object) -> BrowserContext:
    """A browser of its own, as large as a telephone and without a mouse."""
    context = browser.new_context(
        viewport=SIZE,  # type: ignore[arg-type]
        has_touch=True,
        locale="en-GB",
        **more,  # type: ignore[arg-type]
    )
    context.set_default_timeout(PATIENCE_MS)
    return context


@dataclass
class Phone:
    """One telephone with a page on it."""

    page: Page
    screens: Path | None = None

    def settle(self) -> None:
        """Wait until the page has stopped running."""
        self.page.wait_for_timeout(200)
        resting = "[data-testid=stApp][data-test-script-state=notRunning]"
        expect(self.page.locator(resting)).to_have_count(1)
        self.page.wait_for_timeout(200)

    def heading(self, words: str) -> None:
        """The page with this heading is there, and has settled."""
        expect(self.page.get_by_role("heading", name=words, exact=True)).to_be_visible()
        self.settle()

    def see(self, words: str) -> None:
        """Some words are on the page."""
        expect(self.page.get_by_text(words).first).to_be_visible()

    def press(self, words: str) -> None:
        """Press a button, and let the page settle."""
        self.button(words).click()
        self.settle()

    def button(self, words: str) -> Locator:
        """A button by its name."""
        return self.page.get_by_role("button", name=words, exact=True)

    def choose(self, words: str) -> None:
        """Tap an answer."""
        self.page.get_by_text(words, exact=True).last.click()
        self.settle()

    def answer(self, question: str, words: str, on: str = "Continue") -> None:
        """The question is there; tap its answer, and go on."""
        self.heading(question)
        self.choose(words)
        self.press(on)

    def born(self, day: str, month: str, year: str, on: str = "Continue") -> None:
        """Type a date of birth."""
        for part, value in (("day", day), ("month", month), ("year", year)):
            self.page.locator(f".st-key-born-{part} input").fill(value)
        self.press(on)

    def write(self, words: str, on: str = "Continue") -> None:
        """Write an answer, and go on."""
        self.page.locator("textarea").fill(words)
        self.press(on)

    def tap(self, region: str) -> None:
        """Tap a place on the drawing."""
        self.page.locator(f"[data-region={region}]").click()
        self.settle()

    def picture(self, path: Path, says: str = "This picture is good.") -> None:
        """Take a picture with the telephone's camera, and hear what it is like."""
        self.page.locator("#camera").set_input_files(path)
        self.see(says)
        self.settle()

    def check(self, name: str) -> None:
        """The page is accessible and fits; its picture is taken if asked."""
        self.settle()
        found = Axe().run(self.page, options={"runOnly": WCAG})
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= SIZE["width"], f"{name} is {width} px wide on a phone"
        small = self.small_targets()
        assert small == [], f"{name}: {small}"
        if self.screens is not None:
            self.page.locator("[data-testid=stMain]").evaluate("e => e.scrollTo(0, 0)")
            self.page.wait_for_timeout(200)
            self.page.screenshot(path=self.screens / f"patient-{name}.png")

    def small_targets(self) -> list[str]:
        """What can be tapped and is lower than a thumb needs."""
        found: list[str] = self.page.evaluate(
            """least => {
              const all = root => [...root.querySelectorAll("*")].flatMap(
                node => [node, ...(node.shadowRoot ? all(node.shadowRoot) : [])]);
              return all(document)
                .filter(node => node.matches("button, select, [data-testid=stRadioOption], a[href]"))
                .filter(node => node.checkVisibility() && node.getBoundingClientRect().height < least)
                .map(node => node.outerHTML.slice(0, 200));
            }""",
            SMALLEST_TARGET,
        )
        return found
