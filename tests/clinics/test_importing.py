"""Files imported: shown first, once only, and nothing booked is moved."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from core.audit.tables import Audit
from core.clinics.actions import sessions, sites
from core.clinics.actions.importing import import_sessions
from core.clinics.actions.judging import Verdict
from core.clinics.model import AppointmentState, ChangeKind, SessionState
from core.clinics.presenters.importing import preview, sample
from core.clinics.tables import (
    Appointment,
    ClinicSession,
    SessionChange,
    SessionHold,
)
from core.kernel import clock
from core.kernel.errors import Invalid, NotAllowed, NotFound
from tests.clinics.booked import book
from tests.clinics.files import GOOD, calendar, event, table
from tests.clinics.house import build_house
from tests.world import NOW, TO_BE_SEEN, an_answered_referral


@pytest.fixture
def house(world):
    return build_house(world)


def bring_in(house, content, name="clinics.csv", **changes):
    facts = {"organisation_id": house.service, "name": name, "content": content}
    return house.do(import_sessions, **{**facts, **changes})


def bring_in_calendar(house, *events):
    return bring_in(house, calendar(*events), "clinics.ics")


def verdicts(judged):
    return [one.verdict.value for one in judged.rows]


def wrong(judged):
    return [one.says for one in judged.rows if one.verdict is Verdict.WRONG]


def seen(house, content, name="clinics.csv"):
    with clock.set_to(NOW), house.world.store.reading() as session:
        return preview(
            session,
            house.manager.scope,
            house.service,
            name=name,
            content=content,
        )


def day(number, hour="090000"):
    return f"TZID=Europe/London:202611{number}T{hour}"


def test_a_table_is_shown_first_and_then_imported(house):
    content = table(GOOD, GOOD.replace("Dr Colin Reid", "Nobody"))
    shown = seen(house, content)
    assert house.rows() == []
    done = bring_in(house, content)
    assert done == shown
    assert verdicts(done) == ["add", "wrong"]
    assert done.rows[0].says == (
        "Dr Colin Reid, Mon 23 Nov 2026, 09:00–13:00, Northmoor General, Room 1"
    )
    assert (
        "“Nobody” names nobody who holds clinics for Ozone Specialists"
        in wrong(done)[0]
    )
    (row,) = house.rows()
    assert (row.person_id, row.site_id, row.room_id, row.template) == (
        house.world.consultant.person_id,
        house.site,
        house.room,
        [[20, 6]],
    )
    assert len(house.holds(row.id)) == 32


@pytest.mark.parametrize("kind", ["csv", "ics"])
def test_the_same_file_again_changes_nothing(house, kind):
    content = (
        table(GOOD) if kind == "csv" else calendar(event(RRULE="FREQ=WEEKLY;COUNT=4"))
    )
    bring_in(house, content, f"clinics.{kind}")
    before = [(one.id, one.begins_at) for one in house.rows()]
    again = bring_in(house, content, f"clinics.{kind}")
    assert set(verdicts(again)) == {"same"}
    assert [(one.id, one.begins_at) for one in house.rows()] == before
    assert len(house.all(sa.select(SessionHold))) > 0
    assert house.all(sa.select(SessionChange)) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            ("Northmoor General", "Nowhere"),
            "“Nowhere” is no site of Ozone Specialists. ",
        ),
        (("Room 1", "Room 9"), "Northmoor General has no room “Room 9”."),
        (("Dr Colin Reid", "Dr Cora Lee"), "names nobody who holds clinics"),
        (("Dr Colin Reid", ""), "It does not say who holds the session."),
        (("Northmoor General", ""), "It does not say where"),
        (("2026-11-23", "2026-11-16"), "is past"),
        (("2026-11-23", "2028-11-20"), "more than a year ahead"),
        (("09:00", "09:10"), "quarter hour"),
        (("240", "100"), "whole quarters"),
        (("6×20", "13×20"), "fills 260 minutes"),
    ],
)
def test_what_is_wrong_with_a_row_is_said_in_words(house, changes, said):
    judged = bring_in(house, table(GOOD.replace(*changes)))
    assert said in wrong(judged)[0]
    assert house.rows() == []


def test_names_are_found_whatever_their_title_case_and_spaces(house):
    line = GOOD.replace("Dr Colin Reid", "colin  REID").replace(
        "Northmoor General", "northmoor general"
    )
    assert verdicts(bring_in(house, table(line))) == ["add"]


def test_a_closed_site_and_room_are_said(house):
    house.do(sites.close_room, room_id=house.room)
    assert wrong(seen(house, table(GOOD))) == ["Room 1 at Northmoor General is closed."]
    house.do(sites.close_site, site_id=house.site)
    assert wrong(seen(house, table(GOOD))) == ["Northmoor General is closed."]


def test_rows_that_clash_with_sessions_or_with_each_other_are_left_out(house):
    house.add(begins_at=datetime(2026, 11, 23, 12, 45, tzinfo=UTC), minutes=60)
    span = "Mon 23 Nov 2026, 12:45–13:45"
    other = GOOD.replace("2026-11-23", "2026-11-24")
    judged = bring_in(
        house,
        table(
            GOOD,
            other,
            other.replace("09:00", "10:00"),
            other.replace("Dr Colin Reid", "Funmi Adeyemi"),
            other,
        ),
    )
    assert verdicts(judged) == ["wrong", "add", "wrong", "wrong", "wrong"]
    assert wrong(judged) == [
        f"Dr Colin Reid already holds a session then: {span}, Northmoor General.",
        "The person is taken then by another row: Line 3.",
        "The room is taken then by another row: Line 3.",
        "It is in this file twice.",
    ]


@pytest.mark.parametrize(
    ("facts", "who"),
    [
        ({"SUMMARY": "Funmi Adeyemi"}, "Funmi Adeyemi"),
        ({"SUMMARY": "Warts – FUNMI ADEYEMI (list 2)"}, "Funmi Adeyemi"),
        (
            {"SUMMARY": "Clinic", "ORGANIZER": "CN=Dr Gill Wer:mailto:g@x.example"},
            "Dr Gill Wer",
        ),
        (
            {
                "SUMMARY": "Clinic",
                "ORGANIZER": "CN=The Office:mailto:o@x.example",
                "ATTENDEE": "CN=Colin Reid:mailto:c@x.example",
            },
            "Dr Colin Reid",
        ),
    ],
)
def test_an_event_names_its_person_in_one_of_three_places(house, facts, who):
    judged = bring_in_calendar(house, event(**facts))
    assert judged.rows[0].says.startswith(f"{who}, Mon 23 Nov 2026, 09:00–12:00")


def test_an_event_that_names_two_is_not_guessed_about(house):
    judged = bring_in_calendar(house, event(SUMMARY="Dr Colin Reid with Funmi Adeyemi"))
    assert "names more than one person" in wrong(judged)[0]


def test_a_location_is_a_site_or_a_site_and_a_room(house):
    with_comma = house.do(
        sites.keep_site,
        organisation_id=house.service,
        name="Northmoor General, Annexe",
        address="Behind it",
        east_km=430.0,
        north_km=320.0,
    )
    events = [
        event(
            uid="1",
            LOCATION="Northmoor General",
            starts=day(23),
            DTEND=day(23, "100000"),
        ),
        event(
            uid="2",
            LOCATION="Northmoor General\\, Annexe",
            starts=day(24),
            DTEND=day(24, "100000"),
        ),
        event(
            uid="3",
            LOCATION="Northmoor General\\, Room 2",
            starts=day(25),
            DTEND=day(25, "100000"),
        ),
        event(
            uid="4",
            LOCATION="Northmoor General\\, Attic",
            starts=day(26),
            DTEND=day(26, "100000"),
        ),
        event(uid="5", LOCATION="", starts=day(27), DTEND=day(27, "100000")),
    ]
    judged = bring_in_calendar(house, *events)
    assert [(one.site_id, one.room_id) for one in house.rows()] == [
        (house.site, None),
        (with_comma.id, None),
        (house.site, house.other_room),
    ]
    assert len(wrong(judged)) == 2
    assert wrong(judged)[0] == "Northmoor General has no room “Attic”."


def test_a_changed_event_changes_its_session_if_nobody_is_booked(house):
    bring_in_calendar(house, event())
    (before,) = house.rows()
    moved = event(starts=day(24), DTEND=day(24, "113000"), SUMMARY="Funmi Adeyemi")
    judged = bring_in_calendar(house, moved)
    assert verdicts(judged) == ["change"]
    (after,) = house.rows()
    assert (after.id, after.begins_at.day, after.minutes) == (before.id, 24, 150)
    assert after.person_id == house.nurse
    assert {one.held_id for one in house.holds(after.id)} == {house.nurse, house.room}
    assert len(house.holds(after.id)) == 20
    (change,) = house.all(sa.select(SessionChange))
    assert change.kind is ChangeKind.ALTERED


def test_a_changed_event_whose_session_is_booked_stays_and_says_so(house):
    bring_in_calendar(house, event())
    (before,) = house.rows()
    with clock.set_to(NOW):
        book(house.world, an_answered_referral(house.world, TO_BE_SEEN), before.id)
    judged = bring_in_calendar(house, event(starts=day(24), DTEND=day(24, "120000")))
    assert "patients are booked into it" in wrong(judged)[0]
    (after,) = house.rows()
    assert after.begins_at == before.begins_at
    booked = house.all(sa.select(Appointment))
    assert [one.state for one in booked] == [AppointmentState.BOOKED]
    assert verdicts(bring_in_calendar(house, event())) == ["same"]


def test_two_events_may_change_places(house):
    one, two = (
        event(uid=uid, LOCATION=f"Northmoor General\\, {room}", SUMMARY=who)
        for uid, room, who in (
            ("a", "Room 1", "Dr Colin Reid"),
            ("b", "Room 2", "Funmi Adeyemi"),
        )
    )
    bring_in_calendar(house, one, two)
    judged = bring_in_calendar(
        house, one.replace("Room 1", "Room 2"), two.replace("Room 2", "Room 1")
    )
    assert verdicts(judged) == ["change", "change"]
    rooms = {row.person_id: row.room_id for row in house.rows()}
    assert rooms == {
        house.world.consultant.person_id: house.other_room,
        house.nurse: house.room,
    }


def test_who_cannot_move_keeps_the_place_that_another_wanted(house):
    """B wants A's place, and A stays because it cannot go where it wants."""
    a, b, c = (
        event(uid=uid, starts=day(number), DTEND=day(number, "120000"))
        for uid, number in (("a", 23), ("b", 24), ("c", 25))
    )
    bring_in_calendar(house, a, b)
    bring_in(house, table(GOOD.replace("-23", "-25")))
    judged = bring_in_calendar(
        house, c.replace("UID:c", "UID:a"), a.replace("UID:a", "UID:b")
    )
    assert verdicts(judged) == ["wrong", "wrong"]
    assert [one.begins_at.day for one in house.rows()] == [23, 24, 25]


def test_events_that_are_gone_are_listed_and_never_cancelled(house):
    bring_in_calendar(house, event(RRULE="FREQ=WEEKLY;COUNT=3"))
    bring_in(house, table(GOOD.replace("2026-11-23", "2026-11-26")))
    judged = bring_in_calendar(house, event(RRULE="FREQ=WEEKLY;COUNT=2"))
    assert judged.gone == (
        "Dr Colin Reid, Mon 7 Dec 2026, 09:00–12:00, Northmoor General",
    )
    assert {one.state for one in house.rows()} == {SessionState.OPEN}


def test_what_was_cancelled_here_stays_cancelled(house):
    bring_in_calendar(house, event())
    (row,) = house.rows()
    house.do(sessions.cancel_session, session_id=row.id, reason="Ill")
    judged = bring_in_calendar(house, event())
    assert verdicts(judged) == ["same"]
    assert judged.rows[0].says == "It stays cancelled here: Ill."
    (row,) = house.rows()
    assert row.state is SessionState.CANCELLED


def test_what_is_past_by_now_is_not_called_wrong_again(house):
    content = table(GOOD)
    bring_in(house, content)
    with (
        clock.set_to(NOW + timedelta(days=30)),
        house.world.store.transaction() as session,
    ):
        again = import_sessions(
            session,
            by=house.manager,
            organisation_id=house.service,
            name="clinics.csv",
            content=content,
        )
    assert verdicts(again) == ["same"]


def test_a_file_that_cannot_be_read_changes_nothing(house):
    with pytest.raises(Invalid, match="not a calendar"):
        bring_in(house, b"rubbish", "clinics.ics")
    with pytest.raises(NotFound):
        bring_in(house, table(GOOD), organisation_id=house.world.gp.organisation_id)
    assert house.rows() == []
    assert house.all(sa.select(Audit).where(Audit.action == "import_sessions")) == []


def test_only_a_service_manager_imports_or_previews(house):
    for who in (house.world.consultant, house.world.commissioner, house.world.gp):
        with pytest.raises(NotAllowed):
            bring_in(house, table(GOOD), by=who)
        with house.world.store.reading() as session, pytest.raises(NotAllowed):
            preview(
                session, who.scope, house.service, name="a.csv", content=table(GOOD)
            )


def test_an_import_is_audited_with_its_numbers(house):
    bring_in(house, table(GOOD, GOOD))
    (audit,) = house.all(sa.select(Audit).where(Audit.action == "import_sessions"))
    assert audit.detail == {
        "file": "clinics.csv",
        "added": 1,
        "changed": 0,
        "left_out": 1,
    }


def test_the_sample_is_a_table_that_can_be_imported(house):
    with clock.set_to(NOW), house.world.store.reading() as session:
        content = sample(session, house.manager.scope, house.service)
    assert verdicts(bring_in(house, content.encode())) == ["add"]
    assert house.rows(ClinicSession.begins_at > NOW)
