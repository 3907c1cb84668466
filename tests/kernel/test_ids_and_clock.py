"""Names of things, and the one clock."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel import clock
from core.kernel.ids import new_id, new_reference


NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
MOMENTS = st.datetimes(
    datetime(1971, 1, 1),  # noqa: DTZ001  hypothesis adds the zone
    datetime(9000, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@given(MOMENTS)
def test_an_id_is_a_uuid_of_version_7_that_tells_its_millisecond(moment):
    with clock.set_to(moment):
        made = new_id()
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert made.int >> 80 == int(moment.timestamp() * 1000)


@given(MOMENTS, st.timedeltas(timedelta(milliseconds=2), timedelta(days=9000)))
def test_ids_sort_by_the_time_they_were_made(moment, later):
    ids = []
    for when in (moment, moment + later):
        with clock.set_to(when):
            ids.append(new_id())
    assert ids == sorted(ids)
    assert [str(one) for one in ids] == sorted(str(one) for one in ids)


def test_ids_of_one_millisecond_differ():
    with clock.set_to(NOW):
        assert len({new_id() for _ in range(10_000)}) == 10_000


def test_a_reference_has_no_letter_that_is_heard_or_read_as_another():
    drawn = [new_reference() for _ in range(2_000)]
    assert len(set(drawn)) == len(drawn)
    assert all(len(one) == 9 and one[4] == "-" for one in drawn)
    letters = set("".join(drawn)) - {"-"}
    assert letters.isdisjoint("01OILU")
    # All of the alphabet is in use, or a reference is easier to guess than it seems.
    assert len(letters) == 30


def test_the_clock_is_set_for_a_block_and_goes_on_after_it():
    with clock.set_to(NOW):
        with clock.set_to(NOW + timedelta(days=1)):
            assert clock.now() == NOW + timedelta(days=1)
        assert clock.now() == NOW
    assert clock.now() != NOW


def test_the_clock_goes_on_after_a_block_that_failed():
    with pytest.raises(KeyError), clock.set_to(NOW):
        raise KeyError
    assert clock.now() != NOW


def test_the_clock_speaks_utc_whatever_it_was_set_in():
    elsewhere = timezone(timedelta(hours=9))
    with clock.set_to(NOW.astimezone(elsewhere)):
        assert clock.now() == NOW
        assert clock.now().tzinfo is UTC


def test_a_time_without_a_zone_is_refused():
    with (
        pytest.raises(ValueError, match="time zone"),
        clock.set_to(
            datetime(2026, 1, 1)  # noqa: DTZ001  on purpose
        ),
    ):
        pass


def test_londons_day_begins_at_londons_midnight():
    with clock.set_to(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)):
        assert clock.today().isoformat() == "2026-07-02"
    with clock.set_to(datetime(2026, 12, 1, 23, 30, tzinfo=UTC)):
        assert clock.today().isoformat() == "2026-12-01"


def test_one_threads_clock_is_not_anothers():
    seen = []
    with clock.set_to(NOW):
        other = threading.Thread(target=lambda: seen.append(clock.now()))
        other.start()
        other.join()
    assert seen[0] != NOW
