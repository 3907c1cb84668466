"""Sites, rooms and clinic staff: what is kept, and what is refused in words."""

from datetime import date

import pytest
import sqlalchemy as sa

from core.access.model import Grade, Role
from core.clinics import staffing
from core.clinics.actions import patterns, sessions, sites, staff
from core.clinics.tables import Room, Site
from core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.clinics.house import a_member, build_house


@pytest.fixture
def house(world):
    return build_house(world)


def keep_site(house, **changes):
    facts = {
        "organisation_id": house.service,
        "name": "Castlegate",
        "address": "3 Castle Gate",
        "east_km": 436.5,
        "north_km": 324.0,
    }
    return house.do(sites.keep_site, **{**facts, **changes})


def keep_room(house, **changes):
    facts = {"site_id": house.site, "name": "Room 3", "stands_there": []}
    return house.do(sites.keep_room, **{**facts, **changes})


def keep_staff(house, **changes):
    facts = {
        "organisation_id": house.service,
        "person_id": house.nurse,
        "competencies": ["curettage"],
    }
    return house.do(staff.keep_staff, **{**facts, **changes})


def test_a_site_is_added_and_changed(house):
    made = keep_site(house, name=" Castle  Gate ")
    assert (made.name, made.organisation_id) == ("Castle Gate", house.service)
    changed = keep_site(house, site_id=made.id, name="Castlegate", east_km=436.6)
    assert (changed.id, changed.name, changed.east_km) == (made.id, "Castlegate", 436.6)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "site"),
        ({"name": "x" * 201}, "site"),
        ({"address": ""}, "address"),
        ({"east_km": None}, "east"),
        ({"east_km": float("nan")}, "east"),
        ({"north_km": 1301.0}, "north"),
    ],
)
def test_a_site_needs_a_name_an_address_and_a_position(house, changes, field):
    with pytest.raises(Invalid) as problem:
        keep_site(house, **changes)
    assert problem.value.field == field


def test_two_sites_of_a_service_have_two_names(house):
    with pytest.raises(Conflict, match="There is a site “Moorside Clinic” already"):
        keep_site(house, name="Moorside Clinic")
    keep_site(
        house,
        name="Moorside Clinic",
        organisation_id=house.world.local.organisation_id,
    )
    with pytest.raises(Conflict):
        keep_site(house, site_id=house.site, name="Moorside Clinic")
    keep_site(house, site_id=house.site, name="Northmoor General")


def test_sites_belong_to_specialist_services(house):
    with pytest.raises(NotFound, match="no such specialist service"):
        keep_site(house, organisation_id=house.world.gp.organisation_id)


def test_a_room_has_equipment_of_the_specialty(house):
    made = keep_room(house, stands_there=["liquid_nitrogen", "dermatoscope"])
    assert made.equipment == ["dermatoscope", "liquid_nitrogen"]
    changed = keep_room(house, room_id=made.id, name="Room 3", stands_there=[])
    assert (changed.id, changed.equipment) == (made.id, [])
    with pytest.raises(Invalid, match="no equipment “laser”"):
        keep_room(house, name="Room 4", stands_there=["laser"])
    with pytest.raises(Invalid, match="at most 80 characters"):
        keep_room(house, name="")
    with pytest.raises(Conflict, match="has a room “Room 3” already"):
        keep_room(house)


def test_what_is_in_use_is_not_closed(house):
    row = house.add()
    said = "1 session is still to come, the next on Mon 23 Nov 2026, 09:00"
    with pytest.raises(Conflict, match=said):
        house.do(sites.close_site, site_id=house.site)
    with pytest.raises(Conflict, match=said):
        house.do(sites.close_room, room_id=house.room)
    house.do(sites.close_room, room_id=house.other_room)
    house.do(sessions.cancel_session, session_id=row.id, reason="Moved")
    house.do(sites.close_site, site_id=house.site)


def test_what_a_pattern_uses_is_not_closed(house):
    day = date(2027, 6, 1)
    house.do(patterns.add_pattern, planned=house.pattern(from_day=day))
    assert house.rows() == []
    with pytest.raises(Conflict, match="a pattern still makes sessions"):
        house.do(sites.close_site, site_id=house.site)


def test_staff_are_kept_with_what_they_are_competent_in(house):
    kept = keep_staff(house, competencies=["curettage", "cryotherapy"])
    # In the specialty's order, whatever the order of choosing.
    assert kept.procedures == ["cryotherapy", "curettage"]
    assert keep_staff(house, competencies=[]).id == kept.id


def test_competencies_beyond_the_grade_are_refused_in_words(house):
    with pytest.raises(Invalid) as problem:
        keep_staff(house, competencies=["curettage", "excision"])
    assert problem.value.sentence == (
        "Excision needs the grade “GP with extended role” or a higher one; the grade "
        "of Funmi Adeyemi is “Specialist nurse”. Leave it out."
    )


@pytest.mark.parametrize("who", ["local", "gp", "commissioner", None])
def test_only_people_of_the_service_hold_its_clinics(house, who):
    person = who and getattr(house.world, who).person_id
    with pytest.raises(
        Invalid, match="Choose somebody who works for Ozone Specialists"
    ):
        keep_staff(house, person_id=person)


def test_staff_end_when_nothing_of_theirs_is_to_come(house):
    (row,) = [one for one in _staff(house) if one.person_id == house.nurse]
    session = house.add(person_id=house.nurse)
    with pytest.raises(Conflict, match="Funmi Adeyemi: 1 session is still to come"):
        house.do(staff.end_staff, staff_id=row.id)
    house.do(sessions.cancel_session, session_id=session.id, reason="Leaves")
    house.do(staff.end_staff, staff_id=row.id)
    assert house.nurse not in {one.person_id for one in _staff(house)}
    with pytest.raises(NotFound):
        house.do(staff.end_staff, staff_id=row.id)
    assert keep_staff(house).id == row.id
    assert house.nurse in {one.person_id for one in _staff(house)}


def _staff(house):
    with house.world.store.reading() as session:
        return [row for row, _ in staffing.clinic_staff(session, house.service)]


def test_somebody_new_at_the_service_can_be_chosen(house):
    person = a_member(house.world, "Jo New", Role.CLINIC_STAFF, Grade.SPECIALIST_NURSE)
    assert keep_staff(house, person_id=person).person_id == person


def test_only_a_service_manager_keeps_sites_and_staff(house):
    for keep in (keep_site, keep_room, keep_staff):
        with pytest.raises(NotAllowed):
            keep(house, by=house.world.consultant)
    assert len(house.all(sa.select(Site))) == len(house.all(sa.select(Room))) == 2
