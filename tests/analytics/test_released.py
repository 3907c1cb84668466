"""What was published once stays as it was, whatever is put right later."""

from datetime import UTC, date, datetime

import duckdb
import pandas as pd
import pytest
import sqlalchemy as sa

from benchmarks.many_referrals import UNTIL
from core.analytics import build, clinic_reading, demand, figures, pipeline, reading
from core.clinics.tables import Appointment, ClinicNeed, ClinicSession
from core.kernel import clock
from core.patients.model import EthnicCategory
from core.patients.tables import Patient
from core.referrals.tables import Referral
from tests.analytics import clinics, life
from tests.analytics.test_clinic_numbers import FIGURES
from tests.analytics.test_numbers import DAY, HOUR, JULY, MANAGER
from tests.routing import a_manager
from tests.world import build_world


OCTOBER = datetime(2026, 10, 5, 10, 0, tzinfo=UTC)
# A plan made a week later, of one patient more.
MORE = {"planned": FIGURES["planned"] | {"unplaced": 13}}
KEYS = {
    "figure": ["measure", "period", "audience", "practice", "dimension", "category"],
    "waits": ["period", "audience", "urgency"],
    "agreement": ["measure", "period", "audience"],
    "capacity": ["period", "audience", "grade"],
    "queue": ["period", "audience", "grade"],
    "forecast": ["period", "audience", "measure"],
}


@pytest.fixture
def served(sqlite_store):
    """A quarter with 32 answers, eight of which sent somebody to a clinic."""
    world = build_world(sqlite_store)
    manager = a_manager(world)
    for n in range(24):
        thought = ("melanoma", "psoriasis", "seborrhoeic keratosis")[n % 3]
        made = life.refer(world, JULY + n * HOUR / 6, working_diagnosis=thought)
        life.answer(world, made, JULY + 5 * HOUR)
    clinic = clinics.a_clinic(world, JULY + 7 * DAY)
    seen = [
        clinics.sent_to_clinic(world, JULY + 3 * HOUR, working_diagnosis="psoriasis")
        for _ in range(8)
    ]
    for place, referral in enumerate(seen):
        book = clinics.booked(
            world, manager, referral, clinic, JULY + 4 * HOUR, 4 * place
        )
        clinics.found(world, book, JULY + 7 * DAY + 4 * HOUR, clinics.MELANOMA)
    return world


def figures_of(folder, moment, world):
    """What is published of measures after a build, as rows by their key."""
    return tables_of(folder, moment, world)["figure"]


def tables_of(folder, moment, world):
    """Every table that stays."""
    with clock.set_to(moment):
        version = build.refresh(world.store).published
    file = folder / f"published-{version}.duckdb"
    with duckdb.connect(file, read_only=True) as connection:
        return {
            name: connection.table(name).df().set_index(key).sort_index()
            for name, key in KEYS.items()
        }


def periods_of(tables):
    """The weeks, totals and plans that there are figures of."""
    return {
        period
        for name in ("capacity", "queue", "forecast")
        for period in tables[name].index.get_level_values("period")
    }


def put_right(world):
    """Nearly everything that can still change of what is over."""
    with world.store.reading() as session:
        rows = session.scalars(sa.select(Referral).order_by(Referral.sent_at)).all()
        places = session.scalars(sa.select(Appointment.id)).all()
    for referral in [one.id for one in rows if one.state == "answered"][:9]:
        life.amend(world, referral, OCTOBER + HOUR, "redirect_specialty")
    for place in places:
        clinics.histology(world, place, OCTOBER + 2 * HOUR, "bcc")
    with world.store.transaction() as session:
        people = session.scalars(sa.select(Patient).order_by(Patient.id)).all()
        for one in people[:10]:
            one.ethnic_category = EthnicCategory.BLACK
            one.birth_date_sealed = date(2001, 1, 1).isoformat()
        # Backdated, as the demo's past is.
    for _ in range(10):
        life.refer(world, JULY + DAY)
        clinics.sent_to_clinic(world, JULY + DAY)
    with world.store.transaction() as session:
        for one in session.scalars(sa.select(ClinicSession)):
            one.minutes += 60
        for one in session.scalars(sa.select(ClinicNeed)):
            one.minutes += 5


def test_a_period_that_was_published_stays_whatever_is_put_right(served, folder):
    all_before = tables_of(folder, OCTOBER, served)
    put_right(served)
    all_after = tables_of(folder, OCTOBER + 7 * DAY, served)
    for name, found in all_before.items():
        # Of the oldest weeks' totals nothing that is to come depends.
        gone = [one for one in found.index if "last_13_weeks:2026-07-12" in one]
        kept = found.drop(gone)
        pd.testing.assert_frame_equal(all_after[name].loc[kept.index], kept)
    assert all_before["agreement"]["kappa"].notna().any()
    before, after = all_before["figure"], all_after["figure"]
    assert (before["whole"] >= 10).sum() > 100
    fresh = after.index.difference(before.index).get_level_values("period")
    assert set(fresh) == {"week:2026-10-05"}
    capacity, more = all_before["capacity"], all_after["capacity"]
    assert capacity.loc[("week:2026-07-06", "all", "gpwer"), "arose"] == 10
    fresh = more.index.difference(capacity.index).get_level_values("period")
    assert set(fresh) == {"week:2026-10-05", "last_13_weeks:2026-10-11"}
    with clock.set_to(OCTOBER):
        found = reading.periods(served.commissioner.scope)["period"]
    assert {"quarter:2026-07", "week:2026-10-05"} < set(found)


def test_another_definition_counts_everything_anew(served, folder, monkeypatch):
    before = figures_of(folder, OCTOBER, served)
    put_right(served)
    monkeypatch.setattr(pipeline, "definitions", lambda: "another")
    after = figures_of(folder, OCTOBER + 7 * DAY, served)
    sent = "referrals", "quarter:2026-07", "all", "all", "all", "all"
    told = "referrals", "all_quarters:2026-09", "all", "all", "ethnic_category", "black"
    assert (before.loc[sent, "whole"], after.loc[sent, "whole"]) == (30, 50)
    assert (before.loc[told, "whole"], after.loc[told, "whole"]) == (0, 10)
    # And from then on that stays.
    later = figures_of(folder, OCTOBER + 14 * DAY, served)
    pd.testing.assert_frame_equal(later.loc[after.index], after)


def test_a_broken_earlier_release_does_not_stop_the_next(served, folder):
    before = figures_of(folder, OCTOBER, served)
    (folder / "published-1.duckdb").write_bytes(b"no database")
    after = figures_of(folder, OCTOBER + 7 * DAY, served)
    pd.testing.assert_frame_equal(after.loc[before.index], before)


def test_nothing_at_all_moves_within_a_week(served, folder):
    planner = served.consultant
    clinics.planned(served, planner, OCTOBER - HOUR, FIGURES)
    monday = tables_of(folder, OCTOBER + 7 * DAY, served)
    put_right(served)
    clinics.planned(served, planner, OCTOBER + 8 * DAY, MORE)
    made = clinics.sent_to_clinic(served, OCTOBER + 8 * DAY)
    for one in range(1, 7):
        later = tables_of(folder, OCTOBER + (7 + one) * DAY, served)
        for name, found in monday.items():
            pd.testing.assert_frame_equal(later[name], found)
    plan = monday["forecast"].loc[("plan:2026-10-05 09:00:00", "all")]["planned"]
    assert plan[["late", "late:routine", "unplaced"]].tolist() == [35, 20, 10]
    assert pd.isna(plan["late:urgent"])
    clinics.given_up(served, made, OCTOBER + 13.5 * DAY)
    then = tables_of(folder, OCTOBER + 14 * DAY, served)
    fresh = periods_of(then) - periods_of(monday)
    assert fresh == {
        "week:2026-10-12",
        "last_13_weeks:2026-10-18",
        "plan:2026-10-13 10:00:00",
    }


def test_a_total_that_is_published_stays_until_no_new_one_overlaps_it(served, folder):
    """Whoever keeps each release has them all; so has the control of what is new."""
    first = tables_of(folder, OCTOBER, served)
    total = "last_13_weeks:2026-10-04"
    for weeks in (12, 13):
        later = tables_of(folder, OCTOBER + 7 * weeks * DAY, served)
        there = later["capacity"].index.get_level_values("period")
        assert (total in there) == (weeks < 13)
        if weeks < 13:
            for name in ("capacity", "queue"):
                pd.testing.assert_frame_equal(
                    later[name].loc[[total]], first[name].loc[[total]]
                )
            assert "week:2026-07-06" in there


def test_what_pages_show_is_the_newest_of_it(served, folder):
    with clock.set_to(OCTOBER + 14 * DAY):
        build.refresh(served.store)
        found = clinic_reading.capacity(MANAGER)
        queue = clinic_reading.queue(MANAGER)
    weeks = found[~found["whole"]]["first_day"].unique()
    assert len(weeks) == 13
    assert weeks[0].date() == date(2026, 7, 20)
    [total] = found[found["whole"]]["period"].unique()
    assert total == "last_13_weeks:2026-10-18"
    assert set(queue["last_day"].dt.date) == {date(2026, 10, 18)}
    assert queue["grade"].is_unique


def test_the_forecast_rests_on_published_weeks_alone(published):
    """It stands with neither the store nor the mart, and every count in it is rounded."""
    with clock.set_to(UNTIL):
        chart = demand.ahead(MANAGER)
        for file in published.glob("mart-*"):
            file.unlink()
        again = demand.ahead(MANAGER)
    pd.testing.assert_frame_equal(chart.table, again.table)
    known = figures.series(MANAGER, "referrals", "week")["value"].dropna()
    assert set(known % 5) == {0}
