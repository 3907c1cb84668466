"""The rules of routing, each by an example worked out by hand, and for any state."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.access.model import Grade
from core.contracts.checking import Answerer, goes_to_nobody, unknown_words
from core.contracts.model import Pool, Priority, ServiceModel, Terms
from core.contracts.policy import (
    Condition,
    Facts,
    Overflow,
    Preference,
    Rota,
    RoutingPolicy,
    Weekday,
)
from core.contracts.routing import Load, Pools, decide, fall_back, give_back, leaves_at
from core.contracts.words import RULES, sentences
from core.specialties.model import Condition as Answered
from core.specialties.reference import specialty
from tests.world import TERMS


POOLS = Pools({Pool.PARTNER: "Ozone Specialists", Pool.LOCAL: "Southvale General"})
OUTSOURCED = Pools(POOLS.names, ServiceModel.OUTSOURCED)
ONLY = Pools({Pool.LOCAL: "Southvale General"})
# A Wednesday, and the Saturday after it; London is on UTC in November.
WEDNESDAY = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
GROWN_UP = Facts(Priority.ROUTINE, 40, "lesion", frozenset({"chest"}))
WEEKDAYS = tuple(Weekday)[:5]
HAIR = Preference(
    code="hair", label="Hair", when=Condition(sites=("scalp",)), pool=Pool.PARTNER
)
CHILDREN = Preference(
    code="paediatric",
    label="Children",
    when=Condition(age_below=16),
    only_interested=True,
)


def decided(policy, pools=POOLS, facts=GROWN_UP, load=Load(), at=WEDNESDAY, off=()):  # noqa: B008
    found = decide(policy, pools, facts, load, at, off)
    return found.pool, found.rule, found.reason


def test_the_first_pool_comes_first():
    assert decided(RoutingPolicy()) == (
        Pool.LOCAL,
        "first_pool",
        "Southvale General comes first.",
    )


def test_an_outsourced_contract_is_answered_by_the_platform():
    assert decided(RoutingPolicy(first=Pool.LOCAL), OUTSOURCED) == (
        Pool.PARTNER,
        "outsourced",
        "The contract is outsourced: Ozone Specialists answers it.",
    )


def test_the_only_pool_gets_everything():
    assert decided(RoutingPolicy(first=Pool.PARTNER), ONLY) == (
        Pool.LOCAL,
        "only_pool",
        "Southvale General is the only service under the contract.",
    )


@pytest.mark.parametrize(
    ("today", "pool"), [(0, Pool.LOCAL), (5, Pool.LOCAL), (6, Pool.PARTNER)]
)
def test_the_first_pool_takes_its_daily_number_and_no_more(today, pool):
    policy = RoutingPolicy(daily_number=6)
    found = decided(policy, load=Load(today=today))
    assert found[0] is pool
    if pool is Pool.PARTNER:
        assert found[1:] == (
            "daily_number",
            "Southvale General has had its 6 for today. It goes to Ozone Specialists.",
        )


@pytest.mark.parametrize(("waiting", "pool"), [(30, Pool.LOCAL), (31, Pool.PARTNER)])
def test_a_list_longer_than_agreed_overflows(waiting, pool):
    policy = RoutingPolicy(overflow=Overflow(longer_than=30))
    found = decided(policy, load=Load(waiting=waiting))
    assert found[0] is pool
    if pool is Pool.PARTNER:
        assert found[1:] == (
            "overflow_queue",
            (
                "Southvale General holds more than the 30 cases agreed. "
                "It goes to Ozone Specialists."
            ),
        )


@pytest.mark.parametrize(
    ("minutes", "pool"), [(24 * 60, Pool.LOCAL), (24 * 60 + 1, Pool.PARTNER)]
)
def test_a_case_that_waits_too_long_overflows_the_next(minutes, pool):
    policy = RoutingPolicy(overflow=Overflow(oldest_over_hours=24))
    load = Load(waiting=1, oldest=WEDNESDAY - timedelta(minutes=minutes))
    found = decided(policy, load=load)
    assert found[0] is pool
    if pool is Pool.PARTNER:
        assert found[1] == "overflow_wait"
        assert "waited for more than 24 hours" in found[2]


@pytest.mark.parametrize(
    ("at", "pool"),
    [
        (WEDNESDAY, Pool.LOCAL),
        (SATURDAY, Pool.PARTNER),
        (datetime(2026, 11, 18, 8, 59, tzinfo=UTC), Pool.PARTNER),
        (datetime(2026, 11, 18, 9, 0, tzinfo=UTC), Pool.LOCAL),
        (datetime(2026, 11, 18, 17, 0, tzinfo=UTC), Pool.PARTNER),
        # In summer London is an hour ahead: 08:00 UTC is nine o'clock.
        (datetime(2026, 7, 15, 8, 0, tzinfo=UTC), Pool.LOCAL),
    ],
)
def test_the_rota_says_when_the_first_pool_is_on_duty(at, pool):
    rota = Rota(weekdays=WEEKDAYS, begins="09:00", ends="17:00")
    found = decided(RoutingPolicy(rota=rota), at=at)
    assert found[0] is pool
    assert (found[1] == "off_duty") == (pool is Pool.PARTNER)


def test_nobody_on_a_rota_works_on_a_bank_holiday():
    christmas = datetime(2026, 12, 25, 10, 0, tzinfo=UTC)
    policy = RoutingPolicy(rota=Rota(weekdays=tuple(Weekday)))
    assert decided(policy, at=christmas)[0] is Pool.LOCAL
    assert decided(policy, at=christmas, off={date(2026, 12, 25)})[0] is Pool.PARTNER


def test_a_sub_specialty_goes_to_its_own_pool_whatever_the_load():
    policy = RoutingPolicy(daily_number=0, preferences=(HAIR,))
    scalp = Facts(Priority.ROUTINE, 40, "lesion", frozenset({"scalp"}))
    found = decide(policy, POOLS, scalp, Load(), WEDNESDAY)
    assert (found.pool, found.rule, found.sub_specialty, found.restricted) == (
        Pool.PARTNER,
        "preference",
        "hair",
        False,
    )
    assert found.reason == "Hair goes to Ozone Specialists."


def test_a_sub_specialty_without_a_pool_goes_where_the_other_rules_say():
    policy = RoutingPolicy(preferences=(CHILDREN,))
    child = Facts(Priority.ROUTINE, 15)
    found = decide(policy, POOLS, child, Load(), WEDNESDAY)
    assert (found.pool, found.rule) == (Pool.LOCAL, "first_pool")
    assert (found.sub_specialty, found.restricted) == ("paediatric", True)
    assert found.reason.endswith("Only specialists who take children may answer it.")
    assert decide(policy, POOLS, GROWN_UP, Load(), WEDNESDAY).sub_specialty == ""


def test_the_first_sub_specialty_that_fits_counts():
    scalp_of_a_child = Facts(Priority.ROUTINE, 9, "lesion", frozenset({"scalp"}))
    for order in ((HAIR, CHILDREN), (CHILDREN, HAIR)):
        found = decide(
            RoutingPolicy(preferences=order), POOLS, scalp_of_a_child, Load(), WEDNESDAY
        )
        assert found.sub_specialty == order[0].code


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (Condition(age_below=40), False),
        (Condition(age_below=41), True),
        (Condition(age_at_least=40), True),
        (Condition(age_at_least=41), False),
        (Condition(priorities=(Priority.ROUTINE,)), True),
        (Condition(priorities=(Priority.URGENT,)), False),
        (Condition(problems=("rash", "lesion")), True),
        (Condition(problems=("rash",)), False),
        (Condition(sites=("scalp", "chest")), True),
        (Condition(sites=("scalp",)), False),
        (Condition(sites=("chest",), problems=("rash",)), False),
        (Condition(answers=(Answered(question="risks", any_of=("sunbeds",)),)), False),
    ],
)
def test_all_that_a_condition_names_must_hold(condition, holds):
    assert condition.holds(GROWN_UP) is holds


def test_a_condition_can_ask_for_an_answer_of_the_history():
    asks = Condition(
        answers=(Answered(question="risks", any_of=("immunosuppressed",)),)
    )
    risky = Facts(
        Priority.ROUTINE, 40, answers={"risks": ["sunburn", "immunosuppressed"]}
    )
    assert asks.holds(risky)
    assert not asks.holds(Facts(Priority.ROUTINE, 40, answers={"risks": ["sunburn"]}))


def test_what_waits_too_long_goes_to_the_other_pool_once():
    policy = RoutingPolicy(fallback_after_hours={Priority.ROUTINE: 48})
    first = decide(policy, POOLS, GROWN_UP, Load(), WEDNESDAY)
    leaves = leaves_at(policy, POOLS, first, Priority.ROUTINE, WEDNESDAY)
    assert leaves == datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    second = fall_back(policy, POOLS, first, Priority.ROUTINE)
    assert (second.pool, second.rule, second.reason) == (
        Pool.PARTNER,
        "fallback",
        (
            "Nobody at Southvale General took it within 48 hours. "
            "It goes to Ozone Specialists."
        ),
    )
    been = {first.pool}
    assert leaves_at(policy, POOLS, second, Priority.ROUTINE, leaves, been) is None


def test_nothing_falls_back_where_there_is_no_other_pool_or_no_limit():
    policy = RoutingPolicy(fallback_after_hours={Priority.ROUTINE: 48})
    for pools, priority in (
        (OUTSOURCED, Priority.ROUTINE),
        (ONLY, Priority.ROUTINE),
        (POOLS, Priority.URGENT),
    ):
        held = decide(policy, pools, GROWN_UP, Load(), WEDNESDAY)
        assert fall_back(policy, pools, held, priority) is None


def test_what_was_asked_about_goes_back_and_stays_kept():
    policy = RoutingPolicy(preferences=(CHILDREN,))
    held = decide(policy, POOLS, Facts(Priority.ROUTINE, 5), Load(), WEDNESDAY)
    back = give_back(POOLS, held, Pool.PARTNER)
    assert (back.pool, back.rule) == (Pool.PARTNER, "back_to_asker")
    assert (back.sub_specialty, back.restricted) == ("paediatric", True)
    assert (
        back.reason == "The practice has answered: it goes back to Ozone Specialists."
    )


# Any policy and any state.

conditions = st.builds(
    Condition,
    age_below=st.one_of(st.none(), st.integers(1, 100)),
    priorities=st.lists(st.sampled_from(Priority), unique=True, max_size=2).map(tuple),
    sites=st.just(("scalp",)),
)
preferences = st.lists(
    st.builds(
        Preference,
        code=st.sampled_from(["hair", "paediatric", "suspected_cancer"]),
        label=st.just("Some"),
        when=conditions,
        pool=st.one_of(st.none(), st.sampled_from(Pool)),
        only_interested=st.booleans(),
    ),
    unique_by=lambda one: one.code,
    max_size=3,
).map(tuple)
rotas = st.builds(
    Rota,
    weekdays=st.lists(st.sampled_from(Weekday), min_size=1, unique=True).map(tuple),
    begins=st.times(),
    ends=st.one_of(st.none(), st.times()),
)
policies = st.builds(
    RoutingPolicy,
    first=st.sampled_from(Pool),
    daily_number=st.one_of(st.none(), st.integers(0, 50)),
    rota=st.one_of(st.none(), rotas),
    overflow=st.builds(
        Overflow,
        longer_than=st.one_of(st.none(), st.integers(0, 50)),
        oldest_over_hours=st.one_of(st.none(), st.integers(1, 50)),
    ),
    preferences=preferences,
    fallback_after_hours=st.dictionaries(
        st.sampled_from(Priority), st.integers(1, 100), max_size=3
    ),
)
moments = st.datetimes(
    datetime(2025, 1, 1),  # noqa: DTZ001  the strategy adds the zone
    datetime(2027, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
facts_of_any = st.builds(
    Facts,
    priority=st.sampled_from(Priority),
    age=st.integers(0, 110),
    sites=st.frozensets(st.sampled_from(["scalp", "chest"])),
)
loads = st.builds(
    Load,
    today=st.integers(0, 60),
    waiting=st.integers(0, 60),
    oldest=st.one_of(st.none(), moments),
)
pools_of_any = st.sampled_from([POOLS, OUTSOURCED, ONLY])


@given(policies, pools_of_any, facts_of_any, loads, moments)
def test_any_state_leads_to_one_pool_of_the_contract(policy, pools, facts, load, at):
    found = decide(policy, pools, facts, load, at)
    assert found == decide(policy, pools, facts, load, at)
    assert found.pool in pools.names
    assert found.rule in RULES
    assert found.reason.endswith(".")
    kind = policy.preference(facts)
    assert found.sub_specialty == (kind.code if kind else "")
    assert found.restricted == bool(kind and kind.only_interested)


@given(policies)
def test_a_policy_is_the_same_when_it_was_stored(policy):
    stored = policy.model_dump(mode="json")
    assert RoutingPolicy.model_validate(stored) == policy


@given(policies, pools_of_any)
def test_any_policy_is_said_in_sentences(policy, pools):
    said = list(sentences(policy, pools, specialty("dermatology")))
    assert said
    assert all(one.endswith(".") and "None" not in one for one in said)


def test_a_policy_is_said_in_the_words_of_its_numbers():
    policy = RoutingPolicy(
        daily_number=6,
        rota=Rota(weekdays=WEEKDAYS[:2], begins="09:00", ends="17:30"),
        overflow=Overflow(longer_than=12, oldest_over_hours=30),
        preferences=(HAIR, CHILDREN),
        fallback_after_hours={Priority.URGENT: 24, Priority.ROUTINE: 72},
    )
    assert list(sentences(policy, POOLS, specialty("dermatology"))) == [
        "Hair (place scalp) goes to Ozone Specialists.",
        "Children (patients under 16): only specialists who take it may answer.",
        "Everything else goes to Southvale General first.",
        (
            "Southvale General is on duty on Monday and Tuesday, 09:00 to 17:30, not on "
            "bank holidays; at other times Ozone Specialists answers."
        ),
        "Southvale General takes up to 6 referrals a day.",
        (
            "When more than 12 cases wait at Southvale General, the next ones go to Ozone "
            "Specialists."
        ),
        "So they do when one has waited there for more than 30 hours.",
        (
            "What nobody has taken goes to the other service: urgent after 24 hours, "
            "routine after 72 hours. Nights and weekends count."
        ),
    ]


@pytest.mark.parametrize(
    "content",
    [
        {"daily_number": -1},
        {"fallback_after_hours": {"routine": 0}},
        {"preferences": [{"code": "hair", "label": "Hair", "when": {}}]},
        {"preferences": [HAIR.model_dump(), HAIR.model_dump()]},
        {"rota": {"weekdays": []}},
        {"unheard_of": 1},
    ],
)
def test_what_cannot_be_a_policy_is_refused(content):
    with pytest.raises(ValidationError):
        RoutingPolicy.model_validate(content)


# A policy that routes to nobody.

AGREED = Terms.model_validate(TERMS)


def staff(pool, grade, *interests):
    return Answerer(pool, grade, frozenset(interests))


EVERYBODY = [
    staff(Pool.PARTNER, Grade.CONSULTANT, "hair"),
    staff(Pool.LOCAL, Grade.CONSULTANT),
]


def nobody(policy, people=EVERYBODY, pools=POOLS):
    return goes_to_nobody(policy, pools, AGREED, people)


def test_a_policy_that_everybody_can_follow_has_no_example_against_it():
    assert nobody(RoutingPolicy(daily_number=3, preferences=(HAIR,))) == ""


def test_a_pool_without_anybody_is_found_behind_a_daily_number():
    people = [staff(Pool.LOCAL, Grade.CONSULTANT)]
    assert nobody(RoutingPolicy(), people) == ""
    found = nobody(RoutingPolicy(daily_number=3), people)
    assert found == (
        "A routine referral, once the other service has had its daily number, would go "
        "to Ozone Specialists, where nobody may answer it: it has no specialists."
    )


def test_a_pool_of_gps_with_an_extended_role_is_found_for_suspected_cancer():
    people = [staff(Pool.PARTNER, Grade.CONSULTANT), staff(Pool.LOCAL, Grade.GPWER)]
    assert nobody(RoutingPolicy(first=Pool.LOCAL), people) == (
        "A suspected cancer referral would go to Southvale General, where nobody may "
        "answer it: the contract keeps suspected cancer from those who work there (GP "
        "with extended role)."
    )


def test_a_rota_is_tried_on_each_weekday():
    people = [staff(Pool.PARTNER, Grade.GPWER), staff(Pool.LOCAL, Grade.CONSULTANT)]
    policy = RoutingPolicy(first=Pool.LOCAL, rota=Rota(weekdays=WEEKDAYS))
    found = nobody(policy, people)
    assert "A suspected cancer referral on a Saturday would go to Ozone" in found


def test_an_age_is_tried_on_both_sides():
    old = Preference(
        code="geriatric",
        label="Old age",
        when=Condition(age_at_least=90),
        only_interested=True,
    )
    found = nobody(RoutingPolicy(preferences=(old,)))
    assert "(Old age) for somebody aged 90 would go to Southvale General" in found
    assert "no specialist there takes “Old age”" in found


def test_interest_and_grade_are_asked_of_one_and_the_same_person():
    kept = Preference(
        code="suspected_cancer",
        label="Suspected cancer",
        when=Condition(priorities=(Priority.SUSPECTED_CANCER,)),
        only_interested=True,
    )
    people = [
        staff(Pool.LOCAL, Grade.CONSULTANT),
        staff(Pool.LOCAL, Grade.GPWER, "suspected_cancer"),
    ]
    found = nobody(RoutingPolicy(preferences=(kept,)), people)
    assert "from those who take it there (GP with extended role)." in found


def test_a_condition_on_what_the_specialty_has_not_is_named():
    ear = Preference(code="ear", label="Ears", when=Condition(sites=("cochlea",)))
    impossible = Preference(
        code="nobody", label="Nobody", when=Condition(age_at_least=9, age_below=9)
    )
    policy = RoutingPolicy(preferences=(ear, impossible))
    said = list(unknown_words(policy, specialty("dermatology")))
    assert said == [
        "“Ears” asks for “cochlea”, which Dermatology has not.",
        "“Nobody” is for nobody: no age is 9 or more and below 9.",
    ]
