"""A patient's way, from the message that a mail server caught to the specialist's desk."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from core import config
from core.config import Settings
from core.demo import service as demo_service
from core.demo.children import Children
from core.demo.folder import DemoFolder
from core.referrals.model import State
from tests.browser.conftest import Launch
from tests.browser.journey import Desk, sign_in, until
from tests.browser.telephone import Phone, telephone
from tests.browser.weblink_service import BORN, Take, Weblinks, at_the_pictures
from tests.notify.servers import Inbox, mail_server


pytestmark = pytest.mark.browser

# A few for the lists; what is looked at is made here.
REFERRALS = 60


@pytest.fixture(scope="module")
def browser(launch: Launch) -> Browser:
    return launch()


def test_a_patient_finishes_on_a_telephone_and_every_page_can_be_used_by_anyone(
    small_service: Weblinks, take: Take
) -> None:
    link = small_service.link()
    phone = take(link)
    assert phone.page.url == f"{small_service.origin}/patient/"
    phone.check("born")
    phone.born(*BORN)
    phone.heading("How it works")
    phone.check("how")
    phone.press("Yes, I agree")
    phone.check("urgent")
    phone.answer("First: is it urgent?", "None of these")
    phone.check("spots")
    phone.answer("How many spots are there?", "One")
    phone.tap("left_forearm")
    phone.check("where")
    phone.press("Continue")
    phone.answer("How long have you had it?", "2 to 6 months")
    phone.check("question")
    phone.answer("How big is it?", "A small pea")
    phone.choose("It has grown")
    phone.check("several-answers")
    phone.press("Continue")
    phone.answer("How fast has it grown?", "In months")
    phone.answer("What do you feel or see?", "None of these")
    phone.answer("Have you ever had skin cancer?", "No")
    phone.answer("Has anyone close in your family had melanoma?", "No")
    phone.answer("What does your skin do in the sun?", "My skin is brown")
    phone.check("words")
    phone.press("Continue")
    phone.heading("Are you allergic to anything?")
    phone.press("None that I know of")
    phone.heading("Where it is")
    phone.check("picture")
    phone.picture(
        small_service.photographs / "blurred.jpg", says="This one is blurred."
    )
    phone.check("picture-blurred")
    phone.picture(small_service.photographs / "location.jpg")
    phone.check("picture-good")
    phone.press("Use this one")
    phone.heading("From close by, with a coin")
    phone.check("picture-close")
    phone.picture(small_service.photographs / "close_up.jpg")
    phone.press("Use this one")
    phone.heading("Check your answers")
    phone.check("check")
    phone.press("Save and finish later")
    phone.check("later")
    phone.press("Go on now")
    phone.answer("First: is it urgent?", "None of these")
    phone.press("Send now")
    phone.heading("Thank you. We have it all.")
    phone.check("status")
    then_it_is_with_the_specialists(small_service, link)


def then_it_is_with_the_specialists(small_service: Weblinks, link: str) -> None:
    assert small_service.referral(link).state is State.SUBMITTED
    # The blurred one was replaced by the good one.
    assert sorted(one.view for one in small_service.pictures(link)) == [
        "close_up",
        "location",
    ]


def test_a_lost_connection_loses_no_picture_and_sends_none_twice(
    small_service: Weblinks, take: Take
) -> None:
    link = small_service.link()
    phone = take(link)
    at_the_pictures(phone)
    tried: list[str] = []
    broken = re.compile(r"/api/pictures/")

    def cut(route: Route) -> None:
        tried.append(route.request.url)
        route.abort("connectionreset")

    phone.page.route(broken, cut)
    phone.page.locator("#camera").set_input_files(
        small_service.photographs / "location.jpg"
    )
    phone.see("The picture is kept here.")
    phone.check("picture-no-connection")
    # It tries again by itself, each time under the same id.
    phone.page.wait_for_timeout(2_500)
    assert len(tried) >= 2
    assert len(set(tried)) == 1
    phone.page.unroute(broken)
    phone.press("Try again")
    phone.see("This picture is good.")
    (kept,) = small_service.pictures(link)
    assert tried[0].endswith(str(kept.id))


def test_a_picture_goes_by_itself_when_the_telephone_is_back_online(
    small_service: Weblinks, take: Take
) -> None:
    link = small_service.link()
    phone = take(link)
    at_the_pictures(phone)
    phone.page.context.set_offline(True)
    phone.page.locator("#camera").set_input_files(
        small_service.photographs / "location.jpg"
    )
    phone.see("We try again as soon as you are back online.")
    # Two taps on the way are one picture.
    phone.button("Try again").click()
    phone.page.context.set_offline(False)
    phone.see("This picture is good.")
    phone.settle()
    assert [one.view for one in small_service.pictures(link)] == ["location"]


@dataclass
class Posted:
    """A whole service whose messages go to a real mail server."""

    settings: Settings
    inbox: Inbox

    def link_to(self, address: str) -> str:
        """The link in the message that this address was sent."""

        def bodies() -> list[str]:
            return [
                one.get_payload(decode=True).decode()
                for one in self.inbox.messages
                if address in str(one["To"])
            ]

        until(lambda: bodies() != [], "no message came")
        (link,) = re.findall(r"http://\S+/patient/i/\S+", bodies()[0])
        return str(link)


@pytest.fixture(scope="module")
def posted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Posted]:
    usual = config.settings_file()
    folder = DemoFolder(tmp_path_factory.mktemp("posted"))
    with mail_server() as inbox, folder.held(), Children() as children:
        found = demo_service.fill(
            folder, referrals=REFERRALS, number=1, say=str, progress=lambda *_: None
        )
        with folder.settings_file.open("a") as file:
            file.write(f"OZONE_SMTP_URL={inbox.url}\n")
        for task in demo_service.tasks(folder, found):
            if "commissioner" not in task.name:
                children.start(task)
        config.use_settings_file(usual)
        children.wait_until_healthy()
        yield Posted(found, inbox)


def test_a_weblink_from_the_practice_to_the_specialist(
    posted: Posted, browser: Browser, photographs: Path
) -> None:
    gp = Desk(sign_in(browser, posted.settings, "capture", "gp.patel"))
    reference = when_the_practice_sends_a_weblink(gp)
    link = posted.link_to("jo@patient.example")
    phone = Phone(telephone(browser).new_page())
    phone.page.goto(link)
    and_the_patient_finishes(phone, photographs)
    then_the_practice_sees_it(gp, reference)
    specialist = Desk(sign_in(browser, posted.settings, "consultant", "cons.reid"))
    then_the_specialist_sees_it(specialist, reference)


def when_the_practice_sends_a_weblink(gp: Desk) -> str:
    gp.heading("Home")
    gp.press("New referral")
    gp.heading("Who is the patient?")
    gp.page.get_by_text("Register a new patient").click()
    gp.write("Family name", "Weblink")
    gp.write("Given name", "Jo")
    born = gp.page.get_by_role("group", name="Date of birth").last
    born.get_by_role("spinbutton").first.click()
    gp.page.keyboard.type("03041956")
    gp.write("E-mail", "jo@patient.example")
    gp.press("Register")
    gp.see("WEBLINK, Jo is registered.")
    gp.choose("By a weblink: the patient sends history and pictures")
    gp.press("Refer this patient")
    gp.heading("Send a weblink")
    gp.choose("Lesion")
    gp.choose("By e-mail")
    gp.choose("Yes")
    gp.press("Send the weblink")
    gp.see("The weblink is on its way by e-mail.")
    said = gp.page.get_by_text(
        re.compile(r"[A-Z0-9]{4}-[A-Z0-9]{4}")
    ).first.inner_text()
    found = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", said)
    assert found
    return found[0]


def and_the_patient_finishes(phone: Phone, photographs: Path) -> None:
    phone.settle()
    at_the_pictures(phone)
    for view in ("location", "close_up"):
        phone.picture(photographs / f"{view}.jpg")
        phone.press("Use this one")
    phone.press("Send now")
    phone.heading("Thank you. We have it all.")


def then_the_practice_sees_it(gp: Desk, reference: str) -> None:
    gp.page.reload()
    gp.settle()
    gp.see("Sent by the patient")
    gp.see(reference)


def then_the_specialist_sees_it(specialist: Desk, reference: str) -> None:
    specialist.heading("Home")
    specialist.page.get_by_role("link", name="Worklist").click()
    specialist.heading("Worklist")
    specialist.page.get_by_role("link", name=reference).click()
    specialist.see("Warfarin")
    picture = specialist.page.get_by_alt_text("Lesion 1: Where it is").first
    expect(picture).to_be_visible()
