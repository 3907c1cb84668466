"""Every check finds what it is for, and the disclosed tables stand an attack."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.many_referrals import UNTIL
from core.analytics import disclosure, pipeline, publishing
from core.analytics.extract.snapshot import snapshot
from core.analytics.workshop import load, workshop
from core.kernel import clock


CHECKS = Path(__file__).parents[2] / "core" / "analytics" / "models" / "checks"
TAMPERED = {
    "referral_key_is_unique": "insert into mart.referral from mart.referral limit 1",
    "every_sent_referral_is_there": "delete from mart.referral where lesions = 1",
    "event_key_is_unique": "insert into mart.event from mart.event limit 1",
    "organisations_are_known": "update mart.referral set practice = 'nowhere'",
    "words_are_known": "update mart.referral set priority = null",
    "moments_are_in_order": (
        "update mart.referral set claimed_at = sent_at - interval 1 day"
    ),
    "answers_are_whole": "update mart.referral set outcome = null",
    "sent_counts_agree": "update volumes set sent = sent + 1",
    "answered_counts_agree": "update outcomes set referrals = referrals + 1",
    "parts_add_up": "update counts set exact = exact + 1 where practice = 'all'",
    "parts_are_within_wholes": "update volumes set without_visit = answered + 1",
    "counts_are_rounded": "update published.volumes set sent = 3",
    "hours_need_people": "update published.turnaround set answered = null",
    "stages_add_up": "update mart.referral set hours_in_pool = hours_in_pool + 1",
    "routing_is_whole": "delete from mart.routing where number = 1",
    "second_reads_are_whole": "update mart.second_read set same_outcome = false",
    "ways_onward_are_whole": "update mart.onward set state = 'cancelled'",
    "pictures_are_whole": "update mart.picture set unusable = pictures + 1",
    "savings_are_whole": "update mart.referral set gained = true where avoided",
    "marks_are_of_answers": (
        "update mart.referral set answered_at = null where helpful"
    ),
    "clinic_keys_are_unique": (
        "insert into mart.clinic_session from mart.clinic_session limit 1"
    ),
    "clinic_rows_are_there": "delete from mart.appointment where state = 'cancelled'",
    "clinic_moments_are_in_order": (
        "update mart.clinic_need set seen_at = arose_at - interval 1 hour"
    ),
    "clinic_needs_are_whole": "update mart.clinic_need set state = 'waiting'",
    "appointments_are_of_their_sessions": "update mart.appointment set grade = 'chief'",
    "clinic_minutes_are_whole": "update mart.clinic_session set minutes = 15",
    "clinic_words_are_known": "update mart.clinic_session set grade = 'chief'",
    "clinic_counts_agree": "update capacity set offered = offered + 15",
    "clinic_figures_need_people": "update published.capacity set arose = null",
    "small_counts_are_hidden": "update disclosed set shown = 5",
    "every_cell_is_there": "delete from published.turnaround where priority = 'urgent'",
}


def test_every_check_is_tampered_with_below():
    assert {file.stem for file in CHECKS.rglob("*.sql")} == set(TAMPERED)


@pytest.fixture(scope="module")
def whole(many, tmp_path_factory):
    """A build that is good, left open."""
    folder = tmp_path_factory.mktemp("workshop")
    with clock.set_to(UNTIL), workshop(folder, 1) as connection:
        with snapshot(many) as shot:
            load(connection, shot)
        pipeline.build_mart(connection)
        pipeline.build_cubes(connection)
        publishing.disclose(connection)
        pipeline.build_published(connection)
        assert not [*failing(connection)]
        yield connection


@pytest.mark.parametrize("check", TAMPERED)
def test_every_check_finds_what_it_is_for(whole, check):
    # A transaction of one attached database at a time, taken back at the end.
    whole.begin()
    whole.execute(TAMPERED[check])
    found = [*failing(whole)]
    whole.rollback()
    assert check in found


def test_no_small_count_of_a_whole_service_can_be_worked_out(whole):
    counts = whole.table("counts").order("number").df()
    exact = counts["exact"].to_numpy(np.int64)
    sums = publishing.sums_of(whole)
    small = (exact >= 1) & (exact <= 7)
    alone_low, alone_high = disclosure.bounds(exact, np.zeros(len(exact), bool), sums)
    # The rule by itself does not do: this is what the rest is for.
    assert (small & (alone_low == alone_high)).any()
    hide = disclosure.withheld(exact, sums)
    low, high = disclosure.bounds(exact, hide, sums)
    assert small.sum() > 1000
    assert not (small & (low == high)).any()
    assert ((low <= exact) & (exact <= high)).all()


def failing(connection):
    for stage in ("mart", "cubes", "published"):
        for name, _ in pipeline.failing(connection, stage):
            yield name
