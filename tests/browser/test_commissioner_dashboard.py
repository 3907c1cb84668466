"""The commissioner's dashboard: every page looked at, filtered and taken away."""

import csv
import io
import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.browser.journey import Desk, sign_in


pytestmark = pytest.mark.browser
PAGES = {
    "volumes": "Volumes",
    "outcomes": "Outcomes",
    "turnaround": "Turnaround",
    "quality": "Quality",
    "weblinks": "Weblinks",
    "practices": "Practices",
    "equity": "Equity",
    "truth": "Truth",
    "value": "Value",
    "forecast": "Forecast",
    "reports": "Reports",
    "definitions": "Definitions",
}


@pytest.fixture
def desk(launch, demo, screens):
    """Dina Khan at her browser."""
    return Desk(sign_in(launch(), demo, "commissioner", "com.khan"), screens)


def test_every_page_opens_fits_a_phone_and_can_be_read_by_anybody(desk):
    desk.heading("Overview")
    desk.check("commissioner-overview")
    for path, title in PAGES.items():
        desk.page.get_by_role("link", name=title, exact=True).click()
        desk.heading(title)
        nothing_went_wrong(desk)
        desk.check(f"commissioner-{path}")


def test_what_is_chosen_stands_in_the_address_and_comes_back(desk):
    open_page(desk, "volumes", "Volumes")
    desk.pick("Over time", "Quarters")
    desk.pick("Divided by", "Problem")
    desk.see("Most referrals")
    expect(desk.page).to_have_url(re.compile("by=quarter.*divided=problem"))
    address = desk.page.url
    desk.page.get_by_role("link", name="Practices", exact=True).click()
    desk.heading("Practices")
    desk.page.go_back()
    desk.heading("Volumes")
    # Whoever gets the address sees the same.
    desk.page.goto(address)
    desk.heading("Volumes")
    expect(desk.page.get_by_role("combobox", name="Over time")).to_have_value(
        "Quarters"
    )
    desk.see("By quarter")


def test_a_chart_is_taken_away_exactly_as_it_is_shown(desk, tmp_path):
    open_page(desk, "volumes", "Volumes")
    panel = desk.page.locator(".st-key-panel-referrals-priority")
    panel.get_by_role("button", name="Table").click()
    cells = desk.page.get_by_role("table").get_by_role("cell")
    expect(cells.first).to_be_visible()
    shown = {one.strip() for one in cells.all_inner_texts()}
    desk.page.keyboard.press("Escape")

    text = taken(desk, panel, "CSV", tmp_path).read_text("utf-8")
    head, *rows = csv.reader(io.StringIO(text))
    assert head == ["Priority", "Referrals"]
    assert len(rows) == 3
    assert {row[1] for row in rows} <= shown

    book = openpyxl.load_workbook(taken(desk, panel, "Excel", tmp_path))
    sheet = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert sheet[2][:2] == head
    assert [row[:2] for row in sheet[3:6]] == rows


def test_what_a_figure_means_is_behind_its_button(desk):
    open_page(desk, "turnaround", "Turnaround")
    panel = desk.page.locator(".st-key-panel-turnaround")
    panel.get_by_role("button", name="How this is counted").click()
    desk.see("Hours on the wall clock, nights and weekends included")
    desk.see("What it cannot tell")


def test_the_report_and_the_return_of_a_month_are_files(desk, tmp_path):
    open_page(desk, "reports", "Reports")
    page = desk.page.locator("[data-testid=stMain]")
    report = taken(desk, page, "Download the report", tmp_path)
    assert report.read_bytes().startswith(b"%PDF-")
    assert report.name.startswith("board-report-20")
    rows = list(
        csv.DictReader(
            io.StringIO(
                taken(desk, page, "Download as CSV", tmp_path).read_text("utf-8")
            )
        )
    )
    assert list(rows[0]) == ["Month", "Specialty", "Total", "Processed", "Diverted"]
    assert rows[0]["Specialty"] == "Dermatology"


def test_another_tariff_changes_the_money_and_nothing_else(desk):
    open_page(desk, "value", "Value")
    cards = desk.page.locator(".oz-card strong")
    expect(cards.nth(1)).to_be_visible()
    visits, before = cards.all_inner_texts()[:2]
    desk.number("A clinic visit costs (£)", "300")
    expect(cards.nth(1)).not_to_have_text(before)
    assert cards.first.inner_text() == visits


def test_one_practice_has_charts_of_its_own(desk):
    open_page(desk, "practices", "Practices")
    desk.pick("Practice", "Harbour Medical Centre")
    desk.see("Harbour Medical Centre: the number of referrals")
    expect(desk.page).to_have_url(re.compile("practice="))


def test_somebody_of_another_commissioner_sees_nothing_of_ours(launch, demo, screens):
    ours = Desk(sign_in(launch(), demo, "commissioner", "com.khan"))
    open_page(ours, "practices", "Practices")
    mine = address_of_a_practice(ours)
    theirs = Desk(sign_in(launch(), demo, "commissioner", "com.whitmore"))
    for path, title in PAGES.items():
        open_page(theirs, path, title)
        said = theirs.page.locator("body").inner_text()
        assert "Harbour Medical Centre" not in said
        assert "Elm Street Surgery" not in said
    # Not by an address of ours, either.
    theirs.page.goto(mine)
    theirs.heading("Practices")
    assert "Harbour" not in theirs.page.locator("body").inner_text()


def test_a_practice_has_no_way_in(launch, demo):
    page = sign_in(launch(), demo, "commissioner", "gp.patel")
    expect(
        page.get_by_text("Your role does not include this app").first
    ).to_be_visible()
    assert page.get_by_role("heading", name="Overview").count() == 0


def open_page(desk, path, title):
    origin = desk.page.url.split("/commissioner")[0]
    desk.page.goto(f"{origin}/commissioner/{path}")
    desk.heading(title)


def nothing_went_wrong(desk):
    expect(desk.page.get_by_test_id("stException")).to_have_count(0)
    expect(desk.page.get_by_test_id("stAlertContentError")).to_have_count(0)


def taken(desk, where, button, folder) -> Path:
    with desk.page.expect_download() as waiting:
        where.get_by_role("button", name=button, exact=True).first.click()
    file = folder / waiting.value.suggested_filename
    waiting.value.save_as(file)
    return file


def address_of_a_practice(desk) -> str:
    desk.pick("Practice", "Harbour Medical Centre")
    desk.see("Harbour Medical Centre: the number of referrals")
    address: str = desk.page.url
    return address
