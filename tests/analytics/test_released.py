"""What was published once stays as it was, whatever is put right later."""

from datetime import UTC, date, datetime

import duckdb
import pandas as pd
import pytest
import sqlalchemy as sa

from core.analytics import build, pipeline, reading
from core.clinics.tables import Appointment
from core.kernel import clock
from core.patients.model import EthnicCategory
from core.patients.tables import Patient
from core.referrals.tables import Referral
from tests.analytics import clinics, life
from tests.analytics.test_numbers import DAY, HOUR, JULY
from tests.routing import a_manager
from tests.world import build_world


OCTOBER = datetime(2026, 10, 5, 10, 0, tzinfo=UTC)
KEYS = {
    "figure": ["measure", "period", "audience", "practice", "dimension", "category"],
    "waits": ["period", "audience", "urgency"],
    "agreement": ["measure", "period", "audience"],
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


def test_a_period_that_was_published_stays_whatever_is_put_right(served, folder):
    all_before = tables_of(folder, OCTOBER, served)
    put_right(served)
    all_after = tables_of(folder, OCTOBER + 7 * DAY, served)
    for name, found in all_before.items():
        pd.testing.assert_frame_equal(all_after[name].loc[found.index], found)
    assert all_before["agreement"]["kappa"].notna().any()
    before, after = all_before["figure"], all_after["figure"]
    assert (before["whole"] >= 10).sum() > 100
    fresh = after.index.difference(before.index).get_level_values("period")
    assert set(fresh) == {"week:2026-10-05"}
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
    assert (before.loc[sent, "whole"], after.loc[sent, "whole"]) == (30, 40)
    assert (before.loc[told, "whole"], after.loc[told, "whole"]) == (0, 10)
    # And from then on that stays.
    later = figures_of(folder, OCTOBER + 14 * DAY, served)
    pd.testing.assert_frame_equal(later.loc[after.index], after)


def test_a_broken_earlier_release_does_not_stop_the_next(served, folder):
    before = figures_of(folder, OCTOBER, served)
    (folder / "published-1.duckdb").write_bytes(b"no database")
    after = figures_of(folder, OCTOBER + 7 * DAY, served)
    pd.testing.assert_frame_equal(after.loc[before.index], before)
