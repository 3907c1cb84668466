"""Who waits for a clinic, the soonest first."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.kernel import clock
from core.kernel.ids import new_id
from core.reviews.actions import answering
from core.reviews.presenters.clinic_list import waiting_for_clinic
from tests.world import (
    NOW,
    OPINION,
    URGENT,
    a_name,
    a_patient,
    an_answered_referral,
    letters,
)


@pytest.fixture(autouse=True)
def _at_ten():
    with clock.set_to(NOW):
        yield


def to_clinic(see_by, outcome="community_clinic"):
    return replace(URGENT, outcome=outcome, need=replace(URGENT.need, see_by=see_by))


def listed(world, who, **more):
    with world.store.reading() as session:
        return waiting_for_clinic(session, who.scope, **more)


def someone(world, opinion):
    patient = a_patient(world, "", family_name=a_name())
    return an_answered_referral(world, opinion, patient)


def test_whoever_has_to_be_seen_soonest_comes_first(world):
    later = someone(world, to_clinic(date(2027, 1, 4)))
    sooner = someone(world, to_clinic(date(2026, 12, 1), "direct_procedure"))
    rows, total = listed(world, world.local)
    assert ([row.referral_id for row in rows], total) == ([sooner, later], 2)
    first = rows[0]
    assert (first.procedure, first.complexity) == ("Excision", "Simple")
    assert (first.lowest_grade, first.minutes) == ("Consultant", 40)
    assert (first.practice, first.see_by) == ("Elm Practice", "Tue 1 Dec 2026")
    assert not first.late
    with clock.set_to(NOW + timedelta(days=20)):
        assert listed(world, world.local)[0][0].late


def test_hospitals_advice_and_what_was_amended_are_not_on_it(world):
    someone(world, URGENT)
    someone(world, OPINION)
    referral_id = someone(world, to_clinic(date(2027, 1, 4)))
    assert listed(world, world.gp)[1] == 1
    with world.store.transaction() as session:
        answering.amend(
            session,
            by=world.consultant,
            referral_id=referral_id,
            opinion_id=new_id(),
            opinion=OPINION,
            letters=letters(session, world.consultant, referral_id),
        )
    assert listed(world, world.gp) == ([], 0)


@pytest.mark.parametrize("who", ["other_gp", "stranger", "commissioner"])
def test_nobody_sees_another_organisations_list(world, who):
    someone(world, to_clinic(date(2027, 1, 4)))
    assert listed(world, getattr(world, who)) == ([], 0)


def test_a_page_at_a_time(world):
    someone(world, to_clinic(date(2027, 1, 4)))
    assert listed(world, world.local, page=1) == ([], 1)
