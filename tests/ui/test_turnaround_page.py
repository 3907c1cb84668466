"""The commissioner's Turnaround page, with all its charts and without."""

from pathlib import Path

import pytest

from core import config
from core.analytics import build
from core.kernel import clock
from tests.analytics import desk, life
from tests.analytics.test_numbers import JULY
from tests.ui.test_screens import everything_said, opened
from tests.world import NOW


YEAR = "12 months to Sep 2026"


@pytest.fixture
def counted(at_ten, service, tmp_path):
    """A service whose nine answers of a quarter have been counted."""
    file = Path(config.child_environment()["OZONE_SETTINGS"])
    lines = [one for one in file.read_text().splitlines() if "ANALYTICS" not in one]
    lines.append(f"OZONE_ANALYTICS_FOLDER={tmp_path}/analytics")
    file.write_text("\n".join(lines))
    config.use_settings_file(file)
    for _ in range(9):
        made = life.refer(service, JULY)
        life.answer(service, made, JULY.replace(hour=12))
        desk.mark(service, made, JULY.replace(hour=13), helpful=True)
    with clock.set_to(NOW):
        build.refresh(service.store)
    return service


def page(service, **chosen):
    screen = opened("commissioner", service.commissioner, "turnaround", **chosen)
    assert not screen.exception
    assert not screen.error
    return screen


def test_the_page_says_where_the_time_goes_and_why(counted):
    screen = page(counted)
    assert [one.value for one in screen.subheader] == [
        f"Half of the answers came within 3 h, 100 % by the due time: {YEAR}",
        f"Half waited up to 3 h for a specialist: {YEAR}",
        "Most common: Platform: comes first",
        "Practices found 100 % of the answers helpful",
    ]
    assert [one.label for one in screen.expander] == ["The same as a table"] * 4


def test_of_a_month_nothing_is_said_about_answers(counted):
    screen = page(counted, period="month:2026-07")
    assert len(screen.subheader) == 3
    assert "counted when a quarter is over" in everything_said(screen)


def test_one_priority_has_its_stages_and_no_more(counted):
    screen = page(counted, priority="routine")
    assert len(screen.subheader) == 2
