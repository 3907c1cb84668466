"""Tables and calendars read: what they say, and what is wrong with them in words."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clinics.importing.calendar import read_calendar
from core.clinics.importing.table import read_table, write_table
from core.kernel.clock import LONDON
from core.kernel.errors import Invalid
from tests.clinics.files import GOOD, HEAD, calendar, event, table
from tests.world import NOW


def refused(what, *args):
    with pytest.raises(Invalid) as problem:
        what(*args)
    return problem.value.sentence


def only(entries):
    (entry,) = entries
    return entry


def problem_of(line, head=HEAD):
    return only(read_table(table(line, head=head))).problem


def in_calendar(*events, now=NOW):
    return read_calendar(calendar(*events), now)


def test_a_line_of_a_table_is_a_session():
    entry = only(read_table(table(GOOD)))
    assert entry.problem == ""
    assert entry.begins_at == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert (entry.minutes, entry.site, entry.room) == (
        240,
        "Northmoor General",
        "Room 1",
    )
    assert entry.names == ("Dr Colin Reid",)
    assert entry.template == [[20, 6]]


def test_a_table_of_a_spreadsheet_is_read_in_its_own_way():
    head = "\ufeffPerson;Site;Date;Begins;Ends"
    line = "Ann;Castlegate;23/06/2027;9:00;12:30"
    entry = only(read_table(f"{head}\r\n{line}\r\n\r\n;;;;\r\n".encode()))
    assert entry.begins_at == datetime(2027, 6, 23, 8, 0, tzinfo=UTC)
    assert (entry.minutes, entry.room, entry.template) == (210, "", [])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (GOOD.replace("2026-11-23", "23-11-26"), "“23-11-26” is no date"),
        (GOOD.replace("2026-11-23", "2026-02-30"), "“2026-02-30” is no date"),
        (GOOD.replace("09:00", "morning"), "“morning” is no time"),
        (GOOD.replace("240", "4 h"), "“4 h” is no number of minutes"),
        (GOOD.replace("240", "²"), "“²” is no number of minutes"),
        (GOOD.replace("6×20", "many"), "“many” is not a part of a template"),
        (GOOD + ",more", "more cells than columns"),
        (GOOD.replace("Room 1", "=1+1"), "“=1+1” looks like a formula"),
        (GOOD.replace("Dr Colin", "@Dr"), "looks like a formula"),
        (GOOD.replace("2026-11-23,09:00", "2027-03-28,01:30"), "clocks go forward"),
    ],
)
def test_what_is_wrong_with_a_line_is_said_and_the_others_are_read(line, said):
    wrong, right = read_table(table(line, GOOD))
    assert said in wrong.problem
    assert wrong.where == "Line 2"
    assert right.problem == ""


def test_a_table_without_its_columns_names_what_is_missing():
    said = refused(read_table, table(GOOD, head="date,begins,minutes,room,person"))
    assert said.endswith("Missing: site.")
    said = refused(read_table, table(GOOD, head="date,begins,site,person"))
    assert said.endswith("Missing: minutes.")
    said = refused(read_table, table(GOOD, head=HEAD + ",colour"))
    assert said.endswith("Not known: “colour”.")
    said = refused(read_table, table(GOOD, head=HEAD + ",date"))
    assert said.endswith("One column is named twice.")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (HEAD.encode(), "no sessions below it"),
        (table(GOOD).replace(b"Reid", b"R\xe9id"), "not UTF-8"),
        (GOOD.encode("utf-16"), "not UTF-8"),
        (b"\x00\x00\x00", "first line names the columns"),
        (table('"never ends' + "x" * 200_000), "no line of a table"),
        (b"x" * (2 * 1024 * 1024 + 1), "larger than 2 MB"),
        (table(*[GOOD] * 5001), "more than 5,000 sessions"),
    ],
    ids=range(9),
)
def test_what_is_no_table_is_refused_in_words(content, said):
    assert said in refused(read_table, content)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_as_a_table_or_refused(content):
    for data in (content, HEAD.encode() + b"\n" + content):
        with suppress(Invalid):
            assert all(one.problem or one.begins_at for one in read_table(data))


def test_a_written_table_can_be_read_and_runs_nothing():
    row = ["2026-11-23", "09:00", "240", "=SUM(A1)", "", "Dr Colin Reid", ""]
    written = write_table([row])
    entry = only(read_table(written.encode()))
    assert entry.problem == ""
    assert entry.site == "'=SUM(A1)"


def test_an_event_is_a_session():
    entry = only(in_calendar(event(ATTENDEE="CN=Ann Other:mailto:a@x.example")))
    assert entry.problem == ""
    assert entry.begins_at == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert (entry.minutes, entry.uid) == (180, "a@x")
    assert entry.site == "Northmoor General, Room 1"
    assert entry.room is None
    assert entry.names == ("Skin clinic, Dr Colin Reid", "Ann Other")


def test_a_series_keeps_londons_time_across_both_changes_of_clocks():
    found = in_calendar(event(RRULE="FREQ=WEEKLY"))
    local = {one.begins_at.astimezone(LONDON).time().hour for one in found}
    utc = {one.begins_at.hour for one in found}
    assert (local, utc) == ({9}, {8, 9})
    assert len(found) == 52
    assert len({one.uid for one in found}) == 52


@pytest.mark.parametrize(
    ("starts", "hour"),
    [
        ("TZID=Europe/London:20270601T090000", 8),
        ("TZID=GMT Standard Time:20270601T090000", 8),
        ("TZID=Europe/Berlin:20270601T090000", 7),
        ("20270601T090000Z", 9),
        ("20270601T090000", 8),
    ],
)
def test_times_are_of_the_zone_that_they_name_and_else_londons(starts, hour):
    entry = only(in_calendar(event(starts=starts, DTEND="", DURATION="PT2H")))
    assert entry.begins_at == datetime(2027, 6, 1, hour, 0, tzinfo=UTC)
    assert entry.minutes == 120


def test_a_zone_of_the_calendars_own_is_understood():
    zone = "\r\n".join(
        [
            "BEGIN:VTIMEZONE",
            "TZID:Elsewhere",
            "BEGIN:STANDARD",
            "DTSTART:19700101T000000",
            "TZOFFSETFROM:+0300",
            "TZOFFSETTO:+0300",
            "END:STANDARD",
            "END:VTIMEZONE",
        ]
    )
    own = event(starts="TZID=Elsewhere:20270601T120000", DTEND="", DURATION="PT1H")
    assert only(in_calendar(zone, own)).begins_at.hour == 9


def test_exceptions_and_moved_repetitions_are_followed():
    series = event(
        RRULE="FREQ=WEEKLY;COUNT=4", EXDATE="TZID=Europe/London:20261130T090000"
    )
    moved = event(
        starts="TZID=Europe/London:20261208T100000",
        DTEND="TZID=Europe/London:20261208T110000",
        **{"RECURRENCE-ID": "TZID=Europe/London:20261207T090000"},
    )
    found = in_calendar(series, moved)
    assert [(one.begins_at.day, one.minutes) for one in found] == [
        (23, 180),
        (8, 60),
        (14, 180),
    ]
    # It is still the same repetition.
    assert found[1].uid == "a@x 20261207T090000Z"


def test_a_moved_event_keeps_its_name_and_a_long_name_is_kept_short():
    later = event(
        starts="TZID=Europe/London:20261124T090000",
        DTEND="TZID=Europe/London:20261124T120000",
    )
    assert only(in_calendar(event())).uid == only(in_calendar(later)).uid
    long = only(in_calendar(event(uid="x" * 1000))).uid
    assert len(long) == 64
    assert long != only(in_calendar(event(uid="x" * 1001))).uid


def test_what_is_past_cancelled_or_beyond_a_year_is_left_out():
    assert in_calendar(event(), now=NOW + timedelta(days=30)) == []
    assert in_calendar(event(STATUS="CANCELLED")) == []
    assert in_calendar(event(), now=NOW - timedelta(days=400)) == []


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"starts": "VALUE=DATE:20261123", "DTEND": ""}, "lasts all day"),
        ({"starts": "tomorrow"}, "Its DTSTART could not be read"),
        ({"uid": ""}, "It has no UID"),
        ({"RRULE": "FREQ=SECONDLY"}, "repeats in a way"),
        ({"RRULE": "FREQ=DAILY;BYMONTHDAY=30;BYMONTH=2"}, "repeats in a way"),
        ({"RRULE": "FREQ=WEEKLY;BYHOUR=1,2,3"}, "repeats in a way"),
        ({"RRULE": "FREQ=BANANA"}, "Its RRULE could not be read"),
        (
            {"starts": "TZID=Europe/London:00010101T090000", "RRULE": "FREQ=DAILY"},
            "last ten years",
        ),
        ({"DTEND": "TZID=Europe/London:20261123T092030"}, "whole minutes"),
    ],
)
def test_what_is_wrong_with_an_event_is_said_and_the_others_are_read(facts, said):
    found = in_calendar(event(**{"uid": "bad@x", **facts}), event(uid="good@x"))
    assert [one.problem for one in found if one.uid == "good@x"] == [""]
    (wrong,) = [one for one in found if one.uid != "good@x"]
    assert said in wrong.problem
    assert "Dr Colin Reid" in wrong.where


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"hello", "not a calendar"),
        (b"\xff\xfe\x00", "not a calendar"),
        (GOOD.encode(), "not a calendar"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "no events"),
        (b"x" * (2 * 1024 * 1024 + 1), "larger than 2 MB"),
        (
            calendar(*[event(uid=f"{one}", RRULE="FREQ=WEEKLY") for one in range(501)]),
            "more than 500 events that repeat",
        ),
        (
            calendar(*[event(uid=f"{one}", RRULE="FREQ=DAILY") for one in range(14)]),
            "more than 5,000 sessions",
        ),
    ],
    ids=range(8),
)
def test_what_is_no_calendar_is_refused_in_words(content, said):
    assert said in refused(read_calendar, content, NOW)


_WHOLE = calendar(event(RRULE="FREQ=WEEKLY;COUNT=3"), event(uid="b@x"))


@given(st.integers(0, len(_WHOLE)), st.integers(0, 40), st.binary(max_size=20))
def test_a_damaged_calendar_is_read_in_part_or_refused(start, length, put):
    content = _WHOLE[:start] + put + _WHOLE[start + length :]
    with suppress(Invalid):
        found = read_calendar(content, NOW)
        assert all(one.problem or one.begins_at for one in found)
