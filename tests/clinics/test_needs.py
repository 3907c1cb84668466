"""Who has to be seen follows from the answers, and from nothing else."""

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from core.access.model import Grade
from core.clinics.actions.booking import accept
from core.clinics.actions.needs import (
    Wishes,
    any_new,
    cancel,
    prefer,
    take_in,
    wait_again,
)
from core.clinics.model import NeedMove, NeedState
from core.clinics.tables import ClinicNeed, SessionChange
from core.contracts.model import Priority
from core.kernel import clock
from core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from core.referrals.model import State
from core.referrals.tables import Referral
from core.reviews.model import Complexity, Need
from tests.clinics.booked import a_session
from tests.clinics.planned import a_need, a_plan, need_of, state_of
from tests.routing import a_manager
from tests.world import (
    NOW,
    OPINION,
    TO_BE_SEEN,
    URGENT,
    amend_answer,
    an_answered_referral,
)


def taken_in(world):
    with clock.set_to(NOW), world.store.transaction() as session:
        return take_in(session)


def answered(world, opinion):
    with clock.set_to(NOW):
        return an_answered_referral(world, opinion)


def needs(world):
    with world.store.reading() as session:
        return session.scalars(sa.select(ClinicNeed)).all()


def do(world, action, by, **facts):
    with clock.set_to(NOW), world.store.transaction() as session:
        return action(session, by=by, **facts)


def test_an_answer_that_sends_to_a_clinic_becomes_a_need_once(world):
    answered(world, TO_BE_SEEN)
    with world.store.reading() as session, clock.set_to(NOW):
        assert any_new(session)
    assert [taken_in(world), taken_in(world)] == [1, 0]
    (need,) = needs(world)
    assert (need.state, need.procedure, need.minutes) == (
        NeedState.WAITING,
        "excision",
        40,
    )
    assert (need.lowest_grade, need.complexity) == (Grade.GPWER, Complexity.SIMPLE)
    assert (need.urgency, need.see_by) == (Priority.ROUTINE, date(2099, 1, 1))


@pytest.mark.parametrize("opinion", [OPINION, URGENT])
def test_advice_and_hospitals_with_a_diary_of_their_own_make_no_need(world, opinion):
    answered(world, opinion)
    assert taken_in(world) == 0
    assert needs(world) == []


def test_minutes_are_counted_in_steps_of_five_and_are_never_nought(world):
    odd = replace(TO_BE_SEEN, need=replace(TO_BE_SEEN.need, minutes=7))
    answered(world, odd)
    taken_in(world)
    assert needs(world)[0].minutes == 10


def test_an_amended_answer_changes_the_need_and_tells_the_clinic(world):
    need_id, clinic = a_need(world), a_session(world, world.consultant)
    manager = a_manager(world)
    plan, lines = a_plan(world, manager, (need_id, clinic, 0, 40))
    do(world, accept, manager, plan_id=plan, line_ids=lines)
    longer = Need(
        "complex_excision",
        Complexity.COMPLEX,
        Grade.CONSULTANT,
        date(2099, 1, 1),
        60,
    )
    with clock.set_to(NOW):
        amend_answer(
            world, needs(world)[0].referral_id, replace(TO_BE_SEEN, need=longer)
        )
    assert taken_in(world) == 1
    (need,) = needs(world)
    # Booked patients are moved by people only.
    assert need.state is NeedState.BOOKED
    assert (need.procedure, need.minutes) == ("complex_excision", 60)
    with world.store.reading() as session:
        last = session.scalars(
            sa.select(SessionChange.words).order_by(SessionChange.number.desc())
        ).first()
    assert last == "09:00 answer amended"


def test_an_answer_amended_to_advice_gives_the_place_back(world):
    need_id, clinic = a_need(world), a_session(world, world.consultant)
    manager = a_manager(world)
    plan, lines = a_plan(world, manager, (need_id, clinic, 0, 40))
    do(world, accept, manager, plan_id=plan, line_ids=lines)
    with clock.set_to(NOW):
        amend_answer(world, needs(world)[0].referral_id, OPINION)
    assert taken_in(world) == 1
    state, _, steps, moves = state_of(world, need_id)
    assert state is NeedState.CANCELLED
    assert list(steps) == []
    assert moves[-2:] == [NeedMove.UNBOOK, NeedMove.CANCEL]


def test_the_practice_says_what_suits_and_the_specialist_may_keep_the_patient(world):
    need_id = a_need(world)
    wishes = Wishes(
        weekdays=(4, 0), farthest_km=8.0, from_day=date(2026, 12, 1), own=True
    )
    do(world, prefer, world.gp, need_id=need_id, wishes=wishes)
    (need,) = needs(world)
    assert (need.weekdays, need.farthest_km) == ([0, 4], 8.0)
    assert need.prefers_person == world.consultant.person_id
    assert need.version == 2
    do(world, prefer, world.consultant, need_id=need_id, wishes=Wishes())
    assert needs(world)[0].prefers_person is None


def test_nobody_else_changes_a_need(world):
    need_id = a_need(world)
    for stranger in (world.other_gp, world.stranger):
        with pytest.raises(NotFound):
            do(world, prefer, stranger, need_id=need_id, wishes=Wishes())
    for bystander in (world.commissioner, a_manager(world)):
        with pytest.raises(NotAllowed):
            do(world, cancel, bystander, need_id=need_id, reason="No")
    with pytest.raises(Invalid):
        do(world, prefer, world.gp, need_id=need_id, wishes=Wishes(farthest_km=-1))


def test_a_patient_who_declines_leaves_the_list_and_can_come_back(world):
    need_id = a_need(world)
    with pytest.raises(Invalid):
        do(world, cancel, world.gp, need_id=need_id, reason="")
    do(world, cancel, world.gp, need_id=need_id, reason="Went elsewhere")
    assert state_of(world, need_id)[0] is NeedState.CANCELLED
    with pytest.raises(Conflict):
        do(world, cancel, world.gp, need_id=need_id, reason="Again")
    do(world, wait_again, world.gp, need_id=need_id)
    assert state_of(world, need_id)[0] is NeedState.WAITING


def test_the_referral_stays_open_until_the_patient_was_seen(world):
    need_id = a_need(world)
    with world.store.reading() as session:
        need = session.get_one(ClinicNeed, need_id)
        assert session.get_one(Referral, need.referral_id).state is State.ANSWERED
        assert need_of(session, need.referral_id).id == need_id
