"""Signing in and out through the demo's provider, two apps on two ports."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect

from core.demo.provider import issuer, metadata_url
from core.ui.server import Site
from tests.browser.serve_signin import PASSWORD, PERSON, site_at
from tests.processes import free_port, serving


pytestmark = pytest.mark.browser


SERVER = "tests.browser.serve_signin"


@pytest.fixture(scope="module")
def service() -> Iterator[tuple[int, Site, Site]]:
    provider = free_port()
    capture = site_at("capture", str(free_port()))
    consultant = site_at("consultant", str(free_port()))
    named = [part for app in (capture, consultant) for part in (app.name, app.port)]
    with ExitStack() as running:
        begin = serving(
            SERVER, "provider", provider, *named, ready=metadata_url(provider)
        )
        running.enter_context(begin)
        for app in (capture, consultant):
            ready = app.origin + app.path("healthz")
            begin = serving(SERVER, "app", app.name, app.port, provider, ready=ready)
            running.enter_context(begin)
        yield provider, capture, consultant


def sign_in(page: Page, app: Site) -> None:
    page.goto(app.origin + app.path())
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: not url.startswith(app.origin))
    field = page.locator("input[name=login]")
    if field.is_visible():
        field.fill(PERSON.user_name)
        page.locator("form button[type=submit]").first.click()
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form button[type=submit]").first.click()


def test_people_sign_in_and_out_of_two_apps_side_by_side(
    browser: Browser, service: tuple[int, Site, Site]
) -> None:
    provider, capture, consultant = service
    context = browser.new_context()
    context.set_default_timeout(15_000)
    first, second = context.new_page(), context.new_page()
    known = f"sub gp.patel, iss {issuer(provider)}, groups ['gp']"

    sign_in(first, capture)
    expect(first.get_by_text(known)).to_be_visible(timeout=15_000)
    sign_in(second, consultant)
    expect(second.get_by_text(known)).to_be_visible(timeout=15_000)
    first.reload()
    expect(first.get_by_text(known)).to_be_visible(timeout=15_000)

    first.get_by_role("button", name="Sign out").click()
    expect(first.get_by_role("button", name="Sign in")).to_be_visible(timeout=15_000)
    assert first.url == capture.origin + capture.path()
    context.close()
