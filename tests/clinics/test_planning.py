"""From who waits and what is free to a plan that is kept, explained and booked."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from core.access.model import Grade
from core.clinics.actions.booking import accept
from core.clinics.actions.needs import Wishes, prefer
from core.clinics.actions.planning import keep_plan
from core.clinics.actions.sites import keep_room
from core.clinics.actions.staff import keep_staff
from core.clinics.gathering import gather, gather_booked
from core.clinics.inputs import Inputs, instance_of
from core.clinics.model import LineState, NeedState
from core.clinics.presenters.plans import newest, waiting_now
from core.clinics.presenters.whys import why
from core.clinics.proposing import propose
from core.clinics.tables import ClinicPlan, PlanLine
from core.kernel import clock
from core.kernel.errors import NotAllowed
from core.practices.tables import Practice
from core.reviews.model import Complexity, Need
from tests.clinics.booked import BEGINS
from tests.clinics.house import build_house
from tests.clinics.planned import a_need, state_of
from tests.world import NOW, TO_BE_SEEN


COMPLEX = replace(
    TO_BE_SEEN,
    need=Need("excision", Complexity.COMPLEX, Grade.CONSULTANT, date(2026, 12, 20), 40),
)
NUMBERS = ("9434765919", "9434765870", "9000000009", "9000000017")


@pytest.fixture
def house(world):
    """Excisions can be done, by a consultant and by a GP with an extended role."""
    found = build_house(world)
    for name in ("Room 1", "Room 2"):
        found.do(
            keep_room,
            site_id=found.site,
            name=name,
            stands_there=["dermatoscope", "minor_surgery", "electrosurgery"],
            room_id=found.room if name == "Room 1" else found.other_room,
        )
    for person in (world.consultant, world.gpwer):
        found.do(
            keep_staff,
            organisation_id=found.service,
            person_id=person.person_id,
            competencies=["consultation", "excision"],
        )
    with world.store.transaction() as session:
        for one in session.scalars(sa.select(Practice)):
            one.east_km, one.north_km = 430.0, 324.0
    return found


def gathered(house):
    with clock.set_to(NOW), house.world.store.reading() as session:
        return gather(session, house.manager.scope, specialty="dermatology")


def planned(house):
    proposal = propose(gathered(house))
    plan_id = house.do(keep_plan, proposal=proposal, seconds=0.5)
    return plan_id, proposal


def lines(world, plan_id):
    with world.store.reading() as session:
        return {
            one.need_id: one
            for one in session.scalars(
                sa.select(PlanLine).where(PlanLine.plan_id == plan_id)
            )
        }


def two_clinics(house):
    """A consultant and a GP with an extended role, on the same morning."""
    consultant = house.add(begins_at=BEGINS)
    gpwer = house.add(
        begins_at=BEGINS,
        person_id=house.world.gpwer.person_id,
        room_id=house.other_room,
    )
    return consultant, gpwer


def test_complicated_work_goes_to_the_consultant_and_simple_work_to_the_others(
    world, house
):
    consultant, gpwer = two_clinics(house)
    simple = a_need(world, NUMBERS[0])
    hard = a_need(world, NUMBERS[1], COMPLEX, given_name="Berta")
    plan_id, _ = planned(house)
    found = lines(world, plan_id)
    assert found[simple].session_id == gpwer.id
    assert found[hard].session_id == consultant.id


def test_the_same_inputs_give_the_same_plan_in_whatever_order_they_are_read(
    world, house
):
    two_clinics(house)
    for number, name in zip(NUMBERS[:3], ("Anna", "Berta", "Cora"), strict=True):
        a_need(world, number, given_name=name)
    _, proposal = planned(house)
    kept = Inputs.from_json(proposal.inputs.as_json())
    turned = replace(kept, needs=kept.needs[::-1], stretches=kept.stretches[::-1])
    assert turned.hash == kept.hash == proposal.inputs.hash
    again = {one.need.id: one for one in propose(turned).places}
    for one in proposal.places:
        other = again[one.need.id]
        assert one.stretch
        assert other.stretch
        places = [(each.stretch.id, each.first, each.cost) for each in (one, other)]
        assert places[0] == places[1]


def test_what_is_booked_is_taken_out_and_never_planned_over(world, house):
    two_clinics(house)
    first = a_need(world, NUMBERS[0])
    plan_id, _ = planned(house)
    (line,) = lines(world, plan_id).values()
    house.do(accept, plan_id=plan_id, line_ids=[line.id])
    assert state_of(world, first)[0] is NeedState.BOOKED
    a_need(world, NUMBERS[1], given_name="Berta")
    inputs = gathered(house)
    assert [one.id for one in inputs.needs if not one.expected] != [str(first)]
    free = {one.id: one.minutes for one in inputs.stretches}
    assert free[f"{line.session_id}:008"] == 200
    with clock.set_to(NOW), world.store.reading() as session:
        whole = gather_booked(session, house.manager.scope, specialty="dermatology")
    booked = [one.booked for one in whole.needs if one.booked]
    assert booked == [f"{line.session_id}:000"]


def test_routine_cases_are_booked_three_weeks_ahead_at_most(world, house):
    house.add(begins_at=BEGINS + timedelta(days=28))
    need = a_need(world)
    plan_id, _ = planned(house)
    line = lines(world, plan_id)[need]
    assert line.later
    done = house.do(accept, plan_id=plan_id, line_ids=[line.id])
    assert done.appointments == 0


def test_wishes_keep_a_patient_from_days_and_ways_that_do_not_suit(world, house):
    two_clinics(house)
    need = a_need(world)
    # The clinics are on a Wednesday, four kilometres away as the crow flies.
    for wishes, said in (
        (Wishes(weekdays=(0, 1)), "none on the days that suit"),
        (Wishes(farthest_km=5.0), "nobody competent as near as the patient needs"),
    ):
        house.do(prefer, by=world.gp, need_id=need, wishes=wishes)
        plan_id, _ = planned(house)
        line = lines(world, plan_id)[need]
        assert line.session_id is None
        assert line.gap == said


def test_a_preferred_specialist_weighs_as_much_as_the_policy_says(world, house):
    _, gpwer = two_clinics(house)
    need = a_need(world)
    house.do(prefer, by=world.gp, need_id=need, wishes=Wishes(own=True))
    plan_id, _ = planned(house)
    line = lines(world, plan_id)[need]
    # Forty minutes of a consultant cost £40 more than of the GP; the wish weighs £20.
    assert line.session_id == gpwer.id
    # Staff, 5.2 km by road, seven days of waiting, and the wish that is not met.
    assert line.cost_pence == 160 * 40 + 182 + 8 * 7 + 2000


def test_without_sessions_everyone_is_a_gap_and_nothing_breaks(world, house):
    need = a_need(world)
    plan_id, _ = planned(house)
    assert lines(world, plan_id)[need].gap == "no sessions"


def test_the_page_tells_references_and_never_names(world, house):
    two_clinics(house)
    need = a_need(world)
    plan_id, _ = planned(house)
    with clock.set_to(NOW), world.store.reading() as session:
        page = newest(session, house.manager.scope, "dermatology")
        explained = why(session, house.manager.scope, plan_id, need)
        counted = waiting_now(session, house.manager.scope, "dermatology")
    assert counted == {"waiting": 1, "late": 0, "booked": 0}
    (line,) = page.lines
    assert line.bookable
    assert line.state is LineState.PROPOSED
    assert line.grade == "GP with extended role"
    assert [one.chosen for one in explained.choices].count(True) == 1
    told = f"{page}{explained}"
    for name in ("SMITH", "Smith", "Anna"):
        assert name not in told


def test_nobody_but_a_manager_plans_or_sees_a_plan(world, house):
    two_clinics(house)
    a_need(world)
    proposal = propose(gathered(house))
    for stranger in (world.gp, world.consultant, world.commissioner):
        with pytest.raises(NotAllowed):
            house.do(keep_plan, by=stranger, proposal=proposal, seconds=1.0)
        with world.store.reading() as session:
            for read in (newest, waiting_now):
                with pytest.raises(NotAllowed):
                    read(session, stranger.scope, "dermatology")
            with pytest.raises(NotAllowed):
                gather(session, stranger.scope, specialty="dermatology")


def test_a_plan_keeps_what_it_was_made_from_and_no_person_in_it(world, house):
    two_clinics(house)
    a_need(world)
    plan_id, proposal = planned(house)
    with world.store.reading() as session:
        kept = session.get_one(ClinicPlan, plan_id)
    assert Inputs.from_json(kept.inputs).hash == kept.inputs_hash
    assert instance_of(Inputs.from_json(kept.inputs)).cases.ids
    for name in ("Smith", "Anna", "1956", "9434765919", "Reid"):
        assert name not in str(kept.inputs)
        assert name not in str(kept.figures)
    assert len(proposal.places) == 1
