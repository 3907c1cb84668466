"""What happens at the specialists' desk, through the real actions, at a test's times."""

from datetime import timedelta

import sqlalchemy as sa

from core.contracts.tables import ContractVersion
from core.kernel import clock
from core.referrals.actions.routing import reroute_waiting
from core.referrals.tables import Referral
from core.reviews.actions import claiming, onward, second_reading, taking_over
from core.reviews.actions.feedback import give_feedback
from core.reviews.actions.second_reading import Reading
from core.reviews.model import Certainty
from core.reviews.tables import SecondRead
from tests.world import TERMS


SAME = Reading("seborrhoeic_keratosis", Certainty.CERTAIN, "advice_discharge")
# Another group of diagnoses, and the patient is seen.
OTHER = Reading("melanoma", Certainty.POSSIBLE, "secondary_care_urgent_cancer")
RULE = {"code": "qrule", "label": "qlabel", "outcomes": ["advice_discharge"]}


def reads_all_again(world, since, rules=()):
    """A contract under which every answer is read a second time."""
    wanted = {"sample": 1.0, "rules": list(rules), "working_days": 5}
    with world.store.transaction() as session:
        contract_id = session.scalar(sa.select(ContractVersion.contract_id))
        session.add(
            ContractVersion(
                contract_id=contract_id,
                effective_from=since.date() - timedelta(days=30),
                terms=TERMS | {"second_reads": wanted},
            )
        )


def claim(world, referral, moment, by=None):
    with clock.set_to(moment), world.store.transaction() as session:
        claiming.take(session, by=by or world.consultant, referral_id=referral)


def release(world, referral, moment, by=None):
    with clock.set_to(moment), world.store.transaction() as session:
        claiming.release(session, by=by or world.consultant, referral_id=referral)


def let_lapse(world, moment):
    """The service puts forgotten cases back. How many."""
    with clock.set_to(moment), world.store.transaction() as session:
        return claiming.release_lapsed(session)


def take_over(world, referral, moment, by, reason="On leave"):
    with clock.set_to(moment), world.store.transaction() as session:
        taking_over.take_over(session, by=by, referral_id=referral, reason=reason)


def fall_back(world, moment):
    """The service moves what nobody has claimed in time. How many."""
    with clock.set_to(moment), world.store.transaction() as session:
        return reroute_waiting(session)


def mark(world, referral, moment, *, version=1, **said):
    """The practice says helpful=…, instructive=…"""
    for question, answer in said.items():
        with clock.set_to(moment), world.store.transaction() as session:
            give_feedback(
                session,
                by=world.gp,
                referral_id=referral,
                version=version,
                question=question,
                said=answer,
            )


def read_again(world, referral, moment, said=SAME, by=None):
    with clock.set_to(moment), world.store.transaction() as session:
        second_reading.read_second(
            session,
            by=by or world.colleague,
            second_read_id=second_read(world, referral),
            said=said,
        )


def settle(world, referral, moment, held="first", words="The border is regular."):
    with clock.set_to(moment), world.store.transaction() as session:
        second_reading.settle(
            session,
            by=world.local,
            second_read_id=second_read(world, referral),
            held=held,
            words=words,
        )


def second_read(world, referral):
    """The id of the newest second read of a referral."""
    with world.store.reading() as session:
        return session.scalars(
            sa.select(SecondRead.id)
            .where(SecondRead.referral_id == referral)
            .order_by(SecondRead.created_at.desc())
        ).first()


def take_pack(world, referral, moment):
    with clock.set_to(moment), world.store.transaction() as session:
        onward.take(session, by=world.gp, referral_id=referral)


def confirm(world, referral, moment, who="Sister Abbess", how="by phone"):
    with clock.set_to(moment), world.store.transaction() as session:
        onward.confirm(session, by=world.gp, referral_id=referral, who=who, how=how)


def escalate(world, moment):
    with clock.set_to(moment), world.store.transaction() as session:
        return onward.escalate_overdue(session)


def reference(world, referral):
    """What people call it."""
    with world.store.reading() as session:
        return session.get_one(Referral, referral).reference
