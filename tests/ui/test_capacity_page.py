"""The commissioner's Capacity page, with figures of clinics and without."""

from pathlib import Path

import pytest

from core import config
from core.analytics import build
from core.kernel import clock
from tests.analytics import clinics
from tests.analytics.test_clinic_numbers import DAY, FIGURES, SOON, lived
from tests.ui.test_screens import everything_said, opened
from tests.world import NOW


@pytest.fixture
def counting(at_ten, service, tmp_path):
    """A service whose figures have a folder of their own."""
    file = Path(config.child_environment()["OZONE_SETTINGS"])
    lines = [one for one in file.read_text().splitlines() if "ANALYTICS" not in one]
    lines.append(f"OZONE_ANALYTICS_FOLDER={tmp_path}/analytics")
    file.write_text("\n".join(lines))
    config.use_settings_file(file)
    return service


def counted(service, moment):
    with clock.set_to(moment):
        build.refresh(service.store)


def page(service, name="capacity", **chosen):
    screen = opened("commissioner", service.commissioner, name, **chosen)
    assert not screen.exception
    assert not screen.error
    return screen


def titles(screen):
    # A per cent sign stays on its figure's line.
    return [one.value.replace("\N{NO-BREAK SPACE}", " ") for one in screen.subheader]


def test_a_commissioner_sees_weeks_the_list_waits_and_the_plan(counting):
    manager, made, _ = lived(counting)
    clinics.planned(counting, manager, NOW - 3 * DAY, FIGURES, made[-1:])
    counted(counting, NOW)
    screen = page(counting)
    assert titles(screen)[2:] == [
        "Too few patients to show whether the list is too long, on Sun 15 Nov 2026",
        "100 % were seen in a clinic in time: All quarters to Sep 2026",
        "Too few patients to show how many did not attend: All quarters to Sep 2026",
        (
            "About 35 will be seen too late: 8 weeks from Sun 15 Nov 2026. "
            "First come, first served: 60"
        ),
        "Time is shortest of: Consultant, 15 Nov to 28 Nov",
        "A session more a week saves most of: GP with extended role, £1,295",
    ]
    assert len(screen.get("download_button")) == 2 * len(titles(screen))


def test_the_weeks_of_one_grade_can_be_looked_at(counting):
    lived(counting)
    counted(counting, SOON)
    screen = page(counting)
    assert titles(screen)[:2] == [
        (
            "New patients wanted 3.3 h of clinic, 8 h were offered: All grades, "
            "2 weeks to Sun 19 Jul 2026"
        ),
        "42 % of the time offered was used: 2 weeks to Sun 19 Jul 2026",
    ]
    said = everything_said(screen)
    assert "no figures of a whole quarter yet" in said
    assert "no plan of clinics to show" in said
    screen.selectbox(key="grade").select("gpwer").run()
    assert not screen.exception
    assert titles(screen)[0] == (
        "3.3 h were wanted, and none were offered: GP with extended role, "
        "2 weeks to Sun 19 Jul 2026"
    )


def test_before_any_clinic_the_page_says_so(counting):
    counted(counting, NOW)
    said = everything_said(page(counting))
    assert "no figures about clinics yet" in said
