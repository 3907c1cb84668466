"""A referral's way from draft to closed, on both databases."""

import pytest
import sqlalchemy as sa

from core.access.model import SYSTEM
from core.audit.actions import first_broken
from core.audit.tables import Audit
from core.contracts.model import Priority
from core.kernel import clock
from core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from core.kernel.ids import new_id
from core.notify.tables import Outbox
from core.referrals.actions import drafting, moving, sending
from core.referrals.actions.pictures import unpin
from core.referrals.model import (
    MOVES,
    ImageSet,
    Move,
    Route,
    State,
    Step,
    next_state,
)
from core.referrals.presenters import lists, pages
from core.referrals.tables import Referral, ReferralEvent
from core.reviews.actions import answering, claiming
from core.reviews.model import Certainty, Draft, RankedDiagnosis
from core.reviews.presenters import answers
from tests.world import (
    LESION_ANSWERS,
    NOW,
    OPINION,
    VIEWS,
    a_draft,
    a_patient,
    a_sent_referral,
    add_picture,
    an_answered_referral,
    letters,
)


def state_of(world, referral_id):
    with world.store.reading() as session:
        return session.get_one(Referral, referral_id).state


def moves_of(world, referral_id):
    with world.store.reading() as session:
        return list(
            session.scalars(
                sa.select(ReferralEvent.move)
                .where(ReferralEvent.referral_id == referral_id)
                .order_by(ReferralEvent.number)
            )
        )


def test_a_complete_draft_is_sent_answered_acknowledged_and_closed(world):
    referral_id = an_answered_referral(world)
    with world.store.transaction() as session:
        sending.acknowledge(session, by=world.nurse, referral_id=referral_id)
    assert state_of(world, referral_id) is State.CLOSED
    assert moves_of(world, referral_id) == [
        Move.START,
        Move.SEND,
        Move.CLAIM,
        Move.ANSWER,
        Move.CLOSE,
    ]


def test_the_answer_is_for_the_whole_practice_and_names_who_took_it_up(world):
    referral_id = an_answered_referral(world)
    with world.store.reading() as session:
        waiting = lists.to_acknowledge(session, world.nurse.scope)
        elsewhere = lists.to_acknowledge(session, world.other_gp.scope)
    assert [row.referral_id for row in waiting] == [referral_id]
    assert elsewhere == []
    with world.store.transaction() as session:
        sending.acknowledge(session, by=world.nurse, referral_id=referral_id)
    with world.store.reading() as session:
        assert lists.to_acknowledge(session, world.gp.scope) == []
        (answer,) = answers.answers(session, world.gp.scope, referral_id)
    assert "Beth Jones" in answer.acknowledged


def test_a_draft_with_something_missing_is_not_sent_and_says_what_first(world):
    referral_id = a_draft(world)
    with world.store.transaction() as session:
        drafting.save(session, by=world.gp, referral_id=referral_id, question=" ")
    with (
        pytest.raises(Invalid, match="Write the question for the specialist"),
        world.store.transaction() as session,
    ):
        sending.send(session, by=world.gp, referral_id=referral_id)
    assert state_of(world, referral_id) is State.DRAFT


def test_sending_twice_sends_once(world):
    referral_id = a_draft(world)
    for _ in range(2):
        with world.store.transaction() as session:
            sending.send(session, by=world.gp, referral_id=referral_id)
    assert moves_of(world, referral_id).count(Move.SEND) == 1


def test_starting_twice_with_one_id_starts_one_draft(world):
    patient, referral_id = a_patient(world), new_id()
    for _ in range(2):
        with world.store.transaction() as session:
            drafting.start(
                session,
                by=world.gp,
                referral_id=referral_id,
                patient_id=patient,
                route=Route.STAFF,
            )
    with world.store.reading() as session:
        assert lists.counts(session, world.gp.scope).drafts == 1


def test_the_score_offers_suspected_cancer_and_an_override_needs_a_reason(world):
    referral_id = a_draft(world)
    with world.store.transaction() as session:
        drafting.answer(
            session,
            by=world.gp,
            referral_id=referral_id,
            answers={"changes": ["size", "colour"], "growth": "weeks"},
        )
    with (
        pytest.raises(Invalid, match="another priority than the one suggested"),
        world.store.transaction() as session,
    ):
        sending.send(session, by=world.gp, referral_id=referral_id)
    with world.store.transaction() as session:
        drafting.save(
            session,
            by=world.gp,
            referral_id=referral_id,
            override_reason="Known naevus, photographed before.",
        )
        referral = sending.send(session, by=world.gp, referral_id=referral_id)
    assert referral.offered_priority is Priority.SUSPECTED_CANCER
    assert (referral.score, referral.priority) == (4, Priority.ROUTINE)


def test_an_administrator_names_the_clinician_they_act_for(world):
    referral_id = a_draft(world)
    with (
        pytest.raises(Invalid, match="Name the clinician"),
        world.store.transaction() as session,
    ):
        sending.send(session, by=world.administrator, referral_id=referral_id)
    with world.store.transaction() as session:
        drafting.save(
            session,
            by=world.administrator,
            referral_id=referral_id,
            acting_for="Dr Asha Patel",
        )
        sending.send(session, by=world.administrator, referral_id=referral_id)
    assert state_of(world, referral_id) is State.SUBMITTED


def test_a_patient_listed_by_one_person_is_captured_by_another(world):
    referral_id = a_draft(world)
    with clock.set_to(NOW), world.store.transaction() as session:
        drafting.put_on_list(
            session, by=world.gp, referral_id=referral_id, day=clock.today()
        )
    with clock.set_to(NOW), world.store.reading() as session:
        assert lists.counts(session, world.nurse.scope).listed_today == 1
    with world.store.transaction() as session:
        drafting.take_from_list(session, by=world.nurse, referral_id=referral_id)
        sending.send(session, by=world.nurse, referral_id=referral_id)
    with world.store.reading() as session:
        page = pages.page(session, world.nurse.scope, referral_id)
    assert page.referrer == "Beth Jones"
    assert page.state is State.SUBMITTED


def test_a_returned_referral_comes_back_to_whoever_asked(world):
    referral_id = a_sent_referral(world)
    with world.store.transaction() as session:
        claiming.open_case(session, by=world.consultant, referral_id=referral_id)
        answering.send_back(
            session,
            by=world.consultant,
            referral_id=referral_id,
            question="Is it tender?",
        )
    with world.store.reading() as session:
        (row,) = lists.returned(session, world.gp.scope)
        page = pages.page(session, world.gp.scope, referral_id)
    assert row.referral_id == referral_id
    assert page.timeline[-1].words == "Is it tender?"
    with world.store.transaction() as session:
        sending.supply(session, by=world.gp, referral_id=referral_id, words="No.")
    with world.store.transaction() as session:
        assert not claiming.open_case(
            session, by=world.colleague, referral_id=referral_id
        )
    with world.store.transaction() as session:
        assert claiming.open_case(session, by=world.consultant, referral_id=referral_id)


def test_a_referral_is_withdrawn_with_a_reason_but_not_while_it_is_read(world):
    referral_id = a_sent_referral(world)
    with world.store.transaction() as session:
        claiming.open_case(session, by=world.consultant, referral_id=referral_id)
    with (
        pytest.raises(Conflict, match="A specialist is reading"),
        world.store.transaction() as session,
    ):
        sending.withdraw(
            session, by=world.gp, referral_id=referral_id, reason="Patient asked"
        )
    with world.store.transaction() as session:
        claiming.release(session, by=world.consultant, referral_id=referral_id)
    with world.store.transaction() as session:
        sending.withdraw(
            session, by=world.gp, referral_id=referral_id, reason="Patient asked"
        )
    assert state_of(world, referral_id) is State.WITHDRAWN


def test_an_answer_that_needs_a_visit_stays_open_after_acknowledgement(world):
    from core.access.model import Grade
    from core.reviews.model import Complexity, Need

    see = Draft(
        diagnoses=(RankedDiagnosis("bcc", Certainty.PROBABLE),),
        advice="Excise.",
        outcome="direct_procedure",
        need=Need("excision", Complexity.SIMPLE, Grade.GPWER, clock.today(), 30),
    )
    referral_id = an_answered_referral(world, see)
    with world.store.transaction() as session:
        sending.acknowledge(session, by=world.gp, referral_id=referral_id)
    assert state_of(world, referral_id) is State.ANSWERED
    with world.store.reading() as session:
        (answer,) = answers.answers(session, world.gp.scope, referral_id)
    assert answer.need.startswith(
        "Excision (simple, 30 min), GP with extended role or more senior"
    )


def test_an_amended_answer_is_a_new_version_to_acknowledge_anew(world):
    referral_id = an_answered_referral(world)
    with world.store.transaction() as session:
        answering.amend(
            session,
            by=world.consultant,
            referral_id=referral_id,
            opinion_id=new_id(),
            opinion=OPINION,
            letters=letters(session, world.consultant, referral_id),
        )
    with world.store.reading() as session:
        shown = answers.answers(session, world.gp.scope, referral_id)
    assert [(one.version, one.can_acknowledge) for one in shown] == [
        (2, True),
        (1, False),
    ]
    with world.store.transaction() as session:
        sending.acknowledge(session, by=world.gp, referral_id=referral_id)
    with world.store.reading() as session:
        assert lists.to_acknowledge(session, world.gp.scope) == []
    assert state_of(world, referral_id) is State.CLOSED


@pytest.mark.parametrize("move", list(Move))
@pytest.mark.parametrize("state", [None, *State])
def test_the_table_of_moves_is_all_that_moves(state, move):
    rule = MOVES[move]
    legal = state in rule.sources if state else not rule.sources
    if legal:
        assert next_state(state, move) is rule.target
    else:
        with pytest.raises(Conflict):
            next_state(state, move)


@pytest.mark.parametrize("move", list(Move))
def test_a_move_by_the_wrong_role_is_refused(world, move):
    everyone = [world.gp, world.consultant, world.commissioner, SYSTEM]
    referral_id = a_draft(world)
    for actor in everyone:
        if actor.role in MOVES[move].who:
            continue
        with (
            pytest.raises(NotAllowed, match="Your role does not include this"),
            world.store.transaction() as session,
        ):
            referral = session.get_one(Referral, referral_id)
            moving.move(session, referral, move, by=actor)


def test_every_read_and_write_is_closed_to_another_practice(world):
    referral_id = a_sent_referral(world)
    with world.store.reading() as session, pytest.raises(NotFound):
        pages.page(session, world.other_gp.scope, referral_id)
    with pytest.raises(NotFound), world.store.transaction() as session:
        sending.withdraw(
            session, by=world.other_gp, referral_id=referral_id, reason="x"
        )
    for outsider in (world.stranger, world.commissioner):
        with world.store.reading() as session, pytest.raises(NotFound):
            pages.page(session, outsider.scope, referral_id)


def test_a_draft_is_nobody_elses_business(world):
    referral_id = a_draft(world)
    with world.store.reading() as session, pytest.raises(NotFound):
        pages.page(session, world.consultant.scope, referral_id)


def test_an_answer_that_does_not_fit_its_question_saves_nothing(world):
    referral_id = a_draft(world)
    with (
        pytest.raises(Invalid, match=r"enter a number from 0.5 to 300 mm"),
        world.store.transaction() as session,
    ):
        drafting.answer(
            session,
            by=world.gp,
            referral_id=referral_id,
            answers={"allergies": "latex", "size_mm": 4000.0},
        )
    with world.store.reading() as session:
        page = pages.page(session, world.gp.scope, referral_id)
    assert page.allergies == LESION_ANSWERS["allergies"]


def test_the_practice_is_told_by_mail_without_a_word_about_the_patient(world):
    an_answered_referral(world)
    with world.store.reading() as session:
        (message,) = session.scalars(sa.select(Outbox))
    assert message.address == "elm@practice.example"
    assert set(message.facts) == {"practice", "reference"}


def test_what_happened_cannot_be_rewritten_and_a_forgery_is_found(world):
    referral_id = an_answered_referral(world)
    for table in (Audit, ReferralEvent):
        with (
            pytest.raises(sa.exc.DBAPIError, match="append-only"),
            world.store.transaction() as session,
        ):
            session.execute(sa.update(table).values(role="gp"))
    with world.store.transaction() as session:
        assert first_broken(session) is None
        assert moving.first_broken_event(session) is None
        _without_guards(session)
        session.execute(
            sa.update(ReferralEvent)
            .where(ReferralEvent.move == Move.SEND)
            .values(moment=NOW)
        )
        session.execute(sa.update(Audit).where(Audit.number == 2).values(role="nurse"))
        session.expire_all()
        assert first_broken(session) == 2
        assert moving.first_broken_event(session) == referral_id


def _without_guards(session):
    if session.get_bind().dialect.name == "sqlite":
        for table in ("audit", "referral_event"):
            session.execute(sa.text(f"drop trigger {table}_no_update"))
        return
    for table in ("audit", "referral_event"):
        session.execute(sa.text(f"drop trigger {table}_append_only on {table}"))


def test_the_stopwatch_adds_up_by_step_and_does_not_count_a_lunch(world):
    referral_id = a_draft(world)
    for seconds in (40.0, 20.0, 5 * 3600.0):
        with world.store.transaction() as session:
            drafting.time_step(
                session,
                by=world.gp,
                referral_id=referral_id,
                step=Step.HISTORY,
                seconds=seconds,
            )
    with world.store.transaction() as session:
        drafting.time_step(
            session,
            by=world.nurse,
            referral_id=referral_id,
            step=Step.IMAGES,
            seconds=30.0,
        )
    with world.store.reading() as session:
        spent = lists.seconds_spent(session, world.gp.scope, referral_id)
    assert spent == 40 + 20 + 15 * 60 + 30


def test_pictures_of_an_intimate_place_need_a_chaperone_on_record(world):
    referral_id = a_draft(world)
    with world.store.transaction() as session:
        groin = drafting.pin(
            session,
            by=world.gp,
            referral_id=referral_id,
            place=drafting.Pin("groin", "front", 0.5, 0.5),
        )
        session.flush()
        for view in VIEWS:
            add_picture(session, world, referral_id, view, groin.id)
    with (
        pytest.raises(Invalid, match="Name the chaperone"),
        world.store.transaction() as session,
    ):
        sending.send(session, by=world.gp, referral_id=referral_id)
    with world.store.transaction() as session:
        drafting.save(
            session, by=world.gp, referral_id=referral_id, chaperone="B Jones"
        )
        sending.send(session, by=world.gp, referral_id=referral_id)
    assert state_of(world, referral_id) is State.SUBMITTED


def test_missing_pictures_stop_a_routine_referral_but_never_a_suspected_cancer(world):
    referral_id = a_draft(world)
    with world.store.transaction() as session:
        drafting.pin(
            session,
            by=world.gp,
            referral_id=referral_id,
            place=drafting.Pin("chest", "front", 0.4, 0.3),
        )
    with (
        pytest.raises(Invalid, match=r"4 things still missing\. Picture: Where it is"),
        world.store.transaction() as session,
    ):
        sending.send(session, by=world.gp, referral_id=referral_id)
    with world.store.transaction() as session:
        drafting.save(
            session,
            by=world.gp,
            referral_id=referral_id,
            priority=Priority.SUSPECTED_CANCER,
        )
        referral = sending.send(session, by=world.gp, referral_id=referral_id)
    assert referral.image_set is ImageSet.INCOMPLETE


def test_taking_a_lesion_off_takes_its_pictures_with_it(world):
    referral_id = a_draft(world)
    with world.store.reading() as session:
        before = pages.page(session, world.gp.scope, referral_id)
    with world.store.transaction() as session:
        unpin(
            session,
            by=world.gp,
            referral_id=referral_id,
            lesion_id=before.pins[0].lesion_id,
        )
    with world.store.reading() as session:
        after = pages.page(session, world.gp.scope, referral_id)
    assert (len(before.pictures), after.pins, after.pictures) == (4, (), ())
