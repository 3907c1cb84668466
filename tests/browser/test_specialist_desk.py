"""A specialist's day without the mouse, and what two people do about one case."""

import re
import statistics
import time
import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from core.access.tables import Membership, Person
from core.reviews.model import SecondReadState
from core.reviews.sampling import SAMPLE
from core.reviews.tables import Opinion, SecondRead
from core.store.engine import Store
from tests.browser.journey import Desk, sign_in, until


pytestmark = pytest.mark.browser

# Diagnosis, advice and outcome as somebody types them; a procedure where one is needed.
TYPED = (
    ("rodent", "basal cell", "procedure", "Excision"),
    ("seborrhoeic ker", "harmless", "no follow-up", ""),
    ("atopic", "emollient", "primary care", ""),
    ("unsure", "look again", "community", "Consultation"),
)


class Keyboard:
    """One specialist who touches no mouse."""

    def __init__(self, page: Page) -> None:
        self.desk, self.page, self.keys = Desk(page), page, page.keyboard

    def ready(self) -> None:
        """The page's keys work: their button does."""
        expect(self.page.get_by_role("button", name="Keys")).to_be_enabled()
        self.desk.settle()

    def reach(self, key: str, label: str) -> None:
        """A field by its key: go on typing once the cursor is in it, as people do."""
        self.keys.press(key)
        expect(self.page.get_by_label(label, exact=True).first).to_be_focused()

    def take(self, key: str, label: str, words: str) -> None:
        """Reach a list by its key, type, and take what fits with Enter."""
        self.reach(key, label)
        # A list that is drawn anew while somebody types closes; people see that.
        self.desk.settle()
        self.keys.type(words)
        expect(self.page.get_by_role("option").first).to_be_visible()
        self.keys.press("Enter")
        expect(self.page.get_by_label(label, exact=True).first).not_to_be_focused()
        self.desk.settle()

    def case(self) -> str:
        """The case on the desk."""
        expect(self.page.get_by_role("heading", name="Your answer")).to_be_visible()
        expect(self.page.get_by_role("combobox", name="Outcome")).to_be_visible()
        self.ready()
        return self.page.url.split("id=")[1]

    def answer(self, number: int) -> None:
        """One whole answer."""
        diagnosis, advice, outcome, procedure = TYPED[number % len(TYPED)]
        self.take("d", "Diagnoses, the likeliest first", diagnosis)
        self.reach("a", "Advice to the practice")
        self.keys.type(f"Looks like it: {advice}.")
        self.keys.press("Escape")
        self.desk.settle()
        self.take("o", "Outcome", outcome)
        if procedure:
            self.take("t", "For", procedure)

    def send(self, case: str) -> None:
        """Ctrl+Enter, once more where something unsaid is asked for."""
        asked = self.page.get_by_text("send again to leave it as it is")
        self.keys.press("Control+Enter")
        until(
            lambda: asked.count() > 0 or case not in self.page.url,
            "neither sent nor asked",
        )
        if case in self.page.url:
            # The second half of a double click would not count as an answer.
            self.page.wait_for_timeout(1000)
            self.keys.press("Control+Enter")
        expect(self.page.get_by_text("The answer is with")).to_be_visible()
        assert case not in self.page.url


def answers_of(store: Store, cases: list[str]) -> list[Opinion]:
    with store.reading() as session:
        wanted = [uuid.UUID(case) for case in cases]
        return list(
            session.scalars(sa.select(Opinion).where(Opinion.referral_id.in_(wanted)))
        )


def test_ten_cases_by_keyboard_only(demo, browser: Browser, demo_store, capsys):
    someone = Keyboard(sign_in(browser, demo, "consultant", "cons.reid"))
    someone.desk.heading("Home")
    someone.ready()
    someone.keys.press("n")
    done, taken = [], []
    for number in range(10):
        case = someone.case()
        began = time.monotonic()
        someone.answer(number)
        someone.send(case)
        done.append(case)
        taken.append(time.monotonic() - began)
    assert len(set(done)) == 10
    found = answers_of(demo_store, done)
    assert sorted(str(one.referral_id) for one in found) == sorted(done)
    assert {one.version for one in found} == {1}
    median = statistics.median(one.seconds for one in found)
    with capsys.disabled():
        print(  # noqa: T201  the figure is asked for
            f"\nten answers by keyboard: median {statistics.median(taken):.1f} s of keys, "
            f"{median:.1f} s by the stopwatch"
        )
    # A robot's pace, on a busy machine; people read and think on top.
    assert median < 60


def test_a_key_that_comes_before_its_page_is_not_lost(demo, browser: Browser):
    someone = Keyboard(sign_in(browser, demo, "consultant", "cons.reid"))
    someone.desk.heading("Home")
    someone.ready()
    someone.keys.press("n")
    for _ in range(3):
        case = someone.case()
        someone.keys.press("n")
        expect(someone.page).not_to_have_url(re.compile(case))
        someone.reach("d", "Diagnoses, the likeliest first")
        someone.desk.settle()
        field = someone.page.get_by_label("Diagnoses, the likeliest first", exact=True)
        expect(field).to_be_focused()
        someone.keys.press("Escape")


def test_the_keys_are_listed_and_rest_while_the_list_is_open(demo, browser, screens):
    someone = Keyboard(sign_in(browser, demo, "consultant", "cons.lindqvist"))
    someone.desk.screens = screens
    someone.desk.heading("Home")
    someone.ready()
    someone.keys.press("n")
    someone.case()
    someone.keys.press("?")
    listed = someone.page.get_by_role("dialog", name="Keys on this page")
    expect(listed).to_be_visible()
    # A long list begins at its beginning.
    expect(listed.get_by_role("heading", name="Keys on this page")).to_be_in_viewport()
    expect(listed.get_by_text("measure", exact=True)).to_be_visible()
    someone.keys.press("o")
    expect(someone.page.get_by_label("Outcome", exact=True)).not_to_be_focused()
    someone.desk.check("consultant-keys")
    someone.keys.press("Escape")
    expect(listed).to_be_hidden()


def test_a_case_is_talked_about_and_taken_over(demo, browser: Browser, screens):
    # What a GP with extended role may answer, a consultant may, too.
    other = Desk(sign_in(browser, demo, "consultant", "gpwer.malik"), screens)
    other.heading("Home")
    home = other.page.url.rstrip("/")
    other.page.goto(f"{home}/worklist?search=Elm+Street")
    other.heading("Worklist")
    named = other.page.locator(".oz-table a").first.get_attribute("href")
    reid = Desk(sign_in(browser, demo, "consultant", "cons.reid"), screens)
    reid.heading("Home")
    reid.page.goto(f"{home.removesuffix('/consultant')}{named}")
    reid.see("Your answer")
    reid.write("Message to Elm Street Surgery", "Is it itchy?")
    reid.press("Send message")
    reid.see("Your message is with Elm Street Surgery.")
    reid.see("Not read yet")
    case = reid.page.url
    gp = Desk(sign_in(browser, demo, "capture", "gp.patel"), screens)
    gp.heading("Home")
    gp.page.get_by_role("link", name="with a new message").click()
    gp.heading("Referrals and answers")
    gp.press("Read")
    gp.see("Is it itchy?")
    gp.write("Message to the specialist", "Yes, at night.")
    gp.press("Send message")
    gp.see("Your message is with the specialist.")
    reid.page.goto(case)
    reid.see("Yes, at night.")
    reid.see("Read by Dr Asha Patel")
    other.page.goto(case)
    other.see("Dr Colin Reid is reading this case")
    other.page.get_by_text("Take this case over").click()
    other.write("Why?", "He is away today")
    other.press("Take over")
    other.see("Your answer")
    reid.page.get_by_role("button", name="Send answer").click()
    reid.see("Malik is reading this case")


def given_a_colleagues_answer_to_read_again(store: Store) -> None:
    """The lot may have passed over everything that was seeded lately."""
    with store.transaction() as session:
        reid = session.scalars(
            sa.select(Membership)
            .join(Person, Person.id == Membership.person_id)
            .where(Person.name == "Dr Colin Reid")
        ).one()
        first = session.scalars(
            sa.select(Opinion)
            .where(
                Opinion.organisation_id == reid.organisation_id,
                Opinion.person_id != reid.person_id,
                Opinion.version == 1,
                Opinion.id.not_in(sa.select(SecondRead.opinion_id)),
            )
            .order_by(Opinion.moment.desc())
            .limit(1)
        ).one()
        session.add(
            SecondRead(
                referral_id=first.referral_id,
                opinion_id=first.id,
                pool_id=first.organisation_id,
                cause=SAMPLE,
                state=SecondReadState.WAITING,
                created_at=first.moment,
                due_at=first.moment + timedelta(days=5),
                first_reader=first.person_id,
            )
        )


def test_a_case_is_read_again_without_the_first_answer(
    demo, browser, screens, demo_store
):
    given_a_colleagues_answer_to_read_again(demo_store)
    reid = Desk(sign_in(browser, demo, "consultant", "cons.reid"), screens)
    reid.heading("Home")
    reid.page.get_by_role("link", name="Second reads").click()
    reid.heading("Second reads")
    reid.check("consultant-second-reads")
    reid.press("Read")
    reid.see("Your reading")
    reid.settle()
    expect(reid.page.get_by_text("Answer, version")).to_have_count(0)
    reid.check("consultant-second-read")
    reid.press("Record my reading")
    reid.see("Choose a diagnosis")
    reid.page.get_by_role("combobox", name="Likeliest diagnosis").click()
    reid.page.keyboard.type("psor")
    reid.page.get_by_role("option", name="Psoriasis").click()
    reid.settle()
    reid.pick("Outcome", "Advice, no follow-up needed")
    reid.press("Record my reading")
    reid.see("Thank you.")


@pytest.mark.parametrize(
    ("link", "heading", "picture"),
    [
        ("Clinic list", "Clinic list", "consultant-clinic"),
        ("To hospital", "To hospital, not confirmed", "consultant-onward"),
        ("My figures", "My figures", "consultant-figures"),
    ],
)
def test_every_other_page_can_be_used_by_everyone(
    demo, browser: Browser, screens, link, heading, picture
):
    reid = Desk(sign_in(browser, demo, "consultant", "cons.reid"), screens)
    reid.heading("Home")
    reid.page.get_by_role("link", name=link).click()
    reid.heading(heading)
    reid.check(picture)
