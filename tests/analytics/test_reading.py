"""Who may read figures, and what they can do with the connection: nothing else."""

from pathlib import Path

import duckdb
import pytest

from benchmarks.many_referrals import UNTIL
from core.access.model import OrganisationKind, Scope
from core.analytics import build, reading
from core.analytics.connections import Published
from core.kernel import clock
from core.kernel.errors import NotAllowed, NotFound, ServiceError
from core.kernel.ids import new_id
from tests.analytics import life
from tests.analytics.test_build import build_on_day
from tests.analytics.test_numbers import MANAGER, QUARTER
from tests.world import NOW


READS = [
    lambda scope: reading.freshness(scope),
    lambda scope: reading.periods(scope),
    lambda scope: reading.practices(scope),
    lambda scope: reading.volumes(scope, "all_quarters"),
    lambda scope: reading.outcomes(scope, "all_quarters"),
    lambda scope: reading.turnaround(scope, "all_quarters"),
    lambda scope: reading.stages(scope, "all_quarters"),
    lambda scope: reading.routing(scope, "all_quarters"),
    lambda scope: reading.marks(scope, "all_quarters"),
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
    assert len(reading.volumes(ours, QUARTER, practice)) == 1

    theirs = scope_of(OrganisationKind.COMMISSIONER)
    assert reading.practices(theirs).empty
    with pytest.raises(NotFound):
        reading.volumes(theirs, QUARTER, practice)
    with pytest.raises(NotFound):
        reading.volumes(theirs, QUARTER)


@pytest.mark.parametrize(
    "choice",
    [
        ("quarter:1999-01",),
        ("month:2026-10", "a practice, by month"),
        ("all_quarters", "nobody's practice"),
        ("all_quarters", "all", "soon"),
    ],
)
@pytest.mark.parametrize(
    "read", [reading.volumes, reading.outcomes, reading.turnaround, reading.stages]
)
def test_a_choice_without_figures_is_refused_in_words(published, read, choice):
    with pytest.raises(NotFound):
        read(MANAGER, *choice)


@pytest.mark.parametrize("period", ["month:2026-10", "quarter:2026-10", "year:2026-04"])
def test_practices_have_no_months_and_no_unfinished_periods(published, period):
    practice = reading.practices(MANAGER)["practice"].iloc[0]
    reading.volumes(MANAGER, period)
    with pytest.raises(NotFound, match="when a quarter is over"):
        reading.volumes(MANAGER, period, practice)


def test_text_in_a_choice_is_not_sql(published):
    with pytest.raises(NotFound):
        reading.volumes(MANAGER, "x' or 1=1 --")


def test_hidden_figures_are_missing_and_starred(published):
    found = reading.outcomes(MANAGER, "month:2026-10")
    hidden = found["referrals"].isna()
    assert hidden.any()
    assert (found.loc[hidden, "referrals_shown"] == "*").all()
    assert (found.loc[hidden, "percent_shown"] == "*").all()
    assert found.loc[hidden, "percent"].isna().all()
    assert (found.loc[~hidden, "referrals_shown"] != "*").all()


@pytest.mark.parametrize(
    "statement",
    [
        "attach '{folder}/mart-1.duckdb' as mart",
        "select * from read_csv('/etc/passwd')",
        "copy volumes to '{folder}/out.csv'",
        "create table mine as select 1",
        "set enable_external_access = true",
        "update volumes set sent = 1",
    ],
)
def test_the_connection_is_locked_down(published, statement):
    figures = Published(published)
    figures.query("periods")
    with figures.cursor() as cursor, pytest.raises(duckdb.Error):
        cursor.execute(statement.format(folder=published)).fetchall()


def test_a_version_that_is_gone_is_survived(published):
    figures = Published(published)
    before = figures.query("periods")
    pointer = published / "CURRENT"
    text = pointer.read_text("utf-8")
    pointer.write_text(text.replace('"version": 1', '"version": 9'), "utf-8")
    # Whoever has an older one open goes on with it; whoever has none is told.
    assert len(figures.query("periods")) == len(before)
    with pytest.raises(ServiceError, match="No figures"):
        Published(published).query("periods")
    pointer.write_text(text, "utf-8")
    assert len(Published(published).query("periods")) == len(before)


def test_a_read_that_is_under_way_survives_the_swap(few, folder):
    build_on_day(few, 0)
    figures = Published(folder)
    with figures.cursor() as cursor:
        cursor.execute("select period from volumes")
        build_on_day(few, 1)
        # Another reader turns to the new version while this one has yet to fetch.
        assert figures.row("release")[1] == UNTIL.date()
        assert cursor.fetchall()
    assert figures.row("release")[1] == UNTIL.date()
    # And the old file is let go, or its disk would never be given back.
    opened = {link.resolve() for link in Path("/proc/self/fd").iterdir()}
    assert folder.resolve() / "published-2.duckdb" in opened
    assert folder.resolve() / "published-1.duckdb" not in opened
