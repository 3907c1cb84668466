"""Every check finds what it is for, and the disclosed tables stand an attack."""

from pathlib import Path

import numpy as np
import pytest

from core.analytics import pipeline, publishing, withholding
from core.analytics.bounds import bounds


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
    "sent_counts_agree": "update fact_by_day set whole = whole + 1",
    "bases_agree": "update figure set whole = whole + 1 where measure = 'returned'",
    "categories_are_known": "update fact_by_category set category = 'qother'",
    "parts_add_up": "update counts set exact = exact + 1 where practice = 'all'",
    "parts_are_within_wholes": "update figure set part = whole + 1",
    "counts_are_rounded": "update published.figure set whole = 3",
    "hours_need_people": "update published.figure set whole = null",
    "stages_add_up": "update mart.referral set hours_in_pool = hours_in_pool + 1",
    "routing_is_whole": "delete from mart.routing where number = 1",
    "second_reads_are_whole": "update mart.second_read set same_outcome = false",
    "ways_onward_are_whole": "update mart.onward set state = 'cancelled'",
    "pictures_are_whole": "update mart.picture set unusable = pictures + 1",
    "savings_are_whole": "update mart.referral set gained = true where avoided",
    "links_are_whole": "update mart.invitation set result = 'qresult'",
    "link_keys_are_unique": "insert into mart.invitation from mart.invitation limit 1",
    "escalations_are_whole": "update mart.escalation set level = 'nobody'",
    "patients_send_by_weblink": "update mart.invitation set finished_at = null",
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
    "every_cell_is_there": "delete from published.figure where practice <> 'all'",
}


STAGES = {file.stem: file.parent.name for file in CHECKS.rglob("*.sql")}


def test_every_check_is_tampered_with_above_and_belongs_to_a_stage():
    assert set(STAGES) == set(TAMPERED)
    assert set(STAGES.values()) == {"mart", "cubes", "published"}
    for stage in set(STAGES.values()):
        assert set(pipeline.checks(stage)) == {
            k for k, v in STAGES.items() if v == stage
        }


def test_a_good_build_passes_every_check(workbench):
    for stage in ("mart", "cubes", "published"):
        assert [*pipeline.failing(workbench, stage)] == []


@pytest.mark.parametrize("check", TAMPERED)
def test_every_check_finds_what_it_is_for(workbench, check):
    # A transaction of one attached database at a time, taken back at the end.
    workbench.begin()
    try:
        workbench.execute(TAMPERED[check])
        found = pipeline.found_by(workbench, STAGES[check], check)
    finally:
        workbench.rollback()
    assert found
    assert not pipeline.found_by(workbench, STAGES[check], check)


MORE = {
    # A part above its whole is not the only way to be wrong.
    "parts_are_within_wholes": (
        "update figure set part = -1 where part is not null",
        "update figure set p90 = median - 1",
    ),
    "every_cell_is_there": (
        "insert into published.figure from published.figure limit 1",
    ),
    "parts_add_up": (
        # One count under two names.
        "update counts set exact = exact + 1 where measure = 'due:all'",
        # A week and a month have days in common.
        "update counts set exact = exact + 1 where of_week is not null",
    ),
    "links_are_whole": (
        "update mart.invitation set opened_at = sent_at - interval 1 hour",
        "update mart.invitation set refusal = 'declined' where result = 'finished'",
        "update mart.invitation set opened_in_time = false where begun_in_time",
    ),
    "link_keys_are_unique": (
        "insert into mart.escalation from mart.escalation limit 1",
    ),
    "escalations_are_whole": (
        "update mart.escalation set settled_at = raised_at - interval 1 hour",
        "delete from mart.invitation",
    ),
    "patients_send_by_weblink": (
        "update mart.referral set route = 'staff' where route = 'patient_link'",
    ),
    "sent_counts_agree": ("delete from fact_by_day where measure = 'answered'",),
}


@pytest.mark.parametrize(
    ("check", "statement"),
    [(check, one) for check, many in MORE.items() for one in many],
)
def test_checks_find_it_wherever_it_is(workbench, check, statement):
    workbench.begin()
    try:
        workbench.execute(statement)
        found = pipeline.found_by(workbench, STAGES[check], check)
    finally:
        workbench.rollback()
    assert found


def test_no_small_count_of_a_whole_service_can_be_worked_out(workbench):
    counts = workbench.table("counts").order("number").df()
    exact = counts["exact"].to_numpy(np.int64)
    secret = ~counts["published"].to_numpy(bool)
    sums = publishing.sums_of(workbench)
    small = (exact >= 1) & (exact <= 7)
    nothing = np.zeros(len(exact), bool)
    alone_low, alone_high = bounds(exact, nothing, sums, secret)
    # The rule by itself does not do: this is what the rest is for.
    assert (small & (alone_low == alone_high)).sum() > 10
    same = publishing.twins_of(workbench, len(exact))
    hide = withholding.withheld(
        exact, sums, withholding.Ties(secret, same, nothing, nothing)
    )
    low, high = bounds(exact, hide, sums, secret)
    assert small.sum() > 1000
    assert not (small & (low == high)).any()
    assert ((low <= exact) & (exact <= high)).all()
    # And that is what was published.
    both = counts.merge(workbench.table("disclosed").df(), how="left")
    stars = both["shown"].isna().to_numpy()
    assert (stars[~secret] == (hide | small)[~secret]).all()
