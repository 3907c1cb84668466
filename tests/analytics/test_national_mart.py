"""The made-up mart of national size is one that the build could have made."""

import pytest

from benchmarks import national_mart
from core.analytics import pipeline


# What needs rows of tables that nobody asks (events, appointments), or of the store.
NOT_MADE = {
    "appointments_are_of_their_sessions",
    "clinic_needs_are_whole",
    "clinic_rows_are_there",
    "every_sent_referral_is_there",
    "pictures_are_whole",
    "second_reads_are_whole",
    "ways_onward_are_whole",
}
SUMS = """
select
    count(*),
    sum(referral),
    sum(epoch_us(answered_at)),
    count(distinct practice)
from mart.referral
"""
DAYS = """
select count(*) from mart.referral
where
    sent_day <> cast(timezone('Europe/London', sent_at) as date)
    or answered_day <> cast(timezone('Europe/London', answered_at) as date)
    or due_day <> cast(timezone('Europe/London', due_at) as date)
    or answered_month <> cast(date_trunc('month', timezone('Europe/London', answered_at)) as date)
    or sent_week <> cast(date_trunc('week', timezone('Europe/London', sent_at)) as date)
"""
SHARES = """
select
    avg(cast(isodow(sent_day) > 5 as integer)),
    avg(cast(priority = 'suspected_cancer' as integer)),
    avg(cast(within_target as integer)),
    avg(cast(first_face_to_face as integer)),
    median(turnaround_hours)
from mart.referral
"""


@pytest.fixture(scope="module")
def connection(tmp_path_factory):
    with national_mart.workshop(tmp_path_factory.mktemp("national"), 20_000) as made:
        yield made


def test_it_passes_the_checks_of_every_table_that_it_fills(connection):
    checks = set(pipeline.checks("mart"))
    assert checks >= NOT_MADE
    found = {
        one: pipeline.found_by(connection, "mart", one) for one in checks - NOT_MADE
    }
    assert {name: rows for name, rows in found.items() if rows} == {}


def test_its_days_are_london_s(connection):
    assert connection.execute(DAYS).fetchall() == [(0,)]


def test_its_proportions_are_those_of_such_a_service(connection):
    [(weekend, cancer, in_time, seen, hours)] = connection.execute(SHARES).fetchall()
    assert 0.01 < weekend < 0.1
    assert 0.2 < cancer < 0.35
    assert 0.75 < in_time < 0.95
    assert 0.3 < seen < 0.5
    assert 2 < hours < 8


def test_the_same_number_gives_the_same_mart_and_another_another(tmp_path):
    told = []
    for seed in (1, 1, 2):
        folder = tmp_path / str(len(told))
        folder.mkdir()
        with national_mart.workshop(folder, 1000, seed=seed) as made:
            told.append(made.execute(SUMS).fetchall())
    assert told[0] == told[1] != told[2]
    assert told[0][0][0] == told[2][0][0] == 1000
