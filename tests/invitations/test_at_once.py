"""Two at once on PostgreSQL: neither waits for the other for ever, nor slips through."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
import sqlalchemy as sa

from core.invitations import entering, rules
from core.invitations.actions.stepping import note
from core.invitations.model import LinkTrouble, Trouble
from core.invitations.tables import WrongGuess
from core.invitations.visits import as_visitor, held_visit
from core.kernel import clock
from core.kernel.ids import new_id
from core.referrals.actions import by_patient, inviting, sending
from core.referrals.actions.escalating import escalate_waiting
from core.referrals.actions.moving import lock_own, note_change
from core.referrals.model import ConsentGiver, State
from core.referrals.tables import Referral
from core.reviews.actions import answering, claiming
from tests.weblinks import (
    EMAIL,
    HERE,
    a_patients_draft,
    a_token,
    a_visit,
    an_invitation,
    as_patient,
    enter,
    fill_in,
    invite,
    outbox,
    submit,
)
from tests.world import OPINION, a_patient, letters


pytestmark = pytest.mark.parametrize("store", ["postgresql"], indirect=True)

SENT = datetime(2027, 3, 24, 9, 0, tzinfo=UTC)
_PATIENCE_S = 20.0
_WAITING = "select count(*) from pg_locks where not granted"


@contextmanager
def meanwhile(world, action):
    """Something that somebody else does, from when it has to wait (or is over)."""
    url = world.store.engine.url.render_as_string(hide_password=False)
    with ThreadPoolExecutor(1) as pool, psycopg.connect(url, autocommit=True) as look:
        other = pool.submit(action)
        over = time.monotonic() + _PATIENCE_S
        while not other.done() and time.monotonic() < over:
            if look.execute(_WAITING).fetchone()[0]:
                break
            time.sleep(0.01)
        yield other


def a_round(world):
    with clock.set_to(SENT + timedelta(days=12)), world.store.transaction() as session:
        return escalate_waiting(session)


def test_a_patient_who_clicks_while_the_practice_withdraws(world):
    referral_id = an_invitation(world)
    secret = a_visit(world, referral_id)

    def agree():
        as_patient(
            world,
            secret,
            by_patient.consent,
            given_by=ConsentGiver.PATIENT,
            messages=True,
        )

    with world.store.transaction() as session:
        lock_own(session, world.gp, referral_id)
        with meanwhile(world, agree) as other:
            sending.withdraw(
                session, by=world.gp, referral_id=referral_id, reason="A mistake"
            )
            session.commit()
    assert other.exception() is not None and "deadlock" not in str(other.exception())
    with world.store.reading() as session:
        assert session.get_one(Referral, referral_id).state is State.WITHDRAWN


def test_a_patient_who_looks_in_while_the_specialist_answers(world):
    referral_id = an_invitation(world)
    secret = a_visit(world, referral_id)
    fill_in(world, secret)
    submit(world, secret)

    def answer():
        with world.store.transaction() as session:
            answering.answer(
                session,
                by=world.consultant,
                referral_id=referral_id,
                opinion_id=new_id(),
                opinion=OPINION,
                letters=letters(session, world.consultant, referral_id, OPINION),
            )

    with world.store.transaction() as session:
        claiming.open_case(session, by=world.consultant, referral_id=referral_id)
    with world.store.transaction() as session:
        visit, invitation = held_visit(session, secret)
        who = as_visitor(session, visit, invitation)
        with meanwhile(world, answer) as other:
            note(session, invitation, "open_page", by=who.actor)
            session.commit()
    assert other.result() is None
    assert len(outbox(world, "answered")) == 1


def test_a_worker_that_escalates_while_somebody_works_on_one_of_them(world):
    with clock.set_to(SENT):
        an_invitation(world)
        second = a_patients_draft(world, a_patient(world, "9434765870"))
        invite(world, second)

    with world.store.transaction() as session:
        referral = lock_own(session, world.gp, second)
        with meanwhile(world, lambda: a_round(world)) as other:
            note_change(session, referral, by=world.gp, action="save")
            session.commit()
    assert other.result() + a_round(world) == 2
    assert len(outbox(world, "overdue")) == 2


def test_two_workers_tell_each_thing_once(world):
    with clock.set_to(SENT):
        an_invitation(world)

    with ThreadPoolExecutor(4) as pool:
        rounds = [pool.submit(a_round, world) for _ in range(4)]
    assert sum(one.result() for one in rounds) == 1
    assert len(outbox(world, "overdue")) == 1


def test_a_link_opens_no_visit_while_it_is_being_ended(world):
    referral_id = an_invitation(world)
    token = a_token(world, referral_id)
    with world.store.transaction() as session:
        inviting.resend(
            session,
            by=world.nurse,
            referral_id=referral_id,
            reach=replace(EMAIL, address="anna.smith@example.org"),
        )
        with meanwhile(world, lambda: enter(world, token)) as other:
            session.commit()
    assert isinstance(other.exception(), LinkTrouble)
    assert other.exception().trouble is Trouble.RENEWED


def test_wrong_links_that_come_at_once_are_all_counted(world):
    def guess(_):
        with pytest.raises(LinkTrouble) as caught:
            entering.enter(world.store, token=rules.new_token(), address=HERE)
        return caught.value.trouble

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(guess, range(16))) == {Trouble.UNKNOWN}
    with world.store.reading() as session:
        assert session.scalar(sa.select(sa.func.sum(WrongGuess.count))) == 16
