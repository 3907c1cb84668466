"""The monthly report to a commissioner's board, as PDF; and the month's activity return.

The report is made of the same charts and sentences as the pages. It ends with the month it
is of, so that the report of a month is the same whenever it is fetched.
"""

import itertools
from datetime import date
from typing import Any

import pandas as pd

from core.access.model import Scope
from core.analytics import figures, measure_charts, reading, value
from core.analytics.describing import facts
from core.analytics.measures.definition import Measure, measure
from core.analytics.spc import Xmr, xmr
from core.analytics.spc_icons import assurance_icon, variation_icon
from core.analytics.spc_words import in_words
from core.analytics.units import Unit, say
from core.kernel.errors import NotFound
from core.reviews import printing


MEASURES = (
    "referrals",
    "turnaround",
    "without_visit",
    "breaches",
    "complete_sets",
    "faster_diagnosis",
)
_NO_MONTH = (
    "There is no such month to report on. A month can be reported once it is over."
)
# As many months as are drawn, and as are enough for limits.
_SHOWN = 24


def months(scope: Scope) -> dict[str, str]:
    """The months that can be reported on, the newest first: key and label."""
    found = reading.periods(scope)
    found = found[found["kind"] == "month"]
    return dict(zip(found["period"], found["label"], strict=True))


def activity_return(scope: Scope, month: str) -> pd.DataFrame:
    """Total, processed and diverted of a month by specialty, as commissioners collect it.

    total: referrals sent; processed: answered; diverted: answered without a clinic visit.
    Figures as shown, ``*`` where hidden. Raises NotFound.
    """
    label = months(scope).get(month)
    if label is None:
        raise NotFound(_NO_MONTH)
    sent = figures.by_category(scope, "referrals", "specialty", month)
    answered = figures.by_category(scope, "answered", "specialty", month)
    diverted = figures.by_category(scope, "without_visit", "specialty", month)
    return pd.DataFrame(
        {
            "Month": label,
            "Specialty": sent["label"],
            "Total": sent["whole_shown"],
            "Processed": answered["whole_shown"],
            "Diverted": diverted["part_shown"],
        }
    )


def report(scope: Scope, month: str, whose: str) -> bytes:
    """The report of a month as PDF/UA; ``whose`` names the commissioner. Raises NotFound."""
    known = reading.periods(scope).set_index("period")
    if month not in known.index or known.loc[month, "kind"] != "month":
        raise NotFound(_NO_MONTH)
    last = known["last_day"].dt.date[month]
    measures = [_measure(scope, name, last) for name in MEASURES]
    return printing.sheet(
        "board",
        {
            "title": f"Teledermatology: report for {known['label'][month]}",
            "from": whose,
            "subtitle": f"{whose}. {reading.freshness(scope).sentence}",
            "measures": [*measures, _money(scope, last)],
            "tables": [_returned(scope, month), _notes(scope), _defined()],
        },
    )


def _measure(scope: Scope, name: str, last: date) -> dict[str, Any]:
    asked = measure(name)
    found = _until(figures.series(scope, name, "month"), last)
    if found.empty or found["value"].isna().all():
        return _nothing(asked.title)
    chart = measure_charts.control_of(found, asked)
    unit = measure_charts.unit_of(asked)
    shown = str(found["value_shown"].iloc[-1])
    titles = (asked.title, asked.spoken)
    return _told(titles, shown, str(found["label"].iloc[-1]), chart, unit)


def _money(scope: Scope, last: date) -> dict[str, Any]:
    tariff = value.tariff_on(last)
    found = _until(value.over_time(scope, "month", tariff.visit_pence), last)
    if found.empty or found["value"].isna().all():
        return _nothing("Money saved")
    chart = xmr(
        found.set_index("first_day")["value"].astype("Float64"), better="higher"
    )
    newest = found["value"].iloc[-1]
    shown = say(None if pd.isna(newest) else float(newest), "money")
    titles = ("Money saved", "The money saved")
    return _told(titles, shown, str(found["label"].iloc[-1]), chart, "money")


def _until(found: pd.DataFrame, last: date) -> pd.DataFrame:
    return found[found["last_day"] <= pd.Timestamp(last)].tail(_SHOWN)


def _nothing(title: str) -> dict[str, Any]:
    return {
        "title": title,
        "value": "*",
        "when": "",
        "sentence": "Too few to show by month.",
        "signs": "",
        "chart": None,
        "why_none": "",
    }


def _told(
    titles: tuple[str, str], shown: str, when: str, chart: Xmr, unit: Unit
) -> dict[str, Any]:
    title, spoken = titles
    sentence = in_words(chart, spoken, unit=unit, period="month")
    signs = [variation_icon(chart), assurance_icon(chart)]
    return {
        "title": title,
        "value": shown,
        "when": when,
        "sentence": sentence,
        "signs": " · ".join(one.text.split(": ", 1)[1] for one in signs if one),
        "chart": _drawn(chart, f"Control chart of the last months. {sentence}", unit),
        "why_none": "",
    }


def _drawn(chart: Xmr, alt: str, unit: Unit) -> dict[str, Any]:
    """Points and lines as shares of the picture's width and height."""
    points = chart.points.reset_index(drop=True)
    lines = points[["value", "lower", "upper", "mean"]]
    ends = [*lines.min().dropna(), *lines.max().dropna()]
    if chart.target is not None:
        ends.append(chart.target)
    bottom, top = min(ends), max(ends)
    height, width = (top - bottom) or 1.0, max(len(points) - 1, 1)

    def y(level: float) -> float:
        return float(0.06 + 0.88 * (level - bottom) / height)

    known = points[points["kind"] != "missing"]
    spots = [
        {"x": place / width, "y": y(row["value"]), "special": bool(row["cause"])}
        for place, row in zip(known.index, known.to_dict("records"), strict=True)
    ]
    levels = [
        {"from": 0.0, "to": 1.0, "at": y(level), "solid": name == "mean"}
        for name in ("mean", "lower", "upper")
        if not pd.isna(level := points[name].iloc[-1])
    ]
    steps = [
        [one["x"], one["y"], two["x"], two["y"]]
        for one, two in itertools.pairwise(spots)
    ]
    target = None if chart.target is None else y(chart.target)
    return {
        "alt": alt,
        "caption": _caption(chart, unit),
        "points": spots,
        "lines": levels,
        "steps": steps,
        "target": target,
    }


def _caption(chart: Xmr, unit: Unit) -> str:
    """From when to when, and which line is which."""
    first, last = chart.points.index[0], chart.points.index[-1]
    said = f"{first:%b %Y} to {last:%b %Y}; dashed: limits of chance"
    if chart.target is None:
        return said
    return f"{said}; dotted: target {say(chart.target, unit)}"


def _returned(scope: Scope, month: str) -> dict[str, Any]:
    found = activity_return(scope, month)
    return {
        "title": "Activity return",
        "heads": list(found.columns),
        "rows": found.to_numpy().tolist(),
        "notes": [
            (
                "Total: referrals sent. Processed: answered in the month, whenever sent. "
                "Diverted: answered without a clinic visit."
            )
        ],
    }


def _notes(scope: Scope) -> dict[str, Any]:
    """What to know of the figures."""
    hidden = reading.hidden_shares(scope)
    shares = "; ".join(
        f"{str(title).lower()} {share:.0f} %"
        for title, share in zip(hidden["title"], hidden["share"], strict=True)
    )
    return {
        "title": "What to know of these figures",
        "heads": [],
        "rows": [],
        "notes": [
            (
                "Counts are rounded to the nearest 5; * stands for a figure that is not shown "
                "because it is small, or would give a small one away. What was published once "
                "stays as it was."
            ),
            f"Not shown, of all figures: {shares}.",
            (
                "Limits of control charts are worked out from the rounded figures; with fewer "
                "than 13 months they still move."
            ),
        ],
    }


def _defined() -> dict[str, Any]:
    rows = [[measure(name).title, _what(measure(name))] for name in MEASURES]
    return {
        "title": "What is counted",
        "heads": ["Measure", "Definition"],
        "rows": rows,
        "notes": [],
    }


def _what(asked: Measure) -> str:
    wanted = ("Counted", "Numerator", "Denominator", "Measured", "Each", "Over")
    told = facts(asked)
    return " ".join(f"{name}: {told[name]}." for name in wanted if name in told)
