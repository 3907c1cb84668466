"""What the planner reads: weeks, sites, staff, patterns and gaps; and nobody else."""

from datetime import date, timedelta

import pytest

from core.clinics.actions import patterns, sessions, sites
from core.clinics.presenters import set_up, weeks
from core.kernel import clock
from core.kernel.errors import NotAllowed
from core.worker import Daily
from tests.clinics.booked import book
from tests.clinics.house import NEXT_MONDAY, build_house
from tests.world import NOW, TO_BE_SEEN, an_answered_referral


MONDAY = date(2026, 11, 23)
READS = [
    (weeks.services, ()),
    (weeks.week, (MONDAY,)),
    (set_up.sites, ()),
    (set_up.staff, ()),
    (set_up.procedures, ()),
    (set_up.equipment, ()),
    (set_up.lacking, ()),
    (set_up.patterns, ()),
]


@pytest.fixture
def house(world):
    return build_house(world)


def seen(house, what, *more, scope=None):
    service = () if what is weeks.services else (house.service,)
    with clock.set_to(NOW), house.world.store.reading() as session:
        return what(session, scope or house.manager.scope, *service, *more)


@pytest.mark.parametrize(
    ("what", "more"), READS, ids=[what.__name__ for what, _ in READS]
)
def test_nobody_but_a_manager_reads_the_calendar(house, what, more):
    seen(house, what, *more)
    for who in ("gp", "consultant", "local", "commissioner"):
        with pytest.raises(NotAllowed):
            seen(house, what, *more, scope=getattr(house.world, who).scope)


def test_a_week_counts_minutes_booked_and_free(house):
    row = house.add(template=[[40, 6]])
    with clock.set_to(NOW):
        book(house.world, an_answered_referral(house.world, TO_BE_SEEN), row.id)
    (shown,) = seen(house, weeks.week, MONDAY)
    assert (shown.booked, shown.free, shown.template) == (40, 200, "6×40")
    assert (shown.hours, shown.site, shown.room) == (
        "09:00–13:00",
        "Northmoor General",
        "Room 1",
    )
    house.do(sessions.cancel_session, session_id=row.id, reason="Ill")
    (shown,) = seen(house, weeks.week, MONDAY)
    assert (shown.booked, shown.free, shown.cancelled) == (0, 0, "Ill")


def test_a_week_is_londons_monday_to_sunday_and_one_services(house):
    for days in (-1, 0, 6, 7):
        house.add(begins_at=NEXT_MONDAY + timedelta(days=days), minutes=60)
    found = [one.day for one in seen(house, weeks.week, MONDAY)]
    assert found == [MONDAY, MONDAY + timedelta(days=6)]
    with clock.set_to(NOW), house.world.store.reading() as session:
        other = house.world.local.organisation_id
        assert weeks.week(session, house.manager.scope, other, MONDAY) == []


def test_what_nobody_may_do_and_no_room_is_equipped_for_is_said(house):
    nobody, nowhere = seen(house, set_up.lacking)
    assert "Curettage or shave" in nobody
    assert "Consultation" not in nobody
    assert "Cryotherapy" in nowhere
    house.do(
        sites.keep_room,
        site_id=house.site,
        name="Treatment room",
        stands_there=["liquid_nitrogen"],
    )
    _, nowhere = seen(house, set_up.lacking)
    assert "Cryotherapy" not in nowhere
    house.do(sites.close_site, site_id=house.site)
    assert len(seen(house, set_up.lacking)) == 1


def test_a_service_that_has_not_begun_is_not_reproached(house):
    with clock.set_to(NOW), house.world.store.reading() as session:
        other = house.world.local.organisation_id
        assert set_up.lacking(session, house.manager.scope, other) == []


def test_staff_come_first_who_hold_clinics_and_then_who_could(house):
    found = seen(house, set_up.staff)
    assert [one.name for one in found if one.staff_id] == [
        "Dr Colin Reid",
        "Dr Gill Wer",
        "Funmi Adeyemi",
    ]
    assert [one.name for one in found if not one.staff_id] == ["Dr Cora Lee"]
    assert found[0].says == "Consultation, Excision"


def test_a_pattern_is_said_in_words_with_its_days_to_come(house):
    house.do(
        patterns.add_pattern,
        planned=house.pattern(every_weeks=2, template=[[20, 12]]),
    )
    (row,) = seen(house, set_up.patterns)
    assert row.title == "Dr Colin Reid, Monday 09:00"
    assert row.says == (
        "Every 2 weeks, 240 minutes, Northmoor General, Room 1, from Wed 18 Nov 2026, "
        "divided into 12×20."
    )
    day = row.days[1]
    assert row.days[:2] == [MONDAY, MONDAY + timedelta(days=14)]
    house.do(patterns.except_day, pattern_id=row.id, day=day, reason="Training")
    (row,) = seen(house, set_up.patterns)
    assert day not in row.days
    assert row.left_out == ["Mon 7 Dec 2026: Training"]


def test_a_daily_chore_is_done_once_a_day_and_again_after_a_failure():
    done, fails = [], [True]

    def chore():
        if fails.pop() if fails else False:
            raise ValueError("no")
        done.append(clock.today())

    daily = Daily(chore)
    with clock.set_to(NOW):
        with pytest.raises(ValueError, match="no"):
            daily()
        for _ in range(3):
            daily()
    with clock.set_to(NOW + timedelta(days=1)):
        daily()
    assert done == [NOW.date(), NOW.date() + timedelta(days=1)]
