"""A patient's way on a telephone, from the link to what happens next, and astray."""

import io
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image as Pillow
from PIL import ImageFilter
from playwright.sync_api import Browser, BrowserContext, Route, expect

from core import config
from core.demo.skin import draw
from core.imaging.tables import Image
from core.invitations.actions.issuing import Reach
from core.invitations.model import InvitationState, StopReason, Way
from core.referrals.actions.inviting import Request
from core.referrals.model import State
from core.referrals.tables import Lesion, Referral
from core.store import engine, migrate
from tests import weblinks
from tests.browser.conftest import REFUSED_ON_PURPOSE, Launch
from tests.browser.telephone import Phone, telephone
from tests.processes import free_port, serving
from tests.ui.conftest import forget
from tests.world import World, a_patient, build_world


pytestmark = pytest.mark.browser

BORN = ("3", "4", "1956")
NAMES = iter(f"Smith{a}{b}" for a in "abcdefgh" for b in "abcdefgh")


@dataclass
class Weblinks:
    """A small service whose patients' app runs in a process of its own."""

    world: World
    origin: str
    photographs: Path
    sent: dict[str, uuid.UUID] = field(default_factory=dict)

    def link(
        self,
        problem: str = "lesion",
        language: str = "en",
        born: date = weblinks.BORN,
        way: Way = Way.EMAIL,
    ) -> str:
        """A new patient's link, or code."""
        patient = a_patient(
            self.world, number="", family_name=next(NAMES), birth_date=born
        )
        referral_id = weblinks.a_patients_draft(self.world, patient)
        request = Request(problem=problem, would_have_referred=True)
        reach = Reach(Way.EMAIL, "anna@example.org", language)
        weblinks.invite(self.world, referral_id, request=request, reach=reach)
        token = weblinks.a_token(self.world, referral_id, way)
        at = token if way is Way.CODE else f"{self.origin}/patient/i/{token}"
        self.sent[at] = referral_id
        return at

    def referral(self, link: str) -> Referral:
        with self.world.store.reading() as session:
            return session.get_one(Referral, self.sent[link])

    def stopped(self, link: str) -> tuple[InvitationState, str]:
        found = weblinks.invitation_of(self.world, self.sent[link])
        return found.state, found.stopped_for or ""

    def pictures(self, link: str) -> list[Image]:
        with self.world.store.reading() as session:
            return list(
                session.scalars(
                    sa.select(Image).where(
                        Image.referral_id == self.sent[link], Image.removed_at.is_(None)
                    )
                )
            )


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Weblinks]:
    """The tests' world in a store of its own, and the patients' app over it."""
    usual, folder = config.settings_file(), tmp_path_factory.mktemp("weblinks")
    port = free_port()
    origin = f"http://localhost:{port}"
    mine = {
        "OZONE_DATABASE_URL": f"sqlite:///{folder}/ozone.db",
        "OZONE_VAULT_FOLDER": f"{folder}/vault",
        "OZONE_APPS__patient__port": str(port),
        "OZONE_APPS__patient__origin": origin,
    }
    lines = [*usual.read_text().splitlines(), *map("=".join, mine.items())]
    file = folder / "settings.env"
    file.write_text("\n".join(lines))
    config.use_settings_file(file)
    forget()
    migrate.upgrade(engine.store())
    world = build_world(engine.store())
    ready = f"{origin}/patient/healthz"
    with serving("tests.browser.serve_patient", folder / "reference", ready=ready):
        yield Weblinks(world, origin, photographs(folder / "photographs"))
    forget()
    config.use_settings_file(usual)


def photographs(folder: Path) -> Path:
    """What a telephone may have: good, blurred, a letter, a film, and a very large one."""
    folder.mkdir()
    for view in ("location", "close_up"):
        jpeg = draw(view, problem="naevus", tone=3, seed=4, size=(1600, 1200))
        (folder / f"{view}.jpg").write_bytes(jpeg)
    good = Pillow.open(io.BytesIO(jpeg))
    good.filter(ImageFilter.GaussianBlur(8)).save(folder / "blurred.jpg")
    (folder / "film.mp4").write_bytes(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(64))
    # As it is in the memory, which is large.
    good.resize((3200, 3200)).save(folder / "large.png", compress_level=0)
    return folder


@pytest.fixture(scope="module")
def browser(launch: Launch) -> Browser:
    return launch()


Take = Callable[..., Phone]


@pytest.fixture
def take(browser: Browser, screens: Path | None) -> Iterator[Take]:
    """Takes up a telephone; a script that fails on it fails the test."""
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def open_at(url: str, context: BrowserContext | None = None, **more: Any) -> Phone:
        used = context or telephone(browser, **more)
        page = used.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda message: troubles.append(message.text))
        page.goto(url)
        contexts.append(used)
        phone = Phone(page, screens)
        phone.settle()
        return phone

    yield open_at
    for context in contexts:
        context.close()
    told = [one for one in troubles if not one.startswith(REFUSED_ON_PURPOSE)]
    assert told == [], "The browser's console is not empty."


def agreed(phone: Phone) -> None:
    """Past the door, the consent and the red flags."""
    phone.born(*BORN)
    phone.press("Yes, I agree")
    phone.answer("First: is it urgent?", "None of these")


def at_the_pictures(phone: Phone) -> None:
    """Everything but the pictures of one spot is answered."""
    agreed(phone)
    phone.answer("How many spots are there?", "One")
    phone.tap("left_forearm")
    phone.press("Continue")
    phone.answer("How long have you had it?", "2 to 6 months")
    phone.answer("How big is it?", "The end of a pencil")
    phone.answer("Has it changed?", "None of these")
    phone.answer("What do you feel or see?", "It itches")
    phone.answer("Have you ever had skin cancer?", "No")
    phone.answer("Has anyone close in your family had melanoma?", "I do not know")
    phone.answer(
        "What does your skin do in the sun?", "It burns at times and tans slowly"
    )
    phone.heading("Which medicines do you take?")
    phone.write("Warfarin")
    phone.heading("Are you allergic to anything?")
    phone.press("None that I know of")
    phone.heading("Where it is")


def test_a_patient_finishes_on_a_telephone_and_every_page_can_be_used_by_anyone(
    service: Weblinks, take: Take
) -> None:
    link = service.link()
    phone = take(link)
    assert phone.page.url == f"{service.origin}/patient/"
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
    phone.picture(service.photographs / "blurred.jpg", says="This one is blurred.")
    phone.check("picture-blurred")
    phone.picture(service.photographs / "location.jpg")
    phone.check("picture-good")
    phone.press("Use this one")
    phone.heading("From close by, with a coin")
    phone.check("picture-close")
    phone.picture(service.photographs / "close_up.jpg")
    phone.press("Use this one")
    phone.heading("Check your answers")
    phone.check("check")
    phone.press("Save and finish later")
    phone.check("later")
    phone.press("Go on now")
    phone.answer("First: is it urgent?", "None of these")
    phone.press("Send now")
    phone.heading("Thank you. We have it all.")
    phone.check("sent")
    then_it_is_with_the_specialists(service, link)


def then_it_is_with_the_specialists(service: Weblinks, link: str) -> None:
    assert service.referral(link).state is State.SUBMITTED
    # The blurred one was replaced by the good one.
    assert sorted(one.view for one in service.pictures(link)) == [
        "close_up",
        "location",
    ]


def test_a_lost_connection_loses_no_picture_and_sends_none_twice(
    service: Weblinks, take: Take
) -> None:
    link = service.link()
    phone = take(link)
    at_the_pictures(phone)
    tried: list[str] = []
    broken = re.compile(r"/api/pictures/")

    def cut(route: Route) -> None:
        tried.append(route.request.url)
        route.abort("connectionreset")

    phone.page.route(broken, cut)
    phone.page.locator("#camera").set_input_files(service.photographs / "location.jpg")
    phone.see("The picture is kept here.")
    phone.check("picture-no-connection")
    # It tries again by itself, each time under the same id.
    phone.page.wait_for_timeout(2_500)
    assert len(tried) >= 2
    assert len(set(tried)) == 1
    phone.page.unroute(broken)
    phone.press("Try again")
    phone.see("This picture is good.")
    (kept,) = service.pictures(link)
    assert tried[0].endswith(str(kept.id))


def test_a_picture_goes_by_itself_when_the_telephone_is_back_online(
    service: Weblinks, take: Take
) -> None:
    link = service.link()
    phone = take(link)
    at_the_pictures(phone)
    phone.page.context.set_offline(True)
    phone.page.locator("#camera").set_input_files(service.photographs / "location.jpg")
    phone.see("We try again as soon as you are back online.")
    # Two taps on the way are one picture.
    phone.button("Try again").click()
    phone.page.context.set_offline(False)
    phone.see("This picture is good.")
    phone.settle()
    assert [one.view for one in service.pictures(link)] == ["location"]


def test_a_film_is_refused_and_thirty_megabytes_are_not(
    service: Weblinks, take: Take
) -> None:
    link = service.link()
    phone = take(link)
    at_the_pictures(phone)
    phone.page.locator("#files").set_input_files(service.photographs / "film.mp4")
    phone.see("This is a video. Please take a picture.")
    large = service.photographs / "large.png"
    assert large.stat().st_size > 30_000_000
    phone.page.locator("#files").set_input_files(large)
    expect(phone.button("Use this one")).to_be_visible()
    assert [one.view for one in service.pictures(link)] == ["location"]


def test_polish_is_polish_to_the_end(service: Weblinks, take: Take) -> None:
    link = service.link(problem="other", language="pl")
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
    phone.picture(service.photographs / "close_up.jpg", says="To zdjęcie jest dobre.")
    phone.press("Użyj tego")
    phone.see("Nic o tym nie wiem")
    phone.press("Wyślij teraz")
    phone.heading("Dziękujemy. Mamy już wszystko.")
    phone.check("sent-polish")
    assert service.referral(link).state is State.SUBMITTED


def test_whoever_would_rather_read_english_changes_to_it(
    service: Weblinks, take: Take
) -> None:
    phone = take(service.link(language="pl"))
    phone.press("English")
    phone.heading("Please tell us it is you")
    assert phone.page.evaluate("document.documentElement.lang") == "en"
    other = phone.button("Polski").locator("xpath=ancestor::*[@lang][1]")
    assert other.get_attribute("lang") == "pl"


def test_right_to_left_is_right_to_left_everywhere(
    service: Weblinks, take: Take
) -> None:
    phone = take(service.link(language="ar"))
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
    service: Weblinks, take: Take
) -> None:
    phone = take(f"{service.origin}/patient/i/{'x' * 22}")
    phone.see("This link or code is not right.")
    phone.check("trouble")
    phone.press("Open")
    phone.see("Please type the code.")
    box = phone.page.get_by_label("Code from your practice")
    box.fill("aaaa bbbb")
    phone.press("Open")
    phone.see("This link or code is not right.")
    box.fill(service.link(way=Way.CODE).lower().replace("-", " "))
    phone.press("Open")
    phone.heading("Please tell us it is you")


def test_five_wrong_dates_lock_the_link_and_the_practice_sees_it(
    service: Weblinks, take: Take
) -> None:
    link = service.link()
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
    assert service.stopped(link)[0] is InvitationState.LOCKED
    again = take(link)
    again.see("this link is locked")


CHILD = date(2015, 4, 3)


def test_under_sixteen_a_parent_fills_it_in(service: Weblinks, take: Take) -> None:
    link = service.link(problem="rash", born=CHILD)
    phone = take(link)
    phone.born("3", "4", "2015")
    phone.heading("Are you the parent or guardian?")
    phone.check("parent")
    phone.press("Yes, I am")
    phone.press("Yes, I agree")
    phone.heading("First: is it urgent?")
    alone = service.link(problem="rash", born=CHILD)
    phone = take(alone)
    phone.born("3", "4", "2015")
    phone.press("No, I am not")
    phone.heading("A parent or guardian is needed")
    assert service.stopped(alone)[1] == StopReason.UNDER_AGE


def test_a_no_is_taken_kindly(service: Weblinks, take: Take) -> None:
    link = service.link()
    phone = take(link)
    phone.born(*BORN)
    phone.press("No, I do not want this")
    phone.heading("That is fine")
    phone.check("declined")
    assert service.stopped(link) == (InvitationState.STOPPED, StopReason.DECLINED)
    assert service.referral(link).state is State.PRACTICE_REVIEW


@pytest.mark.parametrize(
    ("sign", "number", "reason"),
    [
        ("Trouble breathing", "999", StopReason.RED_FLAG_999),
        ("A rash round your eyes", "111", StopReason.RED_FLAG_111),
    ],
    ids=["999", "111"],
)
def test_a_red_flag_shows_the_number_to_call_and_nothing_else(
    service: Weblinks, take: Take, sign: str, number: str, reason: StopReason
) -> None:
    link = service.link()
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
    assert service.stopped(link)[1] == reason
    # Nor does the link lead round it.
    again = take(link)
    again.born(*BORN)
    again.heading(f"Call {number} now")


def test_more_than_three_spots_are_better_seen(service: Weblinks, take: Take) -> None:
    link = service.link()
    phone = take(link)
    agreed(phone)
    phone.answer("How many spots are there?", "More than three")
    phone.heading("It is better to see you")
    phone.check("too-many")
    assert service.stopped(link)[1] == StopReason.TOO_MANY_LESIONS


def test_private_parts_are_asked_about_once_more_then_refused(
    service: Weblinks, take: Take
) -> None:
    link = service.link()
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
    assert service.stopped(link)[1] == StopReason.INTIMATE
    with service.world.store.reading() as session:
        sites = session.scalars(
            sa.select(Lesion.site).where(Lesion.referral_id == service.sent[link])
        ).all()
    assert sites == []


def test_two_tabs_and_two_telephones_lose_nothing(
    service: Weblinks, take: Take
) -> None:
    link = service.link()
    first = take(link)
    at_the_pictures(first)
    second = take(f"{service.origin}/patient/?at=q-size_mm", first.page.context)
    second.heading("How big is it?")
    expect(second.page.get_by_role("radio", name="The end of a pencil")).to_be_checked()
    second.choose("A £2 coin")
    for view in ("location", "close_up"):
        first.picture(service.photographs / f"{view}.jpg")
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
    assert service.referral(link).state is State.SUBMITTED


def test_back_is_back_and_a_reload_stays(service: Weblinks, take: Take) -> None:
    phone = take(service.link())
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
    service: Weblinks, take: Take
) -> None:
    link = service.link()
    phone = take(link)
    agreed(phone)
    phone.press("Save and finish later")
    phone.press("Close my page")
    phone.see("Your page is closed.")
    phone.check("closed")
    phone.page.goto(f"{service.origin}/patient/?at=spots")
    phone.see("Your page was closed to keep it safe.")
    phone.page.goto(link)
    phone.heading("Please tell us it is you")
