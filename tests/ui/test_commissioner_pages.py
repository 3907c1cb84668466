"""Every page of the commissioner's app: on the first day, with a little, with a choice."""

import re
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from core import config
from core.analytics import build
from core.invitations.model import StopReason
from core.kernel import clock
from core.store.engine import Store
from tests.analytics import desk, life
from tests.analytics.conftest import settings_in
from tests.analytics.life import answer, refer
from tests.analytics.test_link_numbers import finish, invite, stop
from tests.ui.conftest import served
from tests.ui.test_screens import everything_said, opened
from tests.world import NOW, World, another_commissioner, build_world


JULY = NOW.replace(month=7, day=6, hour=9, minute=0, second=0)
PAGES = [
    "volumes",
    "outcomes",
    "turnaround",
    "quality",
    "weblinks",
    "capacity",
    "practices",
    "equity",
    "truth",
    "value",
    "forecast",
    "reports",
    "definitions",
]
# Whose figures come with a quarter say so; definitions are there from the first day.
_SAID_FIRST = {"definitions": "What each figure of these pages counts"}


@dataclass(frozen=True)
class Kept:
    """A service with its figures, to be copied."""

    folder: Path
    world: World

    @contextmanager
    def opened(self, request, tmp_path):
        """A copy, as the settings name it."""
        analytics = tmp_path / "analytics"
        shutil.copytree(self.folder / "analytics", analytics)
        told = f"OZONE_ANALYTICS_FOLDER={analytics}"
        with served(request, tmp_path, self.folder / "ozone.db", told) as store:
            yield replace(self.world, store=store)


@pytest.fixture(scope="module")
def kept(service_template, tmp_path_factory):
    """Makes a service, lets something happen in it, and counts."""

    def kept(happens):
        folder = tmp_path_factory.mktemp("kept")
        shutil.copy(service_template, folder / "ozone.db")
        key = config.settings().key("database")
        store = Store(f"sqlite:///{folder}/ozone.db", key)
        world = build_world(store)
        happens(world)
        with settings_in(folder), clock.set_to(NOW):
            build.refresh(store)
        store.engine.dispose()
        return Kept(folder, world)

    return kept


@pytest.fixture(scope="module")
def new_once(kept):
    return kept(nothing)


@pytest.fixture(scope="module")
def counted_once(kept):
    return kept(nine_answers)


@pytest.fixture(scope="module")
def linked_once(kept):
    return kept(twenty_links)


def nothing(world):
    pass


def twenty_links(world):
    """Half of them were finished, half refused."""
    for number in range(20):
        made = invite(world, JULY)
        if number % 2:
            finish(world, made, JULY.replace(hour=13))
        else:
            stop(world, made, JULY.replace(hour=12), StopReason.INTIMATE)


def nine_answers(world):
    for _ in range(9):
        made = refer(world, JULY)
        answer(world, made, JULY.replace(hour=12))
        desk.mark(world, made, JULY.replace(hour=13), helpful=True)


@pytest.fixture
def new(at_ten, new_once, request, tmp_path):
    """A service on its first day."""
    with new_once.opened(request, tmp_path) as world:
        yield world


@pytest.fixture
def counted(at_ten, counted_once, request, tmp_path):
    """Nine answers of a quarter that is over."""
    with counted_once.opened(request, tmp_path) as world:
        yield world


@pytest.fixture
def linked(at_ten, linked_once, request, tmp_path):
    """Twenty weblinks of a quarter that is over."""
    with linked_once.opened(request, tmp_path) as world:
        yield world


@pytest.fixture
def uncounted(at_ten, request, tmp_path, service_template):
    """A service whose figures have a folder of their own, and none are there."""
    told = f"OZONE_ANALYTICS_FOLDER={tmp_path}/analytics"
    with served(request, tmp_path, service_template, told) as store:
        yield build_world(store)


def page(service, name, who=None, **chosen):
    screen = opened("commissioner", who or service.commissioner, name, **chosen)
    assert not screen.exception
    assert not screen.error
    return screen


def titles(screen):
    return [one.value for one in screen.subheader]


@pytest.mark.parametrize("name", ["", *PAGES])
def test_on_the_first_day_each_page_says_what_is_missing(new, name):
    screen = page(new, name)
    said = everything_said(screen)
    expected = _SAID_FIRST.get(name)
    assert expected in said if expected else "yet" in said
    assert not re.search(r"\bnan\b", said.lower())


@pytest.mark.parametrize("name", ["", *PAGES])
def test_before_the_first_build_each_page_says_so(uncounted, name):
    screen = opened("commissioner", uncounted.commissioner, name)
    assert not screen.exception
    assert "No figures have been published yet" in everything_said(screen)


def test_volumes_have_the_quarter_in_bars_and_a_funnel(counted):
    screen = page(counted, "volumes", period="quarter:2026-07")
    assert titles(screen)[-2:] == [
        "Most referrals: Routine, 10, Jul–Sep 2026",
        titles(screen)[-1],
    ]
    assert (
        "Referrals a year per 1,000" in titles(screen)[-1]
        or "referrals a year" in (titles(screen)[-1])
    )


def test_turnaround_says_where_the_time_goes(counted):
    screen = page(counted, "turnaround", period="quarter:2026-07")
    assert "Half waited up to 3 h for a specialist: Jul–Sep 2026" in titles(screen)


def test_what_was_never_counted_is_a_sentence_and_no_empty_chart(counted):
    screen = page(counted, "truth", period="quarter:2026-07")
    said = everything_said(screen)
    assert "Cancers and biopsies: there was nothing to count yet." in said
    assert (
        "Pictures and clinic agree over time: there was nothing to count yet." in said
    )
    assert not [one for one in titles(screen) if "no figure" in one]


def test_what_the_address_names_is_chosen(counted):
    screen = page(counted, "practices", measure="complete_sets", period="year:1900-04")
    assert screen.selectbox(key="measure").value == "complete_sets"
    # A period that is none of ours is passed over.
    assert screen.selectbox(key="period").value == "all_quarters:2026-09"
    screen = page(counted, "volumes", divided="<script>", by="' or 1=1")
    assert screen.selectbox(key="divided").value == "priority"
    assert screen.selectbox(key="by").value == ""


def test_weblinks_have_their_steps_their_results_and_why_they_were_refused(linked):
    screen = page(linked, "weblinks", period="quarter:2026-07")
    told = [one.replace("\xa0", " ") for one in titles(screen)]
    assert "Too few weblinks to show how many were finished: Jul–Sep 2026" not in told
    assert "Of all weblinks 50 % were finished within 14 days: Jul–Sep 2026" in told
    assert "Nothing was heard of 0 % of weblinks: Jul–Sep 2026" in told
    said = everything_said(screen)
    assert "78 %" in said
    assert len(screen.get("download_button")) == 2 * len(told)
    quality = titles(page(linked, "quality", period="all_quarters:2026-09"))
    assert any(
        one.endswith("by who captured: All quarters to Sep 2026") for one in quality
    )
    equity = everything_said(page(linked, "equity"))
    assert "Patients who send it themselves" in equity


def test_pages_without_weblinks_say_that_none_was_sent(counted):
    said = everything_said(page(counted, "weblinks", period="quarter:2026-07"))
    assert "No weblink was sent whose 14 days were up in this period." in said


def test_every_chart_has_its_definition_table_and_files(counted):
    screen = page(counted, "outcomes", period="quarter:2026-07")
    assert len(titles(screen)) >= 3
    assert len(screen.get("download_button")) == 2 * len(titles(screen))
    assert len(screen.get("popover")) == 2 * len(titles(screen))


def test_another_commissioner_sees_that_there_is_nothing(counted):
    life.refer(counted, JULY)
    other = another_commissioner(counted)
    for name in ("", *PAGES):
        said = everything_said(page(counted, name, other))
        assert "Elm Practice" not in said
        assert "Oak Practice" not in said
