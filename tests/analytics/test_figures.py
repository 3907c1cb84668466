"""Measures as they are read: over time, by practice, by group; and what is refused."""

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
import sqlalchemy as sa

from core.access.tables import Organisation
from core.analytics import build, figures, reading
from core.analytics.measures import definition
from core.analytics.measures.definition import (
    WrongMeasureError,
    dimensions,
    measure,
    measures,
    parsed,
)
from core.contracts.tables import ContractPractice
from core.kernel import clock
from core.kernel.errors import NotFound
from tests.analytics import life
from tests.analytics.test_numbers import (
    DAY,
    HOUR,
    JULY,
    MANAGER,
    built,
    practice_named,
)
from tests.world import NOW, build_world


LONGEST = "all_quarters:2026-09"
TEXT = (definition.FOLDER / "breaches.toml").read_text("utf-8")


@pytest.fixture
def small(sqlite_store):
    """The world on SQLite alone, where the database makes no difference."""
    return build_world(sqlite_store)


# What is asked for, and what is refused.


@pytest.mark.parametrize("name", list(measures()))
def test_every_measure_can_be_read_in_every_way_that_its_file_says(published, name):
    asked = measure(name)
    for grain in ("week", "month", "quarter", "year"):
        found = figures.series(MANAGER, name, grain)
        assert found["first_day"].is_monotonic_increasing
        starred(found, asked)
    for dimension in asked.dimensions:
        found = figures.by_category(MANAGER, name, dimension, LONGEST)
        starred(found, asked)
        assert found["label"].is_unique
        assert "_" not in "".join(found["label"])
    if asked.by_practice:
        found = figures.by_practice(MANAGER, name, LONGEST)
        starred(found, asked)
        assert len(found) == len(reading.practices(MANAGER))
    else:
        with pytest.raises(NotFound, match="no practices' figures"):
            figures.by_practice(MANAGER, name, LONGEST)


def starred(found, asked):
    """A hidden figure is missing and starred; nothing else is."""
    for column in ("whole", "value"):
        hidden = found[column].isna()
        told = found[f"{column}_shown"]
        assert told[hidden].isin(["*", "–"]).all(), (asked.measure, column)
        assert (told[~hidden] != "*").all()
    assert (found["whole_shown"] != "–").all()
    empty = found["whole_shown"] == "0"
    if asked.kind != "count":
        assert (found.loc[empty, "value_shown"] == "–").all()
        assert found.loc[empty, "value"].isna().all()
    if asked.kind == "share":
        known = found["value"].dropna()
        assert known.between(0, 100).all()
        hidden = found["whole"].isna() | found["part"].isna()
        assert found.loc[hidden, "value"].isna().all()


@pytest.mark.parametrize(
    ("read", "said"),
    [
        (lambda: figures.series(MANAGER, "referrals", "decade"), "no such figures yet"),
        (lambda: figures.series(MANAGER, "referrals", "month", "nobody"), "no such"),
        (
            lambda: figures.by_practice(MANAGER, "referrals", "month:2026-09"),
            "when a quarter is over",
        ),
        (
            lambda: figures.by_practice(MANAGER, "referrals", "quarter:1999-01"),
            "when a quarter is over",
        ),
        (
            lambda: figures.by_category(MANAGER, "referrals", "sex", "quarter:2026-07"),
            "groups of people when a year is",
        ),
        (
            lambda: figures.by_category(MANAGER, "helpful", "priority", LONGEST),
            "no such figures for this period",
        ),
        (
            lambda: figures.by_category(MANAGER, "referrals", "skin", LONGEST),
            "no such figures for this period",
        ),
        (
            lambda: figures.category_series(MANAGER, "referrals", "sex", "month"),
            "no such figures yet",
        ),
    ],
    ids=range(8),
)
def test_a_choice_without_figures_is_refused_in_words(published, read, said):
    with pytest.raises(NotFound, match=said):
        read()


def test_practices_have_quarters_and_nothing_finer(published):
    practice = reading.practices(MANAGER)["practice"].iloc[0]
    assert len(figures.series(MANAGER, "referrals", "quarter", practice)) > 10
    for grain in ("week", "month"):
        with pytest.raises(NotFound, match="a practice's when its first whole"):
            figures.series(MANAGER, "referrals", grain, practice)


@pytest.mark.parametrize("text", ["x' or 1=1 --", "'; drop table figure; --", "%", ""])
def test_text_in_a_choice_is_not_sql(published, text):
    with pytest.raises(NotFound):
        figures.series(MANAGER, "referrals", text)
    with pytest.raises(NotFound):
        figures.series(MANAGER, "referrals", "quarter", text)
    with pytest.raises(NotFound):
        figures.by_category(MANAGER, "referrals", text, LONGEST)
    with pytest.raises(NotFound):
        figures.by_practice(MANAGER, "referrals", text)
    with pytest.raises(NotFound, match="There is no measure"):
        figures.series(MANAGER, text)


def test_an_unknown_measure_is_refused_with_the_names_there_are(published):
    with pytest.raises(NotFound) as refused:
        figures.series(MANAGER, "refferals")
    assert "“refferals”" in str(refused.value)
    for name in measures():
        assert name in str(refused.value)


# The finest grain.


@pytest.mark.parametrize("name", list(measures()))
def test_the_finest_grain_is_the_first_that_says_something(published, name):
    shares, lengths, usual = {}, {}, {}
    for grain in figures.GRAINS:
        found = figures.series(MANAGER, name, grain)
        there = found[found["whole_shown"] != "0"]
        shares[grain] = there["value"].isna().mean() if len(there) else 0
        lengths[grain] = len(found)
        usual[grain] = found["whole"].astype("Float64").median()
    seen = [one for one in figures.GRAINS if shares[one] <= 0.15]
    long = [one for one in seen if lengths[one] >= 13]
    enough = {"count": 40, "share": 100, "hours": 20}[measure(name).kind]
    fine = [one for one in long if usual[one] >= enough]
    wanted = (fine[:1] or long[-1:] or seen[-1:] or [None])[0]
    if wanted is None:
        with pytest.raises(NotFound, match="too few so far to show over time"):
            figures.finest(MANAGER, name)
        return
    found = figures.finest(MANAGER, name)
    assert found.attrs["grain"] == wanted
    assert len(found) == lengths[wanted]


def test_not_all_measures_are_told_by_the_same_grain(published):
    grains = set()
    for name in ("referrals", "turnaround", "usable_pictures", "faster_diagnosis"):
        try:
            grains.add(figures.finest(MANAGER, name).attrs["grain"])
        except NotFound:
            grains.add("none")
    assert len(grains) > 1


def test_of_a_practice_the_finest_grain_is_a_quarter(published):
    practice = figures.by_practice(MANAGER, "referrals", LONGEST)
    largest = practice.dropna(subset="value").sort_values("value").iloc[-1]["practice"]
    found = figures.finest(MANAGER, "referrals", largest)
    assert found.attrs["grain"] == "quarter"


# Services that are young, and practices that are gone.


def test_a_service_on_its_first_day_says_so_and_nothing_breaks(small, folder):
    built(small, NOW)
    scope = small.commissioner.scope
    assert reading.periods(scope).empty
    assert (reading.hidden_shares(scope)["cells"] == 0).all()
    for name in measures():
        with pytest.raises(NotFound, match="There are no such figures yet"):
            figures.series(scope, name)
        with pytest.raises(NotFound):
            figures.finest(scope, name)
        assert figures.whole_service(scope, name, LONGEST) is None


def test_a_service_one_week_old_has_a_week(small, folder):
    monday = datetime(2026, 11, 9, 9, 0, tzinfo=UTC)
    for n in range(9):
        life.answer(small, life.refer(small, monday + n * HOUR / 4), monday + 5 * HOUR)
    built(small, monday + 7 * DAY)
    scope = small.commissioner.scope
    # The month in which it began is not over, and there was no service before.
    assert reading.periods(scope)["period"].tolist() == ["week:2026-11-09"]
    for name in measures():
        assert len(figures.series(scope, name, "week")) == 1
        with pytest.raises(NotFound):
            figures.series(scope, name, "month")
    assert figures.series(scope, "answered", "week")["value"].tolist() == [10]
    with pytest.raises(NotFound):
        figures.by_practice(scope, "referrals", "quarter:2026-10")


def test_a_practice_that_left_still_has_its_past(small, folder):
    for n in range(9):
        life.refer(small, JULY + n * HOUR)
    built(small, NOW)
    scope = small.commissioner.scope
    elm = practice_named(scope, "Elm Practice")
    with small.store.transaction() as session:
        session.execute(
            sa.delete(ContractPractice).where(
                ContractPractice.practice_id == small.gp.organisation_id
            )
        )
        merged = session.get_one(Organisation, small.gp.organisation_id)
        merged.name = "Elm and Ash Practice"
    life.refer(life.at_other_practice(small), NOW - DAY)
    built(small, NOW + 7 * DAY)
    found = figures.by_practice(scope, "referrals", "quarter:2026-07")
    named = found.set_index("practice")
    assert named.loc[elm, ["name", "value"]].tolist() == ["Elm and Ash Practice", 10]
    assert figures.series(scope, "referrals", "quarter", elm)["value"].tolist() == [10]


# The files that define measures.


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('kind = "share"', 'kind = "percent"', "breaches.toml: kind: "),
        ('better = "lower"', "", "breaches.toml: better: Field required"),
        ("limitations = [", "limits = [", "breaches.toml: limit"),
        ('why = "', 'whi = "', "breaches.toml: why"),
        ("value = 5", 'value = "few"', "breaches.toml: targets.0.value: "),
        (
            "effective_from = 2023-01-01",
            'effective_from = "soon"',
            "breaches.toml: targets.0.effective_from: ",
        ),
        (
            "next_review = 2027-05-28",
            "next_review = 2026-05-28",
            "breaches.toml: the file: .*next_review has to come after reviewed",
        ),
        ('kind = "share"', 'kind = "count"', "only a share can be told as the rest"),
        (
            "by_practice = true",
            'dimensions = ["prority"]',
            "breaches.toml: no dimension prority",
        ),
        ("title =", "title", "breaches: "),
    ],
    ids=range(10),
)
def test_a_file_with_a_mistake_is_refused_with_its_name_and_the_place(old, new, said):
    text = TEXT if old in TEXT else f"{old}\n{TEXT}"
    with pytest.raises(WrongMeasureError, match=said):
        parsed(text.replace(old, new, 1), "breaches")


def test_the_file_itself_is_right():
    assert parsed(TEXT, "breaches") == measure("breaches")


def test_targets_hold_from_their_day_on():
    found = measure("faster_diagnosis")
    days = [one.effective_from for one in found.targets]
    assert found.target_on(days[0] - DAY) is None
    assert found.target_on(days[0]) == 75
    assert found.target_on(days[1] - DAY) == 75
    assert found.target_on(days[1]) == 80
    assert measure("referrals").target_on(NOW.date()) is None
    swapped = (definition.FOLDER / "faster_diagnosis.toml").read_text("utf-8")
    swapped = swapped.replace("2023-01-01", "2029-01-01")
    with pytest.raises(WrongMeasureError, match="in the order of their days"):
        parsed(swapped, "faster_diagnosis")


def test_every_measure_is_reviewed_and_says_what_it_cannot_tell():
    for one in measures().values():
        assert one.limitations
        assert one.next_review - one.reviewed <= timedelta(days=366)
    for one in dimensions().values():
        assert one.finest == "year" or not one.equity


def test_what_is_told_as_the_rest_is_never_below_nothing(published):
    for name in ("breaches", "returned", "gained"):
        for grain in ("month", "quarter"):
            found = figures.series(MANAGER, name, grain)
            assert (found["part"].dropna() >= 0).all()
            assert (found["part"].isna() == found["part_shown"].eq("*")).all()


def test_more_can_be_published_than_is_asked_for_here(published):
    """Whatever the reader asks for, columns beyond the published ones never come."""
    found = figures.series(MANAGER, "turnaround", "quarter")
    assert set(found.columns) == {
        "period",
        "label",
        "first_day",
        "last_day",
        "whole",
        "part",
        "median",
        "p90",
        "whole_shown",
        "value",
        "value_shown",
        "p90_shown",
    }
    assert isinstance(found["value"].dtype, pd.Float64Dtype)


def test_a_refresh_is_seen_by_whoever_reads_on(small, folder):
    life.refer(small, JULY)
    built(small, NOW)
    scope = small.commissioner.scope
    before = figures.series(scope, "referrals", "week")
    built(small, NOW + 7 * DAY)
    assert len(figures.series(scope, "referrals", "week")) == len(before) + 1
    with clock.set_to(NOW + 7 * DAY):
        assert build.refresh(small.store) is None
