"""Groups side by side: a measure of each, with what chance alone allows.

As in ``charts``: a sentence, marks with labels, and a table; a hidden figure is a ``*``. No
group is ranked: they stand in their usual order.
"""

from collections.abc import Hashable
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from core.analytics.charts import BLUE, GREY, INK, Chart, listed, style
from core.analytics.intervals import share
from core.analytics.measures.definition import Dimension, Measure


_OVERALL = "All together"
# More names than these are no title.
_NAMED = 2
# The ends of an interval in percent; None where there is none.
_Ends = tuple[float | None, float | None]
_Row = dict[Hashable, Any]


def compared(
    found: pd.DataFrame,
    overall: pd.Series | None,
    asked: Measure,
    dimension: Dimension,
    period: str,
) -> Chart:
    """Dots of a measure by group, with what chance alone allows and the line of all.

    From ``figures.by_category`` and ``figures.whole_service``. Shares have Wilson's 95 %
    interval, from published counts; hours have none. No group is ranked.
    """
    met = found[found["whole_shown"] != "0"].reset_index(drop=True)
    ends = [_interval(row, asked) for row in met.to_dict("records")]
    centre = None if overall is None or pd.isna(overall["value"]) else overall["value"]
    apart = [
        str(label)
        for label, (low, high) in zip(met["label"], ends, strict=True)
        if low is not None
        and high is not None
        and centre is not None
        and not low <= float(centre) <= high
    ]
    title = f"{_difference(met, apart, asked)}, by {dimension.title.lower()}: {period}"
    subtitle = (
        f"{asked.title}, by {dimension.title.lower()}; the line is all together"
        f"{', the bars what chance alone allows (95 %)' if asked.kind == 'share' else ''}. "
        f"{dimension.note}"
    ).strip()
    facts = [
        _fact(row, end) for row, end in zip(met.to_dict("records"), ends, strict=True)
    ]
    figure = _dots(met, ends, None if centre is None else float(centre), asked)
    table = _compared_table(met, ends, overall, asked, dimension)
    alt_text = f"Dot chart. {title}. {listed(met['label'], facts)}"
    return Chart(figure, title, subtitle, alt_text, table)


def _interval(row: _Row, asked: Measure) -> _Ends:
    known = row["part"], row["whole"]
    if asked.kind != "share" or any(map(pd.isna, known)):
        return None, None
    # Rounded by themselves, a part can be a little more than its whole.
    found = share(min(map(int, known)), int(row["whole"]))
    if found.low is None or found.high is None:
        return None, None
    return 100 * found.low, 100 * found.high


def _difference(met: pd.DataFrame, apart: list[str], asked: Measure) -> str:
    if met["value"].isna().all():
        return f"{asked.title}: too few to show"
    if asked.kind != "share":
        known = met.dropna(subset=["value"])
        ends = known.sort_values("value", kind="stable")
        low, high = ends.iloc[0], ends.iloc[-1]
        return f"{asked.title}: from {low['value_shown']} to {high['value_shown']}"
    if not apart:
        return f"{asked.title}: no group differs by more than chance"
    if len(apart) > _NAMED:
        several = f"{len(apart)} of {len(met)} groups differ"
        return f"{asked.title}: {several} by more than chance"
    return f"{asked.title}: differs by more than chance for {', '.join(apart)}"


def _fact(row: _Row, ends: _Ends) -> str:
    low, high = ends
    if low is None or high is None:
        return str(row["value_shown"])
    return f"{row['value_shown']} ({low:.0f} to {high:.0f} %) of {row['whole_shown']}"


def _dots(
    met: pd.DataFrame,
    ends: list[_Ends],
    centre: float | None,
    asked: Measure,
) -> go.Figure:
    values = met["value"].astype("float")
    places = list(range(len(met)))[::-1]
    figure = go.Figure()
    for place, (low, high) in zip(places, ends, strict=True):
        if low is not None:
            span = {"x": [low, high], "y": [place, place], "mode": "lines"}
            figure.add_scatter(
                **span, line={"color": GREY, "width": 4}, hoverinfo="skip"
            )
    figure.add_scatter(
        x=values,
        y=places,
        mode="markers",
        marker={"color": BLUE, "size": 14},
        hoverinfo="skip",
    )
    if centre is not None:
        figure.add_vline(x=centre, line_color=INK, line_dash="dot")
    top = 108 if asked.kind == "share" else 1.3 * max([1.0, *values.dropna()])
    # A mark at 0, or at 100 %, is seen whole.
    figure.update_xaxes(
        range=[-0.03 * top, top],
        rangemode="tozero",
        zeroline=False,
        ticksuffix=" %" if asked.kind == "share" else " h",
    )
    figure.update_yaxes(visible=False, range=[-0.6, len(met) - 0.2])
    above = {"x": 0, "xanchor": "left", "yanchor": "bottom", "showarrow": False}
    for place, row in zip(places, met.to_dict("records"), strict=True):
        text = f"{row['label']}: {row['value_shown']}"
        figure.add_annotation(text=text, y=place + 0.12, **above)
    style(figure)
    figure.update_layout(height=80 + 56 * max(1, len(met)))
    return figure


def _compared_table(
    met: pd.DataFrame,
    ends: list[_Ends],
    overall: pd.Series | None,
    asked: Measure,
    dimension: Dimension,
) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            dimension.title: met["label"],
            asked.each: met["whole_shown"],
            asked.title: met["value_shown"],
        }
    )
    if asked.kind == "share":
        table["By chance alone"] = [
            "–" if low is None or high is None else f"{low:.0f} to {high:.0f} %"
            for low, high in ends
        ]
    if asked.kind == "hours":
        table["Nine in ten within"] = met["p90_shown"]
    if overall is not None:
        last = {
            dimension.title: _OVERALL,
            asked.each: overall["whole_shown"],
            asked.title: overall["value_shown"],
        }
        table = pd.concat([table, pd.DataFrame([last])]).fillna("")
    return table.reset_index(drop=True)
