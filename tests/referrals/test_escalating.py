"""Nobody is left waiting: what is told to whom, when, and once."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from core.contracts.model import Escalation, Level, Loop, Priority
from core.kernel import clock
from core.kernel.clock import LONDON
from core.kernel.errors import Invalid, NotAllowed
from core.practices.actions import name_deputy
from core.referrals.actions import sending
from core.referrals.actions.escalating import any_to_escalate, escalate_waiting
from core.referrals.presenters import overdue
from core.referrals.tables import Escalated
from core.reviews.actions import answering, claiming
from tests.analytics import life
from tests.weblinks import a_visit, an_invitation, fill_in, outbox, submit
from tests.world import a_sent_referral, an_answered_referral, answer_referral


# A Wednesday; Good Friday is two days on.
WEDNESDAY = datetime(2027, 3, 24, 9, 0, tzinfo=UTC)


def a_round(world):
    with world.store.transaction() as session:
        return escalate_waiting(session)


def through(world, begin, hours):
    """The rounds of some days, one an hour: when a step was taken, on London's clock."""
    taken = []
    for hour in range(hours):
        with clock.set_to(begin + timedelta(hours=hour)):
            for _ in range(a_round(world)):
                taken.append(clock.now().astimezone(LONDON))
    return taken


def told(world):
    return [one.address for one in outbox(world, "overdue")]


def escalated(world):
    with world.store.reading() as session:
        return session.scalars(sa.select(Escalated).order_by(Escalated.moment)).all()


def name(world):
    with world.store.transaction() as session:
        name_deputy(
            session, by=world.nurse, name="Ann Reed", email="reed@practice.example"
        )


def test_an_answer_nobody_takes_up_goes_to_inbox_deputy_and_manager(world):
    name(world)
    with clock.set_to(WEDNESDAY):
        an_answered_referral(world)
    taken = through(world, WEDNESDAY, 24 * 9)
    assert told(world) == [
        "elm@practice.example",
        "reed@practice.example",
        "manager@service.example",
    ]
    # One working day, two and four, round Good Friday, Easter and its Monday.
    assert [one.day for one in taken] == [25, 30, 1]
    assert [one.level for one in escalated(world)] == list(Level)


def test_without_a_deputy_the_manager_is_told_in_their_place(world):
    with clock.set_to(WEDNESDAY):
        an_answered_referral(world)
    through(world, WEDNESDAY, 24 * 9)
    assert told(world)[1:] == ["manager@service.example"] * 2


def test_an_answer_that_is_taken_up_stops_it_and_is_settled(world):
    with clock.set_to(WEDNESDAY):
        referral_id = an_answered_referral(world)
    later = WEDNESDAY + timedelta(days=2)
    with clock.set_to(later):
        assert a_round(world) == 1
        with world.store.reading() as session:
            assert overdue.how_many_overdue(session, world.gp.scope) == 1
        with world.store.transaction() as session:
            sending.acknowledge(session, by=world.gp, referral_id=referral_id)
        with world.store.reading() as session:
            assert any_to_escalate(session)
        assert a_round(world) == 0
        with world.store.reading() as session:
            assert not any_to_escalate(session)
            assert overdue.overdue(session, world.gp.scope) == []
    (row,) = escalated(world)
    assert row.settled_at == later
    assert through(world, later, 24 * 7) == []


def test_a_question_that_the_practice_does_not_answer(world):
    with clock.set_to(WEDNESDAY):
        referral_id = a_sent_referral(world)
        with world.store.transaction() as session:
            claiming.open_case(session, by=world.consultant, referral_id=referral_id)
            answering.send_back(
                session, by=world.consultant, referral_id=referral_id, question="How?"
            )
    assert len(through(world, WEDNESDAY, 48)) == 1
    with clock.set_to(WEDNESDAY + timedelta(days=2)):
        with world.store.transaction() as session:
            sending.supply(session, by=world.gp, referral_id=referral_id, words="So.")
        a_round(world)
    first = escalated(world)[0]
    assert first.loop is Loop.UNRETURNED and first.settled_at


def test_a_target_that_is_about_to_be_missed_goes_to_the_manager_first(world):
    with clock.set_to(WEDNESDAY):
        a_sent_referral(world)
    taken = through(world, WEDNESDAY, 24 * 8)
    assert told(world) == ["manager@service.example", "elm@practice.example"]
    assert [(one.day, one.hour) for one in taken] == [(30, 17), (30, 19)]


def test_a_target_that_comes_back_the_same_is_told_of_once(world):
    with clock.set_to(WEDNESDAY):
        referral_id = life.refer(world, WEDNESDAY, priority=Priority.URGENT)
    late = WEDNESDAY.replace(hour=17)
    with clock.set_to(late):
        assert a_round(world) == 1
    # Sent back and supplied within the hour, with the same evening as its target.
    asked, supplied = late + timedelta(minutes=5), late + timedelta(minutes=10)
    with clock.set_to(asked), world.store.transaction() as session:
        claiming.open_case(session, by=world.consultant, referral_id=referral_id)
        answering.send_back(
            session, by=world.consultant, referral_id=referral_id, question="How?"
        )
    with clock.set_to(asked):
        assert a_round(world) == 0
    with clock.set_to(supplied):
        with world.store.transaction() as session:
            sending.supply(session, by=world.gp, referral_id=referral_id, words="So.")
        assert a_round(world) == 0
    assert len(through(world, supplied, 3)) == 1
    assert told(world) == ["manager@service.example", "elm@practice.example"]


def test_a_patient_who_has_not_finished_is_the_practices_to_ring(world):
    with clock.set_to(WEDNESDAY):
        an_invitation(world)
    taken = through(world, WEDNESDAY, 24 * 10)
    assert told(world) == ["elm@practice.example"]
    # Five working days round Easter.
    assert [one.day for one in taken] == [2]
    # They are reminded; that they wait would be the wrong thing to say.
    assert outbox(world, "still_waiting") == []


def test_the_patient_is_told_at_each_step_that_they_are_not_forgotten(world):
    with clock.set_to(WEDNESDAY):
        referral_id = an_invitation(world)
        secret = a_visit(world, referral_id)
        fill_in(world, secret)
        submit(world, secret)
        answer_referral(world, referral_id)
    taken = through(world, WEDNESDAY, 24 * 9)
    assert len(outbox(world, "still_waiting")) == len(taken) == 3


def test_nobody_is_told_twice_however_often_it_is_asked(world):
    with clock.set_to(WEDNESDAY):
        an_answered_referral(world)
    with clock.set_to(WEDNESDAY + timedelta(days=20)):
        assert a_round(world) == 3
        assert a_round(world) == 0
    assert len(told(world)) == 3


def test_no_message_says_more_than_what_waits_where(world):
    with clock.set_to(WEDNESDAY):
        an_answered_referral(world)
    through(world, WEDNESDAY, 48)
    (message,) = outbox(world, "overdue")
    assert set(message.facts) == {"practice", "reference", "what"}


def test_a_practice_sees_its_own_and_a_service_manager_all_without_names(world):
    from core.access.model import OrganisationKind, Scope
    from core.kernel.ids import new_id

    with clock.set_to(WEDNESDAY):
        an_answered_referral(world)
    through(world, WEDNESDAY, 48)
    manager = Scope(new_id(), OrganisationKind.PLATFORM, new_id())
    with world.store.reading() as session:
        (mine,) = overdue.overdue(session, world.gp.scope)
        assert overdue.overdue(session, world.other_gp.scope) == []
        assert overdue.overdue(session, world.commissioner.scope) == []
        (all_of_it,) = overdue.overdue(session, manager)
    assert mine == all_of_it
    assert "Smith" not in repr(all_of_it) and mine.practice == "Elm Practice"


def test_who_the_deputy_is_says_somebody_who_may_take_answers_up(world):
    with world.store.transaction() as session:
        with pytest.raises(Invalid):
            name_deputy(session, by=world.gp, name="Ann", email="nowhere")
        with pytest.raises(NotAllowed):
            name_deputy(session, by=world.consultant, name="A", email="a@b.example")
    name(world)
    with world.store.reading() as session:
        assert overdue.deputy(session, world.gp.scope).email == "reed@practice.example"


def test_a_policy_counts_each_loop_in_its_own_way():
    wrong = {"unacknowledged": [{"to": "practice", "hours_left": 1}]}
    with pytest.raises(ValueError, match="counts otherwise"):
        Escalation(manager="m@x.example", steps=wrong, source="made for tests")
    wrong = {"target_at_risk": [{"to": "practice", "working_days": 1}]}
    with pytest.raises(ValueError, match="counts otherwise"):
        Escalation(manager="m@x.example", steps=wrong, source="made for tests")
