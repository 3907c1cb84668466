"""The dashboard's pages, asked of the mart by an analyst, beside pandas and two databases.

Each page is the measures that it shows, exact and by what it shows them by. DuckDB answers
as the workbench asks it: from the mart's file, read-only, with two threads. pandas has
everything in memory. All four first have to give the same answers, row for row; then they
are timed in turn, page by page, so that whatever else runs on the machine slows all.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from benchmarks import national_mart
from benchmarks.engines import frames
from benchmarks.engines.databases import databases
from benchmarks.engines.questions import Days
from core.analytics import facts
from core.analytics.workbench import Bench


REFERRALS = 1_000_000
# The last four whole quarters, as the pages begin with.
DAYS = (date(2025, 10, 1), date(2026, 9, 30))
PAGES: dict[str, tuple[tuple[str, str], ...]] = {
    "overview": (
        ("referrals", "month"),
        ("turnaround", "month"),
        ("without_visit", "month"),
        ("breaches", "month"),
        ("complete_sets", "month"),
        ("avoided", "month"),
        ("gained", "month"),
    ),
    "volumes": (
        ("referrals", "week"),
        ("referrals", "group"),
        ("referrals", "practice"),
        ("fallbacks", "month"),
    ),
    "outcomes": (
        ("without_visit", "month"),
        ("without_visit", "group"),
        ("answered", "month"),
        ("answered", "group"),
    ),
    "turnaround": (
        ("turnaround", "month"),
        ("turnaround", "group"),
        ("answered_in_time", "month"),
        ("breaches", "month"),
        ("faster_diagnosis", "month"),
        ("seen_in_time", "month"),
        ("hours_in_pool", "quarter"),
        ("hours_in_hand", "quarter"),
        ("hours_at_practice", "quarter"),
        ("hours_to_acknowledge", "quarter"),
    ),
    "quality": (
        ("complete_sets", "month"),
        ("usable_pictures", "month"),
        ("returned", "month"),
        ("complete_sets", "group"),
        ("complete_sets", "practice"),
    ),
    "practices": (
        ("referrals", "practice"),
        ("answered", "practice"),
        ("turnaround", "practice"),
        ("without_visit", "practice"),
        ("answered_in_time", "practice"),
        ("complete_sets", "practice"),
    ),
    "equity": (
        ("turnaround", "group"),
        ("without_visit", "group"),
        ("answered_in_time", "group"),
        ("complete_sets", "group"),
        ("seen_in_time", "group"),
        ("referrals", "group"),
    ),
    "truth": (
        ("clinic_agrees", "month"),
        ("histology_agrees", "month"),
        ("cancers_recognised", "month"),
        ("biopsies_with_cancer", "month"),
        ("referrer_agrees", "month"),
        ("second_reader_agrees", "month"),
        ("second_reader_agrees_on_outcome", "month"),
        ("helpful", "month"),
        ("instructive", "month"),
    ),
    "forecast": (("referrals", "week"),),
}
ROUNDS = 7
_QUICK = ("DuckDB", "pandas")
# The databases take minutes where the others take seconds.
_DATABASE_ROUNDS = 3
# Beyond this they answer some pages only, each of a kind.
_LARGE = 3_000_000
_SOME = ("quality", "practices", "forecast")
Figures = list[tuple[str, float, str]]
Ask = Callable[[str, str, Days], pd.DataFrame]
# By page and engine the seconds of each round, the first one first.
Times = dict[str, dict[str, list[float]]]


def run(referrals: int = REFERRALS) -> Figures:
    """Name, value and unit of each figure; the bars are in ``benchmarks.__main__``."""
    with tempfile.TemporaryDirectory(prefix="ozbench") as name:
        folder = Path(name)
        figures = [_timed("mart made", lambda: national_mart.make(folder, referrals))]
        bench = opened(folder / "mart.duckdb")
        loaded: dict[str, pd.DataFrame] = {}
        mart = bench.connection
        figures.append(
            _timed("loaded, pandas", lambda: loaded.update(frames.load(mart)))
        )
        asked: dict[str, Ask] = {
            "DuckDB": bench.measure,
            "pandas": partial(frames.ask, loaded),
        }
        with databases(folder) as others:
            for one in others:
                fill = partial(one.fill, mart, folder)
                figures.append(_timed(f"loaded, {one.name}", fill))
                asked[one.name] = one.ask
            some = PAGES if referrals < _LARGE else _SOME
            times = _agree(asked, some)
            _go_on(times, asked, some)
        bench.close()
    return figures + _told(times, f"at {referrals / 1e6:g}m")


def opened(file: Path) -> Bench:
    """A mart's file as the workbench opens it, with two threads."""
    connection = duckdb.connect(config={"threads": 2})
    connection.execute("set TimeZone = 'UTC'")
    connection.execute("attach $1 as mart (read_only)", [str(file)])
    facts.show_rows(connection)
    return Bench(connection, "")


def _agree(asked: dict[str, Ask], some: Iterable[str]) -> Times:
    """Everybody gives DuckDB's answers, or nothing is timed. How long each page took.

    Raises AssertionError.
    """
    times: Times = {}
    for page, questions in PAGES.items():
        told = times.setdefault(page, {})
        for name, by in questions:
            expected = pd.DataFrame()
            for engine in _asked_of(page, asked, some):
                started = time.perf_counter()
                found = asked[engine](name, by, DAYS)
                spent = time.perf_counter() - started
                told.setdefault(engine, [0.0])[0] += spent
                expected = found if engine == "DuckDB" else expected
                difference = differs(expected.drop(columns="value"), found)
                assert not difference, f"{engine}: {name} by {by}: {difference}"
    return times


def _asked_of(page: str, asked: dict[str, Ask], some: Iterable[str]) -> list[str]:
    """Who answers the questions of a page, DuckDB first."""
    return [one for one in asked if one in _QUICK or page in some]


def differs(expected: pd.DataFrame, found: pd.DataFrame) -> str:
    """What is not the same, row for row; "" where all is, floats to 1e-9."""
    if len(expected) != len(found):
        return f"{len(found)} rows instead of {len(expected)}"
    for name in expected:
        if name not in found:
            if expected[name].notna().any():
                return f"no {name}"
            continue
        if pd.api.types.is_numeric_dtype(expected[name]):
            ours, theirs = (
                one[name].astype("Float64").to_numpy(float, na_value=np.nan)
                for one in (expected, found)
            )
            same = np.allclose(ours, theirs, rtol=1e-9, atol=1e-9, equal_nan=True)
        elif pd.api.types.is_datetime64_any_dtype(expected[name]):
            days = (pd.to_datetime(one[name]) for one in (expected, found))
            ours, theirs = (one.dt.date.tolist() for one in days)
            same = ours == theirs
        else:
            ours, theirs = (one[name].astype(str).tolist() for one in (expected, found))
            same = ours == theirs
        if not same:
            return f"{name} differs"
    return ""


def _go_on(times: Times, asked: dict[str, Ask], some: Iterable[str]) -> None:
    """The same again and again, the engines in turn."""
    for page, questions in PAGES.items():
        for number in range(ROUNDS):
            for engine in _asked_of(page, asked, some):
                if engine in _QUICK or number < _DATABASE_ROUNDS:
                    started = time.perf_counter()
                    for name, by in questions:
                        asked[engine](name, by, DAYS)
                    times[page][engine].append(time.perf_counter() - started)


def _told(times: Times, size: str) -> Figures:
    """By page: the first time and the median of each engine, and how they compare."""
    figures: Figures = []
    ratios: dict[str, list[float]] = {}
    for page, engines in times.items():
        medians = {name: statistics.median(of[1:]) for name, of in engines.items()}
        for name in _QUICK:
            figures.append((f"{page}: {name}, first", 1000 * engines[name][0], "ms"))
        for name, value in medians.items():
            figures.append((f"{page}: {name}", 1000 * value, "ms"))
            ratios.setdefault(name, []).append(medians["DuckDB"] / value)
    for name, label in (
        ("pandas", "page"),
        ("PostgreSQL", "page to PostgreSQL"),
        ("SQLite", "page to SQLite"),
    ):
        middle, worst = statistics.median(ratios[name]), max(ratios[name])
        figures.append((f"{label} ratio median {size}", middle, "times"))
        figures.append((f"{label} ratio worst {size}", worst, "times"))
    return figures


def _timed(name: str, run: Callable[[], object]) -> tuple[str, float, str]:
    started = time.perf_counter()
    run()
    return name, time.perf_counter() - started, "s"


if __name__ == "__main__":
    for label, value, unit in run():
        print(f"{label:36}{value:12.3f} {unit}")
