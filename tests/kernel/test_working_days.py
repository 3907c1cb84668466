"""When an answer is due, on London's clock."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.contracts.reference import bank_holidays
from core.kernel.clock import LONDON
from core.kernel.working_days import due_at, is_working_day, next_working_day


CLOSES = time(18, 30)


def london(text):
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        # Wednesday morning: today is day 0.
        ("2026-11-18T10:00", 2, "2026-11-20T18:30"),
        ("2026-11-18T10:00", 0, "2026-11-18T18:30"),
        # A minute before closing, at closing, after closing.
        ("2026-11-18T18:29", 0, "2026-11-18T18:30"),
        ("2026-11-18T18:30", 0, "2026-11-19T18:30"),
        ("2026-11-18T23:59", 0, "2026-11-19T18:30"),
        # Friday 19:00 counts from Monday.
        ("2026-11-20T19:00", 0, "2026-11-23T18:30"),
        ("2026-11-20T19:00", 2, "2026-11-25T18:30"),
        # Saturday, Sunday.
        ("2026-11-21T09:00", 1, "2026-11-24T18:30"),
        ("2026-11-22T23:00", 1, "2026-11-24T18:30"),
        # Christmas Eve 2026, a Thursday: Friday is Christmas, Monday its substitute.
        ("2026-12-24T12:00", 1, "2026-12-29T18:30"),
        ("2026-12-24T19:00", 0, "2026-12-29T18:30"),
        # Maundy Thursday 2026 before a Good Friday and an Easter Monday.
        ("2026-04-02T19:00", 1, "2026-04-08T18:30"),
        # Over both changes of the clock: half past six stays half past six.
        ("2026-03-27T12:00", 1, "2026-03-30T18:30"),
        ("2026-10-23T12:00", 1, "2026-10-26T18:30"),
        # Around midnight in summer, London's day is not UTC's.
        ("2026-07-01T00:30", 0, "2026-07-01T18:30"),
    ],
)
def test_due_times_counted_by_hand(received, days, due):
    assert due_at(london(received), days, CLOSES, bank_holidays()) == london(due)


def test_summer_and_winter_differ_by_an_hour_in_utc():
    summer = due_at(london("2026-07-01T09:00"), 0, CLOSES, ())
    winter = due_at(london("2026-11-18T09:00"), 0, CLOSES, ())
    assert (summer.hour, winter.hour) == (17, 18)
    assert summer.utcoffset() == timedelta(0)


MOMENTS = st.datetimes(
    datetime(2023, 1, 1),  # noqa: DTZ001  hypothesis adds the zone
    datetime(2027, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@given(MOMENTS, st.integers(0, 15))
def test_a_due_time_is_a_working_days_close_and_never_in_the_past(received, days):
    due = due_at(received, days, CLOSES, bank_holidays())
    local = due.astimezone(LONDON)
    assert local.time() == CLOSES
    assert is_working_day(local.date(), bank_holidays())
    assert due > received


@given(MOMENTS, st.integers(0, 15))
def test_a_slow_count_of_the_days_between_agrees(received, days):
    local = received.astimezone(LONDON)
    first = local.date() + timedelta(days=local.time() >= CLOSES)
    last = due_at(received, days, CLOSES, bank_holidays()).astimezone(LONDON).date()
    span = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    worked = [day for day in span if is_working_day(day, bank_holidays())]
    assert len(worked) == days + 1
    assert worked[-1] == last


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=5)), st.integers(0, 5))
def test_whoever_comes_later_is_never_due_earlier(received, wait, days):
    holidays = bank_holidays()
    early = due_at(received, days, CLOSES, holidays)
    assert early <= due_at(received + wait, days, CLOSES, holidays)


def test_a_working_day_is_its_own_next_working_day():
    wednesday, saturday = date(2026, 11, 18), date(2026, 11, 21)
    assert next_working_day(wednesday, ()) == wednesday
    assert next_working_day(saturday, {date(2026, 11, 23)}) == date(2026, 11, 24)
