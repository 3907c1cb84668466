"""Last month replayed: by hand, for any month, and as the page shows it."""

import time
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from core.access.model import Grade
from core.contracts.model import Pool, Priority, Terms
from core.contracts.policy import (
    Condition,
    Facts,
    Overflow,
    Preference,
    RoutingPolicy,
)
from core.contracts.routing import Decision, Pools
from core.kernel import clock
from core.kernel.errors import NotAllowed
from core.kernel.ids import new_id
from core.patients.tables import Patient
from core.referrals.tables import Referral
from core.reviews.actions import answering, claiming
from core.reviews.presenters.replays import last_month
from core.reviews.replay import Agreed, Sent, Turn, replay
from tests.routing import a_manager, takes, the_contract
from tests.world import NOW, OPINION, TERMS, a_patient, a_sent_referral, letters


POOLS = Pools({Pool.LOCAL: "General Hospital", Pool.PARTNER: "Ozone Specialists"})
AGREED = Agreed(RoutingPolicy(), POOLS, Terms.model_validate(TERMS))
# A Monday in October, at nine o'clock by UTC.
MONDAY = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)


def at(hours):
    return MONDAY + timedelta(hours=hours)


def sent(hours, priority=Priority.ROUTINE, pool=Pool.LOCAL, age=40):
    days = {Priority.ROUTINE: 2}.get(priority, 0)
    return Sent(
        at(hours),
        at(hours) + timedelta(days=days, hours=8),
        Facts(priority, age),
        Decision(pool, "first_pool", ""),
        at(hours),
    )


def turn(hours, pool=Pool.LOCAL, grade=Grade.CONSULTANT, *interests):
    taken = at(hours)
    answered = taken + timedelta(minutes=5)
    return Turn(taken, answered, pool, grade, frozenset(interests))


def hours_waited(cases, found):
    """Hours to the answer of each; None: still waiting."""
    return [
        one.answered_at and (one.answered_at - case.sent_at).total_seconds() / 3600
        for case, one in zip(cases, found, strict=True)
    ]


def pools_of(found):
    return [one.decision.pool for one in found]


def test_each_turn_takes_the_most_urgent_then_the_one_due_first():
    cases = [sent(0), sent(1), sent(2, Priority.URGENT)]
    found = replay(cases, [turn(3), turn(4), turn(5)], AGREED)
    five_minutes = 5 / 60
    assert hours_waited(cases, found) == pytest.approx(
        [4 + five_minutes, 4 + five_minutes, 1 + five_minutes]
    )


def test_nothing_is_answered_before_it_was_sent():
    cases = [sent(2)]
    assert hours_waited(cases, replay(cases, [turn(1)], AGREED)) == [None]


def test_what_is_sent_and_taken_at_one_moment_is_taken():
    cases = [sent(2)]
    assert replay(cases, [turn(2)], AGREED)[0].answered_at is not None


def test_a_daily_number_moves_the_rest_to_the_other_pool():
    # Two each day; the third of Monday goes to the partner, Tuesday begins anew.
    policy = RoutingPolicy(daily_number=2)
    cases = [sent(0), sent(1), sent(2), sent(24)]
    found = replay(cases, [], replace(AGREED, policy=policy))
    local, partner = Pool.LOCAL, Pool.PARTNER
    assert pools_of(found) == [local, local, partner, local]
    assert found[2].decision.rule == "daily_number"


def test_the_queue_of_the_replay_overflows_and_not_the_real_one():
    policy = RoutingPolicy(overflow=Overflow(longer_than=0))
    cases = [sent(0), sent(1), sent(3)]
    found = replay(cases, [turn(2)], replace(AGREED, policy=policy))
    # The first one waits at one o'clock, and has been taken by three.
    assert pools_of(found) == [Pool.LOCAL, Pool.PARTNER, Pool.LOCAL]


def test_the_oldest_wait_of_the_replay_overflows():
    policy = RoutingPolicy(overflow=Overflow(oldest_over_hours=2))
    cases = [sent(0), sent(2), sent(2.5), sent(3)]
    found = replay(cases, [turn(2.7), turn(2.8)], replace(AGREED, policy=policy))
    local, partner = Pool.LOCAL, Pool.PARTNER
    assert pools_of(found) == [local, local, partner, local]


def test_what_waits_too_long_falls_back_once_and_is_answered_there():
    policy = RoutingPolicy(fallback_after_hours={Priority.ROUTINE: 4})
    cases = [sent(0), sent(1)]
    turns = [turn(3), turn(6, Pool.PARTNER), turn(7), turn(8)]
    found = replay(cases, turns, replace(AGREED, policy=policy))
    assert pools_of(found) == [Pool.LOCAL, Pool.PARTNER]
    assert found[1].decision.rule == "fallback"
    assert found[1].answered_at == at(6) + timedelta(minutes=5)


def test_nothing_falls_back_to_a_pool_without_people():
    policy = RoutingPolicy(fallback_after_hours={Priority.ROUTINE: 4})
    agreed = replace(AGREED, policy=policy, staffed=frozenset({Pool.LOCAL}))
    found = replay([sent(0)], [turn(9)], agreed)
    assert pools_of(found) == [Pool.LOCAL]
    assert found[0].answered_at is not None


def test_a_turn_of_a_gp_with_an_extended_role_leaves_suspected_cancer():
    cases = [sent(0, Priority.SUSPECTED_CANCER), sent(1)]
    turns = [turn(2, Pool.LOCAL, Grade.GPWER), turn(3, Pool.LOCAL, Grade.GPWER)]
    found = replay(cases, turns, AGREED)
    assert [one.answered_at is None for one in found] == [True, False]


def test_a_turn_of_somebody_without_the_interest_leaves_what_is_kept():
    kept = Preference(
        code="paediatric",
        label="Children",
        when=Condition(age_below=16),
        only_interested=True,
    )
    agreed = replace(AGREED, policy=RoutingPolicy(preferences=(kept,)))
    cases = [sent(0, age=9)]
    assert replay(cases, [turn(1)], agreed)[0].answered_at is None
    keen = turn(1, Pool.LOCAL, Grade.CONSULTANT, "paediatric")
    assert replay(cases, [keen], agreed)[0].answered_at is not None


def test_under_an_unchanged_policy_each_goes_where_it_went():
    # The rules would send all to the local pool; they were decided otherwise then.
    cases = [sent(0, pool=Pool.PARTNER), sent(1), sent(2, pool=Pool.PARTNER)]
    found = replay(cases, [], replace(AGREED, as_decided=True))
    assert pools_of(found) == [Pool.PARTNER, Pool.LOCAL, Pool.PARTNER]


def test_under_an_unchanged_policy_a_case_moves_when_it_did_and_not_before():
    # It went to the partner four hours on; a turn there before that is not for it.
    policy = RoutingPolicy(fallback_after_hours={Priority.ROUTINE: 1})
    moved = replace(sent(0, pool=Pool.PARTNER), routed_at=at(4))
    agreed = replace(AGREED, policy=policy, as_decided=True)
    turns = [turn(2), turn(3, Pool.PARTNER), turn(5, Pool.PARTNER)]
    (found,) = replay([moved], turns, agreed)
    assert (found.decision.pool, found.answered_at) == (
        Pool.PARTNER,
        at(5) + timedelta(minutes=5),
    )


def test_with_the_turns_it_had_a_list_in_order_is_answered_as_it_was():
    cases = [sent(hour) for hour in range(5)]
    turns = [turn(hour + 1.5) for hour in range(5)]
    found = replay(cases, turns, replace(AGREED, as_decided=True))
    assert [one.answered_at for one in found] == [one.answered_at for one in turns]


some_hours = st.integers(0, 24 * 28).map(lambda quarter: quarter / 4)
months = st.lists(
    st.builds(
        sent,
        some_hours,
        st.sampled_from(Priority),
        st.sampled_from(Pool),
        st.integers(0, 90),
    ),
    max_size=25,
).map(lambda cases: sorted(cases, key=lambda one: one.sent_at))
turns_of_any = st.lists(
    st.builds(turn, some_hours, st.sampled_from(Pool), st.sampled_from(Grade)),
    max_size=25,
)
policies = st.builds(
    RoutingPolicy,
    first=st.sampled_from(Pool),
    daily_number=st.one_of(st.none(), st.integers(0, 4)),
    overflow=st.builds(
        Overflow,
        longer_than=st.one_of(st.none(), st.integers(0, 4)),
        oldest_over_hours=st.one_of(st.none(), st.integers(1, 9)),
    ),
    fallback_after_hours=st.dictionaries(st.sampled_from(Priority), st.integers(1, 9)),
)


@given(months, turns_of_any, policies, st.booleans())
def test_any_month_is_replayed_the_same_each_time(cases, turns, policy, as_decided):
    agreed = replace(AGREED, policy=policy, as_decided=as_decided)
    found = replay(cases, turns, agreed)
    assert found == replay(cases, turns, agreed)
    assert found == replay(cases, list(turns), agreed)
    assert len(found) == len(cases)
    if as_decided:
        assert pools_of(found) == [one.decision.pool for one in cases]
    answered = [one.answered_at for one in found if one.answered_at]
    assert len(answered) <= len(turns)
    for case, one in zip(cases, found, strict=True):
        if one.answered_at:
            assert one.answered_at >= case.sent_at + timedelta(minutes=5)


# As the page asks for it.

LAST_MONTH = datetime(2026, 10, 14, 9, 0, tzinfo=UTC)


@pytest.fixture
def month(world):
    """Three of last month: one answered by each pool, one still waiting."""
    takes(world, world.local, "paediatric")
    for hour, family, born in (
        (0, "Archer", date(1956, 4, 3)),
        (1, "Baker", date(1960, 4, 3)),
        (2, "Cook", date(2016, 4, 3)),
    ):
        with clock.set_to(LAST_MONTH + timedelta(hours=hour)):
            who = a_patient(world, number="", family_name=family, birth_date=born)
            made = a_sent_referral(world, who)
        if hour < 2:
            with clock.set_to(LAST_MONTH + timedelta(hours=hour + 3)):
                answered(world, made)
    return world


def answered(world, referral_id):
    with world.store.transaction() as session:
        claiming.take(session, by=world.consultant, referral_id=referral_id)
        answering.answer(
            session,
            by=world.consultant,
            referral_id=referral_id,
            opinion_id=new_id(),
            opinion=OPINION,
            letters=letters(session, world.consultant, referral_id),
        )


def compared(world, scope, **content):
    contract_id = the_contract(world)
    with clock.set_to(NOW), world.store.reading() as session:
        return last_month(
            session,
            scope,
            contract_id=contract_id,
            policy=RoutingPolicy.model_validate(content),
        )


def test_the_unchanged_policy_gives_the_month_as_it_was(month):
    scope = a_manager(month).scope
    found = compared(month, scope, first="partner")
    assert (found.month, found.sent, found.waiting) == ("October 2026", 3, (1, 1))
    assert found.rules == [("The service that comes first", 3, 3)]
    (line,) = [one for one in found.lines if one.before.answered]
    assert (line.service, line.priority) == ("Ozone Specialists", "Routine")
    assert line.before == line.after
    assert (line.before.answered, line.before.median) == (2, "3 h")
    assert "The policy is the one in force, so each goes where it went." in found.says


def test_another_policy_sends_the_month_elsewhere(month):
    scope = a_manager(month).scope
    children = {
        "code": "paediatric",
        "label": "Children",
        "when": {"age_below": 16},
        "pool": "local",
    }
    found = compared(month, scope, first="partner", preferences=[children])
    assert found.rules == [
        ("A sub-specialty with a service of its own", 0, 1),
        ("The service that comes first", 3, 2),
    ]
    assert "General Hospital had 0, and would have 1." in found.says
    assert found.waiting == (1, 1)


def test_a_pool_that_answered_nothing_answers_nothing_in_the_replay(month):
    found = compared(month, a_manager(month).scope, first="local")
    assert found.waiting == (1, 3)
    assert "At the end of the month 1 still waited; 3 would have." in found.says
    assert found.says[-1].endswith("within no time: none did.")


def test_nobody_but_the_platform_replays(month):
    for who in (month.gp, month.consultant, month.local, month.commissioner):
        with pytest.raises(NotAllowed):
            compared(month, who.scope)


def test_a_month_without_referrals_is_empty(world):
    found = compared(world, a_manager(world).scope)
    assert (found.sent, found.rules) == (0, [])


def test_the_replay_names_no_patient(month):
    found = compared(month, a_manager(month).scope, first="local")
    said = str([getattr(found, field.name) for field in fields(found)])
    with month.store.reading() as session:
        for patient in session.scalars(sa.select(Patient)):
            assert patient.family_name not in said
        for referral in session.scalars(sa.select(Referral)):
            assert referral.reference not in said
            assert str(referral.id) not in said


def test_five_thousand_referrals_are_replayed_in_three_seconds():
    cases = [sent(n / 7) for n in range(5000)]
    turns = [turn(n / 7 + 1, list(Pool)[n % 2]) for n in range(5000)]
    policy = RoutingPolicy(
        daily_number=80,
        overflow=Overflow(longer_than=30, oldest_over_hours=30),
        fallback_after_hours=dict.fromkeys(Priority, 48),
    )
    start = time.perf_counter()
    found = replay(cases, turns, replace(AGREED, policy=policy))
    assert time.perf_counter() - start < 3
    assert len(found) == 5000
