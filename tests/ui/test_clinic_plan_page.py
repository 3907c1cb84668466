"""The clinic plan and what-if pages: who is let in, and from a click to a booking."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.clinics.actions.booking import accept
from core.clinics.actions.planning import keep_plan
from core.clinics.actions.sites import keep_room
from core.clinics.gathering import gather
from core.clinics.model import AppointmentState
from core.clinics.proposing import propose
from core.clinics.tables import Appointment, ClinicPlan, PlanLine
from core.contracts.reference import bank_holidays
from core.kernel import clock
from core.kernel.working_days import next_working_day
from tests.clinics.house import build_house
from tests.routing import a_manager
from tests.ui.test_clinic_sessions_page import at_nine, by_key
from tests.ui.test_routing_page import field
from tests.ui.test_screens import everything_said, opened
from tests.world import TO_BE_SEEN, an_answered_referral


@pytest.fixture
def house(service):
    """A consultant who can excise has a morning in a week."""
    found = build_house(service, clock.now())
    found.do(
        keep_room,
        site_id=found.site,
        name="Room 1",
        stands_there=["dermatoscope", "minor_surgery", "electrosurgery"],
        room_id=found.room,
    )
    ahead = clock.today() + timedelta(days=7)
    found.add(begins_at=at_nine(next_working_day(ahead, bank_holidays())))
    return found


def page_of(house, name="plan"):
    screen = opened("commissioner", house.manager, name)
    assert not screen.exception
    return screen


def said(screen):
    tables = "\n".join(str(one.proto.body) for one in screen.get("html"))
    return (everything_said(screen) + tables).replace("\\", "")


def rows(house, table):
    return house.all(sa.select(table))


def test_a_commissioner_has_no_such_pages(service):
    screen = opened("commissioner", service.commissioner)
    pages = {known["url_pathname"] for known in screen._registered_pages.values()}
    assert not pages & {"plan", "what-if", "sessions"}


def test_without_a_plan_the_page_says_what_one_is(house):
    found = said(page_of(house))
    assert "No plan has been made yet" in found
    assert "nothing is booked before you say so" in found


def test_nobody_waiting_is_said_and_no_plan_is_kept(house):
    screen = page_of(house)
    field(screen.button, "Plan clinics").click().run()
    assert "there is nothing to plan" in said(screen)
    assert rows(house, ClinicPlan) == []


def test_one_button_plans_and_one_books_what_is_shown(service, house):
    an_answered_referral(service, TO_BE_SEEN)
    screen = page_of(house)
    field(screen.button, "Plan clinics").click().run()
    assert not screen.exception
    found = said(screen)
    assert "Nothing is booked yet." in found
    assert "1 patient can be booked now." in found
    assert "First come, first served" in found
    for name in ("SMITH", "Anna"):
        assert name not in found
    field(screen.button, "Book this 1").click().run()
    assert not screen.exception
    assert "1 appointment booked." in said(screen)
    (booked,) = rows(house, Appointment)
    assert booked.state is AppointmentState.BOOKED


def test_a_patient_is_explained_and_declined(service, house):
    an_answered_referral(service, TO_BE_SEEN)
    screen = page_of(house)
    field(screen.button, "Plan clinics").click().run()
    by_key(screen.selectbox, "plan-case-reference").select_index(0).run()
    assert not screen.exception
    assert "Worth to others" in said(screen)
    field(screen.button, "Not this place").click().run()
    assert "waits for the next plan" in said(screen)
    assert rows(house, Appointment) == []
    (line,) = rows(house, PlanLine)
    assert line.state == "declined"


def test_who_was_booked_meanwhile_is_not_booked_twice(service, house):
    an_answered_referral(service, TO_BE_SEEN)
    screen = page_of(house)
    field(screen.button, "Plan clinics").click().run()
    (line,) = rows(house, PlanLine)
    with service.store.transaction() as session:
        accept(session, by=house.manager, plan_id=line.plan_id, line_ids=[line.id])
    field(screen.button, "Book this 1").click().run()
    assert not screen.exception
    assert len(rows(house, Appointment)) == 1


def test_a_what_if_answers_in_a_sentence_with_its_interval(service, house):
    an_answered_referral(service, TO_BE_SEEN)
    page_of(house)
    screen = page_of(house, "what-if")
    for kind in (
        "One more session a week",
        "Somebody is away",
        "More or fewer referrals",
        "Services together or apart",
    ):
        by_key(screen.radio, "what-if-kind").set_value(kind).run()
        field(screen.button, "Work it out").click().run()
        assert not screen.exception, kind
        found = said(screen)
        assert "It would" in found, kind
        assert "80 % interval" in found


def test_without_sessions_the_what_if_says_where_to_add_some(service):
    screen = opened("commissioner", a_manager(service), "what-if")
    assert "Add some on the Clinic sessions page" in said(screen)


def test_a_click_on_a_plan_that_a_newer_one_has_overtaken_books_nothing(service, house):
    an_answered_referral(service, TO_BE_SEEN)
    screen = page_of(house)
    field(screen.button, "Plan clinics").click().run()
    with service.store.reading() as session:
        inputs = gather(session, house.manager.scope, specialty="dermatology")
    with service.store.transaction() as session:
        keep_plan(session, by=house.manager, proposal=propose(inputs), seconds=0.1)
    field(screen.button, "Book this 1").click().run()
    assert not screen.exception
    assert "A newer plan has been made" in said(screen)
    assert rows(house, Appointment) == []
    field(screen.button, "Book this 1").click().run()
    assert len(rows(house, Appointment)) == 1
