"""Control charts drawn: values with their mean, limits and target, or small for a tile.

As in ``charts``: the title says the finding, lines carry their names, each kind of special
cause has a shape beside its colour, a hidden figure is a ``*`` on the axis.
"""

from typing import Final

import pandas as pd
import plotly.graph_objects as go

from core.analytics import control_texts
from core.analytics.charts import BLUE, GREY, Chart, style
from core.analytics.disclosure import HIDDEN
from core.analytics.line_names import name_lines
from core.analytics.spc import Xmr
from core.analytics.spc_icons import ORANGE, PURPLE
from core.analytics.spc_words import Period, in_words, variation_in_words
from core.analytics.units import Unit, say


# Colour and shape of each kind of point; said in ``control_texts``.
_MARKS: Final = {
    "common": (GREY, "circle"),
    "improvement": (BLUE, "square"),
    "concern": (ORANGE, "diamond"),
    "neutral_high": (PURPLE, "triangle-up"),
    "neutral_low": (PURPLE, "triangle-down"),
}
_TARGET: Final = "#B10E1E"
# A page's picture, and a tile's.
_TALL: Final = 340
_SMALL: Final = 90


def control_chart(
    found: Xmr,
    measure: str,
    *,
    unit: Unit,
    period: Period = "week",
    labels: list[str] | None = None,
    shown: list[str] | None = None,
) -> Chart:
    """The chart of ``measure``, whose name begins with a capital letter.

    ``labels`` and ``shown`` name each point and its value in words, in their order; left
    out, they follow from the dates and the unit.
    """
    points = control_texts.told(found, unit, period, labels, shown)
    figure = go.Figure()
    _draw_lines(figure, points)
    _draw_points(figure, points, size=9)
    target = found.target
    if target is not None and not points.empty:
        _draw_target(figure, points, control_texts.drawn(target, unit))
    style(figure)
    names = _line_names(points, target, unit)
    if names:
        name_lines(figure, names, _height(points, [level for _, level, _ in names]))
    _stars(figure, points)
    # More dates than three, or quarters than two, have no room on a phone.
    apart = len(points) - 1 if period == "quarter" else (len(points) - 1) // 2
    ends = points["label"].iloc[:: max(1, apart)]
    in_two = ["<br>".join(one.rsplit(" ", 1)) for one in ends]
    figure.update_xaxes(type="category", tickvals=ends, ticktext=in_two, tickangle=0)
    figure.update_yaxes(showgrid=False, title_text=_AXES[unit], rangemode="normal")
    figure.update_layout(height=_TALL)
    title = variation_in_words(found, measure, period=period)
    return Chart(
        figure,
        title,
        control_texts.subtitle(found, points, unit, period),
        control_texts.alt_text(found, measure, points, unit, period),
        control_texts.table(points, unit),
    )


def sparkline(
    found: Xmr, measure: str, *, unit: Unit, period: Period = "week"
) -> Chart:
    """The same, small and without axes, for a tile; the words are the large one's."""
    points = control_texts.told(found, unit, period, None, None)
    figure = go.Figure()
    _draw_lines(figure, points, width=1)
    _draw_points(figure, points, size=4)
    style(figure)
    figure.update_xaxes(visible=False, type="category")
    figure.update_yaxes(visible=False)
    figure.update_layout(height=_SMALL, margin={"l": 2, "r": 6, "t": 4, "b": 4})
    title = variation_in_words(found, measure, period=period)
    alt_text = (
        f"Small control chart. {in_words(found, measure, unit=unit, period=period)}"
    )
    return Chart(figure, title, "", alt_text, control_texts.table(points, unit))


_AXES: Final[dict[Unit, str]] = {
    "count": "",
    "percent": "%",
    "hours": "Hours",
    "money": "£",
    "ratio": "",
}


def _draw_lines(figure: go.Figure, points: pd.DataFrame, width: float = 1.5) -> None:
    """Mean and limits; each group's end where the group ends."""
    for _, group in points.groupby("group"):
        for name, dash in (("mean", "solid"), ("lower", "dash"), ("upper", "dash")):
            line = {"color": GREY, "width": width, "dash": dash}
            figure.add_trace(
                go.Scatter(
                    x=group["label"],
                    y=group[f"{name}_drawn"],
                    mode="lines",
                    line=line,
                    name=name,
                    hoverinfo="skip",
                )
            )


def _draw_points(figure: go.Figure, points: pd.DataFrame, size: int) -> None:
    line = {"color": GREY, "width": 1.5}
    common = {"x": points["label"], "cliponaxis": False}
    # Through what is hidden no line is drawn.
    figure.add_trace(
        go.Scatter(
            y=points["value_drawn"],
            mode="lines",
            line=line,
            connectgaps=False,
            name="values",
            hoverinfo="skip",
            **common,
        )
    )
    for kind, (colour, shape) in _MARKS.items():
        mine = points["kind"] == kind
        if mine.any():
            figure.add_trace(
                go.Scatter(
                    y=points["value_drawn"].where(mine),
                    mode="markers",
                    # What is special is larger as well.
                    marker={
                        "color": colour,
                        "symbol": shape,
                        "size": size if kind == "common" else size + 3,
                    },
                    name=kind,
                    text=[
                        f"{label}: {shown}, {control_texts.WORDS[kind]}"
                        for label, shown in zip(
                            points["label"], points["shown"], strict=True
                        )
                    ],
                    hoverinfo="text",
                    **common,
                )
            )


def _draw_target(figure: go.Figure, points: pd.DataFrame, level: float) -> None:
    figure.add_trace(
        go.Scatter(
            x=points["label"],
            y=[level] * len(points),
            mode="lines",
            line={"color": _TARGET, "width": 2, "dash": "dot"},
            name="target",
            hoverinfo="skip",
        )
    )


def _line_names(
    points: pd.DataFrame, target: float | None, unit: Unit
) -> list[tuple[str, float, str]]:
    """Name, level and colour of each line that the newest group has."""
    if points.empty:
        return []
    last = points.iloc[-1]
    heads = {"upper": "Upper limit", "mean": "Mean", "lower": "Lower limit"}
    names = [
        (
            f"{head}<br>{say(float(last[name]), unit)}",
            float(last[f"{name}_drawn"]),
            GREY,
        )
        for name, head in heads.items()
        if pd.notna(last[name])
    ]
    if target is not None:
        level = control_texts.drawn(target, unit)
        names.append((f"Target<br>{say(target, unit)}", level, _TARGET))
    return names


def _height(points: pd.DataFrame, levels: list[float]) -> float:
    drawn = [points[f"{name}_drawn"] for name in ("value", "lower", "upper")]
    everything = pd.concat([*drawn, pd.Series(levels, dtype="float64")])
    return float(everything.max() - everything.min())


def _stars(figure: go.Figure, points: pd.DataFrame) -> None:
    # Where there was nothing to count, nothing is hidden.
    for label in points.loc[points["shown"] == HIDDEN, "label"]:
        figure.add_annotation(
            text=HIDDEN,
            x=label,
            y=0,
            yref="y domain",
            yanchor="bottom",
            showarrow=False,
        )
