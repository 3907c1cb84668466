"""Whatever can go wrong on a patient's way, or lead off it, on a real telephone page."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect

from core.invitations.model import InvitationState, StopReason, Way
from core.referrals.model import State
from core.referrals.tables import Lesion
from tests.browser.conftest import Launch
from tests.browser.weblink_service import (
    BORN,
    Take,
    Weblinks,
    agreed,
    at_the_pictures,
)
from tests.processes import free_port, serving


pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser(launch: Launch) -> Browser:
    return launch()


def test_a_film_is_refused_and_thirty_megabytes_are_not(
    small_service: Weblinks, take: Take
) -> None:
    link = small_service.link()
    phone = take(link)
    at_the_pictures(phone)
    phone.page.locator("#files").set_input_files(small_service.photographs / "film.mp4")
    phone.see("This is a video. Please take a picture.")
    large = small_service.photographs / "large.png"
    assert large.stat().st_size > 30_000_000
    phone.page.locator("#files").set_input_files(large)
    expect(phone.button("Use this one")).to_be_visible()
    assert [one.view for one in small_service.pictures(link)] == ["location"]


def test_polish_is_polish_to_the_end(small_service: Weblinks, take: Take) -> None:
    link = small_service.link(problem="other", language="pl")
    phone = take(link)
    assert phone.page.evaluate("document.documentElement.lang") == "pl"
    phone.check("born-polish")
    phone.born(*BORN, on="Dalej")
    phone.press("Tak, zgadzam się")
    phone.answer("Najpierw: czy to pilne?", "Nic z tych rzeczy", on="Dalej")
    phone.answer("Od kiedy to jest?", "Ponad rok", on="Dalej")
    phone.heading("W czym możemy pomóc?")
    phone.write("Boli mnie paznokieć.", on="Dalej")
    phone.press("Dalej")
    phone.answer("Co robi skóra na słońcu?", "Moja skóra jest brązowa", on="Dalej")
    phone.press("Dalej")
    phone.press("Dalej")
    phone.press("Nic o tym nie wiem")
    phone.picture(
        small_service.photographs / "close_up.jpg", says="To zdjęcie jest dobre."
    )
    phone.press("Użyj tego")
    phone.see("Nic o tym nie wiem")
    phone.press("Wyślij teraz")
    phone.heading("Dziękujemy. Mamy już wszystko.")
    phone.check("status-polish")
    assert small_service.referral(link).state is State.SUBMITTED


def test_whoever_would_rather_read_english_changes_to_it(
    small_service: Weblinks, take: Take
) -> None:
    phone = take(small_service.link(language="pl"))
    phone.press("English")
    phone.heading("Please tell us it is you")
    assert phone.page.evaluate("document.documentElement.lang") == "en"
    other = phone.button("Polski").locator("xpath=ancestor::*[@lang][1]")
    assert other.get_attribute("lang") == "pl"


@pytest.fixture
def from_the_right(small_service: Weblinks, tmp_path: Path) -> Iterator[str]:
    """The same service by an app that has a third language."""
    port = free_port()
    origin = f"http://localhost:{port}"
    place = (tmp_path / "reference", port)
    ready = f"{origin}/patient/healthz"
    with serving("tests.browser.serve_patient", *place, ready=ready):
        yield origin


def test_right_to_left_is_right_to_left_everywhere(
    small_service: Weblinks, from_the_right: str, take: Take
) -> None:
    link = small_service.link(language="ar")
    phone = take(link.replace(small_service.origin, from_the_right))
    phone.check("born-right-to-left")
    phone.born(*BORN)
    phone.press("Yes, I agree")
    phone.check("urgent-right-to-left")
    phone.answer("First: is it urgent?", "None of these")
    phone.answer("How many spots are there?", "Two")
    phone.tap("left_forearm")
    phone.check("where-right-to-left")
    for what in ("[data-testid=stMain]", ".where"):
        node = phone.page.locator(what).first
        assert node.evaluate("node => getComputedStyle(node).direction") == "rtl"
    heading = phone.page.get_by_role("heading", name="Where are they?")
    assert heading.evaluate("node => getComputedStyle(node).textAlign") == "right"
    back, other = phone.button("‹ Back").bounding_box(), phone.button("English")
    there = other.bounding_box()
    assert back
    assert there
    assert back["x"] > there["x"]
    # The person's left stays where it is on the drawing.
    arm = phone.page.locator("[data-region=left_forearm]").bounding_box()
    body = phone.page.locator("#body").bounding_box()
    assert arm
    assert body
    assert arm["x"] > body["x"] + body["width"] / 2


def test_a_link_that_is_wrong_says_so_and_a_code_opens_the_page(
    small_service: Weblinks, take: Take
) -> None:
    phone = take(f"{small_service.origin}/patient/i/{'x' * 22}")
    phone.see("This link or code is not right.")
    phone.check("trouble")
    phone.press("Open")
    phone.see("Please type the code.")
    box = phone.page.get_by_label("Code from your practice")
    box.fill("aaaa bbbb")
    phone.press("Open")
    phone.see("This link or code is not right.")
    box.fill(small_service.link(way=Way.CODE).lower().replace("-", " "))
    phone.press("Open")
    phone.heading("Please tell us it is you")


def test_five_wrong_dates_lock_the_link_and_the_practice_sees_it(
    small_service: Weblinks, take: Take
) -> None:
    link = small_service.link()
    phone = take(link)
    phone.born("31", "2", "1956")
    phone.see("That is not a date.")
    for left in (4, 3, 2, 1):
        phone.born("4", "3", "1956")
        phone.see(f"Tries left: {left}.")
    phone.check("born-wrong")
    phone.born("4", "3", "1956")
    phone.see("this link is locked")
    phone.check("locked")
    assert small_service.stopped(link)[0] is InvitationState.LOCKED
    again = take(link)
    again.see("this link is locked")


CHILD = date(2015, 4, 3)


def test_under_sixteen_a_parent_fills_it_in(
    small_service: Weblinks, take: Take
) -> None:
    link = small_service.link(problem="rash", born=CHILD)
    phone = take(link)
    phone.born("3", "4", "2015")
    phone.heading("Are you the parent or guardian?")
    phone.check("parent")
    phone.press("Yes, I am")
    phone.press("Yes, I agree")
    phone.heading("First: is it urgent?")
    alone = small_service.link(problem="rash", born=CHILD)
    phone = take(alone)
    phone.born("3", "4", "2015")
    phone.press("No, I am not")
    phone.heading("A parent or guardian is needed")
    assert small_service.stopped(alone)[1] == StopReason.UNDER_AGE


def test_a_no_is_taken_kindly(small_service: Weblinks, take: Take) -> None:
    link = small_service.link()
    phone = take(link)
    phone.born(*BORN)
    phone.press("No, I do not want this")
    phone.heading("That is fine")
    phone.check("declined")
    assert small_service.stopped(link) == (InvitationState.STOPPED, StopReason.DECLINED)
    assert small_service.referral(link).state is State.PRACTICE_REVIEW


@pytest.mark.parametrize(
    ("sign", "number", "reason"),
    [
        ("Trouble breathing", "999", StopReason.RED_FLAG_999),
        ("A rash round your eyes", "111", StopReason.RED_FLAG_111),
    ],
    ids=["999", "111"],
)
def test_a_red_flag_shows_the_number_to_call_and_nothing_else(
    small_service: Weblinks, take: Take, sign: str, number: str, reason: StopReason
) -> None:
    link = small_service.link()
    phone = take(link)
    phone.born(*BORN)
    phone.press("Yes, I agree")
    phone.page.get_by_text(re.compile(f"^{sign}")).last.click()
    phone.settle()
    phone.press("Continue")
    phone.heading(f"Call {number} now")
    call = phone.page.get_by_role("link", name=number)
    assert call.get_attribute("href") == f"tel:{number}"
    phone.check(f"call-{number}")
    assert small_service.stopped(link)[1] == reason
    # Nor does the link lead round it.
    again = take(link)
    again.born(*BORN)
    again.heading(f"Call {number} now")


def test_more_than_three_spots_are_better_seen(
    small_service: Weblinks, take: Take
) -> None:
    link = small_service.link()
    phone = take(link)
    agreed(phone)
    phone.answer("How many spots are there?", "More than three")
    phone.heading("It is better to see you")
    phone.check("too-many")
    assert small_service.stopped(link)[1] == StopReason.TOO_MANY_LESIONS


def test_private_parts_are_asked_about_once_more_then_refused(
    small_service: Weblinks, take: Take
) -> None:
    link = small_service.link()
    phone = take(link)
    agreed(phone)
    phone.answer("How many spots are there?", "One")
    phone.page.locator("#place").select_option("groin")
    phone.press("Add this place")
    phone.see("You chose: Private parts. Is that right?")
    phone.press("No, another place")
    phone.heading("Where is it?")
    phone.tap("groin")
    phone.check("private")
    phone.press("Yes")
    phone.heading("Please see your practice for this")
    assert small_service.stopped(link)[1] == StopReason.INTIMATE
    with small_service.world.store.reading() as session:
        sites = session.scalars(
            sa.select(Lesion.site).where(Lesion.referral_id == small_service.sent[link])
        ).all()
    assert sites == []


def test_two_tabs_and_two_telephones_lose_nothing(
    small_service: Weblinks, take: Take
) -> None:
    link = small_service.link()
    first = take(link)
    at_the_pictures(first)
    second = take(f"{small_service.origin}/patient/?at=q-size_mm", first.page.context)
    second.heading("How big is it?")
    expect(second.page.get_by_role("radio", name="The end of a pencil")).to_be_checked()
    second.choose("A £2 coin")
    for view in ("location", "close_up"):
        first.picture(small_service.photographs / f"{view}.jpg")
        first.press("Use this one")
    first.heading("Check your answers")
    first.see("A £2 coin")
    # Another telephone goes on where this one stands.
    other = take(link)
    other.born(*BORN)
    other.answer("First: is it urgent?", "None of these")
    other.heading("Check your answers")
    other.press("Send now")
    other.heading("Thank you. We have it all.")
    first.press("Send now")
    first.heading("Thank you. We have it all.")
    second.choose("A 5p coin")
    second.heading("What happens next")
    assert small_service.referral(link).state is State.SUBMITTED


def test_back_is_back_and_a_reload_stays(small_service: Weblinks, take: Take) -> None:
    phone = take(small_service.link())
    agreed(phone)
    phone.answer("How many spots are there?", "One")
    phone.tap("chest")
    phone.press("Continue")
    phone.answer("How long have you had it?", "More than a year")
    phone.heading("How big is it?")
    phone.page.go_back()
    phone.heading("How long have you had it?")
    expect(phone.page.get_by_role("radio", name="More than a year")).to_be_checked()
    phone.press("‹ Back")
    phone.heading("Where is it?")
    phone.page.reload()
    phone.heading("Where is it?")
    phone.see("Spot 1: Chest")


def test_whoever_closes_the_page_leaves_nothing_open(
    small_service: Weblinks, take: Take
) -> None:
    link = small_service.link()
    phone = take(link)
    agreed(phone)
    phone.press("Save and finish later")
    phone.press("Close my page")
    phone.see("Your page is closed.")
    phone.check("closed")
    phone.page.goto(f"{small_service.origin}/patient/?at=spots")
    phone.see("Your page was closed to keep it safe.")
    phone.page.goto(link)
    phone.heading("Please tell us it is you")
