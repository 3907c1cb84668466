"""Quarters counted by hand, through the real actions, at the times that are hard."""

from datetime import UTC, datetime, timedelta

import duckdb
import pytest
import sqlalchemy as sa

from core.access.model import OrganisationKind, Scope
from core.access.tables import Organisation
from core.analytics import build, figures, reading, value
from core.contracts.model import Priority
from core.contracts.tables import (
    Contract,
    ContractPool,
    ContractPractice,
    ContractVersion,
    RoutingPolicyVersion,
)
from core.kernel import clock
from core.kernel.errors import NotFound
from core.kernel.ids import new_id
from tests.analytics import clinics, life
from tests.routing import a_manager
from tests.world import NOW, build_world


MANAGER = Scope(new_id(), OrganisationKind.PLATFORM, new_id())
JULY = datetime(2026, 7, 6, 9, 0, tzinfo=UTC)
QUARTER = "quarter:2026-07"
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NEXT_YEAR = datetime(2027, 1, 6, 10, 0, tzinfo=UTC)


@pytest.fixture
def small(sqlite_store):
    """The world on SQLite alone, where the database makes no difference."""
    return build_world(sqlite_store)


def built(world, moment=NOW):
    with clock.set_to(moment):
        return build.refresh(world.store)


def shown(scope, name, grain, practice="all"):
    """What people read of each period, by its label."""
    found = figures.series(scope, name, grain, practice)
    return dict(zip(found["label"], found["value_shown"], strict=True))


def told(scope, name, period):
    """Whole and part of the service, as published."""
    row = figures.whole_service(scope, name, period)
    return row["whole"], row["part"]


def july(world):
    """At Elm ten sent in July and one in August, nine of them answered; one at Oak."""
    sent = [life.refer(world, JULY + n * DAY) for n in range(9)]
    for hours, referral in enumerate(sent[:8], 1):
        life.answer(world, referral, JULY + (hours - 1) * DAY + hours * HOUR)
    # A Friday evening. Half past midnight in London on the first of August is still July
    # in UTC, for what is sent as for what is answered.
    evening = datetime(2026, 7, 31, 20, 0, tzinfo=UTC)
    life.answer(world, life.refer(world, evening), evening + 3.5 * HOUR)
    life.refer(world, evening + 3.5 * HOUR)
    other = life.at_other_practice(world)
    late = life.refer(other, JULY, priority=Priority.URGENT)
    life.answer(other, late, JULY + 30 * DAY, "direct_procedure")


def test_a_quarter_counted_by_hand(world, folder):
    july(world)
    built(world)
    scope = world.commissioner.scope
    # Eleven in July and one in August; from October on nothing.
    months = {"Jul 2026": "10", "Aug 2026": "*", "Sep 2026": "0", "Oct 2026": "0"}
    assert shown(scope, "referrals", "month") == months
    assert shown(scope, "referrals", "quarter") == {"Jul–Sep 2026": "10"}
    # Eight and two.
    assert shown(scope, "answered", "month") == months
    assert shown(scope, "answered", "quarter") == {"Jul–Sep 2026": "10"}
    # 1 to 8 hours, 3 and a half, and 30 days: between the 5th and the 6th of ten.
    row = figures.whole_service(scope, "turnaround", QUARTER)
    assert (row["value"], row["value_shown"]) == (4.5, "4 h 30 min")
    assert row["p90_shown"] == "*"  # ten are too few for one
    assert told(scope, "without_visit", QUARTER) == (10, 10)
    # Eleven routine ones due after two working days, and an urgent one the same day;
    # eight were in time, and the one from Friday evening. Twelve and nine.
    assert told(scope, "answered_in_time", QUARTER) == (10, 10)
    # The rest of both as they are published.
    assert told(scope, "breaches", QUARTER) == (10, 0)


def test_nothing_is_shown_of_the_time_before_the_first_referral(small, folder):
    august = datetime(2026, 8, 6, 9, 0, tzinfo=UTC)
    for n in range(9):
        life.answer(
            small, life.refer(small, august + n * HOUR), august + (n + 1) * HOUR
        )
    scope = small.commissioner.scope
    built(small, datetime(2026, 11, 18, 10, 0, tzinfo=UTC))
    # The first month counts whole, the first week and the first quarter do not.
    months = {"Aug 2026": "10", "Sep 2026": "0", "Oct 2026": "0"}
    assert shown(scope, "referrals", "month") == months
    assert shown(scope, "answered", "month") == months
    weeks = figures.series(scope, "referrals", "week")
    assert weeks["period"].iloc[0] == "week:2026-08-10"
    assert set(reading.periods(scope)["kind"]) == {"week", "month"}
    for read in (
        lambda: figures.series(scope, "referrals", "quarter"),
        lambda: figures.by_practice(scope, "referrals", QUARTER),
        lambda: figures.by_category(scope, "referrals", "priority", QUARTER),
    ):
        with pytest.raises(NotFound):
            read()
    built(small, NEXT_YEAR)
    # All quarters have what was before the first whole one; a year has to be whole.
    found = reading.periods(scope).set_index("kind")["period"]
    assert found["all_quarters"] == "all_quarters:2026-12"
    assert found["quarter"] == "quarter:2026-10"
    assert set(found.index) == {"week", "month", "quarter", "all_quarters"}
    assert told(scope, "without_visit", "all_quarters:2026-12") == (10, 10)
    assert shown(scope, "referrals", "quarter") == {"Oct–Dec 2026": "0"}
    built(small, NEXT_YEAR.replace(month=10))
    found = reading.periods(scope).set_index("kind")["period"]
    assert found["twelve_months"] == "twelve_months:2026-10"
    assert "year" not in found.index


def two_in_turn(elm, oak):
    """Elm sends nine in July, Oak nine in August, and both eight in October."""
    for n in range(9):
        life.refer(elm, JULY + n * HOUR)
        life.refer(oak, JULY + 45 * DAY + n * HOUR)
    for n in range(8):
        life.refer(elm, JULY + 100 * DAY + n * HOUR)
        life.refer(oak, JULY + 100 * DAY + n * HOUR)


def test_a_practice_that_joins_later_begins_with_its_first_whole_quarter(small, folder):
    two_in_turn(small, life.at_other_practice(small))
    built(small, NEXT_YEAR)
    scope = small.commissioner.scope
    oak = practice_named(scope, "Oak Practice")
    assert shown(scope, "referrals", "quarter", oak) == {"Oct–Dec 2026": "10"}
    # What it sent in August is in the whole service's quarter, and in all of its own.
    quarters = {"Jul–Sep 2026": "20", "Oct–Dec 2026": "15"}
    assert shown(scope, "referrals", "quarter") == quarters
    [there] = figures.by_practice(scope, "referrals", QUARTER)["name"]
    assert there == "Elm Practice"
    found = figures.by_practice(scope, "referrals", "all_quarters:2026-12")
    assert found["value_shown"].tolist() == ["15", "15"]


def test_a_commissioner_that_joins_later_begins_then(small, folder):
    board, oak = another_pays_for_oak(small)
    two_in_turn(small, oak)
    built(small)
    months = {"Aug 2026": "10", "Sep 2026": "0", "Oct 2026": "15"}
    assert shown(board, "referrals", "month") == months | {"Oct 2026": "10"}
    assert set(reading.periods(board)["kind"]) == {"week", "month"}
    assert figures.whole_service(board, "referrals", QUARTER) is None
    assert told(small.commissioner.scope, "referrals", QUARTER)[0] == 10
    assert told(MANAGER, "referrals", QUARTER)[0] == 20
    assert shown(MANAGER, "referrals", "month") == {"Jul 2026": "10"} | months


def another_pays_for_oak(world):
    """A commissioner that Oak Practice refers for: its scope, and Oak's referrer."""
    with world.store.transaction() as session:
        board = Organisation(kind=OrganisationKind.COMMISSIONER, name="Southmoor ICB")
        session.add(board)
        session.flush()
        ours = session.scalars(sa.select(Contract)).one()
        terms = session.scalars(sa.select(ContractVersion)).one()
        policy = session.scalars(sa.select(RoutingPolicyVersion)).one()
        pools = session.scalars(sa.select(ContractPool)).all()
        theirs = Contract(commissioner_id=board.id, specialty=ours.specialty, name="A")
        session.add(theirs)
        session.flush()
        bound = (ours.id, world.other_gp.organisation_id)
        session.get_one(ContractPractice, bound).contract_id = theirs.id
        for row in (terms, policy, *pools):
            session.add(another(row, contract_id=theirs.id))
        scope = Scope(board.id, OrganisationKind.COMMISSIONER, new_id())
    return scope, life.at_other_practice(world)


def another(row, **changes):
    """A row like it."""
    names = [one.key for one in sa.inspect(type(row)).columns]
    facts = {name: getattr(row, name) for name in names} | changes
    if "id" in facts:
        facts["id"] = new_id()
    return type(row)(**facts)


def test_practices_are_counted_apart(world, folder):
    july(world)
    built(world)
    scope = world.commissioner.scope
    elm = practice_named(scope, "Elm Practice")
    assert shown(scope, "referrals", "quarter", elm) == {"Jul–Sep 2026": "10"}
    # 1, 2, 3, 3 and a half, 4, …: the 5th of nine.
    assert shown(scope, "turnaround", "quarter", elm) == {"Jul–Sep 2026": "4 h"}
    found = figures.by_practice(scope, "referrals", QUARTER)
    assert found["name"].tolist() == ["Elm Practice", "Oak Practice"]
    assert found["value_shown"].tolist() == ["10", "*"]
    urgent = figures.by_category(scope, "referrals", "priority", QUARTER)
    assert urgent[["label", "value_shown"]].to_numpy().tolist() == [
        ["Routine", "10"],
        ["Urgent", "*"],
        ["Suspected cancer", "0"],
    ]
    answers = figures.by_category(scope, "answered", "answer", QUARTER)
    answers = answers.set_index("category")["value_shown"]
    assert answers["advice_discharge"] == "10"
    assert answers["direct_procedure"] == "*"


def test_missed_limits_are_the_rest_of_those_kept(small, folder):
    for n in range(24):
        made = life.refer(small, JULY + n * HOUR / 4)
        if n < 11:
            life.answer(small, made, JULY + 8 * HOUR)
    built(small)
    scope = small.commissioner.scope
    # 24 limits, 11 kept: 25 and 10 as published, and so 15 of 25 missed.
    row = figures.whole_service(scope, "breaches", QUARTER)
    assert (row["whole"], row["part"], row["value_shown"]) == (25, 15, "60 %")
    row = figures.whole_service(scope, "answered_in_time", QUARTER)
    assert (row["whole"], row["part"], row["value_shown"]) == (25, 10, "40 %")


def test_what_is_withdrawn_before_its_time_is_up_has_no_limit(small, folder):
    for n in range(10):
        life.withdraw(small, life.refer(small, JULY + n * HOUR), JULY + 20 * HOUR)
    for n in range(10):
        made = life.refer(small, JULY + n * HOUR)
        life.withdraw(small, made, JULY + 10 * DAY)
    built(small)
    scope = small.commissioner.scope
    assert told(scope, "referrals", QUARTER)[0] == 20
    assert told(scope, "answered_in_time", QUARTER) == (10, 0)


def test_weeks_end_on_sunday_also_when_the_clocks_go_back(small, folder):
    # On 25 October 2026 London's clocks go back an hour: the day has 25 of them.
    sunday_begins = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)
    sunday_ends = datetime(2026, 10, 25, 23, 30, tzinfo=UTC)
    for n in range(8):
        before = life.refer(small, sunday_begins + n * timedelta(minutes=1))
        life.answer(small, before, sunday_ends + n * timedelta(minutes=1))
        life.refer(small, sunday_ends + (n + 40) * timedelta(minutes=1))
    built(small)
    scope = small.commissioner.scope
    weeks = figures.series(scope, "answered", "week").set_index("period")
    # The first half a week of the service is no week.
    assert weeks.index[0] == "week:2026-10-26"
    assert weeks.loc["week:2026-10-26", "value_shown"] == "0"
    sent = figures.series(scope, "referrals", "week").set_index("period")["value_shown"]
    assert sent["week:2026-10-26"] == "10"
    # From half past midnight to half past eleven at night, on that day: 24 hours that
    # somebody waited, whatever the clock says.
    row = figures.series(scope, "turnaround", "month").iloc[-1]
    assert (row["whole"], row["value"]) == (10, 24)


def test_somebody_who_waits_through_the_change_of_the_clocks_waits_an_hour_more(
    small, folder
):
    noon = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
    for n in range(8):
        made = life.refer(small, noon + n * timedelta(minutes=2))
        # Noon on the next day by the clock on the wall, which has gone forward.
        life.answer(small, made, noon + 23 * HOUR + n * timedelta(minutes=2))
    built(small)
    found = figures.series(small.commissioner.scope, "turnaround", "month")
    assert found.set_index("label").loc["Mar 2026", "value"] == 23


def test_the_28th_day_counts_whole(small, folder):
    first = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
    for n in range(20):
        made = life.refer(
            small, first + n * timedelta(minutes=1), priority=Priority.SUSPECTED_CANCER
        )
        # The 28th day ends at midnight by a clock that has gone back meanwhile.
        late = timedelta(minutes=10) if n % 2 else timedelta(minutes=-10)
        life.answer(small, made, datetime(2026, 10, 30, tzinfo=UTC) + late)
    seen = life.refer(small, first, priority=Priority.SUSPECTED_CANCER)
    life.answer(small, seen, first + HOUR, "direct_procedure")
    built(small)
    row = figures.series(small.commissioner.scope, "faster_diagnosis", "month").iloc[-1]
    # Ten of 21: who has to be seen and was not cannot be told.
    assert (row["label"], row["whole"], row["part"]) == ("Oct 2026", 20, 10)


def test_a_visit_that_is_taken_back_tells_nobody_before_that(small, folder):
    for n in range(20):
        sent = JULY + n * timedelta(minutes=5)
        made = life.refer(small, sent, priority=Priority.SUSPECTED_CANCER)
        life.answer(small, made, sent + 2 * HOUR, "direct_procedure")
        life.amend(small, made, sent + (40 if n % 2 else 20) * DAY, "advice_discharge")
    built(small)
    assert told(small.commissioner.scope, "faster_diagnosis", QUARTER) == (20, 10)


def test_savings_count_once_90_days_are_over(small, folder):
    manager = a_manager(small)
    sent = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
    for n in range(8):
        life.answer(small, life.refer(small, sent + n * HOUR / 4), sent + 5 * HOUR)
    # Of those who would not have been referred: eight seen on the 90th day, eight later.
    for day in (90, 91):
        begins = sent.replace(hour=12) + day * DAY
        clinic = clinics.a_clinic(small, begins)
        for n in range(8):
            made = clinics.sent_to_clinic(
                small, sent + 3 * HOUR + n * HOUR / 4, would_have_referred=False
            )
            book = clinics.booked(small, manager, made, clinic, sent + 6 * HOUR, 4 * n)
            clinics.found(small, book, begins + 4 * HOUR)
    built(small)
    scope = small.commissioner.scope
    assert told(scope, "avoided", "month:2026-10")[0] == 0
    built(small, NEXT_YEAR)
    # 24 said so; eight were avoided. All but eight not gained: 15, so ten of 25 gained.
    assert told(scope, "avoided", "quarter:2026-10") == (25, 10)
    assert told(scope, "gained", "quarter:2026-10") == (25, 10)
    saved = value.in_period(scope, "quarter:2026-10")
    assert (saved.avoided, saved.gained, saved.visits.value) == (10, 10, 0)
    assert saved.visits.low < 0 < saved.visits.high


def test_a_life_with_turns_is_counted_once(world, folder):
    asked = life.refer(world, JULY)
    life.ask_back_and_supply(world, asked, JULY + HOUR, JULY + 2 * HOUR)
    life.answer(world, asked, JULY + 3 * HOUR, "direct_procedure")
    life.amend(world, asked, JULY + 4 * HOUR, "advice_discharge")
    life.acknowledge(world, asked, JULY + 5 * HOUR)
    gone = life.refer(world, JULY)
    life.withdraw(world, gone, JULY + HOUR)
    with clock.set_to(NOW):
        life.a_draft(world, life.a_patient(world, number=""))
        done = build.refresh(world.store)
    assert done.referrals == 2

    table = mart(folder, done).set_index("state")
    row = table.loc["closed"]
    assert row["turnaround_hours"] == 3
    assert row["outcome"] == "advice_discharge"
    assert not row["face_to_face"]
    assert (row["returned"], row["amended"]) == (1, 1)
    assert row["closed_at"] == row["acknowledged_at"] == JULY + 5 * HOUR
    assert row["seconds_to_answer"] == 90
    assert row["pool"] == "partner"
    assert row["diagnosis_group"] == "benign_lesion"
    assert (row["skin_type"], row["age_band"], row["sex"]) == ("III", "65-74", "female")
    assert (row["lesions"], row["images"]) == (1, 4)
    assert row["sent_day"] == JULY.date()
    assert table.loc["withdrawn", "withdrawn_at"] == JULY + HOUR


def test_a_day_that_is_not_over_and_a_week_that_is_not_over_are_not_published(
    small, folder
):
    monday = datetime(2026, 11, 9, 9, 0, tzinfo=UTC)
    for n in range(9):
        life.refer(small, monday + n * HOUR / 4)
    scope = small.commissioner.scope
    built(small, monday + HOUR)
    assert reading.periods(scope).empty
    # Sunday is over once it is Monday in London, and not an hour earlier.
    built(small, monday + 7 * DAY - 10 * HOUR)
    with pytest.raises(NotFound, match="appear when a week is over"):
        figures.series(scope, "referrals", "week")
    built(small, monday + 7 * DAY - 8 * HOUR)
    assert shown(scope, "referrals", "week") == {"9 Nov 2026": "10"}


def practice_named(scope, name):
    found = reading.practices(scope)
    return found[found["name"] == name]["practice"].iloc[0]


def mart(folder, done):
    file = folder / f"mart-{done.version}.duckdb"
    with duckdb.connect(file, read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        return connection.table("referral").to_arrow_table().to_pandas()
