"""Referrals lived through the real actions, at the times a test says."""

from dataclasses import replace
from datetime import timedelta

from core.access.model import Grade
from core.contracts.model import Priority
from core.kernel import clock
from core.kernel.ids import new_id
from core.referrals.actions import drafting, sending
from core.reviews.actions import answering, claiming
from core.reviews.model import Complexity, Need
from tests.world import OPINION, a_draft, a_name, a_patient, letters


def at_other_practice(world):
    """The same world, in which the other practice's GP refers."""
    return replace(world, gp=world.other_gp)


def refer(world, sent, *, patient=None, priority=Priority.ROUTINE, **notes):
    """Register, draft and send. The referral's id."""
    with clock.set_to(sent):
        patient = patient or a_patient(world, number="", family_name=a_name())
        referral = a_draft(world, patient)
        with world.store.transaction() as session:
            drafting.save(
                session,
                by=world.gp,
                referral_id=referral,
                priority=priority,
                **notes,
            )
            sending.send(session, by=world.gp, referral_id=referral)
    return referral


def answer(world, referral, moment, outcome="advice_discharge", **changes):
    """Claim and, 90 seconds later, answer."""
    need = Need("consultation", Complexity.SIMPLE, Grade.GPWER, moment.date(), 20)
    opinion = replace(OPINION, outcome=outcome, need=need, **changes)
    opened = moment - timedelta(seconds=90)
    with clock.set_to(opened), world.store.transaction() as session:
        claiming.open_case(session, by=world.consultant, referral_id=referral)
    with clock.set_to(moment), world.store.transaction() as session:
        answering.answer(
            session,
            by=world.consultant,
            referral_id=referral,
            opinion_id=new_id(),
            opinion=opinion,
            letters=letters(session, world.consultant, referral, opinion),
        )


def amend(world, referral, moment, outcome, **changes):
    """Replace the answer."""
    opinion = replace(OPINION, outcome=outcome, **changes)
    with clock.set_to(moment), world.store.transaction() as session:
        answering.amend(
            session,
            by=world.consultant,
            referral_id=referral,
            opinion_id=new_id(),
            opinion=opinion,
            letters=letters(session, world.consultant, referral, opinion),
        )


def ask_back_and_supply(world, referral, asked, supplied, words="Two years"):
    """The specialist asks, the practice answers."""
    with clock.set_to(asked), world.store.transaction() as session:
        claiming.open_case(session, by=world.consultant, referral_id=referral)
        answering.send_back(
            session, by=world.consultant, referral_id=referral, question="Since when?"
        )
    with clock.set_to(supplied), world.store.transaction() as session:
        sending.supply(session, by=world.gp, referral_id=referral, words=words)


def acknowledge(world, referral, moment):
    """The practice takes the answer up."""
    with clock.set_to(moment), world.store.transaction() as session:
        sending.acknowledge(session, by=world.gp, referral_id=referral)


def withdraw(world, referral, moment):
    """The practice takes the referral back."""
    with clock.set_to(moment), world.store.transaction() as session:
        sending.withdraw(session, by=world.gp, referral_id=referral, reason="Moved")
