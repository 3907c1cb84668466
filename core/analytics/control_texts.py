"""What stands beside the picture of a control chart: labels, subtitle, table, alt text."""

from typing import Final

import numpy as np
import pandas as pd

from core.analytics.disclosure import HIDDEN
from core.analytics.spc import Xmr
from core.analytics.spc_words import Period, assurance_in_words, in_words
from core.analytics.units import Unit, possible, say


# What each kind of point is called.
WORDS: Final = {
    "common": "common cause",
    "improvement": "improvement",
    "concern": "concern",
    "neutral_high": "higher than chance explains",
    "neutral_low": "lower than chance explains",
    "missing": "not shown",
    "nothing": "nothing to count",
}
_SHAPES: Final = {
    "improvement": "blue squares: improvement",
    "concern": "orange diamonds: concern",
    "neutral_high": "purple triangles upwards: higher than chance explains",
    "neutral_low": "purple triangles downwards: lower than chance explains",
}
# For whoever has not seen such a chart; said once, where the measure is explained.
HOW_TO_READ: Final = (
    "Grey lines are the mean and the limits between which chance alone keeps nearly all "
    "points (XmR chart, by the rules of Making Data Count). A point outside them, seven in "
    "a row on one side or in one direction, or two of three near a limit is more than "
    "chance, and has a colour and a shape of its own."
)
_HEADS: Final = {
    "mean": "Mean",
    "lower": "Lower limit",
    "upper": "Upper limit",
}


def told(
    found: Xmr,
    unit: Unit,
    period: Period,
    labels: list[str] | None,
    shown: list[str] | None,
) -> pd.DataFrame:
    """The points as they are drawn: with ``label``, ``shown``, and each …``_drawn``.

    Limits are moved to where a figure can be; money is drawn in pounds. On too few points
    nothing is said: neither lines nor causes.
    """
    points = found.points.copy()
    few = points["short"].to_numpy(dtype="bool")
    points.loc[few, ["mean", "lower", "upper"]] = np.nan
    points.loc[few & (points["kind"] != "missing"), "kind"] = "common"
    short = [_short(one, period) for one in points.index]
    points["label"] = short if labels is None else labels
    said = [say(one, unit) for one in points["value"]]
    points["shown"] = said if shown is None else shown
    for name in ("lower", "upper"):
        points[name] = [possible(one, unit) for one in points[name]]
    for name in ("value", "mean", "lower", "upper"):
        points[f"{name}_drawn"] = [drawn(one, unit) for one in points[name]]
    return points


def drawn(level: float, unit: Unit) -> float:
    """Where a figure stands on the axis: money in pounds."""
    return level / 100 if unit == "money" else level


def _short(label: object, period: Period) -> str:
    if not isinstance(label, pd.Timestamp):
        return str(label)
    if period == "month":
        return f"{label:%b %Y}"
    if period == "quarter":
        return f"{label:%b}–{label + pd.DateOffset(months=2):%b %Y}"
    return f"{label.day} {label:%b %Y}"


def subtitle(found: Xmr, points: pd.DataFrame, unit: Unit, period: Period) -> str:
    """What the chart is, how its points are to be read, and the target."""
    kinds = [one for one in _SHAPES if (points["kind"] == one).any()]
    parts = [f"By {period}", assurance_in_words(found, unit=unit, period=period)]
    if kinds:
        marks = "; ".join(_SHAPES[one] for one in kinds)
        parts.append(marks[0].upper() + marks[1:])
    if (points["shown"] == HIDDEN).any():
        parts.append(f"{HIDDEN} is a figure that is not shown")
    return ". ".join(one for one in parts if one) + "."


def alt_text(
    found: Xmr, measure: str, points: pd.DataFrame, unit: Unit, period: Period
) -> str:
    """Everything that the picture says: the finding, the lines, each point."""
    said = f"Control chart. {in_words(found, measure, unit=unit, period=period)}"
    if not points.empty:
        last = points.iloc[-1]
        mean, lower, upper = (_line(last[one], unit) for one in _HEADS)
        if pd.notna(last["mean"]):
            said += f" Mean {mean}, limits {lower} to {upper}."
    told = [
        f"{row['label']}: {row['shown']}"
        + ("" if row["kind"] in ("common", "missing") else f" ({WORDS[row['kind']]})")
        for row in points.to_dict("records")
    ]
    return f"{said} {'; '.join(told)}." if told else said


def table(points: pd.DataFrame, unit: Unit) -> pd.DataFrame:
    """What is drawn, a row for each point."""
    found = pd.DataFrame({"": points["label"], "Value": points["shown"]})
    for name, head in _HEADS.items():
        found[head] = [_line(one, unit) for one in points[name]]
    none = (points["kind"] == "missing") & (points["shown"] != HIDDEN)
    found["Point"] = [WORDS[kind] for kind in points["kind"].mask(none, "nothing")]
    return found.reset_index(drop=True)


def _line(level: float, unit: Unit) -> str:
    """A line that is not there is not a hidden one."""
    return "–" if np.isnan(level) else say(level, unit)
