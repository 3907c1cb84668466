"""Who may take a referral: one rule in Python and the same in SQL."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
import sqlalchemy as sa

from core.access.model import Grade
from core.contracts.model import PRIORITY_ORDER, Priority
from core.contracts.reference import agreement
from core.kernel import clock
from core.kernel.errors import Conflict
from core.kernel.ids import new_id, new_reference
from core.referrals.tables import Referral
from core.reviews.actions import claiming
from core.reviews.eligibility import eligible, eligible_condition, why_not
from tests.world import NOW, a_sent_referral


def every_kind_of_case(session, world, made):
    """One row for each combination of what the rule looks at."""
    whole = session.execute(
        sa.select(Referral.__table__).where(Referral.id == made)
    ).one()
    kinds = product(
        (world.consultant.organisation_id, world.local.organisation_id),
        Priority,
        ("", "hair", "paediatric"),
        (None, world.consultant.person_id, world.colleague.person_id),
        (None, NOW - timedelta(hours=1), NOW, NOW + timedelta(hours=1)),
    )
    rows = [
        {
            **whole._mapping,
            "id": new_id(),
            "reference": new_reference(),
            "pool_id": pool,
            "priority": priority,
            "urgency": PRIORITY_ORDER.index(priority),
            "sub_specialty": kept_for,
            "reserved_for": reserved_for,
            "reserved_until": until,
        }
        for pool, priority, kept_for, reserved_for, until in kinds
    ]
    session.execute(sa.insert(Referral), rows)


def every_scope(world):
    interests = [frozenset(), {"hair"}, {"paediatric"}, {"hair", "paediatric"}]
    for who, grade, some in product(
        (world.consultant, world.local), (None, *Grade), interests
    ):
        yield replace(who.scope, grade=grade, interests=frozenset(some))


def test_the_rule_and_the_condition_agree_on_every_combination(world):
    with clock.set_to(NOW):
        made = a_sent_referral(world)
        with world.store.transaction() as session:
            every_kind_of_case(session, world, made)
        with world.store.reading() as session:
            cases = session.scalars(sa.select(Referral)).all()
            assert len(cases) == 1 + 2 * 3 * 3 * 3 * 4
            allowed = 0
            for scope in every_scope(world):
                listed = session.scalars(
                    sa.select(Referral.id).where(*eligible_condition(scope, session))
                )
                by_rule = {
                    one.id
                    for one in cases
                    if eligible(
                        scope,
                        one,
                        agreement(session, one.contract_version_id).terms,
                        NOW,
                    )
                }
                assert set(listed) == by_rule, scope
                allowed += len(by_rule)
            assert 0 < allowed < len(cases) * 2 * 7 * 4


@pytest.fixture
def waiting(world):
    with clock.set_to(NOW):
        yield a_sent_referral(world)


def change(world, referral_id, **values):
    with world.store.transaction() as session:
        session.execute(
            sa.update(Referral).where(Referral.id == referral_id).values(**values)
        )


def take(world, who, referral_id):
    with world.store.transaction() as session:
        claiming.take(session, by=who, referral_id=referral_id)


def test_the_other_pool_may_open_a_case_and_not_claim_it(world, waiting):
    with world.store.transaction() as session:
        opened = claiming.open_case(session, by=world.local, referral_id=waiting)
    assert opened is None
    with pytest.raises(Conflict, match="with the contract's other service"):
        take(world, world.local, waiting)
    take(world, world.consultant, waiting)


def test_a_gp_with_an_extended_role_never_gets_suspected_cancer(world, waiting):
    change(world, waiting, priority=Priority.SUSPECTED_CANCER)
    with pytest.raises(
        Conflict, match="Suspected cancer is not answered by your grade"
    ):
        take(world, world.gpwer, waiting)


def test_a_kept_sub_specialty_is_for_those_who_take_it(world, waiting):
    change(world, waiting, sub_specialty="hair")
    with pytest.raises(Conflict, match="kept for specialists who take"):
        take(world, world.consultant, waiting)
    take(world, replace(world.consultant, interests=frozenset({"hair"})), waiting)


def test_what_waits_for_the_one_who_asked_says_so(world, waiting):
    later = NOW + timedelta(hours=1)
    change(world, waiting, reserved_for=world.colleague.person_id, reserved_until=later)
    with pytest.raises(Conflict, match="waits for the specialist who asked"):
        take(world, world.consultant, waiting)
    with clock.set_to(later):
        take(world, world.consultant, waiting)


def test_whoever_may_take_it_is_told_nothing(world, waiting):
    with world.store.reading() as session:
        referral = session.get_one(Referral, waiting)
        terms = agreement(session, referral.contract_version_id).terms
        assert why_not(world.consultant.scope, referral, terms, NOW) == ""
