"""Who saves a routing policy, what is refused, and what the page shows of it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.audit.tables import Audit
from core.contracts.actions import save_policy
from core.contracts.entering import Entered, Row, code_of, rows_of
from core.contracts.model import Pool, Priority
from core.contracts.policy import RoutingPolicy, Weekday
from core.contracts.presenters import contracts, routing
from core.contracts.tables import RoutingPolicyVersion
from core.demo import reference
from core.kernel import clock
from core.kernel.errors import Invalid, NotAllowed, NotFound
from core.kernel.ids import new_id
from tests.routing import a_manager, takes, the_contract
from tests.world import NOW


TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _at_a_set_time():
    with clock.set_to(NOW):
        yield


def save(world, by, day=TODAY, contract_id=None, **content):
    policy = RoutingPolicy.model_validate(content)
    contract_id = contract_id or the_contract(world)
    with world.store.transaction() as session:
        return save_policy(
            session,
            by=by,
            contract_id=contract_id,
            policy=policy,
            effective_from=day,
        ).number


def page(world, who):
    contract_id = the_contract(world)
    with world.store.reading() as session:
        return routing(session, who.scope, contract_id)


def test_a_new_version_stands_beside_the_old_one_and_is_audited(world):
    manager = a_manager(world)
    assert save(world, manager, first="local", daily_number=4) == 2
    with world.store.reading() as session:
        versions = session.scalars(
            sa.select(RoutingPolicyVersion).order_by(RoutingPolicyVersion.number)
        ).all()
        audit = session.scalars(
            sa.select(Audit).where(Audit.action == "save_policy")
        ).one()
    assert [one.content["first"] for one in versions] == ["partner", "local"]
    assert (audit.person_id, audit.detail["number"]) == (manager.person_id, 2)
    shown = page(world, manager)
    assert shown.policy.daily_number == 4
    assert [(one.number, one.who, one.in_force) for one in shown.history] == [
        (2, "Saved by Paul Brandt", True),
        (1, "Set up with the contract", False),
    ]


def test_a_version_for_later_does_not_hold_yet(world):
    manager = a_manager(world)
    save(world, manager, day=TODAY + timedelta(days=2), first="local")
    assert page(world, manager).policy.first is Pool.PARTNER
    assert (
        page(world, manager).history[0].holds_from.startswith("Will hold from Fri 20")
    )
    with clock.set_to(NOW + timedelta(days=2)):
        assert page(world, manager).policy.first is Pool.LOCAL


def test_a_version_saved_for_today_does_not_undo_one_for_later(world):
    manager = a_manager(world)
    save(world, manager, day=TODAY + timedelta(days=2), first="local")
    save(world, manager, first="partner", daily_number=9)
    assert page(world, manager).policy.daily_number == 9
    with clock.set_to(NOW + timedelta(days=3)):
        assert page(world, manager).policy.first is Pool.LOCAL


def test_nothing_is_saved_for_the_past(world):
    manager = a_manager(world)
    with pytest.raises(Invalid, match="today or later"):
        save(world, manager, day=TODAY - timedelta(days=1))


@pytest.mark.parametrize(
    "role", ["gp", "nurse", "administrator", "consultant", "gpwer", "commissioner"]
)
def test_only_a_service_manager_saves_or_sees_a_policy(world, role):
    who = getattr(world, role)
    with pytest.raises(NotAllowed):
        save(world, who)
    with pytest.raises(NotAllowed):
        page(world, who)
    with world.store.reading() as session, pytest.raises(NotAllowed):
        contracts(session, who.scope)


def test_no_policy_is_saved_for_a_contract_that_is_not_there(world):
    with pytest.raises(NotFound):
        save(world, a_manager(world), contract_id=new_id())


CHILDREN = {
    "code": "paediatric",
    "label": "Children",
    "when": {"age_below": 16},
    "pool": "local",
    "only_interested": True,
}


def test_a_policy_that_routes_to_nobody_is_refused_with_the_example(world):
    manager = a_manager(world)
    with pytest.raises(Invalid) as refused:
        save(world, manager, preferences=[CHILDREN])
    assert refused.value.sentence == (
        "Not saved, because somebody would wait in vain. A routine referral (Children) "
        "for somebody aged 15 would go to General Hospital, where nobody may answer "
        "it: no specialist there takes “Children”."
    )
    takes(world, world.local, "paediatric")
    assert save(world, manager, preferences=[CHILDREN]) == 2


def test_a_condition_on_a_place_that_does_not_exist_is_refused(world):
    wrong = {"code": "x", "label": "X", "when": {"sites": ["moon"]}}
    with pytest.raises(Invalid, match="“X” asks for “moon”"):
        save(world, a_manager(world), preferences=[wrong])


def test_a_form_filled_with_a_policy_gives_the_same_policy():
    policy = reference.contracts()["joint"].routing
    entered = Entered(
        first=policy.first,
        daily_number=policy.daily_number,
        weekdays=policy.rota.weekdays,
        longer_than=policy.overflow.longer_than,
        oldest_over_hours=policy.overflow.oldest_over_hours,
        fallback_after_hours=list(policy.fallback_after_hours.items()),
        rows=rows_of(policy),
        source=policy.source,
    )
    assert entered.policy() == policy


@pytest.mark.parametrize(
    ("entered", "sentence"),
    [
        ({"rows": [Row()]}, "Name each sub-specialty"),
        ({"rows": [Row(label="Hair")]}, "Say which referrals are “Hair”"),
        ({"rows": [Row(label="9", age_below=9)]}, "begins with a letter"),
        ({"rows": [Row(label="Hair", question="risks")]}, "Choose the answers"),
        (
            {"rows": [Row(label="Hair", age_below=9), Row(label="hair", age_below=8)]},
            "Two rows name the same",
        ),
        ({"begins": NOW.time(), "ends": NOW.time()}, "Duty ends after it begins"),
    ],
)
def test_what_is_entered_wrongly_is_said_in_a_sentence(entered, sentence):
    with pytest.raises(Invalid, match=sentence):
        Entered(first=Pool.LOCAL, **entered).policy()


def test_hours_without_days_mean_every_day():
    policy = Entered(first=Pool.LOCAL, begins=NOW.time()).policy()
    assert policy.rota.weekdays == tuple(Weekday)


def test_empty_fields_set_no_limit():
    policy = Entered(
        first=Pool.LOCAL, fallback_after_hours=[(Priority.URGENT, None)]
    ).policy()
    assert policy.model_dump(exclude={"source"}) == RoutingPolicy().model_dump(
        exclude={"source"}
    )


def test_a_name_becomes_a_code():
    assert code_of("Hair and scalp") == "hair_and_scalp"
