"""For analysts: the mart, the measures by name as tables, and the charts.

What a notebook gets here is the very thing that the commissioner's pages are made of: the
same rows, counted by the same definitions, only exact and not rounded. So **nothing of it
may leave the service as it is**: small numbers tell of people. ``publishable`` gives a
table back as it may be shown.

    from core.analytics import workbench as ozone

    bench = ozone.mart()
    bench.measure("turnaround", by="week")

People are keyed hashes; there is no name, no number, no free text, no date of birth.
"""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

import duckdb
import numpy as np
import pandas as pd

from core.analytics import describing, disclosure, facts, versions
from core.analytics.charts import Chart
from core.analytics.control_charts import control_chart
from core.analytics.measure_charts import control_of, unit_of
from core.analytics.measures.definition import Measure, measure, measures
from core.config import settings
from core.kernel.errors import ServiceError


By = Literal["week", "month", "quarter", "practice", "group"]
_FOLDER = Path(__file__).parent / "models"
# Before anything was counted, and after everything.
_ALWAYS = (date(1900, 1, 1), date(2999, 12, 31))
_LOCK = ("set enable_external_access = false", "set lock_configuration = true")


@dataclass(frozen=True)
class Bench:
    """An open mart. ``connection`` reads it and nothing else: ``mart.referral`` and so on.

    ``data_as_of``: when the service's store was read. A new build is a new file: open the
    mart again to see it. Good in a ``with``, too, which closes it.
    """

    connection: duckdb.DuckDBPyConnection
    data_as_of: str
    _prepared: set[str] = field(default_factory=set, repr=False)

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    def __enter__(self) -> "Bench":
        """The bench itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def measure(
        self, name: str, by: By = "month", between: tuple[date, date] = _ALWAYS
    ) -> pd.DataFrame:
        """A measure, exact, by week, month, quarter, practice or group of people.

        ``between`` narrows practices and groups to what was counted on these days, both
        included. Columns: what it is by (week_start and so on); whole (how many it is over), part (how many of
        them count), median and p90 (hours), and value: the measure itself, in percent,
        hours or as a count. Groups have dimension and category. A last week, month or
        quarter that is not over is in it. Raises NotFound for an unknown name.
        """
        asked = measure(name)
        statement = self._prepare(asked, by)
        days = ", ".join(f"date '{day:%Y-%m-%d}'" for day in between)
        told = f"({days})" if by in ("practice", "group") else ""
        found = self.connection.execute(f"execute {statement}{told}").df()
        found["value"] = _value(found, asked)
        return found

    def _prepare(self, asked: Measure, by: By) -> str:
        """The name of the question's statement, planned once: a plan takes as long as a
        million rows.
        """
        rows, statement = f"{asked.measure}_fact", f"{asked.measure}_by_{by}"
        if statement not in self._prepared:
            kind = "hours" if asked.kind == "hours" else "measure"
            analysis = _text(f"analysis/{kind}_by_{by}").replace("measure_fact", rows)
            fact = _text(f"measures/{asked.measure}")
            self.connection.execute(f"create or replace temp view {rows} as {fact}")
            self.connection.execute(f"prepare {statement} as {analysis}")
            self._prepared.add(statement)
        return statement

    def rows(self, name: str) -> pd.DataFrame:
        """The rows that a measure counts, one for each: for a measure of one's own.

        There is every column of the table that it counts (``mart.referral``, or that of
        visits, needs, pictures, second reads or weblinks; of breaches, which counts two of
        them, what these share), and counted_on (the day), whole (1, or how many), part (1
        where it counts, else 0) and amount (hours). Large: filter in SQL where you can.
        Raises NotFound for an unknown name.
        """
        facts.turn_to(self.connection, measure(name))
        return self.connection.execute("select * from measure_fact").df()

    def query(self, sql: str) -> pd.DataFrame:
        """Any question, read-only, in DuckDB's SQL, over the tables of ``mart``."""
        return self.connection.execute(sql).df()


def mart() -> Bench:
    """Open the newest mart, read-only and shut to every other file.

    Raises ServiceError where none has been built.
    """
    folder = settings().analytics_folder
    there = versions.current(folder)
    if there is None:
        raise ServiceError(
            "No figures have been built yet: run “ozone analytics build”."
        )
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    file = versions.path(folder, "mart", there.version)
    connection.execute("attach $1 as mart (read_only)", [str(file)])
    for statement in _LOCK:
        connection.execute(statement)
    facts.show_rows(connection)
    return Bench(connection, there.data_as_of)


def catalogue() -> pd.DataFrame:
    """All measures: measure (its name), title, kind, better, base, author, next_review."""
    columns = ["measure", "title", "kind", "better", "base", "author", "next_review"]
    rows = [[getattr(one, name) for name in columns] for one in measures().values()]
    return pd.DataFrame(rows, columns=columns)


def describe(name: str) -> None:
    """Print what a measure counts, of what, why, and what it cannot tell."""
    print(describing.in_text(measure(name)))  # noqa: T201  for a notebook's reader


def control(found: pd.DataFrame, name: str, by: By = "month") -> Chart:
    """The control chart of what ``Bench.measure`` gave by week, month or quarter."""
    asked = measure(name)
    told = found.rename(columns={f"{by}_start": "first_day"})
    period: Literal["week", "month", "quarter"]
    period = by if by in ("week", "month", "quarter") else "month"
    chart = control_of(told, asked)
    return control_chart(chart, asked.title, unit=unit_of(asked), period=period)


def publishable(found: pd.DataFrame, counts: list[str]) -> pd.DataFrame:
    """The same with counts of 1 to 7 hidden and the others rounded to the nearest 5.

    The rule for one table by itself. Tables that overlap (the same people divided in two
    ways) can give each other away; only the service's own build checks for that.
    """
    told = found.copy()
    for name in counts:
        exact = told[name].fillna(0).to_numpy(np.int64)
        told[name] = disclosure.all_rounded(exact, np.zeros(len(exact), np.bool_)).array
    return told


def _text(name: str) -> str:
    return (_FOLDER / f"{name}.sql").read_text("utf-8")


def _value(found: pd.DataFrame, asked: Measure) -> pd.Series:
    if asked.kind == "count":
        return found["whole"].astype("Float64")
    if asked.kind == "hours":
        return found["median"].astype("Float64")
    whole = found["whole"].astype("Float64")
    return 100 * found["part"].astype("Float64") / whole.mask(whole == 0)
