"""Single sessions: planned, refused in words, cancelled, and nobody in two places."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from core.access.model import Grade, Role
from core.access.tables import Membership
from core.audit.tables import Audit
from core.clinics.actions import sessions, sites, staff
from core.clinics.model import AppointmentState, ChangeKind, NeedState, SessionState
from core.clinics.tables import (
    Appointment,
    ClinicNeed,
    ClinicSession,
    SessionChange,
    SessionHold,
)
from core.kernel import clock
from core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.clinics.booked import book
from tests.clinics.house import NEXT_MONDAY, a_member, build_house
from tests.world import NOW, TO_BE_SEEN, an_answered_referral


@pytest.fixture
def house(world):
    return build_house(world)


def refused(house, kind=Invalid, **changes):
    with pytest.raises(kind) as problem:
        house.add(**changes)
    assert house.rows() == [] or kind is Conflict
    return problem.value.sentence


def test_a_session_takes_its_person_and_its_room_by_the_quarter(house):
    row = house.add()
    held = house.holds(row.id)
    assert len(held) == 2 * 16
    assert {one.held_id for one in held} == {row.person_id, row.room_id}
    assert row.organisation_id == house.service


def test_a_session_without_a_room_takes_its_person_only(house):
    assert len(house.holds(house.add(room_id=None, minutes=60).id)) == 4


def test_a_session_needs_somebody_who_holds_it(house):
    assert refused(house, person_id=None) == "Choose who holds the session."


def test_a_session_needs_a_site(house):
    assert refused(house, site_id=None) == "Choose the site."


def test_somebody_of_another_service_cannot_hold_it(house):
    said = refused(house, person_id=house.world.local.person_id)
    assert "Dr Lena Local does not hold clinics for Ozone Specialists" in said


def test_a_member_who_does_not_hold_clinics_cannot_hold_it(house):
    said = refused(house, person_id=house.world.colleague.person_id)
    assert "Dr Cora Lee does not hold clinics" in said


def test_whoever_has_left_the_service_cannot_hold_it(house):
    with house.world.store.transaction() as session:
        session.execute(
            sa.update(Membership)
            .where(Membership.person_id == house.nurse)
            .values(ended_at=NOW)
        )
    assert "Funmi Adeyemi does not" in refused(house, person_id=house.nurse)


def test_a_closed_site_and_a_closed_room_are_named(house):
    house.do(sites.close_room, room_id=house.room)
    assert "Room 1 at Northmoor General is closed" in refused(house)
    house.do(sites.close_site, site_id=house.site)
    assert "Northmoor General is closed" in refused(house)
    house.do(sites.open_site, site_id=house.site)
    house.do(sites.open_room, room_id=house.room)
    house.add()


def test_a_room_of_another_site_is_refused(house):
    said = refused(house, site_id=house.far_site)
    assert said == "That room is not at Moorside Clinic. Choose another."


def test_what_is_past_is_refused(house):
    said = refused(house, begins_at=NOW - timedelta(hours=1))
    assert said == "Wed 18 Nov 2026, 09:00 is past. Choose a time to come."


def test_times_are_judged_by_londons_clock(house):
    # 23:30 in London, though 22:30 in UTC.
    late = datetime(2027, 6, 1, 22, 30, tzinfo=UTC)
    assert "ends on the day" in refused(house, begins_at=late, minutes=60)


def test_a_template_that_is_longer_than_the_session_is_refused(house):
    assert "fills 260 minutes" in refused(house, template=[[20, 13]])
    assert house.add(template=[[20, 12]]).template == [[20, 12]]


def test_one_person_cannot_hold_two_sessions_at_once(house):
    house.add()
    late = NEXT_MONDAY + timedelta(minutes=225)
    said = refused(
        house, Conflict, begins_at=late, site_id=house.far_site, room_id=None
    )
    assert said == (
        "Dr Colin Reid already holds a session then: "
        "Mon 23 Nov 2026, 09:00–13:00, Northmoor General."
    )
    house.add(begins_at=late + timedelta(minutes=15), room_id=house.other_room)


def test_one_room_cannot_be_used_twice_at_once(house):
    house.add()
    said = refused(house, Conflict, person_id=house.nurse)
    assert said == (
        "Room 1 at Northmoor General is taken then: "
        "Dr Colin Reid, Mon 23 Nov 2026, 09:00–13:00."
    )
    house.add(person_id=house.nurse, room_id=house.other_room)


def test_a_person_of_two_services_is_still_one_person(house):
    world = house.world
    hospital = world.local.organisation_id
    person = a_member(world, "Dr Ada Both", Role.SPECIALIST, Grade.CONSULTANT)
    _joins(world, person, hospital)
    for service in (house.service, hospital):
        house.do(
            staff.keep_staff,
            organisation_id=service,
            person_id=person,
            competencies=["consultation"],
        )
    theirs = house.do(
        sites.keep_site,
        organisation_id=hospital,
        name="General Hospital",
        address="2 Low Street",
        east_km=450.0,
        north_km=300.0,
    )
    house.add(person_id=person)
    said = refused(house, Conflict, person_id=person, site_id=theirs.id, room_id=None)
    assert "Dr Ada Both already holds a session then" in said


def _joins(world, person_id, organisation_id):
    with world.store.transaction() as session:
        session.add(
            Membership(
                person_id=person_id,
                organisation_id=organisation_id,
                role=Role.SPECIALIST,
                grade=Grade.CONSULTANT,
            )
        )


def test_of_two_who_save_at_once_the_second_is_told(house):
    """Both have looked before either saves: the second waits, looks again, is told."""
    at_once, said, made = threading.Barrier(2), [], []

    def save(room):
        at_once.wait()
        try:
            made.append(house.add(room_id=room))
        except Conflict as problem:
            said.append(problem.sentence)

    for _ in range(5):
        threads = [
            threading.Thread(target=save, args=(room,))
            for room in (house.room, house.other_room)
        ]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert (len(made), len(said)) == (1, 1)
        assert "Dr Colin Reid already holds a session then" in said[0]
        house.do(sessions.cancel_session, session_id=made[0].id, reason="Again")
        made.clear()
        said.clear()


def test_the_databases_key_keeps_who_does_not_ask_out(house):
    row = house.add()
    (held, *_) = house.holds(row.id)
    with (
        pytest.raises(sa.exc.IntegrityError),
        house.world.store.transaction() as session,
    ):
        session.add(
            SessionHold(held_id=held.held_id, quarter=held.quarter, session_id=row.id)
        )


def test_a_cancelled_session_gives_its_time_back_and_says_why(house):
    row = house.add()
    house.do(sessions.cancel_session, session_id=row.id, reason=" Room  flooded ")
    (kept,) = house.rows()
    assert (kept.state, kept.cancelled_reason) == (
        SessionState.CANCELLED,
        "Room flooded",
    )
    assert kept.cancelled_at == NOW
    assert house.holds(row.id) == []
    (change,) = house.all(sa.select(SessionChange))
    assert change.kind is ChangeKind.CANCELLED
    assert "Room flooded" in change.words
    house.add()


def test_whoever_is_booked_into_a_cancelled_session_waits_again(house):
    row = house.add()
    with clock.set_to(NOW):
        book(house.world, an_answered_referral(house.world, TO_BE_SEEN), row.id)
    house.do(sessions.cancel_session, session_id=row.id, reason="Room flooded")
    (appointment,) = house.all(sa.select(Appointment))
    assert appointment.state is AppointmentState.CANCELLED
    assert appointment.ended_reason == "Room flooded"
    (need,) = house.all(sa.select(ClinicNeed))
    assert need.state is NeedState.WAITING


def test_a_session_is_cancelled_once_with_a_reason_and_before_it_is_over(house):
    row = house.add()
    cancel = sessions.cancel_session
    with pytest.raises(Invalid, match="Say why"):
        house.do(cancel, session_id=row.id, reason=" ")
    with (
        clock.set_to(NEXT_MONDAY + timedelta(hours=4)),
        house.world.store.transaction() as session,
        pytest.raises(Invalid, match="is over"),
    ):
        cancel(session, by=house.manager, session_id=row.id, reason="Late")
    house.do(cancel, session_id=row.id, reason="Ill")
    with pytest.raises(Conflict, match="cancelled already"):
        house.do(cancel, session_id=row.id, reason="Ill")
    with pytest.raises(NotFound):
        house.do(cancel, session_id=house.room, reason="Ill")


def test_a_cancellation_can_be_taken_back_while_the_time_is_free(house):
    row = house.add()
    house.do(sessions.cancel_session, session_id=row.id, reason="Ill")
    taken = house.add(person_id=house.nurse)
    with pytest.raises(Conflict, match="Room 1 at Northmoor General is taken"):
        house.do(sessions.restore_session, session_id=row.id)
    house.do(sessions.cancel_session, session_id=taken.id, reason="After all")
    house.do(sessions.restore_session, session_id=row.id)
    (back,) = house.rows(ClinicSession.state == SessionState.OPEN)
    assert (back.id, back.cancelled_reason, back.cancelled_at) == (row.id, "", None)
    assert len(house.holds(row.id)) == 32
    with pytest.raises(Conflict, match="not cancelled"):
        house.do(sessions.restore_session, session_id=row.id)


@pytest.mark.parametrize(
    "who", ["gp", "administrator", "consultant", "commissioner", "local"]
)
def test_only_a_service_manager_plans(house, who):
    actor = getattr(house.world, who)
    row = house.add()
    with pytest.raises(NotAllowed):
        house.do(sessions.add_session, by=actor, planned=house.planned(room_id=None))
    for action in (sessions.restore_session, sites.close_site, sites.close_room):
        facts = {"session_id": row.id} if "session" in action.__name__ else {}
        facts |= {"site_id": house.site} if "site" in action.__name__ else {}
        facts |= {"room_id": house.room} if "room" in action.__name__ else {}
        with pytest.raises(NotAllowed):
            house.do(action, by=actor, **facts)
    with pytest.raises(NotAllowed):
        house.do(sessions.cancel_session, by=actor, session_id=row.id, reason="No")


def test_every_change_is_audited_with_its_reason(house):
    row = house.add()
    house.do(sessions.cancel_session, session_id=row.id, reason="Ill")
    house.do(sessions.restore_session, session_id=row.id)
    found = house.all(sa.select(Audit).where(Audit.entity_id == row.id))
    assert [one.action for one in found] == [
        "add_session",
        "cancel_session",
        "restore_session",
    ]
    assert found[1].detail == {"reason": "Ill"}
    assert {one.person_id for one in found} == {house.manager.person_id}
