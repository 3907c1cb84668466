"""What is taken away: tables, workbooks, the board's report, the activity return."""

import csv
import io
import warnings
from math import isclose

import openpyxl
import outloud
import pandas as pd
import pdfua
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.many_referrals import UNTIL
from core.access.model import OrganisationKind
from core.analytics import board, exports, figures, reading, value
from core.analytics.measures.definition import measure
from core.analytics.value import saved, tariff_on
from core.kernel import clock
from core.kernel.errors import NotAllowed, NotFound
from tests.analytics.test_numbers import MANAGER
from tests.analytics.test_reading import scope_of


with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pymupdf

MONTH = "month:2026-09"
FORMULAS = {
    "equals": "=1+1",
    "plus": "+1",
    "minus": "-1",
    "at": "@sum(a1)",
    "after a tab": "\t=1+1",
    "after a blank": " =1+1",
    "after a return": "\r=1+1",
    "after a line break": "\r\n=1+1",
    "after a mark of order": "\ufeff=1+1",
    "wide": "\uff1d1+1",
}
BREAKS = {"return": "Elm\rOak", "both": "Elm\r\nOak", "new line": "Elm\nOak"}
SIGNS = ("=", "+", "-", "@")
# Any text, and often what breaks rows or begins a formula.
WORDS = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=20),
    st.lists(
        st.sampled_from([*SIGNS, "\r", "\n", "\r\n", "\t", " ", ",", '"', "'", "a"]),
        max_size=6,
    ).map("".join),
)


@pytest.fixture(autouse=True)
def _that_day():
    with clock.set_to(UNTIL):
        yield


# Tables.


@pytest.mark.parametrize("typed", FORMULAS.values(), ids=FORMULAS)
def test_a_file_of_a_table_works_nothing_out(typed):
    table = pd.DataFrame({"Practice": [typed], "Referrals": ["*"]})
    [_, row] = csv.reader(io.StringIO(exports.csv(table), newline=""))
    assert row == [f"'{typed}", "*"]


@pytest.mark.parametrize("typed", BREAKS.values(), ids=BREAKS)
def test_a_line_break_in_a_cell_breaks_no_row(typed):
    table = pd.DataFrame({"Practice": [typed, "Ash"], "Referrals": ["10", "*"]})
    read = list(csv.reader(io.StringIO(exports.csv(table), newline="")))
    assert read == [["Practice", "Referrals"], [typed, "10"], ["Ash", "*"]]


@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=4))
def test_a_file_of_a_table_says_what_the_table_says(rows):
    table = pd.DataFrame(rows, columns=["Practice", "Referrals"])
    read = list(csv.reader(io.StringIO(exports.csv(table), newline="")))
    assert read[0] == ["Practice", "Referrals"]
    for told, row in zip(read[1:], rows, strict=True):
        for cell, typed in zip(told, row, strict=True):
            assert cell in (typed, f"'{typed}")
            assert not cell.lstrip().startswith(SIGNS)
            # Nothing is marked that begins with a letter.
            assert cell == typed or not typed[:1].isalnum()


def test_a_workbook_says_what_the_table_says_and_works_nothing_out(published):
    found = figures.by_practice(MANAGER, "referrals", "quarter:2026-07")
    table = found[["name", "value_shown"]].rename(
        columns={"name": "Practice", "value_shown": "Referrals"}
    )
    table.loc[len(table)] = ["=cmd|' /C calc'!A0", "https://elsewhere.example"]
    notes = ["* is not shown", "=1+1"]
    file = io.BytesIO(exports.workbook(table, "Referrals: Jul–Sep 2026", notes))
    book = openpyxl.load_workbook(file)
    sheet = book["Figures"]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert cells[0][0] == "Referrals: Jul–Sep 2026"
    assert cells[2] == ["Practice", "Referrals"]
    assert cells[3 : 3 + len(table)] == table.to_numpy().tolist()
    assert [row[0] for row in cells[-2:]] == notes
    every = [cell for row in sheet.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in every} == {"s"}
    assert not any(cell.hyperlink for cell in every)
    assert not book.defined_names


# The activity return.


def test_the_activity_return_is_of_figures_that_are_published(published):
    found = board.activity_return(MANAGER, MONTH)
    assert list(found.columns) == [
        "Month",
        "Specialty",
        "Total",
        "Processed",
        "Diverted",
    ]
    [row] = found.to_dict("records")
    assert (row["Month"], row["Specialty"]) == ("Sep 2026", "Dermatology")
    for column, name, what in (
        ("Total", "referrals", "whole_shown"),
        ("Processed", "answered", "whole_shown"),
        ("Diverted", "without_visit", "part_shown"),
    ):
        told = figures.series(MANAGER, name, "month").set_index("period")
        assert row[column] == told.loc[MONTH, what]


@pytest.mark.parametrize("month", ["month:1999-01", "quarter:2026-07", "x' or 1=1 --"])
def test_a_month_that_there_is_not_is_refused_in_words(published, month):
    for read in (board.activity_return, lambda *of: board.report(*of, "Northmoor")):
        with pytest.raises(NotFound, match="A month can be reported once it is over"):
            read(MANAGER, month)
    with pytest.raises(NotAllowed):
        board.report(scope_of(OrganisationKind.PRACTICE), MONTH, "Elm Practice")


def test_a_commissioner_without_figures_is_told_so(published):
    theirs = scope_of(OrganisationKind.COMMISSIONER)
    with pytest.raises(NotFound):
        board.activity_return(theirs, MONTH)
    with pytest.raises(NotFound):
        board.report(theirs, MONTH, "Southmoor ICB")


def test_months_come_newest_first(published):
    months = board.months(MANAGER)
    assert next(iter(months.items())) == ("month:2026-10", "Oct 2026")
    assert len(months) > 30


# The board's report.


@pytest.fixture
def report(published):
    return board.report(MANAGER, MONTH, "Northmoor ICB")


@pytest.mark.slow
def test_the_report_is_accessible(report, tmp_path):
    file = tmp_path / "report.pdf"
    file.write_bytes(report)
    heard = outloud.check(str(file))
    assert heard.error in (None, "")
    assert [*pdfua.validate(file).findings, *heard.findings] == []


@pytest.mark.slow
def test_the_report_says_the_same_numbers(report):
    with pymupdf.open(stream=report) as pages:
        text = " ".join(" ".join(page.get_text() for page in pages).split())
    assert "Teledermatology: report for Sep 2026" in text
    assert "Northmoor ICB" in text
    assert reading.freshness(MANAGER).sentence in text
    for name in board.MEASURES:
        assert measure(name).title in text
        told = figures.series(MANAGER, name, "month").set_index("period")
        if told.loc[:MONTH, "value"].isna().all():
            continue
        assert told.loc[MONTH, "value_shown"] in text
        assert measure(name).counted in text
    row = board.activity_return(MANAGER, MONTH).iloc[0]
    assert f"{row['Total']} {row['Processed']} {row['Diverted']}" in text
    for share in reading.hidden_shares(MANAGER)["share"]:
        assert f"{share:.0f} %" in text


@pytest.mark.slow
def test_the_report_of_a_month_is_the_same_whenever_it_is_fetched(published, report):
    assert board.report(MANAGER, MONTH, "Northmoor ICB") == report


# What was saved.

COUNTS = st.tuples(st.integers(0, 3000), st.integers(0, 3000), st.integers(0, 3000))


@given(COUNTS)
def test_the_interval_holds_the_difference_and_is_even(counts):
    avoided, gained, neither = counts
    found = saved(avoided, gained, avoided + gained + neither)
    visits = found.visits
    assert visits.value == avoided - gained
    assert visits.low <= visits.value <= visits.high
    assert isclose(visits.high - visits.value, visits.value - visits.low, abs_tol=1e-9)
    turned = saved(gained, avoided, found.considered).visits
    assert isclose(turned.low, -visits.high, abs_tol=1e-9)
    assert isclose(turned.high, -visits.low, abs_tol=1e-9)


@given(COUNTS, st.integers(0, 100_000))
def test_money_is_visits_at_their_tariff(counts, tariff):
    avoided, gained, _ = counts
    best, low, high = saved(avoided, gained, sum(counts)).pence(tariff)
    assert best == (avoided - gained) * tariff
    assert low <= best <= high


def test_nothing_saved_of_nothing_is_nothing():
    found = saved(0, 0, 0)
    assert (found.visits.value, found.visits.low, found.visits.high) == (0, 0, 0)
    assert found.pence(15_000) == (0, 0, 0)
    # All were avoided: nothing varies.
    every = saved(50, 0, 50).visits
    assert every.low == every.value == every.high == 50


def test_the_interval_is_that_of_a_difference_of_two_shares():
    # 300 of 1,000 avoided, 100 gained: n((a + g)/n - ((a - g)/n)²) = 400 - 40 = 360.
    visits = saved(300, 100, 1000).visits
    assert (visits.low, visits.high) == pytest.approx(
        (200 - 1.959964 * 360**0.5, 200 + 1.959964 * 360**0.5), abs=1e-4
    )


def test_a_tariff_holds_from_its_day_on_and_the_first_before_it():
    assert tariff_on(UNTIL.date()).visit_pence > 0
    first = tariff_on(UNTIL.date().replace(year=1999))
    assert first.effective_from.year > 1999


def test_savings_hide_what_their_counts_hide(published):
    found = value.over_time(MANAGER, "week", 100)
    hidden = found["avoided"].isna() | found["gained"].isna()
    assert hidden.any()
    assert (found["value"].isna() == hidden).all()
