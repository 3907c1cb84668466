"""Times, ages and lengths, the way they are said."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel import words


LEAP = date(2004, 2, 29)


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        (LEAP, date(2022, 2, 28), 17),
        # In England someone born on 29 February is a year older on 1 March.
        (LEAP, date(2022, 3, 1), 18),
        (LEAP, date(2024, 2, 28), 19),
        (LEAP, date(2024, 2, 29), 20),
        (date(1956, 4, 3), date(2026, 4, 2), 69),
        (date(1956, 4, 3), date(2026, 4, 3), 70),
        (date(2026, 11, 18), date(2026, 11, 18), 0),
    ],
)
def test_ages_are_completed_years(born, on, years):
    assert words.age(born, on) == years


@given(st.dates(date(1900, 1, 1), date(2030, 1, 1)), st.integers(0, 45_000))
def test_an_age_grows_by_one_each_birthday(born, days):
    on = born + timedelta(days=days)
    birthdays = sum(
        (year, born.month, born.day) <= (on.year, on.month, on.day)
        for year in range(born.year + 1, on.year + 1)
    )
    assert words.age(born, on) == birthdays


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-5, "0 s"),
        (0.9, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (250, "4 min 10 s"),
        (3_599, "59 min 59 s"),
        (3_600, "1 h"),
        (12_000, "3 h 20 min"),
        (86_399, "23 h 59 min"),
        (86_400, "1 d"),
        (97_200, "1 d 3 h"),
    ],
)
def test_a_length_has_its_two_largest_units(seconds, said):
    assert words.length(seconds) == said


def test_time_left_turns_into_time_late():
    now = datetime(2026, 11, 18, 10, tzinfo=UTC)
    assert words.time_left(now + timedelta(minutes=200), now) == "3 h 20 min left"
    assert words.time_left(now, now) == "0 s left"
    assert words.time_left(now - timedelta(minutes=65), now) == "1 h 5 min late"


def test_moments_are_told_on_londons_clock():
    summer_night = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert words.moment_in_words(summer_night) == "Thu 2 Jul 2026, 00:30"
    assert words.day(date(2026, 11, 3)) == "Tue 3 Nov 2026"
    assert words.date_of_birth(date(1956, 4, 3)) == "03-Apr-1956"


def test_one_is_not_many():
    assert words.plural(1, "image") == "1 image"
    assert words.plural(0, "image") == "0 images"
    assert words.plural(2, "diagnosis", "diagnoses") == "2 diagnoses"
