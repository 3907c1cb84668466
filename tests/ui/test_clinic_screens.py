"""Clinics on their pages: what is coming, each patient, what was found, who is told."""

import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.audit.tables import Audit
from core.clinics.actions import findings
from core.clinics.found import Found
from core.clinics.model import AppointmentState, NeedState
from core.clinics.tables import (
    Appointment,
    ClinicNeed,
    Finding,
    FindingSeen,
    Histology,
)
from core.kernel import clock
from core.kernel.ids import new_id
from core.reviews.model import Certainty
from tests.clinics.booked import a_nurse, a_session, book, cancel
from tests.ui.test_onward_screens import said
from tests.ui.test_screens import everything_said, opened
from tests.world import TO_BE_SEEN, a_patient, an_answered_referral


BCC = Found("bcc", Certainty.CERTAIN, "excision", True, "Came out whole.")
SOON, BEGUN = timedelta(hours=1), timedelta(minutes=-30)


@pytest.fixture
def nurse(service):
    return a_nurse(service)


def with_clinic(world, nurse, starts):
    """Two patients in a nurse's clinic, ``starts`` from now."""
    held = a_session(world, nurse, clock.now() + starts)
    first = book(world, an_answered_referral(world, TO_BE_SEEN), held)
    other = a_patient(world, "9000000009", family_name="Brown")
    second = book(world, an_answered_referral(world, TO_BE_SEEN, other), held, 40)
    return first, second


def page_of(who, booked):
    """The page of one patient, at the address that a list leads to."""
    screen = opened("consultant", who)
    screen.query_params["session"] = str(booked.session_id)
    screen.query_params["patient"] = str(booked.appointment_id)
    return screen.run()


def list_of(who, booked):
    screen = opened("consultant", who)
    screen.query_params["session"] = str(booked.session_id)
    return screen.run()


def recorded(world, who, booked, found=BCC):
    with world.store.transaction() as session:
        return findings.record_finding(
            session,
            by=who,
            appointment_id=booked.appointment_id,
            finding_id=new_id(),
            found=found,
        )


def rows(world, table):
    with world.store.reading() as session:
        return session.scalars(sa.select(table)).all()


def audited(world, action):
    return [one for one in rows(world, Audit) if one.action == action]


def test_clinic_staff_land_at_their_clinics_and_have_no_other_page(service, nurse):
    screen = opened("consultant", nurse)
    assert not screen.exception
    assert [one.value for one in screen.title] == ["My clinics"]
    assert "You hold no clinic" in everything_said(screen)
    assert len(screen._registered_pages) == 1


def test_a_card_says_how_many_and_leads_to_the_list_and_to_each_patient(service, nurse):
    first, _ = with_clinic(service, nurse, SOON)
    screen = opened("consultant", nurse)
    assert "2 booked" in said(screen)
    assert "You have not looked at this list yet" in said(screen)
    screen.button(key=f"open-{first.session_id}").click().run()
    assert not screen.exception
    words = everything_said(screen).replace("\\", "")
    assert "SMITH, Anna" in words
    assert "BROWN, Anna" in words
    assert len(audited(service, "see_clinic_list")) == 2
    screen.button(key=f"open-{first.appointment_id}").click().run()
    assert not screen.exception
    words = everything_said(screen).replace("\\", "")
    for part in ("The remote opinion", "Basal cell carcinoma", "Written consent"):
        assert part in words
    assert "recorded here once the appointment has begun" in words
    (row,) = audited(service, "see_heads_up")
    assert row.entity_id == first.appointment_id
    screen.button(key="next-patient").click().run()
    assert "BROWN" in said(screen)
    assert len(audited(service, "see_heads_up")) == 2
    screen.button(key="to-list").click().run()
    screen.button(key="back").click().run()
    assert [one.value for one in screen.title] == ["My clinics"]
    assert "You have not looked" not in said(screen)


def test_changes_are_told_until_the_next_look(service, nurse):
    first, second = with_clinic(service, nurse, SOON)
    list_of(nurse, first)
    cancel(service, second)
    screen = opened("consultant", nurse)
    assert "1 change since you looked" in said(screen)
    screen.button(key=f"open-{first.session_id}").click().run()
    assert "1 change since you looked" in everything_said(screen)
    # It stays while the page is open, and is gone at the next visit.
    screen.run()
    assert "1 change since you looked" in everything_said(screen)
    screen.button(key="back").click().run()
    assert "since you looked" not in said(screen)


def test_a_specialists_home_counts_the_changes_in_their_clinics(service):
    first, _ = with_clinic(service, service.local, SOON)
    cards = said(opened("consultant", service.local))
    assert "<strong>2</strong><span>changes in my clinics" in cards
    screen = opened("consultant", service.local, "clinics", session=first.session_id)
    assert not screen.exception
    cards = said(opened("consultant", service.local))
    assert "<strong>0</strong><span>changes in my clinics" in cards


@pytest.mark.parametrize("named", ["session", "patient"])
@pytest.mark.parametrize(
    "bad", ["x", "ü" * 300, str(uuid.UUID(int=7))], ids=("word", "long", "nobody")
)
def test_a_bad_address_of_a_clinic_shows_nobody(service, nurse, named, bad):
    first, _ = with_clinic(service, nurse, SOON)
    screen = opened("consultant", nurse)
    screen.query_params["session"] = str(first.session_id)
    screen.query_params[named] = bad
    screen.run()
    assert "yours" in refusal(screen) or "not on your list" in refusal(screen)
    assert "SMITH" not in said(screen)
    assert audited(service, "see_heads_up") == []


def refusal(screen):
    """What the page says instead of showing anything."""
    return "".join(one.value for one in [*screen.error, *screen.exception])


def test_nobody_elses_clinic_opens_at_its_address(service, nurse):
    first, _ = with_clinic(service, nurse, SOON)
    for who in (a_nurse(service, name="Nils Other"), service.local):
        page = "" if who is not service.local else "clinics"
        screen = opened("consultant", who, page)
        screen.query_params["session"] = str(first.session_id)
        screen.run()
        assert "SMITH" not in said(screen)
    assert audited(service, "see_clinic_list") == []
    assert len(audited(service, "refused")) == 2


def test_what_was_found_is_recorded_in_three_clicks(service, nurse):
    first, _ = with_clinic(service, nurse, BEGUN)
    screen = page_of(nurse, first)
    assert not screen.exception
    key = f"0-{first.appointment_id}"
    assert screen.selectbox(key=f"diagnosis-{key}").value == "bcc"
    assert screen.selectbox(key=f"procedure-{key}").value == "excision"
    screen.button(key=f"send-{key}").click().run()
    assert "Confirm that the diagnosis" in everything_said(screen)
    screen.checkbox(key=f"yes-{key}").check().run()
    screen.button(key=f"send-{key}").click().run()
    assert "sent for histology" in screen.error[0].value
    screen.segmented_control(key=f"sent-{key}").set_value(True).run()
    screen.button(key=f"send-{key}").click().run()
    assert not screen.exception
    (row,) = rows(service, Finding)
    assert (row.diagnosis, row.procedure, row.histology_sent) == (
        "bcc",
        "excision",
        True,
    )
    assert "Recorded" in screen.success[0].value
    assert "Sent, not come yet" in everything_said(screen)


def test_another_diagnosis_needs_no_confirmation_and_can_be_corrected(service, nurse):
    first, _ = with_clinic(service, nurse, BEGUN)
    screen = page_of(nurse, first)
    key = f"0-{first.appointment_id}"
    screen.selectbox(key=f"diagnosis-{key}").set_value("naevus").run()
    assert [one.label for one in screen.checkbox] == []
    screen.selectbox(key=f"procedure-{key}").set_value("").run()
    screen.segmented_control(key=f"sent-{key}").set_value(False).run()
    screen.button(key=f"send-{key}").click().run()
    assert "Nothing but looking and talking" in everything_said(screen)
    again = f"1-{first.appointment_id}"
    screen.text_area(key=f"words-{again}").set_value("A blue one.").run()
    screen.button(key=f"send-{again}").click().run()
    assert not screen.exception
    assert [one.version for one in rows(service, Finding)] == [1, 2]
    assert "Version 2" in everything_said(screen)
    assert "A blue one" in everything_said(screen)


def test_that_nobody_came_is_a_click_and_a_yes(service, nurse):
    first, _ = with_clinic(service, nurse, BEGUN)
    screen = page_of(nurse, first)
    screen.button(key=f"missed-{first.appointment_id}").click().run()
    assert not screen.exception
    assert "The practice has been told" in everything_said(screen)
    with service.store.reading() as session:
        row = session.get_one(Appointment, first.appointment_id)
        need = session.get_one(ClinicNeed, first.need_id)
    assert (row.state, need.state) == (AppointmentState.MISSED, NeedState.WAITING)


def test_histology_to_come_is_shown_and_recorded_where_the_clinics_are(service, nurse):
    first, _ = with_clinic(service, nurse, timedelta(days=-20))
    recorded(service, nurse, first)
    screen = opened("consultant", nurse)
    assert "Histology to come (1)" in everything_said(screen)
    assert "Late: ask the laboratory" in said(screen)
    screen.button(key=f"record-histology-{first.appointment_id}").click().run()
    assert "Choose the diagnosis" in everything_said(screen)
    screen.selectbox(key=f"histology-{first.appointment_id}").set_value("scc").run()
    screen.button(key=f"record-histology-{first.appointment_id}").click().run()
    assert not screen.exception
    assert [one.diagnosis for one in rows(service, Histology)] == ["scc"]
    assert "Histology to come" not in everything_said(screen)


def test_the_practice_is_told_once_and_sees_both_diagnoses(service, nurse):
    first, _ = with_clinic(service, nurse, BEGUN)
    recorded(service, nurse, first)
    assert "<strong>1</strong><span>seen at a clinic" in said(
        opened("capture", service.gp)
    )
    inbox = opened("capture", service.gp, "inbox", show="clinic")
    assert "SMITH, Anna" in everything_said(inbox).replace("\\", "")
    screen = opened("capture", service.gp, "referral", id=first.referral_id)
    assert not screen.exception
    words = everything_said(screen).replace("\\", "")
    assert "Seen at the clinic" in words
    assert "Basal cell carcinoma (probable)" in words
    assert "Basal cell carcinoma (certain)" in words
    assert "Same group of diagnoses" in said(screen)
    (seen,) = rows(service, FindingSeen)
    assert seen.seer_id == service.gp.organisation_id
    # What is nothing is not on the home page.
    assert "seen at a clinic" not in said(opened("capture", service.gp))


def test_whoever_answered_sees_what_became_of_it_and_nobody_else_is_counted(
    service, nurse
):
    first, _ = with_clinic(service, nurse, BEGUN)
    found = Found("naevus", Certainty.CERTAIN, "excision", False)
    recorded(service, nurse, first, found)
    one_new = "<strong>1</strong><span>found at clinics, new"
    assert one_new in said(opened("consultant", service.consultant))
    assert one_new not in said(opened("consultant", service.colleague))
    screen = opened("consultant", service.consultant, "found")
    assert not screen.exception
    assert "Another group of diagnoses" in said(screen)
    assert "0 in the same group" in everything_said(screen)
    assert one_new not in said(opened("consultant", service.consultant))
    case = opened("consultant", service.colleague, "case", id=first.referral_id)
    assert not case.exception
    assert "What was found" in everything_said(case)
    assert [one.seer_id for one in rows(service, FindingSeen)] == [
        service.consultant.person_id
    ]
