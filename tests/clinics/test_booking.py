"""Accepting a plan, giving places back, and everything that can have changed."""

import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from core.clinics.actions.booking import accept, decline, unbook
from core.clinics.actions.lettering import write_due
from core.clinics.actions.needs import Wishes, prefer
from core.clinics.actions.sessions import cancel_session
from core.clinics.model import (
    AppointmentState,
    ChangeKind,
    LetterKind,
    LineState,
    NeedMove,
    NeedState,
)
from core.clinics.tables import (
    Appointment,
    AppointmentLetter,
    AppointmentTime,
    PlanLine,
    SessionChange,
)
from core.kernel import clock
from core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from core.notify.model import Topic
from core.notify.tables import Outbox
from core.patients.tables import PatientContact
from tests.clinics.booked import DURING, a_nurse, a_session
from tests.clinics.planned import a_need, a_plan, state_of
from tests.routing import a_manager
from tests.world import NOW


OTHER = "9434765870"


def do(world, action, by, **facts):
    with clock.set_to(NOW), world.store.transaction() as session:
        return action(session, by=by, **facts)


def outbox(world, topic):
    with world.store.reading() as session:
        return session.scalars(sa.select(Outbox).where(Outbox.topic == topic)).all()


@pytest.fixture
def manager(world):
    return a_manager(world)


@pytest.fixture
def clinic(world):
    return a_session(world, world.consultant)


@pytest.fixture
def booked(world, manager, clinic):
    need = a_need(world)
    plan, lines = a_plan(world, manager, (need, clinic, 6, 40))
    assert do(world, accept, manager, plan_id=plan, line_ids=lines).appointments == 1
    return need


def test_an_accepted_line_is_an_appointment_and_everyone_is_told(world, booked, clinic):
    state, appointments, steps, moves = state_of(world, booked)
    assert state is NeedState.BOOKED
    assert appointments == [AppointmentState.BOOKED]
    assert list(steps) == list(range(6, 14))
    assert moves == [NeedMove.ARISE, NeedMove.BOOK]
    with world.store.reading() as session:
        change = session.scalars(sa.select(SessionChange)).one()
    assert (change.kind, change.words) == (ChangeKind.ADDED, "09:30 added")
    # The world's patient has left no address, so the practice tells them.
    (told,) = outbox(world, Topic.APPOINTMENT_TO_TELL)
    assert told.address == "elm@practice.example"


def test_a_patient_with_an_address_is_told_when_and_where_and_not_what_for(
    world, manager, clinic
):
    need = a_need(world)
    with world.store.transaction() as session:
        session.scalars(sa.select(PatientContact)).one().email = "anna@example.org"
    plan, lines = a_plan(world, manager, (need, clinic, 0, 40))
    do(world, accept, manager, plan_id=plan, line_ids=lines)
    (told,) = outbox(world, Topic.APPOINTMENT_BOOKED)
    assert told.address == "anna@example.org"
    assert told.facts["day"] == "25 November 2026"
    assert told.facts["time"] == "09:00"
    words = " ".join(told.facts.values()).lower()
    for clinical in ("excision", "dermatology", "skin", "smith", "cancer"):
        assert clinical not in words


def test_the_letter_is_written_once_and_one_of_the_cancellation_follows(world, booked):
    with clock.set_to(NOW):
        assert write_due(world.store) == 1
        assert write_due(world.store) == 0
    do(world, unbook, world.gp, need_id=booked, reason="On holiday")
    with clock.set_to(NOW):
        assert write_due(world.store) == 1
    with world.store.reading() as session:
        letters = session.scalars(
            sa.select(AppointmentLetter).order_by(AppointmentLetter.made_at)
        ).all()
    assert {one.kind for one in letters} == set(LetterKind)
    first = next(one for one in letters if one.kind is LetterKind.BOOKED)
    assert "Wednesday 25 November 2026, 09:30" in str(first.content)


def test_accepting_twice_books_once(world, manager, clinic):
    need = a_need(world)
    plan, lines = a_plan(world, manager, (need, clinic, 0, 40))
    for expected in (1, 0):
        done = do(world, accept, manager, plan_id=plan, line_ids=lines)
        assert (done.appointments, done.refused) == (expected, ())
    assert len(state_of(world, need)[1]) == 1


def test_a_place_taken_since_the_plan_gives_way_to_the_next_free_one(
    world, manager, clinic
):
    first, second = a_need(world), a_need(world, OTHER, given_name="Berta")
    plans = [a_plan(world, manager, (one, clinic, 0, 40)) for one in (first, second)]
    for plan, lines in plans:
        do(world, accept, manager, plan_id=plan, line_ids=lines)
    assert list(state_of(world, first)[2]) == list(range(8))
    assert list(state_of(world, second)[2]) == list(range(8, 16))


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("full", "has filled up"),
        ("need changed", "has changed since this plan"),
        ("already booked", "already have an appointment"),
        ("session cancelled", "does not take place"),
        ("begun", "has begun"),
        ("later", "Too far ahead"),
    ],
)
def test_what_has_changed_since_the_plan_is_refused_in_words(
    world, manager, what, said
):
    clinic = a_session(world, world.consultant, minutes=60)
    need = a_need(world)
    plan, lines = a_plan(world, manager, (need, clinic, 0, 40), later=what == "later")
    moment = NOW
    if what == "full":
        other = a_need(world, OTHER, given_name="Berta")
        mine, its = a_plan(world, manager, (other, clinic, 0, 40))
        do(world, accept, manager, plan_id=mine, line_ids=its)
    elif what == "need changed":
        do(world, prefer, world.gp, need_id=need, wishes=Wishes(weekdays=(1,)))
    elif what == "already booked":
        mine, its = a_plan(world, manager, (need, clinic, 0, 40))
        do(world, accept, manager, plan_id=mine, line_ids=its)
    elif what == "session cancelled":
        do(world, cancel_session, manager, session_id=clinic, reason="Illness")
    elif what == "begun":
        moment = NOW.replace(day=25)
    with clock.set_to(moment), world.store.transaction() as session:
        done = accept(session, by=manager, plan_id=plan, line_ids=lines)
    assert done.appointments == 0
    assert said in done.refused[0][1]
    with world.store.reading() as session:
        line = session.get_one(PlanLine, lines[0])
    assert line.state is LineState.REFUSED
    assert said in line.words


def test_the_others_go_through_where_one_line_is_refused(world, manager, clinic):
    good, bad = a_need(world), a_need(world, OTHER, given_name="Berta")
    plan, lines = a_plan(world, manager, (good, clinic, 0, 40), (bad, clinic, 8, 40))
    do(world, prefer, world.gp, need_id=bad, wishes=Wishes(farthest_km=5.0))
    done = do(world, accept, manager, plan_id=plan, line_ids=lines)
    assert (done.appointments, len(done.refused)) == (1, 1)
    assert state_of(world, good)[0] is NeedState.BOOKED
    assert state_of(world, bad)[0] is NeedState.WAITING


def test_a_cancelled_session_gives_all_places_back(world, manager, booked, clinic):
    do(world, cancel_session, manager, session_id=clinic, reason="Illness")
    state, appointments, steps, moves = state_of(world, booked)
    assert state is NeedState.WAITING
    assert appointments == [AppointmentState.CANCELLED]
    assert list(steps) == []
    assert moves[-1] is NeedMove.UNBOOK


def test_a_place_given_back_can_be_given_to_somebody_else(
    world, manager, booked, clinic
):
    do(world, unbook, world.gp, need_id=booked, reason="Cannot come")
    other = a_need(world, OTHER, given_name="Berta")
    plan, lines = a_plan(world, manager, (other, clinic, 6, 40))
    do(world, accept, manager, plan_id=plan, line_ids=lines)
    assert list(state_of(world, other)[2]) == list(range(6, 14))


def test_a_place_whose_time_has_come_is_not_given_back(world, manager, booked):
    with (
        clock.set_to(DURING),
        world.store.transaction() as session,
        pytest.raises(Conflict, match="has come"),
    ):
        unbook(session, by=world.gp, need_id=booked, reason="Did not want to wait")
    assert state_of(world, booked)[0] is NeedState.BOOKED


def test_declined_lines_book_nothing_and_cannot_be_accepted_by_mistake(
    world, manager, clinic
):
    need = a_need(world)
    plan, lines = a_plan(world, manager, (need, clinic, 0, 40))
    assert do(world, decline, manager, plan_id=plan, line_ids=lines) == 1
    done = do(world, accept, manager, plan_id=plan, line_ids=lines)
    assert done.appointments == 0
    assert state_of(world, need)[0] is NeedState.WAITING


def test_only_managers_accept_and_only_whom_it_concerns_gives_back(
    world, manager, booked, clinic
):
    plan, lines = a_plan(world, manager, (booked, clinic, 0, 40))
    for stranger in (world.gp, world.consultant, world.commissioner):
        with pytest.raises(NotAllowed):
            do(world, accept, stranger, plan_id=plan, line_ids=lines)
        with pytest.raises(NotAllowed):
            do(world, decline, stranger, plan_id=plan, line_ids=lines)
    for stranger in (world.other_gp, world.stranger, a_nurse(world)):
        with pytest.raises(NotFound):
            do(world, unbook, stranger, need_id=booked, reason="No")
    with pytest.raises(Invalid):
        do(world, unbook, world.gp, need_id=booked, reason=" ")


def test_two_bookers_at_once_never_share_five_minutes(world, manager):
    clinic = a_session(world, world.consultant, minutes=60)
    needs = [a_need(world), a_need(world, OTHER, given_name="Berta")]
    plans = [a_plan(world, manager, (one, clinic, 0, 40)) for one in needs]
    found, gate = [], threading.Barrier(2)

    def book(plan, lines):
        gate.wait()
        found.append(do(world, accept, manager, plan_id=plan, line_ids=lines))

    threads = [threading.Thread(target=book, args=one) for one in plans]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    # Sixty minutes hold one of forty.
    assert sorted(one.appointments for one in found) == [0, 1]
    states = sorted(str(state_of(world, one)[0]) for one in needs)
    assert states == ["booked", "waiting"]


def test_the_database_itself_refuses_to_book_over_somebody(world, booked, clinic):
    with world.store.reading() as session:
        there = session.scalars(sa.select(Appointment)).one()
    with pytest.raises(IntegrityError), world.store.transaction() as session:
        session.add(AppointmentTime(session_id=clinic, step=6, appointment_id=there.id))
    facts = {
        name: getattr(there, name)
        for name in ("need_id", "referral_id", "patient_id", "session_id", "begins_at")
    }
    with pytest.raises(IntegrityError), world.store.transaction() as session:
        session.add(
            Appointment(
                **facts,
                minutes=40,
                state=AppointmentState.BOOKED,
                booked_at=NOW,
                booked_by=there.booked_by,
            )
        )
