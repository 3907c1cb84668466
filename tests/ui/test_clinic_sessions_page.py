"""The clinics' calendar: who is let in, and from an entry to what is kept."""

from datetime import time, timedelta

import pytest
import sqlalchemy as sa

from core.clinics.actions.laying_out import horizon
from core.clinics.model import SessionState
from core.clinics.rules import moment_of
from core.clinics.tables import (
    ClinicSession,
    ClinicStaff,
    PatternException,
    Room,
    SessionPattern,
    Site,
)
from core.contracts.reference import bank_holidays
from core.kernel import clock, words
from core.kernel.working_days import next_working_day
from tests.clinics.booked import book
from tests.clinics.files import GOOD, calendar, event, table
from tests.clinics.house import build_house
from tests.routing import a_manager
from tests.ui.test_routing_page import field
from tests.ui.test_screens import everything_said, opened
from tests.world import TO_BE_SEEN, an_answered_referral


# A screen knows only the real time.
@pytest.fixture
def house(service):
    return build_house(service, clock.now())


@pytest.fixture
def day():
    """A working day some weeks ahead, before any pattern's end."""
    ahead = clock.today() + timedelta(days=14)
    return next_working_day(ahead, bank_holidays())


@pytest.fixture
def screen(house):
    return page_of(house)


def page_of(house, day=None):
    """The page, with the week of a day."""
    screen = chosen(opened("commissioner", house.manager, "sessions"))
    if day:
        by_key(screen.date_input, "clinics-week").set_value(day).run()
    return screen


def at_nine(day):
    return moment_of(day, time(9, 0))


def chosen(screen, service="Ozone Specialists"):
    """The page of one service."""
    box = field(screen.selectbox, "Service")
    box.select_index(box.options.index(service)).run()
    assert not screen.exception
    return screen


def said(screen):
    tables = "\n".join(str(one.proto.body) for one in screen.get("html"))
    return (everything_said(screen) + tables).replace("\\", "")


def by_key(elements, part):
    (found,) = [one for one in elements if part in str(one.key)]
    return found


def pick(elements, part, option):
    box = by_key(elements, part)
    (index,) = [n for n, one in enumerate(box.options) if option in one]
    return box.select_index(index)


def test_a_commissioner_has_no_such_page(service):
    screen = opened("commissioner", service.commissioner)
    pages = {known["url_pathname"] for known in screen._registered_pages.values()}
    assert "sessions" not in pages


def test_who_has_nothing_yet_is_told_where_to_begin(service):
    screen = chosen(opened("commissioner", a_manager(service), "sessions"))
    found = said(screen)
    assert "Begin under “Sites”" in found
    assert "This service has no site yet" in found
    assert "Nobody holds clinics here yet" in found
    assert "No sessions come back yet" in found


def test_what_nobody_may_do_is_said_on_top_of_the_page(screen):
    notices = [one.value.replace("\\", "") for one in screen.warning]
    assert notices[0].startswith("Nobody at this service may do: Full skin check")
    assert "Consultation" not in notices[0]
    assert notices[1].startswith("No room is equipped for: Cryotherapy")


def test_a_session_is_added_and_shown_with_what_is_free(house, day):
    screen = page_of(house, day)
    pick(screen.selectbox, "clinics-session--0-person", "Dr Colin Reid").run()
    pick(screen.selectbox, "clinics-session--0-site", "Northmoor General").run()
    pick(screen.selectbox, "clinics-session--0-room", "Room 1")
    by_key(screen.date_input, "clinics-session--0-day").set_value(day)
    by_key(screen.text_input, "clinics-session--0-template").input("6×20")
    field(screen.button, "Add the session").click().run()
    assert not screen.exception
    (row,) = house.rows()
    assert (row.minutes, row.template, row.room_id) == (180, [[20, 6]], house.room)
    found = said(screen)
    assert f"The session on {words.day(day)}, 09:00 is added." in found
    for cell in (
        "09:00–12:00",
        "Dr Colin Reid",
        "Northmoor General, Room 1",
        "180 min",
    ):
        assert f"{cell}</td>" in found
    # The form begins anew.
    assert by_key(screen.text_input, "clinics-session--1-template").value == ""


def test_what_is_refused_is_said_and_nothing_typed_is_lost(house, screen):
    pick(screen.selectbox, "clinics-session--0-person", "Dr Colin Reid").run()
    by_key(screen.text_input, "clinics-session--0-template").input("six of 20")
    field(screen.button, "Add the session").click().run()
    assert not screen.exception
    assert "“six of 20” is not a part of a template" in said(screen)
    assert by_key(screen.text_input, "session--0-template").value == "six of 20"
    by_key(screen.text_input, "session--0-template").input("6×20")
    field(screen.button, "Add the session").click().run()
    assert "Choose the site." in said(screen)
    assert "Dr Colin Reid" in str(by_key(screen.selectbox, "session--0-person").options)
    assert by_key(screen.selectbox, "session--0-person").value is not None
    assert house.rows() == []


def test_booked_minutes_are_counted_and_no_patient_is_named(house, day):
    row = house.add(begins_at=at_nine(day))
    book(house.world, an_answered_referral(house.world, TO_BE_SEEN), row.id)
    screen = page_of(house, day)
    found = said(screen)
    assert "40 min</td>" in found
    assert "200 min</td>" in found
    assert "Smith" not in found


def test_a_session_is_cancelled_with_a_reason_and_held_after_all(house, day):
    row = house.add(begins_at=at_nine(day))
    screen = page_of(house, day)
    field(screen.button, "Cancel the session").click().run()
    assert "Say why" in said(screen)
    by_key(screen.text_input, "clinics-cancel--0-reason").input("Room flooded")
    field(screen.button, "Cancel the session").click().run()
    assert not screen.exception
    assert "Cancelled: Room flooded" in said(screen)
    assert [one.state for one in house.rows()] == [SessionState.CANCELLED]
    field(screen.button, "Hold it after all").click().run()
    assert not screen.exception
    assert [one.state for one in house.rows()] == [SessionState.OPEN]
    assert house.holds(row.id)


def test_a_pattern_is_added_a_day_left_out_and_the_pattern_ended(house, screen):
    pick(screen.selectbox, "clinics-pattern--0-person", "Funmi Adeyemi").run()
    pick(screen.selectbox, "clinics-pattern--0-site", "Northmoor General").run()
    pick(screen.selectbox, "clinics-pattern--0-weekday", "Thursday")
    field(screen.button, "Add the pattern").click().run()
    assert not screen.exception
    rows = house.rows()
    assert 10 <= len(rows) <= 13
    found = said(screen)
    assert f"{len(rows)} sessions are laid out until {words.day(horizon())}" in found
    assert "Funmi Adeyemi, Thursday 09:00" in found
    by_key(screen.text_input, "clinics-leave-out--0-reason").input("Training day")
    by_key(screen.selectbox, "clinics-leave-out--0-day").select_index(1)
    field(screen.button, "Leave out the day").click().run()
    assert not screen.exception
    (exception,) = house.all(sa.select(PatternException))
    assert f"Left out: {words.day(exception.day)}: Training day" in said(screen)
    by_key(screen.text_input, "clinics-end-pattern--0-reason").input("Leaves")
    field(screen.button, "End the pattern").click().run()
    assert not screen.exception
    assert "later sessions are cancelled" in said(screen)
    (row,) = house.all(sa.select(SessionPattern))
    assert row.ended_at is not None


def test_a_site_and_a_room_are_added_changed_and_closed(house, screen):
    by_key(screen.text_input, "-name-None").input("Castlegate")
    by_key(screen.text_input, "-address-None").input("3 Castle Gate")
    by_key(screen.number_input, "Kilometres east").set_value(436.5)
    field(screen.button, "Save the site").click().run()
    assert "kilometres: north between" in said(screen)
    assert by_key(screen.text_input, "-name-None").value == "Castlegate"
    by_key(screen.number_input, "Kilometres north").set_value(324.0)
    field(screen.button, "Save the site").click().run()
    assert not screen.exception
    assert "Castlegate is saved." in said(screen)
    field(screen.text_input, "Name of the room").input("Room 5")
    field(screen.multiselect, "What stands there").select("Liquid nitrogen")
    field(screen.button, "Save the room").click().run()
    assert not screen.exception
    assert "Room 5: Liquid nitrogen" in said(screen)
    (box,) = [one for one in screen.selectbox if one.label == "Site to change"]
    box.select_index(box.options.index("Castlegate")).run()
    field(screen.button, "Close Castlegate").click().run()
    assert "Castlegate is closed." in said(screen)
    found = {one.name: one for one in house.all(sa.select(Site))}
    assert found["Castlegate"].closed_at is not None
    rooms = {one.name: one for one in house.all(sa.select(Room))}
    assert rooms["Room 5"].equipment == ["liquid_nitrogen"]


def test_competencies_are_kept_and_those_beyond_the_grade_refused(house, screen):
    pick(screen.selectbox, "clinics-staff", "Funmi Adeyemi").run()
    box = field(screen.multiselect, "Competent in")
    assert box.value == ["cryotherapy"]
    box.set_value(["cryotherapy", "curettage", "excision"]).run()
    (save,) = [one for one in screen.button if one.label == "Save"]
    save.click().run()
    assert "Excision needs the grade “GP with extended role”" in said(screen)
    box = field(screen.multiselect, "Competent in")
    box.set_value(["cryotherapy", "curettage"]).run()
    (save,) = [one for one in screen.button if one.label == "Save"]
    save.click().run()
    assert not screen.exception
    (row,) = [
        one for one in house.all(sa.select(ClinicStaff)) if one.person_id == house.nurse
    ]
    assert row.procedures == ["cryotherapy", "curettage"]


def test_leave_is_entered_once_for_all_sessions(house, day):
    house.add(begins_at=at_nine(day), person_id=house.nurse)
    house.add(begins_at=at_nine(day + timedelta(days=1)), person_id=house.nurse)
    later = house.add(begins_at=at_nine(day + timedelta(days=2)), person_id=house.nurse)
    screen = page_of(house)
    pick(screen.selectbox, "clinics-leave--0-which", "Funmi Adeyemi").run()
    last = day + timedelta(days=1)
    by_key(screen.date_input, "clinics-leave--0-until").set_value(last)
    by_key(screen.text_input, "clinics-leave--0-reason").input("Annual leave")
    field(screen.button, "Save the leave").click().run()
    assert not screen.exception
    assert "2 sessions are cancelled" in said(screen)
    (kept,) = house.rows(ClinicSession.state == SessionState.OPEN)
    assert kept.id == later.id


def test_a_file_is_shown_with_what_is_wrong_and_then_imported(house, screen, day):
    (box,) = screen.get("file_uploader")
    good = GOOD.replace("2026-11-23", day.isoformat())
    content = table(good, good.replace("Dr Colin Reid", "Nobody"))
    box.upload("clinics.csv", content).run()
    assert not screen.exception
    found = said(screen)
    assert "1 session new, 0 changed, 0 as they were, 1 left out." in found
    assert "names nobody who holds clinics" in found
    assert house.rows() == []
    field(screen.button, "Import what is right").click().run()
    assert not screen.exception
    assert "Imported. 1 session new" in said(screen)
    assert len(house.rows()) == 1


def test_a_calendar_that_cannot_be_read_is_said(screen):
    (box,) = screen.get("file_uploader")
    box.upload("clinics.ics", b"rubbish").run()
    assert not screen.exception
    assert "not a calendar that can be read" in said(screen)


def test_events_that_are_gone_are_listed(house, screen, day):
    def of(count):
        times = {"starts": "090000", "DTEND": "120000"}
        zoned = {
            name: f"TZID=Europe/London:{day:%Y%m%d}T{at}" for name, at in times.items()
        }
        return calendar(event(RRULE=f"FREQ=WEEKLY;COUNT={count}", **zoned))

    (box,) = screen.get("file_uploader")
    box.upload("a.ics", of(2)).run()
    field(screen.button, "Import what is right").click().run()
    (box,) = screen.get("file_uploader")
    box.upload("a.ics", of(1)).run()
    found = said(screen)
    assert "not in this file any more" in found
    assert f"{words.day(day + timedelta(days=7))}, 09:00–12:00" in found
    assert "There is nothing to import" in found
    assert len(house.rows(ClinicSession.state == SessionState.OPEN)) == 2


def test_a_name_with_markup_is_shown_as_it_was_typed(house, day):
    house.add(begins_at=at_nine(day))
    with house.world.store.transaction() as session:
        session.execute(sa.update(Site).values(name=Site.name + " <b>*x*</b>"))
    screen = page_of(house, day)
    tables = "\n".join(str(one.proto.body) for one in screen.get("html"))
    assert "&lt;b&gt;*x*&lt;/b&gt;" in tables
    assert "<b>" not in tables
