"""What practice and specialist write to each other about a case, and who has read it."""

import pytest
import sqlalchemy as sa

from core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from core.kernel.ids import new_id
from core.notify.tables import Outbox
from core.referrals.actions import messages, sending
from core.referrals.presenters import lists
from core.referrals.presenters.messages import thread, unread_on
from core.referrals.tables import Message
from core.reviews.actions import claiming
from core.reviews.presenters.worklists import worklist
from core.reviews.shelves import Shelf
from tests.world import a_draft, a_sent_referral, an_answered_referral


def write(world, who, referral_id, words="Which cream?", message_id=None):
    with world.store.transaction() as session:
        messages.write(
            session,
            by=who,
            referral_id=referral_id,
            message_id=message_id or new_id(),
            words=words,
        )


def read(world, who, referral_id):
    with world.store.transaction() as session:
        return messages.mark_read(session, by=who, referral_id=referral_id)


def waits_for(world, who, referral_id):
    with world.store.reading() as session:
        return referral_id in unread_on(session, who.scope, [referral_id])


def said(world, who, referral_id):
    with world.store.reading() as session:
        return thread(session, who.scope, referral_id)


def test_a_practice_writes_to_whoever_answered_and_sees_that_it_was_read(world):
    referral_id = an_answered_referral(world)
    write(world, world.nurse, referral_id)
    assert waits_for(world, world.consultant, referral_id)
    assert not waits_for(world, world.colleague, referral_id)
    assert said(world, world.gp, referral_id)[0].read == "Not read yet"
    assert read(world, world.consultant, referral_id) == 1
    assert not waits_for(world, world.consultant, referral_id)
    assert said(world, world.gp, referral_id)[0].read.startswith(
        "Read by Dr Colin Reid"
    )


def test_a_specialist_writes_to_the_whole_practice_which_is_told(world):
    referral_id = an_answered_referral(world)
    write(world, world.consultant, referral_id, "How is it healing?")
    assert waits_for(world, world.gp, referral_id)
    with world.store.reading() as session:
        assert lists.counts(session, world.gp.scope).messages == 1
        [row] = lists.with_messages(session, world.gp.scope)
        told = session.scalars(sa.select(Outbox).where(Outbox.topic == "message")).all()
    assert row.referral_id == referral_id
    assert [one.address for one in told] == ["elm@practice.example"]
    assert "healing" not in str(told[0].facts)
    read(world, world.nurse, referral_id)
    assert not waits_for(world, world.gp, referral_id)


def test_before_anybody_has_the_case_a_message_waits_for_the_pool(world):
    referral_id = a_sent_referral(world)
    write(world, world.gp, referral_id, "He flies on Friday.")
    assert waits_for(world, world.consultant, referral_id)
    assert waits_for(world, world.colleague, referral_id)
    read(world, world.colleague, referral_id)
    assert not waits_for(world, world.consultant, referral_id)


def test_an_unread_message_shows_on_the_worklist(world):
    referral_id = a_sent_referral(world)
    with world.store.transaction() as session:
        claiming.open_case(session, by=world.consultant, referral_id=referral_id)
    write(world, world.gp, referral_id)
    with world.store.reading() as session:
        for shelf in (Shelf.MINE, Shelf.MESSAGES):
            [row] = worklist(session, world.consultant.scope, shelf)
            assert row.unread
        assert worklist(session, world.colleague.scope, Shelf.MESSAGES) == []


def test_sending_one_message_twice_says_it_once(world):
    referral_id, message_id = an_answered_referral(world), new_id()
    for _ in range(2):
        write(world, world.gp, referral_id, message_id=message_id)
    assert len(said(world, world.gp, referral_id)) == 1
    with pytest.raises(NotFound):
        write(world, world.nurse, referral_id, message_id=message_id)


def test_reading_twice_leaves_one_receipt_and_ones_own_words_are_not_unread(world):
    referral_id = an_answered_referral(world)
    write(world, world.gp, referral_id)
    assert not waits_for(world, world.gp, referral_id)
    assert [read(world, world.consultant, referral_id) for _ in range(2)] == [1, 0]


@pytest.mark.parametrize("words", ["", "  \n", "x" * (messages.LONGEST + 1)])
def test_nothing_and_too_much_are_refused_in_words(world, words):
    referral_id = an_answered_referral(world)
    with pytest.raises(Invalid):
        write(world, world.gp, referral_id, words)


def test_strangers_neither_write_nor_read(world):
    referral_id = an_answered_referral(world)
    for who in (world.other_gp, world.stranger):
        with pytest.raises(NotFound):
            write(world, who, referral_id)
        with pytest.raises(NotFound):
            said(world, who, referral_id)
    with pytest.raises(NotAllowed):
        write(world, world.commissioner, referral_id)


def test_a_draft_or_a_withdrawn_referral_has_nobody_on_the_other_side(world):
    with pytest.raises(Conflict):
        write(world, world.gp, a_draft(world))
    with world.store.reading() as session:
        (patient_id,) = set(session.scalars(sa.text("select patient_id from referral")))
    withdrawn = a_sent_referral(world, uuid_of(patient_id))
    with world.store.transaction() as session:
        sending.withdraw(session, by=world.gp, referral_id=withdrawn, reason="Moved")
    with pytest.raises(Conflict):
        write(world, world.gp, withdrawn)


def uuid_of(value):
    import uuid

    return value if isinstance(value, uuid.UUID) else uuid.UUID(str(value))


def test_what_was_said_cannot_be_changed_behind_our_back(world):
    referral_id = an_answered_referral(world)
    write(world, world.gp, referral_id)
    with (
        pytest.raises(sa.exc.DBAPIError, match="append-only"),
        world.store.transaction() as session,
    ):
        session.execute(sa.update(Message).values(words="Something else"))
