"""Answers that are read again: which, by whom, and what comes of it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.contracts.model import Priority, SecondReadRule
from core.contracts.tables import ContractVersion
from core.kernel import clock
from core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from core.kernel.ids import new_id
from core.reviews.actions import second_reading
from core.reviews.actions.second_reading import Reading
from core.reviews.model import Certainty, SecondReadState
from core.reviews.presenters import second_reads
from core.reviews.sampling import drawn
from core.reviews.tables import SecondRead
from tests.world import (
    NOW,
    TERMS,
    a_patient,
    a_sent_referral,
    amend_answer,
    an_answered_referral,
    answer_referral,
)


EVERYTHING = {"sample": 1.0, "working_days": 5}
SAME = Reading("seborrhoeic_keratosis", Certainty.CERTAIN, "advice_discharge")
# Another diagnosis of the same group, and the same outcome.
CLOSE = Reading("lipoma", Certainty.PROBABLE, "advice_discharge")
OTHER = Reading("melanoma", Certainty.POSSIBLE, "secondary_care_urgent_cancer")


@pytest.fixture
def all_read_again(world):
    """A contract under which every answer is read a second time."""
    terms = TERMS | {"second_reads": EVERYTHING}
    with world.store.transaction() as session:
        contract_id = session.scalar(sa.select(ContractVersion.contract_id))
        session.add(
            ContractVersion(
                contract_id=contract_id,
                effective_from=NOW.date() - timedelta(days=100),
                terms=terms,
            )
        )
    return world


def one(world):
    with world.store.reading() as session:
        return session.scalars(sa.select(SecondRead)).one()


def read_it(world, who, said=SAME):
    with world.store.transaction() as session:
        return second_reading.read_second(
            session, by=who, second_read_id=one(world).id, said=said
        )


def settle(world, who, held="second", words="The border is irregular."):
    with world.store.transaction() as session:
        second_reading.settle(
            session, by=who, second_read_id=one(world).id, held=held, words=words
        )


def waiting_for(world, who):
    with world.store.reading() as session:
        return second_reads.waiting(session, who.scope)


def test_a_contract_without_second_reads_has_none(world):
    an_answered_referral(world)
    with world.store.reading() as session:
        assert session.scalars(sa.select(SecondRead)).all() == []


def test_a_colleague_reads_it_again_and_whoever_answered_does_not(all_read_again):
    world = all_read_again
    referral_id = an_answered_referral(world)
    assert [row.referral_id for row in waiting_for(world, world.colleague)] == [
        referral_id
    ]
    assert waiting_for(world, world.consultant) == []
    assert waiting_for(world, world.local) == []
    with pytest.raises(NotAllowed, match="You answered this case"):
        read_it(world, world.consultant)
    with pytest.raises(NotAllowed, match="for others"):
        read_it(world, world.local)
    with pytest.raises(NotFound):
        read_it(world, world.stranger)


def test_what_waits_tells_nothing_of_the_first_reading(all_read_again):
    an_answered_referral(all_read_again)
    [row] = waiting_for(all_read_again, all_read_again.colleague)
    told = str(row).lower()
    for word in ("seborrhoeic", "harmless", "discharge", "reid", "sample"):
        assert word not in told


@pytest.mark.parametrize(
    ("said", "state"),
    [
        (SAME, SecondReadState.AGREED),
        (CLOSE, SecondReadState.AGREED),
        (OTHER, SecondReadState.TO_SETTLE),
    ],
)
def test_what_agrees_is_closed_and_what_differs_waits_for_a_consultant(
    all_read_again, said, state
):
    an_answered_referral(all_read_again)
    read_it(all_read_again, all_read_again.colleague, said)
    assert one(all_read_again).state is state


def test_two_readers_at_once_and_the_second_is_thanked(all_read_again):
    an_answered_referral(all_read_again)
    read_it(all_read_again, all_read_again.colleague)
    read_it(all_read_again, all_read_again.colleague)
    with pytest.raises(Conflict, match="read this case meanwhile"):
        read_it(all_read_again, all_read_again.gpwer)


@pytest.mark.parametrize(
    "said",
    [
        Reading("", Certainty.CERTAIN, "advice_discharge"),
        Reading("melanoma", Certainty.CERTAIN, ""),
    ],
)
def test_half_a_reading_is_refused(all_read_again, said):
    an_answered_referral(all_read_again)
    with pytest.raises(Invalid):
        read_it(all_read_again, all_read_again.colleague, said)
    assert one(all_read_again).state is SecondReadState.WAITING


def test_a_consultant_who_read_neither_settles_and_the_first_reader_is_told(
    all_read_again,
):
    world = all_read_again
    referral_id = an_answered_referral(world)
    read_it(world, world.colleague, OTHER)
    for who in (world.consultant, world.colleague):
        with pytest.raises(NotAllowed, match="one of the two readings"):
            settle(world, who)
    with pytest.raises(NotAllowed, match="A consultant"):
        settle(world, world.gpwer)
    with pytest.raises(Invalid):
        settle(world, world.local, words=" ")
    settle(world, world.local)
    with world.store.reading() as session:
        [told] = second_reads.settled_against(session, world.consultant.scope)
        assert second_reads.settled_against(session, world.colleague.scope) == []
    assert told.referral_id == referral_id
    assert told.words == "The border is irregular."


def test_an_amended_answer_is_not_asked_for_again(all_read_again):
    world = all_read_again
    from tests.world import TO_BE_SEEN

    referral_id = an_answered_referral(world, TO_BE_SEEN)
    read_it(world, world.colleague)
    settle(world, world.local)
    amend_answer(world, referral_id, TO_BE_SEEN)
    with world.store.reading() as session:
        assert second_reads.settled_against(session, world.consultant.scope) == []


def test_a_reader_sees_their_own_agreement_from_either_side(all_read_again):
    world = all_read_again
    an_answered_referral(world)
    read_it(world, world.colleague, OTHER)
    with world.store.reading() as session:
        for who in (world.consultant, world.colleague):
            found = second_reads.figures(session, who.scope)
            assert (found.diagnosis.n, found.diagnosis.agreed) == (1, 0)
        assert second_reads.figures(session, world.gpwer.scope).diagnosis.n == 0


def test_the_lot_falls_about_as_often_as_it_should():
    lots = [drawn(new_id()) for _ in range(4000)]
    assert all(0 <= one < 1 for one in lots)
    assert 0.03 < sum(one < 0.05 for one in lots) / len(lots) < 0.07


def test_a_rule_wants_all_that_it_names():
    rule = SecondReadRule(
        code="r", label="R", outcomes=("advice_discharge",), score_at_least=3
    )
    assert rule.fits("advice_discharge", Priority.ROUTINE, 3)
    assert not rule.fits("advice_discharge", Priority.ROUTINE, 2)
    assert not rule.fits("advice_discharge", Priority.ROUTINE, None)
    assert not rule.fits("community_clinic", Priority.ROUTINE, 5)


def test_a_rule_asks_for_what_the_lot_passed_over(world):
    rules = [
        {"code": "all_discharged", "label": "All", "outcomes": ["advice_discharge"]}
    ]
    wanted = {"sample": 0.0, "working_days": 2, "rules": rules}
    with world.store.transaction() as session:
        contract_id = session.scalar(sa.select(ContractVersion.contract_id))
        session.add(
            ContractVersion(
                contract_id=contract_id,
                effective_from=NOW.date() - timedelta(days=100),
                terms=TERMS | {"second_reads": wanted},
            )
        )
    with clock.set_to(NOW):
        referral_id = a_sent_referral(world, a_patient(world))
        answer_referral(world, referral_id)
    row = one(world)
    assert row.cause == "all_discharged"
    assert row.due_at - NOW < timedelta(days=3)
