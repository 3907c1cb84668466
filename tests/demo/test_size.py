"""The demo grows: more practices, more clinics, and every one of them in order."""

import math
from collections import Counter

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from core.access.model import Role
from core.access.tables import Membership, Organisation
from core.clinics import rules
from core.contracts.tables import ContractPractice
from core.demo import reference
from core.demo.clinics import busier
from core.demo.parameters import parameters
from core.demo.practices import practices
from core.demo.seeding import seed
from core.kernel import clock
from core.practices.tables import Practice
from core.referrals.tables import Referral
from tests.world import NOW


NAMED = reference.places().practices
TOLD = parameters().practices


def test_those_with_a_name_come_first_and_the_others_are_always_the_same():
    assert practices() == practices(3) == NAMED
    many = practices(120)
    assert many[: len(NAMED)] == NAMED
    assert practices(60) == many[:60]


def test_no_two_practices_share_a_name_or_a_code():
    all_there_are = practices(1700)
    assert len(all_there_are) == 1700
    for of in ("name", "ods", "code"):
        assert len({getattr(one, of) for one in all_there_are}) == 1700
    assert all(one.ods.startswith("Y9") and len(one.ods) == 6 for one in all_there_are)


def test_more_practices_than_names_are_refused():
    with pytest.raises(ValueError, match="name"):
        practices(2000)


def test_made_up_practices_are_of_every_kind_within_the_limits():
    found = practices(420)[len(NAMED) :]
    sizes = [one.patients for one in found]
    assert TOLD.smallest <= min(sizes) < 4000
    assert 14000 < max(sizes) <= TOLD.largest
    assert {one.decile for one in found} == set(range(1, 11))
    assert {one.contract for one in found} == set(reference.contracts())
    assert {one.rate for one in found} == {1.0}
    trained = sum(one.trained_after is not None for one in found) / len(found)
    assert abs(trained - TOLD.trained) < 0.06
    for one in found:
        assert 25 <= one.ethnicities["white"] <= 100
        assert 0 <= one.live_after <= TOLD.live_within_days


def test_fewer_are_white_where_people_are_poorer():
    found = practices(420)[len(NAMED) :]
    poor, rich = (
        [one.ethnicities["white"] for one in found if one.decile in deciles]
        for deciles in ((1, 2, 3), (8, 9, 10))
    )
    assert sum(poor) / len(poor) + 5 < sum(rich) / len(rich)


def test_made_up_practices_lie_where_their_services_hold_clinics():
    places = reference.places()
    for one in practices(220)[len(NAMED) :]:
        sites = [
            site for site in places.sites if site.service in places.pools[one.contract]
        ]
        nearest = min(
            math.hypot(site.east - one.east, site.north - one.north) for site in sites
        )
        assert nearest < 30


@given(st.floats(0.01, 40))
def test_busier_clinics_keep_the_rules_and_are_never_fewer(times):
    for entry in reference.patterns():
        busy = busier(entry, times)
        template = rules.template_of(busy.template)
        rules.refuse_template(template, busy.minutes)
        rules.refuse_times(busy.begins, busy.minutes)
        assert busy.every_weeks in rules.EVERY_WEEKS
        assert 0 <= busy.first_week < busy.every_weeks
        usual, now = (one.minutes / one.every_weeks for one in (entry, busy))
        assert now >= usual * 0.99
        if times <= 1:
            assert busy == entry


def test_nine_times_the_work_gets_about_nine_times_the_clinics():
    usual, now = (
        sum(one.minutes / one.every_weeks for one in found)
        for found in (
            reference.patterns(),
            [busier(one, 9) for one in reference.patterns()],
        )
    )
    assert 8 < now / usual < 10


def test_a_larger_demo_is_seeded_with_all_its_practices(
    sqlite_store, demo_settings, shelf
):
    with clock.set_to(NOW):
        seed(sqlite_store, demo_settings, referrals=300, practices=40, shelf=shelf)
    with sqlite_store.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Practice)) == 40
        contracts = session.scalars(sa.select(ContractPractice.practice_id)).all()
        assert len(set(contracts)) == len(contracts) == 40
        referring = Counter(session.scalars(sa.select(Referral.practice_id)))
        assert len(referring) > 30
        staffed = set(
            session.scalars(
                sa.select(Organisation.ods_code)
                .join(Membership, Membership.organisation_id == Organisation.id)
                .where(Membership.role == Role.GP)
            )
        )
    assert staffed == {one.ods for one in practices(40)}
