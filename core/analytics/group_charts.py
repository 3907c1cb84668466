"""Charts of one period: how it divides, by outcome, by group, by stage.

As in ``charts``: a sentence, marks with labels, and a table; a hidden figure is a ``*``.
"""

import pandas as pd
import plotly.graph_objects as go

from core.analytics.charts import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    ROUNDING,
    Chart,
    bars,
    listed,
    style,
)
from core.analytics.disclosure import HIDDEN
from core.analytics.intervals import share
from core.analytics.measures.definition import Dimension, Measure


_OVERALL = "All together"


def divided(
    found: pd.DataFrame, asked: Measure, dimension: Dimension, period: str
) -> Chart:
    """Bars of how a count divides; from ``figures.by_category``, none left out.

    The share is of what is shown here together, and missing where a part is hidden.
    """
    met = found[found["whole_shown"] != "0"]
    total = met["whole"].sum() if met["whole"].notna().all() else None
    told = [_with_share(n, shown, total) for n, shown in _counts(met)]
    known = met.dropna(subset=["whole"])
    what = asked.title.lower()
    title = f"Too few {what} to show by {dimension.title.lower()}: {period}"
    if met.empty:
        title = f"No {what}: {period}"
    elif not known.empty:
        most = known.loc[known["whole"].astype("int").idxmax()]
        title = f"Most {what}: {most['label']}, {most['whole_shown']}, {period}"
    subtitle = f"{asked.title} by {dimension.title.lower()}. {ROUNDING} {dimension.note}"
    table = pd.DataFrame({dimension.title: met["label"], asked.title: told})
    return bars(
        title,
        subtitle.strip(),
        met["label"].tolist(),
        met["whole"].tolist(),
        told,
        table.reset_index(drop=True),
    )


def compared(
    found: pd.DataFrame,
    overall: "pd.Series | None",
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
        f"{ROUNDING} {dimension.note}"
    ).strip()
    facts = [
        _fact(row, end) for row, end in zip(met.to_dict("records"), ends, strict=True)
    ]
    figure = _dots(met, ends, None if centre is None else float(centre), asked)
    table = _compared_table(met, ends, overall, asked, dimension)
    alt_text = f"Dot chart. {title}. {listed(met['label'], facts)}"
    return Chart(figure, title, subtitle, alt_text, table)


def outcomes(found: pd.DataFrame, visits: set[str], period: str) -> Chart:
    """Bars of how referrals were answered; from ``figures.by_category`` of answers.

    ``visits``: the outcomes after which the patient has to be seen; their bars are striped.
    """
    met = found[found["whole_shown"] != "0"].sort_values(
        "whole", na_position="first", kind="stable"
    )
    total = met["whole"].sum() if met["whole"].notna().all() else None
    told = [_with_share(n, shown, total) for n, shown in _counts(met)]
    known = met.dropna(subset=["whole"])
    title = f"Too few answers to show how they were answered: {period}"
    if met.empty:
        title = f"Nothing was answered: {period}"
    elif not known.empty:
        title = f"Most common answer: {known.iloc[-1]['label']}, {period}"
    chart = bars(
        title,
        f"Answers by outcome; striped: the patient has to be seen. {ROUNDING}",
        met["label"].tolist()[::-1],
        met["whole"].tolist()[::-1],
        told[::-1],
        pd.DataFrame({"Outcome": met["label"], "Answers": told})[::-1].reset_index(
            drop=True
        ),
    )
    seen = [code in visits for code in met["category"][::-1]]
    # The pattern says the same as the colour: somebody has to see the patient.
    chart.figure.update_traces(
        marker={
            "color": [ORANGE if one else BLUE for one in seen],
            "pattern_shape": ["/" if one else "" for one in seen],
        }
    )
    return chart


def stages(told: list[tuple[str, pd.Series]], period: str) -> Chart:
    """Bars of the median hours in each stage: its name, and ``figures.whole_service``."""
    names = [name for name, _ in told]
    words = [
        f"{row['value_shown']} ({row['whole_shown']} referrals)" for _, row in told
    ]
    waited = told[0][1]["value_shown"]
    title = f"Half waited up to {waited} for a specialist: {period}"
    if told[0][1]["whole_shown"] == "0":
        title = f"Nothing was answered: {period}"
    elif waited == HIDDEN:
        title = f"Too few answers to show where the time went: {period}"
    subtitle = (
        "Half of the referrals spent no longer in a stage. Medians of stages do not add "
        f"up to the median of the whole. {ROUNDING}"
    )
    table = pd.DataFrame(
        {
            "Stage": names,
            "Half within": [row["value_shown"] for _, row in told],
            "Nine in ten within": [row["p90_shown"] for _, row in told],
            "Referrals": [row["whole_shown"] for _, row in told],
        }
    )
    amounts = [row["value"] for _, row in told]
    return bars(title, subtitle, names, amounts, words, table)


def _counts(found: pd.DataFrame) -> list[tuple[object, str]]:
    return list(zip(found["whole"], found["whole_shown"], strict=True))


def _with_share(count: object, shown: str, total: object) -> str:
    if total is None or pd.isna(count) or not total:
        return shown
    return f"{shown} ({100 * int(str(count)) / int(str(total)):.0f} %)"


def _interval(row: dict[object, object], asked: Measure) -> tuple[float | None, ...]:
    if asked.kind != "share" or pd.isna(row["value"]):
        return None, None
    part, whole = int(str(row["part"])), int(str(row["whole"]))
    # Rounded by themselves, a part can be a little more than its whole.
    found = share(min(part, whole), whole)
    if found.low is None or found.high is None:
        return None, None
    return 100 * found.low, 100 * found.high


def _difference(met: pd.DataFrame, apart: list[str], asked: Measure) -> str:
    if met["value"].isna().all():
        return f"{asked.title}: too few to show"
    if asked.kind != "share":
        known = met.dropna(subset=["value"])
        ends = known["value"].astype("float")
        low, high = known.loc[ends.idxmin()], known.loc[ends.idxmax()]
        return f"{asked.title}: from {low['value_shown']} to {high['value_shown']}"
    if not apart:
        return f"{asked.title}: no group differs by more than chance"
    return f"{asked.title}: differs by more than chance for {', '.join(apart)}"


def _fact(row: dict[object, object], ends: tuple[float | None, ...]) -> str:
    low, high = ends
    if low is None or high is None:
        return str(row["value_shown"])
    return f"{row['value_shown']} ({low:.0f} to {high:.0f} %) of {row['whole_shown']}"


def _dots(
    met: pd.DataFrame,
    ends: list[tuple[float | None, ...]],
    centre: float | None,
    asked: Measure,
) -> go.Figure:
    values = met["value"].astype("float")
    places = list(range(len(met)))[::-1]
    figure = go.Figure()
    for place, (low, high) in zip(places, ends, strict=True):
        if low is not None:
            span = {"x": [low, high], "y": [place, place], "mode": "lines"}
            figure.add_scatter(**span, line={"color": GREY, "width": 4}, hoverinfo="skip")
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
    figure.update_xaxes(
        range=[0, top], ticksuffix=" %" if asked.kind == "share" else " h"
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
    ends: list[tuple[float | None, ...]],
    overall: "pd.Series | None",
    asked: Measure,
    dimension: Dimension,
) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            dimension.title: met["label"],
            "Referrals": met["whole_shown"],
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
            "Referrals": overall["whole_shown"],
            asked.title: overall["value_shown"],
        }
        table = pd.concat([table, pd.DataFrame([last])]).fillna("")
    return table.reset_index(drop=True)
