"""A clinic in a real browser: beforehand, afterwards, and those who hear of it."""

import json
import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from core.access.model import Actor, Grade, OrganisationKind, Role
from core.access.tables import Membership, Organisation, Person
from core.clinics.actions.sessions import add_session
from core.clinics.model import AppointmentState, NeedState
from core.clinics.rules import Planned
from core.clinics.tables import (
    Appointment,
    AppointmentLetter,
    ClinicNeed,
    ClinicPlan,
    ClinicSession,
    Room,
)
from core.contracts.model import Priority
from core.contracts.tables import Contract, ContractVersion
from core.demo import reference
from core.kernel import clock, words
from core.kernel.clock import LONDON
from core.notify.model import Topic
from core.notify.tables import Outbox
from core.referrals.model import State
from core.referrals.tables import Referral
from core.reviews.tables import Opinion
from core.store.engine import Store
from tests.browser.journey import Desk, sign_in, until
from tests.browser.test_letters import opened
from tests.clinics.booked import a_session, book, wait


pytestmark = pytest.mark.browser
# The other commissioner's clinics are not booked here, and a plan with patients of both
# would be shown to neither.
BOOKS_HERE = Referral.contract_version_id.in_(
    sa.select(ContractVersion.id)
    .join(Contract, Contract.id == ContractVersion.contract_id)
    .where(Contract.name != reference.contracts()["eastholm"].name)
)


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
def clinic(demo_store):
    """Two patients in Dr Lindqvist's clinic, which began half an hour ago."""
    store = demo_store
    begins = clock.now().replace(second=0, microsecond=0) - timedelta(minutes=30)
    amended = sa.select(Opinion.referral_id).where(Opinion.version > 1)
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
                BOOKS_HERE,
                Opinion.procedure.is_not(None),
                Opinion.moment < begins - timedelta(days=1),
                Referral.id.not_in(amended),
                Referral.state == State.ANSWERED,
                sa.or_(ClinicNeed.id.is_(None), ClinicNeed.state == NeedState.WAITING),
            )
            .order_by(Opinion.moment.desc())
            .limit(2)
        ).all()
    world = Kept(store)
    session_id = a_session(world, Holder(*held), begins)
    return [
        book(world, one, session_id, after=20 * place)
        for place, one in enumerate(wanted)
    ]


@pytest.fixture
def evening(demo_store):
    """Dr Reid sees patients one evening more, in eight days."""
    store = demo_store
    with store.transaction() as session:
        held = session.scalars(
            sa.select(ClinicSession)
            .join(Person, Person.id == ClinicSession.person_id)
            .join(Room, Room.id == ClinicSession.room_id)
            .where(Person.name == "Dr Colin Reid", Room.name == "Theatre 2")
        ).first()
        manager = session.scalars(
            sa.select(Person).where(Person.subject == "manager.brandt")
        ).one()
        at = session.scalars(
            sa.select(Membership.organisation_id).where(
                Membership.person_id == manager.id
            )
        ).one()
        by = Actor(
            manager.id,
            manager.name,
            Role.SERVICE_MANAGER,
            at,
            "Ozone",
            OrganisationKind.PLATFORM,
        )
        day = clock.today() + timedelta(days=8)
        add_session(
            session,
            by=by,
            planned=Planned(
                site_id=held.site_id,
                room_id=held.room_id,
                person_id=held.person_id,
                begins_at=datetime.combine(day, time(18), LONDON),
                minutes=180,
                template=[],
            ),
        )
        found = session.execute(
            sa.select(Referral, Opinion)
            .join(Opinion, Opinion.referral_id == Referral.id)
            .join(Organisation, Organisation.id == Referral.practice_id)
            .outerjoin(ClinicNeed, ClinicNeed.referral_id == Referral.id)
            .where(
                BOOKS_HERE,
                Opinion.version == 1,
                Opinion.procedure.in_(("excision", "curettage", "full_skin_check")),
                ClinicNeed.id.is_(None),
            )
            # Some from afar cannot come; Elm Street's page is looked at later.
            .order_by(
                sa.case((Organisation.name == "Elm Street Surgery", 0), else_=1),
                Opinion.moment.desc(),
            )
            .limit(12)
        ).all()
        assert found
        for referral, opinion in found:
            need = wait(session, referral, opinion)
            # Nobody else will do.
            need.lowest_grade, need.prefers_person = Grade.CONSULTANT, held.person_id
            need.urgency, need.see_by = Priority.ROUTINE, day + timedelta(days=60)
    return store, held.person_id


def test_a_manager_plans_asks_why_and_books(demo, browser, screens, evening):
    store, person_id = evening
    desk = Desk(sign_in(browser, demo, "commissioner", "manager.brandt"), screens)
    desk.heading("Overview")
    desk.page.get_by_role("link", name="Clinic plan").first.click()
    desk.heading("Clinic plan")
    desk.press("Plan clinics")
    desk.see("Nothing is booked yet.")
    desk.see("First come, first served")
    desk.check("manager-clinic-plan")
    desk.pick("Site", "Northmoor General Hospital, Outpatients")
    desk.pick("Referral", "·")
    desk.see("Worth to others")
    desk.check("manager-clinic-why")
    desk.press("Book this one")
    desk.see("1 appointment booked.")
    # Whoever presses again books nobody else.
    expect(desk.page.get_by_role("button", name="Book this one")).to_have_count(0)
    rest = desk.page.get_by_role("button", name=re.compile("^Book (these|this) [0-9]"))
    many = int(rest.inner_text().split()[-1])
    before = how_many_are_booked(store)
    rest.click()
    # The page says the same of one and of many, and offers those of other sites next.
    until(lambda: how_many_are_booked(store) == before + many, "they are not booked")
    desk.settle()
    booked = appointments(store, person_id)
    assert booked
    desk.see("Patients are told, and clinicians have their heads-up.")
    the_patients_are_told(store, booked)
    and_the_clinician_has_the_list(demo, browser, booked)
    commissioner = Desk(sign_in(browser, demo, "commissioner", "com.khan"), screens)
    and_the_commissioner_sees_an_older_plan(commissioner)
    and_time_goes_by(store)
    and_the_practice_says_what_suits(demo, browser)
    and_the_commissioners_page_moves(commissioner, demo)


def how_many_are_booked(store):
    with store.reading() as session:
        return session.scalar(
            sa.select(sa.func.count())
            .select_from(Appointment)
            .where(Appointment.state == AppointmentState.BOOKED)
        )


def appointments(store, person_id):
    """Who is booked into the first of somebody's clinics that has anyone."""
    with store.reading() as session:
        found = session.scalars(
            sa.select(Appointment)
            .join(ClinicSession, ClinicSession.id == Appointment.session_id)
            .where(
                ClinicSession.person_id == person_id,
                Appointment.state == AppointmentState.BOOKED,
                Appointment.begins_at > clock.now(),
            )
            .order_by(Appointment.begins_at)
        ).all()
    return [one for one in found if one.session_id == found[0].session_id]


def the_patients_are_told(store, booked):
    """One message and one letter each; the worker beside the apps sends them."""
    ids = [one.id for one in booked]
    told = (Topic.APPOINTMENT_BOOKED, Topic.APPOINTMENT_TO_TELL)
    unsent = sa.select(sa.func.count()).where(
        Outbox.topic.in_(told), Outbox.done_at.is_(None)
    )
    letters = sa.select(sa.func.count()).where(
        AppointmentLetter.appointment_id.in_(ids)
    )

    def told_all():
        with store.reading() as session:
            return not session.scalar(unsent) and session.scalar(letters) == len(ids)

    until(told_all, "messages wait, or letters are not written")


def and_the_clinician_has_the_list(demo, browser, booked):
    desk = Desk(sign_in(browser, demo, "consultant", "cons.reid"))
    desk.heading("Home")
    desk.page.get_by_role("link", name="My clinics").first.click()
    desk.heading("My clinics")
    open_(desk, booked[0].session_id)
    desk.see("The whole list (PDF)")
    shown = desk.page.get_by_role("button", name="Open")
    expect(shown).to_have_count(len(booked))


def and_time_goes_by(store):
    """The plan was made last week: figures of it change once a week."""
    with store.transaction() as session:
        plan = session.scalars(
            sa.select(ClinicPlan)
            .where(ClinicPlan.made_by.is_not(None))
            .order_by(ClinicPlan.made_at.desc())
        ).first()
        plan.made_at = clock.now() - timedelta(days=7)


def and_the_practice_says_what_suits(demo, browser):
    """On the referral's page; it is an event, and so the figures are made anew."""
    store = Store(demo.database_url, demo.key("database"))
    with store.reading() as session:
        referral_id = session.scalars(
            sa.select(ClinicNeed.referral_id)
            .join(Organisation, Organisation.id == ClinicNeed.practice_id)
            .where(
                Organisation.name == "Elm Street Surgery",
                ClinicNeed.state.in_((NeedState.WAITING, NeedState.BOOKED)),
            )
        ).first()
    store.engine.dispose()
    assert referral_id is not None
    desk = Desk(sign_in(browser, demo, "capture", "gp.patel"))
    origin = demo.apps["capture"].origin
    desk.page.goto(f"{origin}/capture/referral?id={referral_id}")
    desk.choose("What suits the patient")
    desk.choose("Monday")
    desk.press("Save what suits")
    desk.choose("What happened")
    desk.see("Changed")


def and_the_commissioner_sees_an_older_plan(desk):
    """Figures of this week's plan are next week's to tell."""
    desk.heading("Overview")
    desk.page.get_by_role("link", name="Capacity").first.click()
    desk.heading("What the newest plan foresees")
    expect(foreseen_from_today(desk)).to_have_count(0)


def and_the_commissioners_page_moves(desk, demo):
    """Its figures tell of the newest plan of an earlier week, which is this one now."""

    def moved():
        as_if_published_yesterday(demo)
        desk.page.reload()
        desk.heading("What the newest plan foresees")
        return foreseen_from_today(desk).count() > 0

    until(moved, "two minutes on, the page has not moved", seconds=120)
    desk.check("commissioner-capacity")


def as_if_published_yesterday(demo):
    """What is published is made anew once a day; the worker sees that a day went by."""
    pointer = demo.analytics_folder / "CURRENT"
    told = json.loads(pointer.read_text())
    told["last_day"] = (clock.today() - timedelta(days=2)).isoformat()
    beside = pointer.with_name("CURRENT.test")
    beside.write_text(json.dumps(told))
    beside.replace(pointer)


def foreseen_from_today(desk):
    return desk.page.get_by_text(f"from {words.day(clock.today())}")


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
