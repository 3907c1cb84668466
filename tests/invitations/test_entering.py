"""The patients' door: who gets in, who does not, and what is kept of the tries."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from core.audit.tables import Audit
from core.invitations import entering, rules
from core.invitations.actions.issuing import Reach
from core.invitations.guesses import forget_guesses
from core.invitations.limits import limits
from core.invitations.model import InvitationState, LinkTrouble, Trouble, Way
from core.invitations.tables import Link, Visit, WrongGuess
from core.kernel import clock
from core.referrals.actions import inviting, sending
from tests.weblinks import (
    BORN,
    EMAIL,
    HERE,
    a_token,
    a_visit,
    an_invitation,
    enter,
    fill_in,
    invitation_of,
    outbox,
    submit,
    who,
    with_terms,
)
from tests.world import NOW


WRONG = date(1956, 3, 4)


def refused(world, *, token="", code="", address=HERE):
    with pytest.raises(LinkTrouble) as caught:
        if code:
            entering.enter_by_code(world.store, code=code, address=address)
        else:
            enter(world, token, address)
    return caught.value.trouble


def a_code(world, referral_id):
    with world.store.transaction() as session:
        return inviting.resend(
            session,
            by=world.gp,
            referral_id=referral_id,
            reach=Reach(Way.CODE, "", "en"),
        )


def test_nothing_that_is_kept_opens_a_link(world):
    referral_id = an_invitation(world)
    token = a_token(world, referral_id)
    secret = enter(world, token)
    assert rules.could_be_token(token) and len(token) == 22
    with world.store.reading() as session:
        kept = [
            *session.scalars(sa.select(Link.token_hash)),
            *session.scalars(sa.select(Visit.secret_hash)),
        ]
        audited = [str(row.detail) for row in session.scalars(sa.select(Audit))]
    assert rules.hashed(token) in kept and rules.hashed(secret) in kept
    assert not {token, secret} & set(kept)
    assert not any(token in one or secret in one for one in audited)


def test_a_link_shows_nothing_before_the_date_of_birth(world):
    referral_id = an_invitation(world)
    secret = enter(world, a_token(world, referral_id))
    assert not who(world, secret).proved
    assert who(world, secret).referral_id == referral_id
    proof = entering.prove(world.store, secret=secret, born=BORN)
    assert proof.right and who(world, secret).proved
    assert invitation_of(world, referral_id).state is InvitationState.VERIFIED


def test_five_wrong_dates_lock_every_link_and_the_practice_is_told_once(world):
    referral_id = an_invitation(world)
    token = a_token(world, referral_id)
    other = enter(world, a_token(world, referral_id))
    secret = enter(world, token)
    left = [
        entering.prove(world.store, secret=secret, born=WRONG).left for _ in range(5)
    ]
    assert left == [4, 3, 2, 1, 0]
    assert invitation_of(world, referral_id).state is InvitationState.LOCKED
    for one in (secret, other):
        with pytest.raises(LinkTrouble) as caught:
            entering.prove(world.store, secret=one, born=BORN)
        assert caught.value.trouble is Trouble.LOCKED
    assert refused(world, token=token) is Trouble.LOCKED
    (told,) = outbox(world, "patient_locked")
    assert told.address == "elm@practice.example"


def test_wrong_tries_are_kept_across_visits_and_a_right_one_forgets_them(world):
    referral_id = an_invitation(world)
    token = a_token(world, referral_id)
    for _ in range(4):
        entering.prove(world.store, secret=enter(world, token), born=WRONG)
    assert entering.prove(world.store, secret=enter(world, token), born=BORN).right
    assert invitation_of(world, referral_id).wrong_dates == 0


def test_a_new_link_opens_what_was_locked_and_the_old_ones_stay_shut(world):
    referral_id = an_invitation(world)
    token = a_token(world, referral_id)
    secret = enter(world, token)
    for _ in range(5):
        entering.prove(world.store, secret=secret, born=WRONG)
    with world.store.transaction() as session:
        inviting.resend(session, by=world.nurse, referral_id=referral_id, reach=EMAIL)
    assert refused(world, token=token) is Trouble.RENEWED
    a_visit(world, referral_id)


@pytest.mark.parametrize("token", ["", "x", "A" * 22, "A" * 500, "../../etc", "é" * 22])
def test_a_wrong_link_is_unknown_whatever_it_looks_like(world, token):
    an_invitation(world)
    assert refused(world, token=token) is Trouble.UNKNOWN


def test_somebody_who_guesses_is_told_to_wait_and_the_right_link_still_opens(world):
    referral_id = an_invitation(world)
    tried = [
        refused(world, token=rules.new_token())
        for _ in range(limits().wrong_from_one_place + 3)
    ]
    assert tried.count(Trouble.UNKNOWN) == limits().wrong_from_one_place
    assert tried[-3:] == [Trouble.TOO_MANY] * 3
    assert refused(world, token=rules.new_token(), address="2001:db8::1") is (
        Trouble.UNKNOWN
    )
    assert enter(world, a_token(world, referral_id))


def test_codes_cannot_be_guessed_by_trying_on(world):
    code = a_code(world, an_invitation(world))
    for _ in range(limits().wrong_from_one_place):
        assert refused(world, code=rules.new_code()) is Trouble.UNKNOWN
    assert refused(world, code=code) is Trouble.TOO_MANY
    assert entering.enter_by_code(world.store, code=code, address="198.51.100.2")


def test_where_somebody_guessed_from_is_not_kept_in_the_clear_nor_for_long(world):
    refused(world, token=rules.new_token())
    with world.store.transaction() as session:
        (row,) = session.scalars(sa.select(WrongGuess)).all()
        assert HERE not in row.place
        with clock.set_to(clock.now() + timedelta(days=3)):
            forget_guesses(session)
        assert session.scalars(sa.select(WrongGuess)).all() == []


@pytest.mark.parametrize("typed", ["{0}-{1}", "{0}{1}", "{0} {1}", " {0}–{1} "])
def test_a_code_opens_however_it_is_typed_and_only_for_a_day(world, typed):
    code = a_code(world, an_invitation(world)).lower()
    written = typed.format(*code.split("-"))
    assert entering.enter_by_code(world.store, code=written, address=HERE)
    with clock.set_to(clock.now() + timedelta(hours=25)):
        assert refused(world, code=written) is Trouble.EXPIRED


def test_a_code_is_no_link_and_a_link_no_code(world):
    referral_id = an_invitation(world)
    assert refused(world, token=a_code(world, referral_id)) is Trouble.UNKNOWN
    assert refused(world, code=a_token(world, referral_id)) is Trouble.UNKNOWN


def test_a_link_that_ran_out_says_so(world):
    referral_id = an_invitation(world)
    token, secret = a_token(world, referral_id), a_visit(world, referral_id)
    with clock.set_to(clock.now() + timedelta(days=16)):
        assert refused(world, token=token) is Trouble.EXPIRED
        with pytest.raises(LinkTrouble):
            who(world, secret)


def test_a_cancelled_link_ends_open_pages_too(world):
    referral_id = an_invitation(world)
    token, secret = a_token(world, referral_id), a_visit(world, referral_id)
    with world.store.transaction() as session:
        sending.withdraw(
            session, by=world.gp, referral_id=referral_id, reason="Seen at once"
        )
    assert refused(world, token=token) is Trouble.CANCELLED
    with pytest.raises(LinkTrouble) as caught:
        who(world, secret)
    assert caught.value.trouble is Trouble.CANCELLED
    assert len(outbox(world, "link_ended")) == 1


def test_a_visit_ends_by_idleness_and_in_any_case_after_half_a_day(world):
    with clock.set_to(NOW):
        referral_id = an_invitation(world)
        secret = a_visit(world, referral_id)
    with clock.set_to(NOW + timedelta(minutes=59)):
        entering.see(world.store, secret=secret)
    with clock.set_to(NOW + timedelta(minutes=110)):
        assert who(world, secret).proved
    with clock.set_to(NOW + timedelta(hours=3)), pytest.raises(LinkTrouble) as caught:
        who(world, secret)
    assert caught.value.trouble is Trouble.VISIT_OVER
    for minutes in range(50, 12 * 60, 50):
        with clock.set_to(NOW + timedelta(hours=20, minutes=minutes)):
            if minutes == 50:
                secret = enter(world, a_token(world, referral_id))
            entering.see(world.store, secret=secret)
    with clock.set_to(NOW + timedelta(hours=33)), pytest.raises(LinkTrouble):
        who(world, secret)


def test_leaving_ends_this_visit_and_no_other(world):
    referral_id = an_invitation(world)
    here, there = a_visit(world, referral_id), a_visit(world, referral_id)
    entering.leave(world.store, secret=here)
    with pytest.raises(LinkTrouble):
        who(world, here)
    assert who(world, there).proved


def test_a_link_that_a_robot_looked_at_does_not_count_as_opened(world):
    referral_id = an_invitation(world)
    secret = enter(world, a_token(world, referral_id))
    assert invitation_of(world, referral_id).opened_at is None
    entering.see(world.store, secret=secret)
    entering.see(world.store, secret=secret)
    assert invitation_of(world, referral_id).opened_at is not None
    assert invitation_of(world, referral_id).state is InvitationState.OPENED


def test_each_time_a_link_is_opened_stands_in_the_audit(world):
    referral_id = an_invitation(world)
    token = a_token(world, referral_id)
    for _ in range(3):
        enter(world, token)
    with world.store.reading() as session:
        rows = session.scalars(
            sa.select(Audit).where(Audit.action == "open_link")
        ).all()
    assert len(rows) == 3
    invitation = invitation_of(world, referral_id)
    assert {one.patient_id for one in rows} == {invitation.patient_id}
    assert {one.entity_id for one in rows} == {invitation.id}


def test_a_link_that_goes_round_is_stopped_for_an_hour(world):
    token = a_token(world, an_invitation(world))
    for _ in range(limits().visits_of_one_link):
        enter(world, token)
    assert refused(world, token=token) is Trouble.TOO_MANY
    with clock.set_to(clock.now() + timedelta(minutes=61)):
        assert enter(world, token)


def test_a_forwarded_link_is_worth_nothing_without_the_date_of_birth(world):
    token = a_token(world, an_invitation(world))
    stranger = enter(world, token, "198.51.100.9")
    assert not entering.prove(world.store, secret=stranger, born=WRONG).right
    assert not who(world, stranger).proved


def test_how_many_tries_there_are_is_the_contracts(world):
    with_terms(world, tries=3)
    secret = enter(world, a_token(world, an_invitation(world)))
    left = [
        entering.prove(world.store, secret=secret, born=WRONG).left for _ in range(3)
    ]
    assert left == [2, 1, 0]


def test_wrong_dates_after_it_was_sent_shut_the_page_and_unsend_nothing(world):
    referral_id = an_invitation(world)
    token, secret = a_token(world, referral_id), a_visit(world, referral_id)
    fill_in(world, secret)
    submit(world, secret)
    stranger = enter(world, token)
    for _ in range(5):
        entering.prove(world.store, secret=stranger, born=WRONG)
    assert refused(world, token=token) is Trouble.LOCKED
    assert invitation_of(world, referral_id).state is InvitationState.SUBMITTED
