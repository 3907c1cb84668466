"""Funnel plots drawn: each practice by its size, and how far chance can carry it.

Never a league table: nobody is ranked, the table is in the order of names, and only who
lies outside is named in the picture. Who has too few cases to be shown is said by name.
"""

from collections.abc import Hashable
from typing import Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.analytics import funnel_texts
from core.analytics.charts import GREY, Chart, style
from core.analytics.funnel import Funnel
from core.analytics.spc_icons import PURPLE
from core.analytics.units import Unit, say


# Names that fit into a picture.
_NAMED: Final = 12
# Nearer than these, of the picture's width and height, one name covers another.
_NAME_WIDE: Final = 0.35
_NAME_HIGH: Final = 0.08
_STEPS: Final = 120
_INK: Final = "#212B32"
_CURVES: Final = {
    "lower_95": "dot",
    "upper_95": "dot",
    "lower_998": "dash",
    "upper_998": "dash",
}


def funnel_chart(
    found: Funnel,
    measure: str,
    *,
    unit: Unit,
    sizes: str,
    per: float = 1.0,
    observed: str = "Cases",
) -> Chart:
    """The funnel of ``measure``, whose name begins with a capital letter.

    ``sizes`` says what the size is ("Referrals", "Expected"); values are shown times
    ``per`` in ``unit`` (100 for percentages). ``observed`` heads the counts' column.
    """
    points = found.points.sort_index()
    known = points.dropna(subset=["value"])
    figure = go.Figure()
    if not known.empty:
        _draw_limits(figure, found, known, unit, per)
        _draw_practices(figure, known, unit, per)
    style(figure)
    figure.update_xaxes(title_text=sizes, rangemode="tozero")
    figure.update_yaxes(
        rangemode="tozero", ticksuffix=" %" if unit == "percent" else ""
    )
    title = f"{funnel_texts.finding(known)}: {measure[0].lower()}{measure[1:]}"
    subtitle = f"{funnel_texts.explained(found, known)} {funnel_texts.hidden_in_words(points)}".strip()
    return Chart(
        figure,
        title,
        subtitle,
        funnel_texts.alt_text(found, title, subtitle, known, unit, per),
        funnel_texts.table(points, unit, per, sizes, observed),
    )


def _draw_limits(
    figure: go.Figure, found: Funnel, known: pd.DataFrame, unit: Unit, per: float
) -> None:
    largest = float(known["size"].max())
    # Closer together where the funnel is steep.
    grid = largest * 1.05 * np.linspace(0.03, 1, _STEPS) ** 2
    curves = found.limits_at(grid)
    # A single small practice must not flatten the picture.
    top = 1.3 * max(float(known["value"].max()), float(found.centre))
    for name, dash in _CURVES.items():
        level = curves[name].where(curves[name] <= top)
        figure.add_trace(
            go.Scatter(
                x=grid,
                y=level * per,
                mode="lines",
                line={"color": GREY, "width": 1.5, "dash": dash},
                name=name,
                hoverinfo="skip",
            )
        )
    figure.add_hline(y=found.centre * per, line_color=GREY, line_width=1.5)
    end = curves.iloc[-1]
    for name, words_, place in (
        ("upper_998", "99.8 %", "bottom"),
        ("upper_95", "95 %", "middle"),
        ("lower_998", "99.8 %", "top"),
    ):
        _name(figure, words_, grid[-1], float(end[name]) * per, place)
    whole = f"All: {say(found.centre * per, unit)}"
    # At the left, where the limits are far away.
    _name(figure, whole, 0, found.centre * per, "bottom", side="left")


def _name(
    figure: go.Figure, text: str, x: float, y: float, place: str, side: str = "right"
) -> None:
    figure.add_annotation(
        text=text,
        x=x,
        y=y,
        xanchor=side,
        yanchor=place,
        showarrow=False,
        font={"color": GREY, "size": 14},
        bgcolor="rgba(255,255,255,0.8)",
    )


def _draw_practices(
    figure: go.Figure, known: pd.DataFrame, unit: Unit, per: float
) -> None:
    shapes = {"": (GREY, "circle", 8), "high": (PURPLE, "triangle-up", 12)}
    shapes["low"] = (PURPLE, "triangle-down", 12)
    places = _places(known[known["outlier_998"] != ""], known)
    for outlier, (colour, shape, size) in shapes.items():
        mine = known[known["outlier_998"] == outlier]
        if mine.empty:
            continue
        named = outlier and len(known[known["outlier_998"] != ""]) <= _NAMED
        figure.add_trace(
            go.Scatter(
                x=mine["size"],
                y=mine["value"] * per,
                mode="markers+text" if named else "markers",
                text=[str(one) for one in mine.index] if named else None,
                textposition=[places.get(one, "top center") for one in mine.index],
                textfont_color=_INK,
                marker={"color": colour, "symbol": shape, "size": size},
                hovertext=[
                    f"{name}: {say(value * per, unit)}"
                    for name, value in mine["value"].items()
                ],
                hoverinfo="text",
                cliponaxis=False,
                name=outlier or "within",
            )
        )


def _places(named: pd.DataFrame, known: pd.DataFrame) -> dict[Hashable, str]:
    """Where each name has room: beside its mark, and below it where it would cover one."""
    wide, high = known["size"].max(), known["value"].max()
    places: dict[Hashable, str] = {}
    met: list[tuple[float, float]] = []
    for name, size, value in zip(
        named.index, named["size"], named["value"], strict=True
    ):
        place = _beside(size, wide)
        covered = any(
            abs(size - x) < _NAME_WIDE * wide and abs(value - y) < _NAME_HIGH * high
            for x, y in met
        )
        places[name] = place.replace("top", "bottom") if covered else place
        met.append((size, value))
    return places


def _beside(size: float, largest: float) -> str:
    """Where a name has room. Above, also for who is low: below is the axis."""
    if size > 2 / 3 * largest:
        return "top left"
    return "top right" if size < largest / 3 else "top center"
