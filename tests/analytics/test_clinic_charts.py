"""Charts of clinics say their finding, and can be done without."""

import pandas as pd
import pytest

from benchmarks.many_referrals import UNTIL
from core.analytics import clinic_charts, clinic_reading, plan_charts, visit_charts
from core.analytics.charts import Chart
from core.analytics.showing import as_csv, in_hours
from core.kernel import clock
from tests.analytics.emptying import emptied
from tests.analytics.test_numbers import MANAGER


YEAR = "twelve_months:2025-10"


@pytest.fixture
def weeks(published):
    return clinic_reading.capacity(MANAGER)


@pytest.fixture
def waited(published):
    return clinic_reading.waits(MANAGER, YEAR)


@pytest.fixture
def list_now(published):
    with clock.set_to(UNTIL):
        return clinic_reading.queue(MANAGER)


def test_demand_and_offer_are_lines_of_hours_from_zero(weeks):
    chart = clinic_charts.demand(weeks)
    offered, wanted = chart.figure.data
    mine = weeks[(weeks["grade"] == "all") & ~weeks["whole"]]
    assert list(offered.y) == pytest.approx((mine["offered"] / 60).tolist())
    assert chart.figure.layout.yaxis.rangemode == "tozero"
    assert len(chart.table) == 14
    assert chart.table["Week from"].iloc[-1] == "All weeks"
    # Weeks with too few keep a star on the axis, and no line runs through them.
    hidden = mine["arose_minutes"].isna().tolist()
    assert any(hidden)
    assert [text == "*" for text in wanted.text] == hidden
    assert [size == 0 for size in wanted.marker.size] == hidden
    assert [y for y, there in zip(wanted.y, hidden, strict=True) if there] == [0] * sum(
        hidden
    )
    assert "lines" not in wanted.mode
    assert chart.title.startswith("New patients wanted ")
    assert chart.title.endswith("All grades, 13 weeks to Sun 15 Nov 2026")


def test_utilisation_has_a_bar_for_each_grade_that_held_clinics(weeks):
    chart = clinic_charts.utilisation(weeks)
    everything = weeks.iloc[-1]
    assert chart.title == (
        f"{everything['utilisation_shown']} of the time offered was used: "
        "13 weeks to Sun 15 Nov 2026"
    )
    assert chart.table["Grade"].tolist()[-1] == "All grades"
    assert "Grade not on record" not in chart.table["Grade"].tolist()
    assert chart.figure.data[0].x.max() <= 100


def test_waits_and_misses_name_the_whole_and_label_each_bar(waited):
    everything = waited.iloc[-1]
    chart = visit_charts.waits(waited, "the year")
    share = everything["in_time_percent_shown"]
    assert chart.title == f"{share} were seen in a clinic in time: the year"
    assert chart.figure.data[0].text[-1] == (
        f"{share}, half in {everything['median_weeks_shown']}"
    )
    chart = visit_charts.missed(waited, "the year")
    assert (
        chart.title == f"{everything['missed_percent_shown']} did not attend: the year"
    )
    assert chart.table["Appointments"].iloc[-1] == everything["called_shown"]


def test_a_list_is_told_with_what_it_may_be_and_what_helps(list_now):
    chart = clinic_charts.queue(list_now)
    everything = list_now.iloc[-1]
    assert chart.title == (
        f"About {everything['queue_shown']} wait; "
        f"{everything['target_queue_shown']} may, so no relief is needed, "
        "on Sun 15 Nov 2026"
    )
    row = everything.copy()
    row["queue_shown"], row["relief"], row["demand"] = "90", 7.2, 4.2
    assert clinic_charts.queue_in_words(row) == (
        f"About 90 wait; {row['target_queue_shown']} may. Seeing 7.2 a week instead of "
        "the 4.2 that come would put it right in half a year"
    )
    lines = clinic_charts.long_lists(list_now)
    assert len(lines) == (list_now["queue_shown"].iloc[:-1] != "0").sum()
    assert all(line.endswith(".") for line in lines)


def test_a_plan_is_told_beside_first_come_first_served(published):
    chart = plan_charts.forecast(clinic_reading.forecast(MANAGER))
    assert chart.title == (
        "About 60 will be seen too late: 8 weeks from Tue 17 Nov 2026. "
        "First come, first served: 100"
    )
    assert chart.table["As planned"].tolist() == ["15", "*", "40", "60", "10", "*"]
    short = plan_charts.shortages(clinic_reading.shortages(MANAGER))
    assert short.title == "Time is shortest of: Consultant, 17 Nov to 30 Nov"
    assert short.table["Worth"].iloc[0] == "£9.00 a minute"
    extra = plan_charts.extra_sessions(clinic_reading.extra_sessions(MANAGER))
    assert extra.title == "A session more a week saves most of: Consultant, £3,100"


def test_where_nothing_is_short_and_nothing_helps_it_says_so(published):
    free = clinic_reading.shortages(MANAGER)
    free["pence_per_minute"] = 0.2
    assert plan_charts.shortages(free).title.startswith("Nowhere: no minute more")
    none = clinic_reading.extra_sessions(MANAGER)
    none["saved_pence"] = 0
    chart = plan_charts.extra_sessions(none)
    assert chart.title == "No session more would save anything"
    assert chart.table["Saves"].tolist() == ["nothing", "nothing"]


@pytest.mark.parametrize(
    ("draw", "read", "few", "none"),
    [
        (
            lambda found: visit_charts.waits(found, "now"),
            lambda: clinic_reading.waits(MANAGER, YEAR),
            "Too few patients",
            "Nobody was seen",
        ),
        (
            lambda found: visit_charts.missed(found, "now"),
            lambda: clinic_reading.waits(MANAGER, YEAR),
            "Too few patients",
            "Nobody had an appointment",
        ),
        (
            clinic_charts.queue,
            lambda: clinic_reading.queue(MANAGER),
            "Too few patients",
            "Nobody waits",
        ),
        (
            plan_charts.forecast,
            lambda: clinic_reading.forecast(MANAGER),
            "Too few will be",
            "Nobody will be seen too late",
        ),
    ],
)
def test_few_or_none_are_said_in_words(published, draw, read, few, none):
    hidden, empty = draw(emptied(read(), "*")), draw(emptied(read(), "0"))
    assert isinstance(hidden, Chart)
    assert hidden.title.startswith(few)
    assert empty.title.startswith(none)


def test_a_service_without_clinics_says_so(weeks):
    nothing = weeks.copy()
    nothing["offered"] = 0.0
    assert clinic_charts.utilisation(nothing).title.startswith("No clinic was held")
    assert "none were offered" in clinic_charts.demand(nothing).title
    few = weeks.copy()
    few["arose_minutes"] = pd.array([pd.NA] * len(few), dtype="Float64")
    assert clinic_charts.demand(few).title.startswith("Too few new patients")


def test_a_file_of_a_table_works_nothing_out():
    table = pd.DataFrame({"": ["=1+1", "Late"], "n": ["-5", "*"]})
    assert as_csv(table) == ",n\r\n'=1+1,'-5\r\nLate,*\r\n"


@pytest.mark.parametrize(
    ("minutes", "said"), [(0, "0 h"), (20, "0.3 h"), (240, "4 h"), (72_030, "1,200 h")]
)
def test_minutes_are_told_as_hours(minutes, said):
    assert in_hours(minutes) == said
