"""A measure drawn: over time with its limits, as a tile, practice by practice.

What a chart is worked out from are the published figures themselves, so that limits and
words give nothing away that the points hide.
"""

from base64 import b64encode
from dataclasses import dataclass
from html import escape
from typing import cast

import pandas as pd

from core.access.model import Scope
from core.analytics import (
    control_charts,
    figures,
    funnel,
    funnel_charts,
    reading,
    value,
)
from core.analytics.charts import Chart
from core.analytics.line_charts import percentile_lines
from core.analytics.measures.definition import Measure, measure
from core.analytics.reading import ALL
from core.analytics.spc import Xmr, xmr
from core.analytics.spc_icons import Icon, assurance_icon, variation_icon
from core.analytics.spc_words import Period, in_words
from core.analytics.units import Unit, say
from core.kernel import clock
from core.kernel.errors import NotFound


_UNITS: dict[str, Unit] = {"share": "percent", "hours": "hours", "count": "count"}
MONEY = "money"
_MONEY_TITLE = "Money saved"


@dataclass(frozen=True)
class Told:
    """A chart and its signs as markup, with the figures it was worked out from."""

    chart: Chart
    icons: str
    found: Xmr


@dataclass(frozen=True)
class Tile:
    """A measure in a few square centimetres, all of it in words as well."""

    title: str
    value: str
    when: str
    target: str
    sentence: str
    icons: str
    sparkline: Chart


def over_time(
    scope: Scope, name: str, grain: str = "", practice: str = ALL, whose: str = ""
) -> Told:
    """A measure's control chart in a grain, or the finest that shows enough.

    ``whose`` names the practice. Raises NotFound where there is nothing.
    """
    asked = measure(name)
    found, grain = _in_grain(scope, name, grain, practice)
    found = _begun(found, asked)
    title = asked.spoken
    if whose:
        title = f"{whose}: {title[0].lower()}{title[1:]}"
    chart = control_of(found, asked)
    drawn = control_charts.control_chart(
        chart,
        title,
        unit=unit_of(asked),
        period=cast("Period", grain),
        labels=found["label"].tolist(),
        shown=found["value_shown"].tolist(),
    )
    return Told(drawn, icons(chart), chart)


def unit_of(asked: Measure) -> Unit:
    """In what a measure is told."""
    return _UNITS[asked.kind]


def control_of(found: pd.DataFrame, asked: Measure) -> Xmr:
    """The control chart of rows of ``figures.series``, against the target of today."""
    values = found.set_index("first_day")["value"].astype("Float64")
    return xmr(
        values,
        better=asked.better,
        target=asked.target_on(clock.today()),
    )


def tile(scope: Scope, name: str) -> Tile:
    """A measure's newest value, its small chart, what it says. ``money``: what was saved.

    Raises NotFound where there is nothing.
    """
    if name == MONEY:
        return _money(scope)
    asked = measure(name)
    found, grain = _in_grain(scope, name, "", ALL)
    found = _begun(found, asked)
    unit = unit_of(asked)
    chart = control_of(found, asked)
    last = found.iloc[-1]
    when = f"{_PERIODS[grain]} {last['label']}"
    target = "" if chart.target is None else f", target {say(chart.target, unit)}"
    shown = (asked.title, asked.spoken, str(last["value_shown"]))
    return _tile(shown, (when, target), chart, unit, grain)


def icons(found: Xmr) -> str:
    """Variation and assurance as markup, with their words."""
    both = [variation_icon(found), assurance_icon(found)]
    shown = "".join(_picture(one) for one in both if one)
    return f'<p class="oz-icons">{shown}</p>'


def _picture(icon: Icon) -> str:
    """As an image of its own: markup of a page lets no drawing in."""
    drawn = b64encode(icon.svg.encode()).decode()
    source = f"data:image/svg+xml;base64,{drawn}"
    return f'<img width="64" height="64" alt="{escape(icon.text)}" src="{source}">'


def title_of(name: str) -> str:
    """What a tile is called, with figures or without."""
    return _MONEY_TITLE if name == MONEY else measure(name).title


def percentiles(scope: Scope, name: str, grain: str = "") -> Chart:
    """Median and ninetieth percentile of a measure in hours. Raises NotFound."""
    found, _ = _in_grain(scope, name, grain or "month", ALL)
    return percentile_lines(found, measure(name))


def funnel_of(scope: Scope, name: str, period: str, label: str) -> Chart:
    """A measure practice by practice; ``label`` says the period. Raises NotFound.

    Shares: limits widened for over-dispersion. Referrals: a year's per 1,000 registered
    patients, against one rate for all, by exact Poisson limits.
    """
    asked = measure(name)
    found = figures.by_practice(scope, name, period).set_index("name")
    figures.worth_showing(found, f"{asked.title} by practice")
    whole = found["whole"].astype("Float64")
    if asked.kind == "share":
        # Rounded by themselves, a part can be a little more than its whole.
        part = found["part"].astype("Float64")
        drawn = funnel.proportions(part.where(part <= whole, whole), whole)
        words = f"{asked.title}, {label}"
        return funnel_charts.funnel_chart(
            drawn,
            words,
            unit="percent",
            sizes="Referrals",
            per=100,
            observed="Of these",
        )
    sizes = found["registered_patients"].astype("Float64")
    drawn = funnel.ratios(whole, funnel.at_one_rate(whole, sizes), adjust=False)
    known = whole.notna() & sizes.notna()
    years = _years(scope, period)
    rate = 1000 * float(whole[known].sum()) / max(float(sizes[known].sum()), 1) / years
    return funnel_charts.funnel_chart(
        drawn,
        f"{asked.title} a year per 1,000 registered patients, {label}",
        unit="count",
        sizes="Expected at one rate",
        per=rate,
        observed=asked.title,
    )


def _years(scope: Scope, period: str) -> float:
    """How long a period is."""
    found = reading.periods(scope).set_index("period")
    days = found["last_day"].dt.date[period] - found["first_day"].dt.date[period]
    return float(days.days + 1) / 365.25


_PERIODS = {"week": "week of", "month": "in", "quarter": "in"}


def _in_grain(
    scope: Scope, name: str, grain: str, practice: str
) -> tuple[pd.DataFrame, str]:
    if grain:
        found = figures.series(scope, name, grain, practice)
        title = f"{measure(name).title} by {grain}"
        return figures.worth_showing(found, title), grain
    found = figures.finest(scope, name, practice)
    title = f"{measure(name).title} over time"
    return figures.worth_showing(found, title), str(found.attrs["grain"])


def _begun(found: pd.DataFrame, asked: Measure) -> pd.DataFrame:
    """From the first period on in which a share or a time was over anything."""
    there = (found["whole_shown"] != "0").to_numpy()
    if asked.kind == "count" or not there.any():
        return found
    return found.iloc[int(there.argmax()) :]


def _money(scope: Scope) -> Tile:
    tariff = value.tariff_on(clock.today())
    found = value.over_time(scope, "month", tariff.visit_pence)
    if found["value"].isna().all():
        raise NotFound("Money saved: too few referrals to show by month.")
    values = found.set_index("first_day")["value"].astype("Float64")
    chart = xmr(values, better="higher")
    last = found.iloc[-1]
    worth = say(None if pd.isna(last["value"]) else float(last["value"]), "money")
    when = (f"in {last['label']}", ", by the tariff on the page")
    shown = (_MONEY_TITLE, "The money saved", worth)
    return _tile(shown, when, chart, "money", "month")


def _tile(
    words: tuple[str, str, str],
    when: tuple[str, str],
    chart: Xmr,
    unit: Unit,
    grain: str,
) -> Tile:
    title, spoken, figure = words
    period = cast("Period", grain)
    small = control_charts.sparkline(chart, spoken, unit=unit, period=period)
    return Tile(
        title=title,
        value=figure,
        when=when[0],
        target=when[1],
        sentence=in_words(chart, spoken, unit=unit, period=period),
        icons=icons(chart),
        sparkline=small,
    )
