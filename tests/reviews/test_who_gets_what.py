"""Whatever people do in whatever order: one pool each, and nobody who must not."""

import shutil
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.access.model import Grade
from core.contracts.model import Pool, Priority
from core.contracts.tables import ContractPool
from core.kernel import clock
from core.kernel.errors import ServiceError
from core.referrals.actions import drafting, sending
from core.referrals.actions.routing import reroute_waiting
from core.referrals.model import Move, State
from core.referrals.tables import Referral, ReferralEvent, RoutingDecision
from core.reviews.actions import answering, claiming
from core.reviews.tables import Claim
from core.store.engine import Store
from tests.conftest import KEY
from tests.routing import has_policy, takes
from tests.world import NOW, a_draft, a_patient, build_world


POLICY = {
    "first": "local",
    "daily_number": 2,
    "overflow": {"longer_than": 1},
    "preferences": [
        {
            "code": "paediatric",
            "label": "Children",
            "when": {"age_below": 16},
            "only_interested": True,
        },
        {
            "code": "suspected_cancer",
            "label": "Suspected cancer",
            "when": {"priorities": ["suspected_cancer"]},
            "pool": "partner",
        },
    ],
    "fallback_after_hours": {"routine": 30, "urgent": 10, "suspected_cancer": 5},
}
PEOPLE = ("consultant", "colleague", "gpwer", "local")
PATIENTS = (
    {"birth_date": date(1956, 4, 3), "family_name": "Old"},
    {"birth_date": date(2019, 4, 3), "family_name": "Young"},
)


@pytest.fixture(scope="module")
def service(sqlite_template, tmp_path_factory):
    """A world with a draft for each priority and age; every example begins anew."""
    file = shutil.copy(sqlite_template, tmp_path_factory.mktemp("who"))
    store = Store(f"sqlite:///{file}", KEY)
    with clock.set_to(NOW):
        world = build_world(store)
        has_policy(world, **POLICY)
        takes(world, world.colleague, "paediatric")
        takes(world, world.local, "paediatric")
        drafts = [
            _draft(world, patient, priority)
            for patient in PATIENTS
            for priority in Priority
        ]
    keen = frozenset({"paediatric"})
    world = replace(
        world,
        colleague=replace(world.colleague, interests=keen),
        local=replace(world.local, interests=keen),
    )
    yield world, drafts
    store.engine.dispose()


def _draft(world, patient, priority):
    name = f"{patient['family_name']} {priority.label}"
    someone = a_patient(world, number="", **{**patient, "family_name": name})
    made = a_draft(world, someone)
    with world.store.transaction() as session:
        drafting.save(
            session,
            by=world.gp,
            referral_id=made,
            priority=priority,
            override_reason="As agreed by telephone",
        )
    return made


steps = st.lists(
    st.tuples(
        st.sampled_from(
            ["send", "open", "release", "return", "supply", "reroute", "lapse", "wait"]
        ),
        st.integers(0, 5),
        st.sampled_from(PEOPLE),
    ),
    max_size=40,
)


class _UndoneError(Exception):
    """Takes an example back, so that the next begins where this one did."""


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps)
def test_each_has_one_pool_and_nobody_ineligible_ever_gets_one(service, done):
    world, drafts = service
    with pytest.raises(_UndoneError), world.store.transaction() as session:
        moment = NOW
        for what, which, name in done:
            moment += timedelta(hours=4 if what == "wait" else 0, minutes=1)
            with clock.set_to(moment):
                _try(session, world, what, drafts[which], getattr(world, name))
                session.flush()
                _check(session, world)
        raise _UndoneError


def _try(session, world, what, referral_id, who):
    """One step as a person would take it, in a savepoint where it is refused."""
    actions = {
        "send": lambda: sending.send(session, by=world.gp, referral_id=referral_id),
        "open": lambda: claiming.open_case(session, by=who, referral_id=referral_id),
        "release": lambda: claiming.release(session, by=who, referral_id=referral_id),
        "return": lambda: answering.send_back(
            session, by=who, referral_id=referral_id, question="Since when?"
        ),
        "supply": lambda: sending.supply(
            session, by=world.gp, referral_id=referral_id, words="A year."
        ),
        "reroute": lambda: reroute_waiting(session),
        "lapse": lambda: claiming.release_lapsed(session),
        "wait": lambda: None,
    }
    try:
        with session.begin_nested():
            actions[what]()
    except ServiceError:
        session.expire_all()


def _check(session, world):
    pools = set(session.scalars(sa.select(ContractPool.organisation_id)))
    by_person = {
        getattr(world, name).person_id: getattr(world, name) for name in PEOPLE
    }
    for referral in session.scalars(sa.select(Referral)):
        decided = session.scalars(
            sa.select(RoutingDecision)
            .where(RoutingDecision.referral_id == referral.id)
            .order_by(RoutingDecision.number)
        ).all()
        if referral.sent_at is None:
            assert not decided
            assert referral.pool_id is None
            continue
        assert referral.pool_id in pools
        assert decided[-1].organisation_id == referral.pool_id
        assert sum(one.rule == "fallback" for one in decided) <= 1
        holders = session.scalars(
            sa.select(Claim).where(
                Claim.referral_id == referral.id, Claim.ended_at.is_(None)
            )
        ).all()
        assert len(holders) == (referral.state is State.IN_REVIEW)
        for claim in holders:
            _may_hold(by_person[claim.person_id], referral, decided[-1])


def _may_hold(holder, referral, decided):
    assert holder.organisation_id == referral.pool_id == decided.organisation_id
    cancer = referral.priority is Priority.SUSPECTED_CANCER
    assert not (cancer and holder.grade is Grade.GPWER)
    if referral.sub_specialty:
        assert referral.sub_specialty == decided.sub_specialty == "paediatric"
        assert "paediatric" in holder.interests


def test_the_steps_above_reach_every_rule_they_are_about(service):
    """The property is worth something: a plain run meets claims and all the rules."""
    world, drafts = service
    with pytest.raises(_UndoneError), world.store.transaction() as session:
        moment = NOW
        for what, which, name in [
            *(("send", number, "local") for number in range(6)),
            ("open", 0, "local"),
            ("return", 0, "local"),
            ("supply", 0, "local"),
            *(("wait", 0, "local") for _ in range(9)),
            ("reroute", 0, "local"),
            *(("open", number, name) for number in range(6) for name in PEOPLE),
        ]:
            moment += timedelta(hours=4 if what == "wait" else 0, minutes=1)
            with clock.set_to(moment):
                _try(session, world, what, drafts[which], getattr(world, name))
        met = set(session.scalars(sa.select(RoutingDecision.rule)))
        assert {"first_pool", "preference", "back_to_asker", "fallback"} <= met
        assert met & {"overflow_queue", "daily_number"}
        claims = session.scalars(
            sa.select(ReferralEvent.organisation_id).where(
                ReferralEvent.move == Move.CLAIM
            )
        )
        assert set(claims) == {
            world.local.organisation_id,
            world.consultant.organisation_id,
        }
        assert {Pool.LOCAL, Pool.PARTNER} == set(
            session.scalars(sa.select(RoutingDecision.pool))
        )
        raise _UndoneError
