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
from tests.analytics.test_numbers import MANAGER
from tests.world import NOW


LONGEST = "all_quarters:2026-09"
READS = [
    reading.freshness,
    reading.periods,
    reading.practices,
    reading.hidden_shares,
    reading.visits,
    lambda scope: figures.series(scope, "referrals", "month"),
    lambda scope: figures.by_practice(scope, "referrals", LONGEST),
    lambda scope: figures.by_category(scope, "referrals", "priority", LONGEST),
    lambda scope: figures.category_series(scope, "referrals", "priority"),
    lambda scope: figures.whole_service(scope, "referrals", LONGEST),
    lambda scope: figures.finest(scope, "referrals"),
    lambda scope: value.in_period(scope, LONGEST),
    lambda scope: value.over_time(scope, "month", 100),
    lambda scope: truth_reading.agreement(scope, LONGEST),
    lambda scope: truth_reading.cancer(scope, LONGEST),
    board.months,
    lambda scope: board.activity_return(scope, "month:2026-10"),
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
    life.refer(world, NOW.replace(month=8))
    with clock.set_to(NOW):
        build.refresh(world.store)
    ours = world.commissioner.scope
    assert set(reading.practices(ours)["name"]) == {"Elm Practice", "Oak Practice"}
    practice = reading.practices(ours)["practice"].iloc[0]
    assert len(figures.series(ours, "referrals", "quarter", practice)) == 1

    theirs = scope_of(OrganisationKind.COMMISSIONER)
    assert reading.practices(theirs).empty
    for read in (
        lambda: figures.series(theirs, "referrals", "quarter", practice),
        lambda: figures.series(theirs, "referrals", "quarter"),
        lambda: figures.by_practice(theirs, "referrals", "quarter:2026-07"),
        lambda: figures.by_category(theirs, "referrals", "route", "quarter:2026-07"),
        lambda: figures.category_series(theirs, "referrals", "route"),
        lambda: figures.finest(theirs, "referrals"),
    ):
        with pytest.raises(NotFound):
            read()
    assert figures.whole_service(theirs, "referrals", "quarter:2026-07") is None
    assert value.in_period(theirs, "quarter:2026-07") is None


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
        figures.whole_service(one, "referrals", LONGEST)["whole"]
        for one in (*scopes, MANAGER)
    )
    assert abs(first + second - both) <= 5


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
    opened = Published(published)
    opened.query("periods")
    with opened.cursor() as cursor, pytest.raises(duckdb.Error):
        cursor.execute(statement.format(folder=published)).fetchall()


def test_a_version_that_is_gone_is_survived(published):
    opened = Published(published)
    before = opened.query("periods")
    pointer = published / "CURRENT"
    text = pointer.read_text("utf-8")
    pointer.write_text(text.replace('"version": 1', '"version": 9'), "utf-8")
    # A pointer to nothing: what is whole is used, by whoever has it open or comes anew.
    assert len(opened.query("periods")) == len(before)
    assert len(Published(published).query("periods")) == len(before)
    file = published / "published-1.duckdb"
    file.rename(published / "elsewhere")
    # Whoever has it open goes on with it; whoever has none is told.
    assert len(opened.query("periods")) == len(before)
    with pytest.raises(ServiceError, match="No figures"):
        Published(published).query("periods")
    (published / "elsewhere").rename(file)
    pointer.write_text(text, "utf-8")
    assert len(Published(published).query("periods")) == len(before)


def test_a_read_that_is_under_way_survives_the_swap(few, folder):
    build_on_day(few, 0)
    opened = Published(folder)
    with opened.cursor() as cursor:
        cursor.execute("select period from figure")
        build_on_day(few, 1)
        # Another reader turns to the new version while this one has yet to fetch.
        assert opened.row("release")[1] == UNTIL.date()
        assert cursor.fetchall()
    assert opened.row("release")[1] == UNTIL.date()
    # And the old file is let go, or its disk would never be given back.
    held = {link.resolve() for link in Path("/proc/self/fd").iterdir()}
    assert folder.resolve() / "published-2.duckdb" in held
    assert folder.resolve() / "published-1.duckdb" not in held
