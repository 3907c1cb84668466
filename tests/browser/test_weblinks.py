"""The practice's weblinks, and what waits too long, as people look at them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from core.config import Settings
from tests.browser.journey import Desk, sign_in


pytestmark = pytest.mark.browser


@pytest.fixture
def gp(browser: Browser, demo: Settings, screens: Path | None) -> Iterator[Desk]:
    page = sign_in(browser, demo, "capture", "gp.patel")
    yield Desk(page, screens)
    page.context.close()


def go(desk: Desk, demo: Settings, app: str, path: str) -> None:
    desk.page.goto(f"{demo.apps[app].origin}/{app}/{path}")
    desk.settle()


def test_the_practice_sees_its_weblinks_and_each_ones_progress(
    gp: Desk, demo: Settings
) -> None:
    go(gp, demo, "capture", "weblinks")
    gp.heading("Weblinks")
    gp.see("Waiting for patients")
    gp.check("capture-weblinks")
    gp.press("Open")
    gp.heading("Weblink")
    gp.check("capture-weblink")
    gp.page.get_by_text("Send it again, or another way").click()
    gp.choose("A short code to read out")
    gp.press("Send again")
    gp.heading("Read this out to the patient")
    code = gp.page.locator(".oz-code").inner_text()
    assert len(code) == 9
    gp.press("Done")
    assert code not in gp.page.content()


def test_what_waits_too_long_is_one_list(gp: Desk, demo: Settings) -> None:
    go(gp, demo, "capture", "overdue")
    gp.heading("Waiting too long")
    gp.check("capture-overdue")


def test_the_demos_messages_have_a_page(gp: Desk, demo: Settings) -> None:
    go(gp, demo, "capture", "messages")
    gp.heading("Messages of this demo")
    gp.check("capture-messages")


def test_the_service_manager_sees_what_waits_at_every_practice(
    browser: Browser, demo: Settings, screens: Path | None
) -> None:
    page = sign_in(browser, demo, "commissioner", "manager.brandt")
    manager = Desk(page, screens)
    go(manager, demo, "commissioner", "overdue")
    manager.heading("Waiting too long")
    manager.check("manager-overdue")
    page.context.close()
