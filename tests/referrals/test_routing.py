"""Which pool a referral is given to when it is sent, supplied, or waits too long."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from core.access.model import SYSTEM
from core.access.tables import Membership
from core.audit.tables import Audit
from core.contracts.tables import ContractPool
from core.kernel import clock
from core.kernel.errors import Conflict, NotFound, ServiceError
from core.kernel.ids import new_id
from core.referrals.actions import sending
from core.referrals.actions.routing import reroute_waiting
from core.referrals.model import State
from core.referrals.presenters.routing import decisions
from core.referrals.tables import Referral, RoutingDecision
from core.reviews.actions import answering, claiming
from tests.routing import has_policy, takes, the_contract
from tests.world import NOW, a_draft, a_patient, a_sent_referral


FALLBACK = {"fallback_after_hours": {"routine": 10}}


def decided(world, referral_id):
    with world.store.reading() as session:
        return session.scalars(
            sa.select(RoutingDecision)
            .where(RoutingDecision.referral_id == referral_id)
            .order_by(RoutingDecision.number)
        ).all()


def the_referral(world, referral_id):
    with world.store.reading() as session:
        return session.get_one(Referral, referral_id)


def sent(world, **patient):
    # No two of the same name: the register would take them for one person.
    name = "".join(chr(ord("a") + int(digit, 16)) for digit in new_id().hex[-12:])
    someone = a_patient(world, number="", family_name=name, **patient)
    return a_sent_referral(world, someone)


def reroute(world, after_hours):
    later = NOW + timedelta(hours=after_hours)
    with clock.set_to(later), world.store.transaction() as session:
        return reroute_waiting(session)


@pytest.fixture(autouse=True)
def _at_a_set_time():
    with clock.set_to(NOW):
        yield


def test_a_referral_that_is_sent_has_a_pool_and_a_reason(world):
    made = sent(world)
    (row,) = decided(world, made)
    referral = the_referral(world, made)
    assert (row.number, row.rule, row.moment) == (1, "first_pool", NOW)
    assert row.reason == "Ozone Specialists comes first."
    assert referral.pool_id == row.organisation_id == world.consultant.organisation_id
    assert (referral.routed_at, referral.urgency) == (NOW, 2)
    assert row.policy_id is not None


def test_sending_twice_decides_once(world):
    made = sent(world)
    with world.store.transaction() as session:
        sending.send(session, by=world.gp, referral_id=made)
    assert len(decided(world, made)) == 1


def test_the_daily_number_counts_what_was_given_today(world):
    has_policy(world, first="local", daily_number=2)
    with clock.set_to(NOW - timedelta(days=1)):
        sent(world)
    rules = [decided(world, sent(world))[0].rule for _ in range(3)]
    assert rules == ["first_pool", "first_pool", "daily_number"]
    with clock.set_to(NOW + timedelta(days=1)):
        assert decided(world, sent(world))[0].rule == "first_pool"


def test_a_day_begins_at_midnight_in_london(world):
    has_policy(world, first="local", daily_number=1)
    # In July London is an hour ahead of UTC.
    late = NOW.replace(month=7, day=14, hour=22, minute=30)
    with clock.set_to(late):
        assert decided(world, sent(world))[0].rule == "first_pool"
    with clock.set_to(late + timedelta(minutes=29)):
        assert decided(world, sent(world))[0].rule == "daily_number"
    with clock.set_to(late + timedelta(minutes=30)):
        assert decided(world, sent(world))[0].rule == "first_pool"


def test_a_long_list_overflows_until_somebody_takes_from_it(world):
    has_policy(world, first="local", overflow={"longer_than": 1})
    first, second = sent(world), sent(world)
    assert decided(world, second)[0].rule == "first_pool"
    third = sent(world)
    assert decided(world, third)[0].rule == "overflow_queue"
    with world.store.transaction() as session:
        claiming.take(session, by=world.local, referral_id=first)
    assert decided(world, sent(world))[0].rule == "first_pool"


def test_a_case_that_waits_too_long_sends_the_next_elsewhere(world):
    has_policy(world, first="local", overflow={"oldest_over_hours": 3})
    sent(world)
    with clock.set_to(NOW + timedelta(hours=3)):
        assert decided(world, sent(world))[0].rule == "first_pool"
    with clock.set_to(NOW + timedelta(hours=3, seconds=1)):
        assert decided(world, sent(world))[0].rule == "overflow_wait"


CHILDREN = {
    "code": "paediatric",
    "label": "Children",
    "when": {"age_below": 16},
    "only_interested": True,
}
CHEST = {"code": "chest", "label": "Chest", "when": {"sites": ["chest"]}}
LARGE = {
    "code": "skin_type_3",
    "label": "Skin type III",
    "when": {"answers": [{"question": "skin_type", "any_of": ["III"]}]},
    "pool": "local",
}


@pytest.mark.parametrize(
    ("born", "kept"), [(date(2010, 11, 18), ""), (date(2010, 11, 19), "paediatric")]
)
def test_age_counts_on_the_day_it_is_sent(world, born, kept):
    has_policy(world, first="partner", preferences=[CHILDREN])
    made = sent(world, birth_date=born)
    assert the_referral(world, made).sub_specialty == kept
    assert decided(world, made)[0].sub_specialty == kept


def test_a_preference_that_keeps_nothing_is_counted_and_open_to_all(world):
    has_policy(world, first="partner", preferences=[CHEST])
    made = sent(world)
    assert decided(world, made)[0].sub_specialty == "chest"
    assert the_referral(world, made).sub_specialty == ""


def test_an_answer_of_the_history_decides(world):
    has_policy(world, first="partner", preferences=[LARGE])
    made = sent(world)
    assert the_referral(world, made).pool_id == world.local.organisation_id


def test_what_the_practice_supplies_goes_back_to_the_pool_that_asked(world):
    made = sent(world)
    with world.store.transaction() as session:
        claiming.take(session, by=world.consultant, referral_id=made)
        answering.send_back(
            session, by=world.consultant, referral_id=made, question="Since when?"
        )
    # The policy has changed meanwhile; whoever asked knows the case.
    has_policy(world, first="local")
    with world.store.transaction() as session:
        sending.supply(session, by=world.gp, referral_id=made, words="A year.")
    assert [one.rule for one in decided(world, made)] == ["first_pool", "back_to_asker"]
    assert the_referral(world, made).pool_id == world.consultant.organisation_id
    with world.store.transaction() as session:
        claiming.take(session, by=world.consultant, referral_id=made)


def test_what_nobody_takes_goes_to_the_other_pool_once(world):
    has_policy(world, first="partner", **FALLBACK)
    made = sent(world)
    assert reroute(world, 9) == 0
    assert reroute(world, 10) == 1
    assert reroute(world, 11) == 0
    assert reroute(world, 1000) == 0
    _first, second = decided(world, made)
    assert (second.rule, second.moment) == ("fallback", NOW + timedelta(hours=10))
    assert second.reason.startswith("Nobody at Ozone Specialists took it within 10")
    assert the_referral(world, made).pool_id == world.local.organisation_id
    with world.store.reading() as session:
        row = session.scalars(sa.select(Audit).where(Audit.action == "reroute")).one()
        assert (row.person_id, row.entity_id) == (SYSTEM.person_id, made)
    with world.store.transaction() as session:
        claiming.take(session, by=world.local, referral_id=made)


def test_a_case_on_a_desk_does_not_move(world):
    has_policy(world, first="partner", **FALLBACK)
    made = sent(world)
    with world.store.transaction() as session:
        claiming.take(session, by=world.consultant, referral_id=made)
    assert reroute(world, 20) == 0
    assert the_referral(world, made).state is State.IN_REVIEW
    with world.store.transaction() as session:
        claiming.release(session, by=world.consultant, referral_id=made)
    assert reroute(world, 20) == 1


def test_nothing_falls_back_to_where_nobody_may_answer(world):
    has_policy(world, first="partner", preferences=[CHILDREN], **FALLBACK)
    takes(world, world.consultant, "paediatric")
    made = sent(world, birth_date=date(2020, 1, 1))
    assert reroute(world, 10) == 0
    takes(world, world.local, "paediatric")
    # It is asked about again an hour on, not at every round.
    assert reroute(world, 10.5) == 0
    assert reroute(world, 11) == 1
    assert the_referral(world, made).sub_specialty == "paediatric"


def test_somebody_who_has_left_is_not_there(world):
    has_policy(world, first="partner", **FALLBACK)
    sent(world)
    with world.store.transaction() as session:
        session.execute(
            sa.update(Membership)
            .where(Membership.person_id == world.local.person_id)
            .values(ended_at=NOW)
        )
    assert reroute(world, 10) == 0


def test_a_supplied_case_waits_for_the_asker_before_it_falls_back(world):
    has_policy(world, first="partner", **FALLBACK)
    made = sent(world)
    with world.store.transaction() as session:
        claiming.take(session, by=world.consultant, referral_id=made)
        answering.send_back(
            session, by=world.consultant, referral_id=made, question="Since when?"
        )
        sending.supply(session, by=world.gp, referral_id=made, words="A year.")
    # A day for whoever asked, then ten hours for everyone there.
    assert reroute(world, 33) == 0
    assert reroute(world, 34) == 1


def test_a_referral_without_any_pool_is_not_sent(world):
    made = a_draft(world)
    with world.store.transaction() as session:
        session.execute(sa.delete(ContractPool))
    nobody = pytest.raises(ServiceError, match="No specialist service answers")
    with nobody, world.store.transaction() as session:
        sending.send(session, by=world.gp, referral_id=made)
    assert the_referral(world, made).state is State.DRAFT


def test_the_newest_version_whose_time_has_come_decides(world):
    has_policy(world, first="local")
    assert the_contract(world)
    assert decided(world, sent(world))[0].reason == "General Hospital comes first."


def test_those_who_may_see_a_referral_read_why_it_is_where_it_is(world):
    made = sent(world)
    with world.store.reading() as session:
        (one,) = decisions(session, world.local.scope, made)
        assert one.service == "Ozone Specialists"
        assert one.when == "Wed 18 Nov 2026, 10:00"
        assert one.reason == "Ozone Specialists comes first."
        assert decisions(session, world.gp.scope, made)
        for stranger in (world.stranger, world.other_gp, world.commissioner):
            with pytest.raises(NotFound):
                decisions(session, stranger.scope, made)


_ALLOW = {
    "sqlite": "drop trigger routing_decision_no_delete",
    "postgresql": "alter table routing_decision disable trigger user",
}


def test_what_was_sent_before_there_were_decisions_gets_one_when_supplied(world):
    made = sent(world)
    with world.store.transaction() as session:
        claiming.take(session, by=world.consultant, referral_id=made)
        answering.send_back(
            session, by=world.consultant, referral_id=made, question="Since when?"
        )
        session.execute(sa.text(_ALLOW[world.store.engine.dialect.name]))
        session.execute(sa.delete(RoutingDecision))
    with world.store.transaction() as session:
        sending.supply(session, by=world.gp, referral_id=made, words="A year.")
    assert [one.rule for one in decided(world, made)] == ["back_to_asker"]


def test_a_draft_is_not_supplied(world):
    made = a_draft(world)
    refused = pytest.raises(Conflict, match="still a draft")
    with refused, world.store.transaction() as session:
        sending.supply(session, by=world.gp, referral_id=made, words="A year.")
