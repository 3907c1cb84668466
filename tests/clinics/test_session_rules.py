"""Quarters, templates, the days of a pattern, and who may do what."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.access.model import Grade
from core.clinics import rules
from core.kernel.errors import Invalid
from core.specialties.reference import specialty


PROCEDURES = specialty("dermatology").procedures
days = st.dates(date(2024, 1, 1), date(2030, 1, 1))
templates = st.lists(
    st.tuples(st.integers(1, 24).map(lambda steps: steps * 5), st.integers(1, 40)),
    max_size=5,
).map(lambda parts: [list(part) for part in parts])


def refused(what, *args, **facts):
    with pytest.raises(Invalid) as problem:
        what(*args, **facts)
    return problem.value.sentence


@given(st.integers(0, 10**6), st.integers(1, 48))
def test_a_session_takes_each_of_its_quarters_once(start, count):
    begins = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=15 * start)
    minutes = 15 * count
    taken = rules.quarters(begins, minutes)
    assert len(taken) == count
    after = rules.quarters(begins + timedelta(minutes=minutes), 15)
    assert taken[-1] + 1 == after[0]
    before = rules.quarters(begins - timedelta(minutes=15), 15)
    assert before[0] + 1 == taken[0]


@pytest.mark.parametrize("begins", [time(9, 5), time(9, 0, 30), time(23, 59)])
def test_a_session_begins_on_the_quarter(begins):
    assert "quarter hour" in refused(rules.refuse_times, begins, 60)


@pytest.mark.parametrize("minutes", [-15, 0, 10, 50, 735, 1440])
def test_a_session_lasts_whole_quarters_up_to_twelve_hours(minutes):
    said = refused(rules.refuse_times, time(9, 0), minutes)
    assert "from 15 minutes to 12 hours" in said
    rules.refuse_times(time(9, 0), 15)
    rules.refuse_times(time(9, 0), 720)


def test_a_session_ends_on_its_day():
    rules.refuse_times(time(22, 0), 120)
    assert "ends on the day" in refused(rules.refuse_times, time(22, 0), 135)


@given(days, st.times(time(4, 0)).map(lambda one: one.replace(second=0, microsecond=0)))
def test_a_time_is_londons_whatever_the_season(day, begins):
    moment = rules.moment_of(day, begins)
    assert moment.astimezone(rules.LONDON).date() == day
    assert moment.astimezone(rules.LONDON).time() == begins


def test_an_hour_that_the_clocks_skip_is_refused_and_one_that_comes_twice_is_the_first():
    said = refused(rules.moment_of, date(2027, 3, 28), time(1, 15))
    assert said.startswith("The clocks go forward on Sun 28 Mar 2027 and skip 01:15.")
    twice = rules.moment_of(date(2026, 10, 25), time(1, 15))
    assert twice == datetime(2026, 10, 25, 0, 15, tzinfo=UTC)


@given(templates)
def test_a_template_is_read_as_it_is_written(template):
    assert rules.template_of(rules.template_in_words(template)) == template


@pytest.mark.parametrize("text", ["6×20, 2×40", "6x20;2*40", " 6 X 20 + 2 × 40 ,"])
def test_a_template_may_be_typed_in_several_ways(text):
    assert rules.template_of(text) == [[20, 6], [40, 2]]


@pytest.mark.parametrize("text", ["six of 20", "6×", "0×20", "6×0", "6×7", "6×20 2×40"])
def test_what_is_no_template_is_refused_with_the_piece_that_is_wrong(text):
    assert f"“{text.strip()}” is not" in refused(rules.template_of, text)


def test_a_template_fits_into_its_session_or_is_refused_in_numbers():
    rules.refuse_template([[20, 6], [40, 2]], 200)
    said = refused(rules.refuse_template, [[20, 6], [40, 2]], 195)
    assert "6×20, 2×40 fills 200 minutes, but the session has 195" in said


@given(
    st.integers(0, 6),
    st.sampled_from(rules.EVERY_WEEKS),
    days,
    st.integers(0, 400),
    st.integers(-60, 400),
    st.integers(0, 400),
)
def test_a_patterns_days_do_not_depend_on_where_one_begins_to_look(
    weekday, every, from_day, lasts, offset, length
):
    first = from_day + timedelta(days=offset)
    last, until = first + timedelta(days=length), from_day + timedelta(days=lasts)
    found = list(
        rules.pattern_days(
            weekday=weekday,
            every_weeks=every,
            from_day=from_day,
            until_day=until,
            first=first,
            last=last,
        )
    )
    # Day by day: the weekday's first day from the beginning on is of the first week.
    slow, week = [], None
    for ahead in range((until - from_day).days + 1):
        day = from_day + timedelta(days=ahead)
        if day.weekday() != weekday:
            continue
        week = 0 if week is None else week + 1
        if week % every == 0 and first <= day <= last:
            slow.append(day)
    assert found == slow


def test_a_higher_grade_may_do_what_a_lower_one_may():
    for number, lowest in enumerate(Grade):
        allowed = [grade for grade in Grade if rules.may_do(grade, lowest)]
        assert allowed == list(Grade)[: number + 1]
        assert not rules.may_do(None, lowest)


@pytest.mark.parametrize("procedure", PROCEDURES, ids=lambda one: one.code)
def test_nobody_is_competent_beyond_their_grade(procedure):
    for grade in Grade:
        if rules.may_do(grade, Grade(procedure.lowest_grade)):
            rules.refuse_competencies("X", grade, [procedure.code], PROCEDURES)
            continue
        said = refused(
            rules.refuse_competencies, "Ada", grade, [procedure.code], PROCEDURES
        )
        assert procedure.label in said
        assert f"the grade of Ada is “{grade.label}”" in said


def test_no_grade_and_no_such_procedure_are_said():
    said = refused(rules.refuse_competencies, "Ada", None, ["consultation"], PROCEDURES)
    assert "the grade of Ada is not on record" in said
    said = refused(
        rules.refuse_competencies, "Ada", Grade.CONSULTANT, ["juggling"], PROCEDURES
    )
    assert "no procedure “juggling”" in said


def test_a_reason_is_asked_for_and_kept_short():
    assert rules.refuse_reason("  Room   flooded ") == "Room flooded"
    assert "Say why" in refused(rules.refuse_reason, "  ")
    assert "at most 200" in refused(rules.refuse_reason, "x" * 201)
