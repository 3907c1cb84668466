"""Who may read figures, and what they can do with the connection: nothing else."""

import uuid
from pathlib import Path

import duckdb
import pytest

from benchmarks.many_referrals import UNTIL
from core.access.model import OrganisationKind, Scope
from core.analytics import board, build, figures, reading, truth_reading, value
from core.analytics.connections import Published
from core.kernel import clock
from core.kernel.errors import NotAllowed, NotFound, ServiceError
from core.kernel.ids import new_id
from tests.analytics import life
from tests.analytics.test_build import build_on_day
from tests.analytics.test_numbers import MANAGER, QUARTER
from tests.world import NOW


ALL_QUARTERS = "all_quarters:2026-09"
READS = [
    lambda scope: reading.freshness(scope),
    lambda scope: reading.periods(scope),
    lambda scope: reading.practices(scope),
    lambda scope: reading.visits(scope),
    lambda scope: reading.hidden_shares(scope),
    lambda scope: figures.series(scope, "referrals"),
    lambda scope: figures.by_practice(scope, "referrals", ALL_QUARTERS),
    lambda scope: figures.by_category(scope, "referrals", "priority", ALL_QUARTERS),
    lambda scope: figures.category_series(scope, "referrals", "priority"),
    lambda scope: figures.finest(scope, "turnaround"),
    lambda scope: truth_reading.agreement(scope, ALL_QUARTERS),
    lambda scope: truth_reading.cancer(scope, ALL_QUARTERS),
    lambda scope: value.over_time(scope, "quarter", 100),
    lambda scope: board.months(scope),
]


def scope_of(kind):
    return Scope(new_id(), kind, new_id())


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize(
    "kind", [OrganisationKind.PRACTICE, OrganisationKind.SPECIALIST_SERVICE]
)
def test_practices_and_specialists_see_no_figures(published, read, kind):
    with pytest.raises(NotAllowed):
        read(scope_of(kind))


@pytest.mark.parametrize("read", READS)
def test_a_service_manager_sees_all(published, read):
    assert read(MANAGER) is not None


@pytest.mark.parametrize("read", READS)
def test_before_the_first_build_a_sentence_says_so(folder, read):
    with pytest.raises(ServiceError, match="No figures have been published yet"):
        read(MANAGER)


def test_another_commissioner_sees_no_figures_of_ours(world, folder):
    for one in (world, life.at_other_practice(world)):
        life.refer(one, NOW.replace(month=7))
    with clock.set_to(NOW):
        build.refresh(world.store)
    ours = world.commissioner.scope
    assert set(reading.practices(ours)["name"]) == {"Elm Practice", "Oak Practice"}
    assert len(figures.by_practice(ours, "referrals", QUARTER)) == 2

    theirs = scope_of(OrganisationKind.COMMISSIONER)
    practice = reading.practices(ours)["practice"].iloc[0]
    assert reading.practices(theirs).empty
    for read in (
        lambda: figures.by_practice(theirs, "referrals", QUARTER),
        lambda: figures.series(theirs, "referrals", "quarter", practice),
        lambda: figures.series(theirs, "referrals"),
        lambda: figures.by_category(theirs, "referrals", "priority", QUARTER),
    ):
        with pytest.raises(NotFound):
            read()


def test_two_commissioners_see_their_own_and_together_all(published):
    with reading.figures().cursor() as cursor:
        found = cursor.execute("select distinct audience from practice").fetchall()
    boards = [uuid.UUID(one) for (one,) in found if one != "all"]
    assert len(boards) == 2
    scopes = [Scope(one, OrganisationKind.COMMISSIONER, new_id()) for one in boards]
    mine, others = (set(reading.practices(one)["practice"]) for one in scopes)
    assert mine
    assert others
    assert not mine & others
    assert mine | others == set(reading.practices(MANAGER)["practice"])
    first, second, both = (
        figures.whole_service(one, "referrals", ALL_QUARTERS)["whole"]
        for one in (*scopes, MANAGER)
    )
    assert abs(first + second - both) <= 5


@pytest.mark.parametrize(
    "read",
    [
        lambda: figures.by_practice(MANAGER, "referrals", "quarter:1999-01"),
        lambda: figures.by_practice(MANAGER, "referrals", "month:2026-10"),
        lambda: figures.by_category(MANAGER, "referrals", "sex", "quarter:2026-07"),
        lambda: figures.series(MANAGER, "referrals", "quarter", "nobody's practice"),
        lambda: figures.series(MANAGER, "referrals", "century"),
        lambda: figures.series(MANAGER, "happiness"),
        lambda: figures.series(MANAGER, "x' or 1=1 --"),
        lambda: figures.series(MANAGER, "referrals", "month", "x' or 1=1 --"),
    ],
)
def test_a_choice_without_figures_is_refused_in_words(published, read):
    with pytest.raises(NotFound):
        read()


def test_an_unknown_measure_is_answered_with_those_there_are():
    with pytest.raises(NotFound, match="answered_in_time, avoided"):
        figures.series(MANAGER, "happiness")


def test_practices_have_no_weeks_and_no_months(published):
    practice = reading.practices(MANAGER)["practice"].iloc[0]
    assert len(figures.series(MANAGER, "referrals", "quarter", practice)) > 8
    for grain in ("week", "month"):
        with pytest.raises(NotFound, match="when its first whole quarter is"):
            figures.series(MANAGER, "referrals", grain, practice)


def test_no_period_is_published_before_it_is_over(published):
    last = reading.freshness(MANAGER).last_day
    ends = reading.periods(MANAGER)["last_day"].dt.date
    assert ends.max() <= last
    assert set(reading.periods(MANAGER)["kind"]) == {
        "week",
        "month",
        "quarter",
        "year",
        "twelve_months",
        "all_quarters",
    }


def test_the_finest_grain_is_one_that_says_something(published):
    # 2,000 referrals of three years: 13 a week are few, 55 a month are enough to count.
    assert figures.finest(MANAGER, "referrals").attrs["grain"] == "month"
    # Fewer than 100 a month: shares move by their rounding, so the coarsest that is long.
    share = figures.finest(MANAGER, "without_visit")
    assert share.attrs["grain"] in ("month", "quarter")
    practice = reading.practices(MANAGER)["practice"].iloc[0]
    assert figures.finest(MANAGER, "referrals", practice).attrs["grain"] == "quarter"


def test_what_would_be_mostly_stars_is_said_instead(published):
    weeks = figures.series(MANAGER, "biopsies_with_cancer", "week")
    with pytest.raises(NotFound, match="most of it would have to be hidden"):
        figures.worth_showing(weeks, "Biopsies")
    months = figures.series(MANAGER, "referrals", "month")
    assert figures.worth_showing(months, "Referrals") is months


def test_hidden_figures_are_missing_and_starred(published):
    found = figures.series(MANAGER, "seen_in_time", "week")
    # A share cannot be had without both, and either can be hidden alone.
    either = found[["whole", "part"]].isna().any(axis=1)
    hidden = either & (found["whole_shown"] != "0")
    assert hidden.any()
    assert (found.loc[hidden, "value_shown"] == "*").all()
    assert found.loc[hidden, "value"].isna().all()
    assert (found.loc[~hidden, "value_shown"] != "*").all()


@pytest.mark.parametrize(
    "statement",
    [
        "attach '{folder}/mart-1.duckdb' as mart",
        "select * from read_csv('/etc/passwd')",
        "copy figure to '{folder}/out.csv'",
        "create table mine as select 1",
        "set enable_external_access = true",
        "update figure set whole = 1",
    ],
)
def test_the_connection_is_locked_down(published, statement):
    figures = Published(published)
    figures.query("periods", "all")
    with figures.cursor() as cursor, pytest.raises(duckdb.Error):
        cursor.execute(statement.format(folder=published)).fetchall()


def test_a_version_that_is_gone_is_survived(published):
    figures = Published(published)
    before = figures.query("periods", "all")
    pointer = published / "CURRENT"
    text = pointer.read_text("utf-8")
    pointer.write_text(text.replace('"version": 1', '"version": 9'), "utf-8")
    # Whoever has an older one open goes on with it; whoever has none gets the newest whole.
    assert len(figures.query("periods", "all")) == len(before)
    assert len(Published(published).query("periods", "all")) == len(before)
    pointer.write_text(text, "utf-8")
    assert len(Published(published).query("periods", "all")) == len(before)


def test_a_read_that_is_under_way_survives_the_swap(few, folder):
    build_on_day(few, 0)
    figures = Published(folder)
    with figures.cursor() as cursor:
        cursor.execute("select period from figure")
        build_on_day(few, 1)
        # Another reader turns to the new version while this one has yet to fetch.
        assert figures.row("release")[1] == UNTIL.date()
        assert cursor.fetchall()
    assert figures.row("release")[1] == UNTIL.date()
    # And the old file is let go, or its disk would never be given back.
    opened = {link.resolve() for link in Path("/proc/self/fd").iterdir()}
    assert folder.resolve() / "published-2.duckdb" in opened
    assert folder.resolve() / "published-1.duckdb" not in opened
