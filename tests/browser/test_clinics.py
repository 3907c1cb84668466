"""A clinic in a real browser: beforehand, afterwards, and those who hear of it."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from core.access.tables import Membership, Person
from core.clinics.model import NeedState
from core.clinics.tables import ClinicNeed
from core.kernel import clock
from core.referrals.model import State
from core.referrals.tables import Referral
from core.reviews.tables import Opinion
from core.store.engine import Store
from tests.browser.journey import Desk, sign_in
from tests.browser.test_letters import opened
from tests.clinics.booked import a_session, book


pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Holder:
    """Whoever holds the clinic, as far as a session row asks."""

    person_id: object
    organisation_id: object


@dataclass(frozen=True)
class Kept:
    """The demo's store, the way the makers of clinics take it."""

    store: Store


@pytest.fixture
def clinic(demo):
    """Two patients in Dr Lindqvist's clinic, which began half an hour ago."""
    store = Store(demo.database_url, demo.key("database"))
    with store.reading() as session:
        held = session.execute(
            sa.select(Membership.person_id, Membership.organisation_id)
            .join(Person, Person.id == Membership.person_id)
            .where(Person.name == "Dr Lena Lindqvist")
        ).one()
        wanted = session.scalars(
            sa.select(Referral.id)
            .join(Opinion, Opinion.referral_id == Referral.id)
            .outerjoin(ClinicNeed, ClinicNeed.referral_id == Referral.id)
            .where(
                Opinion.procedure.is_not(None),
                Referral.state == State.ANSWERED,
                sa.or_(ClinicNeed.id.is_(None), ClinicNeed.state == NeedState.WAITING),
            )
            .order_by(Opinion.moment.desc())
            .limit(2)
        ).all()
    begins = clock.now().replace(second=0, microsecond=0) - timedelta(minutes=30)
    world = Kept(store)
    session_id = a_session(world, Holder(*held), begins)
    yield [
        book(world, one, session_id, after=20 * place)
        for place, one in enumerate(wanted)
    ]
    store.engine.dispose()


def test_a_clinic_is_prepared_held_and_recorded(demo, browser, screens, clinic):
    desk = Desk(sign_in(browser, demo, "consultant", "cons.lindqvist"), screens)
    desk.heading("Home")
    desk.see("changes in my clinics")
    desk.page.get_by_role("link", name="My clinics").first.click()
    desk.heading("My clinics")
    desk.see("2 booked")
    desk.check("consultant-clinics")
    open_(desk, clinic[0].session_id)
    desk.see("The whole list (PDF)")
    desk.check("consultant-clinic")
    pdf = opened(desk, desk.page.get_by_role("link", name="The whole list (PDF)"))
    assert pdf.startswith(b"%PDF")
    open_(desk, clinic[0].appointment_id)
    desk.see("The remote opinion")
    when_it_is_recorded_without_the_mouse(desk)
    desk.check("consultant-clinic-patient")
    and_nobody_came_for_the_next(desk)
    then_the_browser_goes_back(desk)


def open_(desk: Desk, thing: object) -> None:
    """One row of a list: the demo has clinics of its own beside it."""
    desk.page.locator(f".st-key-open-{thing} button").click()
    desk.settle()


def when_it_is_recorded_without_the_mouse(desk: Desk) -> None:
    desk.see("What you found")
    desk.check("consultant-clinic-finding")
    expect(desk.page.get_by_role("button", name="Keys")).to_be_visible()
    desk.page.keyboard.press("d")
    field = desk.page.get_by_role("combobox", name="Diagnosis face to face")
    expect(field).to_be_focused()
    desk.page.keyboard.type("dermatofib")
    desk.page.keyboard.press("Enter")
    desk.settle()
    desk.page.get_by_role("radiogroup", name="Sent for histology").get_by_text(
        "Yes", exact=True
    ).click()
    desk.settle()
    desk.press("Record what I found")
    desk.see("Recorded. The practice and whoever answered see it.")
    desk.see("Sent, not come yet")


def and_nobody_came_for_the_next(desk: Desk) -> None:
    desk.press("Next patient (n)")
    desk.press("Did not attend")
    desk.press("Yes, nobody came")
    desk.see("Recorded: did not attend.")


def then_the_browser_goes_back(desk: Desk) -> None:
    desk.press("The list")
    desk.see("Did not attend")
    desk.press("My clinics")
    desk.heading("My clinics")
    desk.see("Histology to come")
