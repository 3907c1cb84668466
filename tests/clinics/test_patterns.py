"""Patterns laid out: weeks, exceptions, bank holidays, clashes, and their end."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa

from core.access.model import SYSTEM
from core.audit.tables import Audit
from core.clinics.actions import patterns, sessions, staff
from core.clinics.actions.laying_out import WEEKS_AHEAD
from core.clinics.model import SessionState
from core.clinics.tables import (
    ClinicSession,
    PatternException,
    Room,
    SessionHold,
    SessionPattern,
)
from core.kernel import clock
from core.kernel.clock import LONDON
from core.kernel.errors import Conflict, Invalid, NotAllowed
from tests.clinics.house import NEXT_MONDAY, build_house
from tests.world import NOW


OPEN = ClinicSession.state == SessionState.OPEN


@pytest.fixture
def house(world):
    return build_house(world)


def begun(house, *where):
    return [one.begins_at.astimezone(LONDON) for one in house.rows(*where)]


def add(house, **changes):
    return house.do(patterns.add_pattern, planned=house.pattern(**changes))


def the_pattern(house):
    (found,) = house.all(sa.select(SessionPattern))
    return found


def extend(house, until, at=NOW):
    with clock.set_to(at), house.world.store.transaction() as session:
        return patterns.extend(session, until)


def test_a_pattern_is_laid_out_twelve_weeks_ahead_without_bank_holidays(house):
    laid = add(house)
    found = begun(house)
    # Mondays from 23 November to 8 February but the one after Boxing Day.
    assert laid.made == len(found) == WEEKS_AHEAD - 1
    assert laid.skipped == []
    days = {one.date() for one in found}
    assert date(2026, 12, 28) not in days
    assert min(days) == date(2026, 11, 23)
    assert max(days) == date(2027, 2, 8)
    assert {one.time() for one in found} == {time(9, 0)}


def test_a_pattern_keeps_londons_time_across_the_change_of_clocks(house):
    add(house, from_day=date(2027, 3, 22), until_day=date(2027, 4, 5))
    extend(house, date(2027, 5, 1))
    (before, after) = house.rows()
    assert before.begins_at == datetime(2027, 3, 22, 9, 0, tzinfo=UTC)
    # Easter Monday, 29 March, is left out.
    assert after.begins_at == datetime(2027, 4, 5, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize("every", [2, 4])
def test_every_few_weeks_is_counted_from_the_first(house, every):
    add(house, every_weeks=every, template=[[20, 6]])
    found = begun(house)
    steps = {later - first for first, later in pairwise(found)}
    assert timedelta(weeks=every) in steps
    assert all(step % timedelta(weeks=every) == timedelta(0) for step in steps)
    assert all(one.template == [[20, 6]] for one in house.rows())


def test_laying_out_again_changes_nothing_and_a_later_day_adds_its_own(house):
    add(house)
    before = house.rows()
    assert extend(house, before[-1].begins_at.date()).made == 0
    assert [one.id for one in house.rows()] == [one.id for one in before]
    laid = extend(house, before[-1].begins_at.date() + timedelta(weeks=2))
    assert laid.made == 2
    assert len(house.all(sa.select(SessionHold))) == 32 * (len(before) + 2)
    (audit,) = house.all(sa.select(Audit).where(Audit.action == "extend_patterns"))
    assert (audit.person_id, audit.detail["made"]) == (SYSTEM.person_id, 2)


def test_a_cancelled_session_is_not_laid_out_again(house):
    add(house)
    first = house.rows()[0]
    house.do(sessions.cancel_session, session_id=first.id, reason="Ill")
    extend(house, date(2027, 1, 1))
    assert first.id not in {one.id for one in house.rows(OPEN)}
    assert first.begins_at not in {one.begins_at for one in house.rows(OPEN)}


def test_a_clash_is_left_out_and_said_and_the_other_weeks_are_made(house):
    house.add(begins_at=NEXT_MONDAY + timedelta(weeks=1, hours=2))
    laid = add(house)
    assert laid.made == WEEKS_AHEAD - 2
    (said,) = laid.skipped
    assert said.startswith("Mon 30 Nov 2026 is left out. Dr Colin Reid already holds")
    assert extend(house, date(2026, 12, 31)).skipped == [said]


def test_a_pattern_whose_place_is_gone_makes_no_sessions_and_says_so(house):
    add(house, until_day=date(2026, 12, 1))
    with house.world.store.transaction() as session:
        session.execute(sa.update(SessionPattern).values(until_day=date(2027, 6, 1)))
        session.execute(sa.update(Room).values(closed_at=NOW))
    laid = extend(house, date(2027, 1, 31))
    assert laid.made == 0
    (said,) = laid.skipped
    assert "A pattern of Dr Colin Reid makes no sessions. Room 1" in said


def test_todays_session_is_made_only_if_it_is_still_to_come(house):
    add(house, weekday=2, begins=time(9, 45), until_day=date(2026, 11, 18))
    assert house.rows() == []
    add(house, weekday=2, begins=time(10, 15), until_day=date(2026, 11, 18))
    assert len(house.rows()) == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"minutes": 50}, "whole quarters"),
        ({"begins": time(9, 10)}, "quarter hour"),
        ({"weekday": 7}, "Choose a weekday"),
        ({"every_weeks": 3}, "every week, every 2 or every 4"),
        ({"until_day": date(2026, 11, 1)}, "last day lies before the first"),
        (
            {"from_day": date(2026, 1, 1), "until_day": date(2026, 11, 17)},
            "The last day is past",
        ),
        ({"template": [[30, 9]]}, "fills 270 minutes"),
        ({"person_id": None}, "Choose who holds"),
    ],
)
def test_a_pattern_that_cannot_be_is_refused(house, changes, said):
    with pytest.raises(Invalid, match=said):
        add(house, **changes)
    assert house.all(sa.select(SessionPattern)) == []


def test_a_day_left_out_cancels_its_session_and_is_not_laid_out(house):
    add(house)
    pattern = the_pattern(house)
    laid = date(2026, 11, 30)
    ahead = date(2027, 3, 1)
    for day in (laid, ahead):
        house.do(
            patterns.except_day, pattern_id=pattern.id, day=day, reason="Training day"
        )
    (cancelled,) = house.rows(ClinicSession.state == SessionState.CANCELLED)
    assert cancelled.begins_at.date() == laid
    assert cancelled.cancelled_reason == "Training day"
    extend(house, date(2027, 3, 10))
    assert ahead not in {one.date() for one in begun(house)}
    assert date(2027, 3, 8) in {one.date() for one in begun(house)}
    with pytest.raises(Conflict, match="left out already"):
        house.do(patterns.except_day, pattern_id=pattern.id, day=ahead, reason="Again")


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 16), "past"),
        (date(2026, 11, 24), "no session on Tue 24 Nov 2026"),
    ],
)
def test_only_a_day_to_come_of_the_pattern_can_be_left_out(house, day, said):
    add(house)
    with pytest.raises(Invalid, match=said):
        house.do(
            patterns.except_day,
            pattern_id=the_pattern(house).id,
            day=day,
            reason="Training day",
        )


def test_an_exception_is_taken_back_with_its_session(house):
    add(house)
    day = date(2026, 11, 30)
    house.do(
        patterns.except_day, pattern_id=the_pattern(house).id, day=day, reason="Away"
    )
    (row,) = house.rows(ClinicSession.state == SessionState.CANCELLED)
    house.do(sessions.restore_session, session_id=row.id)
    assert house.all(sa.select(PatternException)) == []
    assert day in {one.date() for one in begun(house, OPEN)}


def test_an_ended_pattern_keeps_its_sessions_until_the_last_day_and_makes_none(house):
    add(house)
    pattern = the_pattern(house)
    end = {"pattern_id": pattern.id, "last_day": date(2026, 12, 7), "reason": "Retires"}
    count = house.do(patterns.end_pattern, **end)
    kept = {one.date() for one in begun(house, OPEN)}
    assert kept == {date(2026, 11, 23), date(2026, 11, 30), date(2026, 12, 7)}
    assert count == WEEKS_AHEAD - 1 - 3
    assert extend(house, date(2027, 6, 1)).made == 0
    with pytest.raises(Conflict, match="ended already"):
        house.do(patterns.end_pattern, **end)


def test_a_pattern_cannot_end_yesterday(house):
    add(house)
    with pytest.raises(Invalid, match="today or later"):
        house.do(
            patterns.end_pattern,
            pattern_id=the_pattern(house).id,
            last_day=date(2026, 11, 17),
            reason="Retires",
        )


def test_leave_cancels_sessions_and_leaves_out_the_days_of_patterns(house):
    add(house)
    single = house.add(begins_at=NEXT_MONDAY + timedelta(days=1), minutes=60)
    other = house.add(person_id=house.nurse, room_id=house.other_room)
    count = house.do(
        staff.take_leave,
        person_id=house.world.consultant.person_id,
        from_day=date(2026, 11, 23),
        until_day=date(2027, 3, 1),
        reason="Parental leave",
    )
    cancelled = house.rows(ClinicSession.state == SessionState.CANCELLED)
    assert count == len(cancelled) == WEEKS_AHEAD
    assert single.id in {one.id for one in cancelled}
    assert [one.id for one in house.rows(OPEN)] == [other.id]
    assert {one.cancelled_reason for one in cancelled} == {"Parental leave"}
    extend(house, date(2027, 3, 8))
    assert [one.date() for one in begun(house, OPEN)][1:] == [date(2027, 3, 8)]


def test_leave_of_a_day_ends_with_the_day_in_london(house):
    # 23:00 in London on the last day of summer time, and nine the next morning.
    late = house.add(begins_at=datetime(2027, 6, 30, 22, 0, tzinfo=UTC), minutes=60)
    house.add(begins_at=datetime(2027, 7, 1, 8, 0, tzinfo=UTC), minutes=60)
    house.do(
        staff.take_leave,
        person_id=late.person_id,
        from_day=date(2027, 6, 30),
        until_day=date(2027, 6, 30),
        reason="Course",
    )
    (gone,) = house.rows(ClinicSession.state == SessionState.CANCELLED)
    assert gone.id == late.id


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2026, 12, 2), date(2026, 12, 1), "last day lies before"),
        (date(2026, 11, 1), date(2026, 11, 17), "past"),
        (date(2026, 12, 1), date(2028, 1, 1), "longer than a year"),
    ],
)
def test_leave_that_cannot_be_is_refused(house, first, last, said):
    with pytest.raises(Invalid, match=said):
        house.do(
            staff.take_leave,
            person_id=house.nurse,
            from_day=first,
            until_day=last,
            reason="Leave",
        )


def test_only_a_service_manager_keeps_patterns_and_leave(house):
    add(house)
    pattern = the_pattern(house)
    facts = {"by": house.world.consultant, "reason": "No"}
    day = date(2026, 11, 30)
    with pytest.raises(NotAllowed):
        house.do(patterns.end_pattern, pattern_id=pattern.id, last_day=day, **facts)
    with pytest.raises(NotAllowed):
        house.do(patterns.except_day, pattern_id=pattern.id, day=day, **facts)
    with pytest.raises(NotAllowed):
        house.do(
            staff.take_leave,
            person_id=house.nurse,
            from_day=day,
            until_day=day,
            **facts,
        )
    with pytest.raises(NotAllowed):
        house.do(
            patterns.add_pattern, by=house.world.gp, planned=house.pattern(weekday=1)
        )
