"""Who has a case on the desk, and what happens when two want it."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.access.model import Role
from core.contracts.model import Priority
from core.kernel import clock
from core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from core.kernel.ids import new_id
from core.referrals.actions import drafting, sending
from core.referrals.model import Move, State
from core.referrals.tables import Referral, ReferralEvent
from core.reviews.actions import answering, claiming
from core.reviews.model import Draft
from core.reviews.presenters import answers
from core.reviews.presenters.worklists import how_many, next_case, worklist
from core.reviews.shelves import Shelf
from core.reviews.tables import Claim, Opinion
from tests.world import NOW, OPINION, a_draft, a_patient, a_sent_referral, letters


def open_case(world, who, referral_id):
    with world.store.transaction() as session:
        return claiming.open_case(session, by=who, referral_id=referral_id)


def answer(world, who, referral_id, opinion_id=None):
    with world.store.transaction() as session:
        return answering.answer(
            session,
            by=who,
            referral_id=referral_id,
            opinion_id=opinion_id or new_id(),
            opinion=OPINION,
            letters=letters(session, who, referral_id),
        )


def test_opening_a_case_claims_it_and_a_second_person_sees_who_holds_it(world):
    referral_id = a_sent_referral(world)
    assert open_case(world, world.consultant, referral_id)
    assert open_case(world, world.colleague, referral_id) is None
    with world.store.reading() as session:
        held = answers.holder(session, world.colleague.scope, referral_id)
        rows = worklist(session, world.colleague.scope, Shelf.HELD_BY_OTHERS)
        mine = worklist(session, world.colleague.scope)
    assert held.name == "Dr Colin Reid"
    assert [row.holder for row in rows] == ["Dr Colin Reid"]
    assert mine == []


def test_a_claim_lapses_and_the_next_person_can_take_the_case(world):
    with clock.set_to(NOW):
        referral_id = a_sent_referral(world)
        open_case(world, world.consultant, referral_id)
    with clock.set_to(NOW + timedelta(minutes=31)):
        assert open_case(world, world.colleague, referral_id)
        with pytest.raises(Conflict, match=r"Dr Cora Lee is reading.*is kept"):
            answer(world, world.consultant, referral_id)


def test_the_worker_puts_forgotten_cases_back(world):
    with clock.set_to(NOW):
        referral_id = a_sent_referral(world)
        open_case(world, world.consultant, referral_id)
    with clock.set_to(NOW + timedelta(minutes=31)):
        with world.store.transaction() as session:
            assert claiming.release_lapsed(session) == 1
        with world.store.reading() as session:
            assert session.get_one(Referral, referral_id).state is State.SUBMITTED


def test_a_claim_that_lapsed_while_writing_is_still_ones_own_if_nobody_took_it(world):
    with clock.set_to(NOW):
        referral_id = a_sent_referral(world)
        open_case(world, world.consultant, referral_id)
    with clock.set_to(NOW + timedelta(hours=2)):
        with world.store.transaction() as session:
            claiming.release_lapsed(session)
        assert answer(world, world.consultant, referral_id)


def test_writing_keeps_the_claim_alive_and_the_words_safe(world):
    with clock.set_to(NOW):
        referral_id = a_sent_referral(world)
        open_case(world, world.consultant, referral_id)
    with (
        clock.set_to(NOW + timedelta(minutes=25)),
        world.store.transaction() as session,
    ):
        answering.keep_draft(
            session,
            by=world.consultant,
            referral_id=referral_id,
            content={"advice": "Half a sentence"},
        )
    with clock.set_to(NOW + timedelta(minutes=50)):
        assert open_case(world, world.colleague, referral_id) is None
        with world.store.reading() as session:
            kept = answers.kept_draft(session, world.consultant.scope, referral_id)
            others = answers.kept_draft(session, world.colleague.scope, referral_id)
    assert (kept, others) == ({"advice": "Half a sentence"}, {})


def test_two_people_opening_at_the_same_moment_give_one_claim(world):
    referral_id = a_sent_referral(world)
    start = threading.Barrier(2)
    got = []

    def race(who):
        start.wait()
        got.append(open_case(world, who, referral_id) is not None)

    threads = [
        threading.Thread(target=race, args=(who,))
        for who in (world.consultant, world.colleague)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [False, True]
    with world.store.reading() as session:
        assert len(session.scalars(sa.select(Claim)).all()) == 1


def test_two_people_answering_at_once_give_one_answer_and_one_clear_sentence(world):
    referral_id = a_sent_referral(world)
    open_case(world, world.consultant, referral_id)
    answer(world, world.consultant, referral_id)
    with pytest.raises(Conflict, match=r"answered by someone else.*is kept"):
        answer(world, world.colleague, referral_id)
    with world.store.reading() as session:
        assert len(session.scalars(sa.select(Opinion)).all()) == 1


def test_sending_an_answer_twice_answers_once(world):
    referral_id, opinion_id = a_sent_referral(world), new_id()
    open_case(world, world.consultant, referral_id)
    for _ in range(2):
        answer(world, world.consultant, referral_id, opinion_id)
    with world.store.reading() as session:
        moves = session.scalars(
            sa.select(ReferralEvent.move).where(ReferralEvent.move == Move.ANSWER)
        ).all()
    assert len(moves) == 1


def test_a_gpwer_never_gets_a_suspected_cancer(world):
    referral_id = a_draft(world)
    with world.store.transaction() as session:
        drafting.save(
            session,
            by=world.gp,
            referral_id=referral_id,
            priority=Priority.SUSPECTED_CANCER,
        )

        sending.send(session, by=world.gp, referral_id=referral_id)
    with world.store.reading() as session:
        assert worklist(session, world.gpwer.scope) == []
        assert len(worklist(session, world.consultant.scope)) == 1
        assert next_case(session, world.gpwer.scope) is None
    assert open_case(world, world.gpwer, referral_id) is None
    with pytest.raises(Conflict):
        answer(world, world.gpwer, referral_id)


def test_the_worklist_puts_the_most_urgent_and_then_the_longest_waiting_first(world):
    sent = []
    priorities = [Priority.ROUTINE, Priority.URGENT, Priority.ROUTINE]
    for hours, priority in enumerate(priorities):
        with clock.set_to(NOW + timedelta(hours=hours)):
            patient = a_patient(world, "", given_name=["Ann", "Bea", "Cat"][hours])
            referral_id = a_draft(world, patient)
            with world.store.transaction() as session:
                drafting.save(
                    session, by=world.gp, referral_id=referral_id, priority=priority
                )
                sending.send(session, by=world.gp, referral_id=referral_id)
            sent.append(referral_id)
    with clock.set_to(NOW + timedelta(hours=4)), world.store.reading() as session:
        rows = worklist(session, world.consultant.scope)
        total = how_many(session, world.consultant.scope, Shelf.POOL)
        assert next_case(session, world.consultant.scope) == sent[1]
    assert [row.referral_id for row in rows] == [sent[1], sent[0], sent[2]]
    assert (total, rows[0].waiting, rows[0].clock) == (3, "3 h", "4 h 30 min left")


def test_only_specialists_of_the_contract_see_or_open_a_case(world):
    referral_id = a_sent_referral(world)
    with pytest.raises(NotFound):
        open_case(world, world.stranger, referral_id)
    with pytest.raises(NotAllowed):
        open_case(world, world.gp, referral_id)
    assert world.commissioner.role is Role.COMMISSIONER
    with pytest.raises(NotAllowed):
        open_case(world, world.commissioner, referral_id)


@pytest.mark.parametrize(
    ("opinion", "sentence"),
    [
        (Draft(), "at least one diagnosis"),
        (Draft(OPINION.diagnoses, "", "advice_discharge"), "Write the advice"),
        (Draft(OPINION.diagnoses, "x", ""), "Choose the outcome"),
        (Draft(OPINION.diagnoses * 2, "x", "advice_discharge"), "chosen twice"),
        (Draft(OPINION.diagnoses, "x", "community_clinic"), "must be seen for"),
    ],
)
def test_an_answer_that_lacks_something_says_what_and_saves_nothing(
    world, opinion, sentence
):
    referral_id = a_sent_referral(world)
    open_case(world, world.consultant, referral_id)
    with pytest.raises(Invalid, match=sentence), world.store.transaction() as session:
        answering.answer(
            session,
            by=world.consultant,
            referral_id=referral_id,
            opinion_id=new_id(),
            opinion=opinion,
            letters=letters(session, world.consultant, referral_id, opinion),
        )
    with world.store.reading() as session:
        assert session.get_one(Referral, referral_id).state is State.IN_REVIEW
