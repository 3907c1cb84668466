"""What people do by accident, and others on purpose, in real browsers."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.journey import Desk, sign_in


pytestmark = pytest.mark.browser


def begin_draft(gp: Desk) -> None:
    """The first patient on the drafts' shelf gets one more word."""
    gp.page.get_by_role("link", name="drafts").click()
    gp.heading("Referrals and answers")
    gp.press("Go on")
    gp.page.wait_for_url("**/new?id=*")
    gp.settle()


def test_a_draft_survives_a_closed_tab(demo, browser: Browser):
    gp = Desk(sign_in(browser, demo, "capture", "gp.patel"))
    gp.heading("Home")
    begin_draft(gp)
    address = gp.page.url.split("&step")[0]
    gp.press("5 Ask and send")
    gp.heading("Ask and send")
    gp.write("Your question", "Typed before the tab was closed")
    gp.page.context.close()

    again = Desk(sign_in(browser, demo, "capture", "nurse.jones"))
    again.page.goto(f"{address}&step=ask_and_send")
    again.heading("Ask and send")
    question = again.page.get_by_role("textbox", name="Your question")
    expect(question).to_have_value("Typed before the tab was closed")


def test_the_back_button_goes_back_a_step(demo, browser: Browser):
    gp = Desk(sign_in(browser, demo, "capture", "gp.patel"))
    gp.heading("Home")
    begin_draft(gp)
    gp.press("3 History")
    gp.heading("History")
    gp.press("4 Images")
    gp.heading("Images")
    gp.page.go_back()
    gp.heading("History")


def test_a_second_specialist_sees_who_holds_a_case(demo, browser: Browser):
    first = Desk(sign_in(browser, demo, "consultant", "cons.reid"))
    first.heading("Home")
    first.next_case()
    first.see("Your answer")
    second = Desk(sign_in(browser, demo, "consultant", "gpwer.malik"))
    second.heading("Home")
    second.page.goto(first.page.url)
    second.see("Dr Colin Reid is reading this case")
    expect(second.page.get_by_role("button", name="Send answer")).to_have_count(0)


def test_the_wrong_role_is_refused_and_shown_nothing(demo, browser: Browser):
    stranger = Desk(sign_in(browser, demo, "capture", "cons.reid"))
    stranger.see("Your role does not include this app.")
    expect(stranger.page.get_by_role("link", name="New referral")).to_have_count(0)


def test_another_practices_referral_is_not_there(demo, browser: Browser):
    gp = Desk(sign_in(browser, demo, "capture", "gp.patel"))
    gp.heading("Home")
    begin_draft(gp)
    address = gp.page.url
    other = Desk(sign_in(browser, demo, "capture", "gp.okafor"))
    other.heading("Home")
    other.page.goto(address)
    other.see("There is no such referral, or it is not yours to see.")


def test_signing_out_ends_the_other_tab_and_its_pictures(demo, browser: Browser):
    page = sign_in(browser, demo, "consultant", "cons.reid")
    one = Desk(page)
    one.heading("Home")
    one.next_case()
    one.see("Your answer")
    picture = page.get_by_alt_text("Lesion 1").or_(page.get_by_alt_text("Distribution"))
    expect(picture.first).to_be_visible()
    address = picture_address(page)
    assert status_of(page, address) == 200
    other = Desk(page.context.new_page())
    other.page.goto(page.url)
    other.see("Your answer")
    other.press("Sign out")
    expect(other.page.get_by_role("button", name="Sign in")).to_be_visible()
    assert status_of(page, address) == 403
    page.get_by_role("button", name="Put back to the worklist").click()
    one.see("Sign in")
    expect(page.get_by_text("Your answer")).to_have_count(0)


def test_an_address_copied_to_another_browser_shows_no_picture(demo, browser: Browser):
    one = Desk(sign_in(browser, demo, "consultant", "cons.reid"))
    one.heading("Home")
    one.next_case()
    one.see("Your answer")
    address = picture_address(one.page)
    assert status_of(one.page, address) == 200
    thief = sign_in(browser, demo, "consultant", "gpwer.malik")
    assert status_of(thief, address) == 403


def test_a_double_click_sends_one_answer(demo, browser: Browser):
    one = Desk(sign_in(browser, demo, "consultant", "cons.lindqvist"))
    one.heading("Home")
    one.next_case()
    one.see("Your answer")
    one.page.get_by_role("combobox", name="Diagnoses").click()
    one.page.keyboard.type("uncertain")
    one.page.get_by_role("option", name="Diagnosis uncertain").first.click()
    one.page.keyboard.press("Escape")
    one.settle()
    one.write("Advice to the practice", "Review in three months.")
    one.pick("Outcome", "Advice, no follow-up needed")
    send = one.page.get_by_role("button", name="Send answer")
    send.dblclick()
    one.settle()
    # What is unsaid is asked for once; a double click is no answer to that.
    if one.page.get_by_text("send again to leave it as it is").count():
        one.page.wait_for_timeout(1000)
        send.dblclick()
    one.see("Answer, version 1")
    one.settle()
    expect(one.page.get_by_text("Answer, version 2")).to_have_count(0)
    expect(one.page.get_by_text("Something went wrong")).to_have_count(0)


def picture_address(page: Page) -> str:
    """Where the page got a picture from, once it has one."""
    for _ in range(100):
        address = page.evaluate(
            "performance.getEntriesByType('resource').map(e => e.name)"
            ".find(name => name.includes('/api/images/'))"
        )
        if address:
            return address
        page.wait_for_timeout(100)
    raise AssertionError("no picture came within ten seconds")


def status_of(page: Page, address: str) -> int:
    """What the server says to this browser now, whatever it has in its cache."""
    return page.evaluate(
        "address => fetch(address, {cache: 'no-store'}).then(reply => reply.status)",
        address,
    )
