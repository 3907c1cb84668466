"""Charts of published figures. Each says its finding, in words as well as in a picture.

Bars begin at zero, labels stand at the marks, nothing depends on colour alone, and a
hidden figure is a ``*`` where its mark would be.
"""

from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from core.analytics.findings import about, commonest, how_fast


# Wong's palette: told apart by all common kinds of colour vision, and in print.
BLUE, _ORANGE, GREY = "#0072B2", "#D55E00", "#6F777B"
_INK = "#212B32"
_ROUNDING = (
    "Counts are rounded to the nearest 5; * stands for a figure that is not shown "
    "because it is small, or would give away a small one."
)


_VOLUMES = {
    "label": "Period",
    "sent_shown": "Sent",
    "answered_shown": "Answered",
    "without_visit_shown": "Answered without a visit",
    "percent_shown": "Without a visit, of answered",
}
_OUTCOMES = {
    "label": "Outcome",
    "referrals_shown": "Referrals",
    "percent_shown": "Of answered",
}
_TURNAROUND = {
    "label": "Period",
    "answered_shown": "Answered",
    "percent_shown": "By the due time",
    "median_hours_shown": "Half within",
    "p90_hours_shown": "Nine in ten within",
}


@dataclass(frozen=True)
class Chart:
    """A picture, and everything needed to do without it."""

    figure: go.Figure
    title: str
    subtitle: str
    alt_text: str
    table: pd.DataFrame


def volumes(found: pd.DataFrame) -> Chart:
    """Bars of what was sent, by month or quarter; from ``reading.volumes``."""
    parts, whole = _split(found)
    sent, label = whole["sent_shown"], whole["label"]
    amount = "No" if sent == "0" else about(sent)
    title = f"{amount} referrals were sent: {label}"
    figure = go.Figure(_bars(parts, "sent"))
    figure.update_yaxes(rangemode="tozero", visible=False)
    style(figure)
    _break_labels(figure, parts)
    subtitle = f"Referrals by when they were sent. {_ROUNDING}"
    said = listed(parts["label"], parts["sent_shown"])
    table = _table(found, _VOLUMES)
    return Chart(figure, title, subtitle, f"Bar chart. {title}. {said}", table)


def outcomes(found: pd.DataFrame) -> Chart:
    """Horizontal bars of how referrals were answered; from ``reading.outcomes``."""
    in_order = found.sort_values("referrals", na_position="first", kind="stable")
    words = [
        f"{n} ({p})" if p.endswith("%") else n
        for n, p in zip(
            in_order["referrals_shown"], in_order["percent_shown"], strict=True
        )
    ]
    figure = go.Figure(_outcome_bars(in_order, words))
    longest = in_order["referrals"].max()
    # From zero, with room at the right for the longest bar's label.
    figure.update_xaxes(
        range=[0, 1.3 * (1 if pd.isna(longest) else max(longest, 1))], visible=False
    )
    style(figure)
    title = commonest(found)
    subtitle = f"Answers by outcome; striped: the patient has to be seen. {_ROUNDING}"
    said = listed(in_order["label"][::-1], words[::-1])
    table = _table(found, _OUTCOMES)
    return Chart(figure, title, subtitle, f"Bar chart. {title}. {said}", table)


def turnaround(found: pd.DataFrame) -> Chart:
    """Median, 90th percentile and share in time; from ``reading.turnaround``."""
    parts, whole = _split(found)
    title = how_fast(whole)
    facts = [
        f"half within {row.median_hours_shown}, nine in ten within "
        f"{row.p90_hours_shown}, {row.percent_shown} by the due time"
        for row in parts.itertuples()
    ]
    subtitle = (
        "Hours from sent to first answer, nights and weekends included; below, the "
        f"share answered by the due time. {_ROUNDING}"
    )
    alt_text = f"Line chart over bars. {title}. {listed(parts['label'], facts)}"
    table = _table(found, _TURNAROUND)
    return Chart(_speed_figure(parts), title, subtitle, alt_text, table)


def bars(
    title: str,
    subtitle: str,
    names: list[str],
    amounts: list[object],
    told: list[str],
    table: pd.DataFrame,
) -> Chart:
    """Horizontal bars, the first on top, each with its name above and words behind."""
    known = pd.Series(amounts, dtype="Float64").astype("float").fillna(0)
    places = list(range(len(names)))[::-1]
    bar = go.Bar(
        x=known,
        y=places,
        width=0.4,
        orientation="h",
        text=told,
        textposition="outside",
        cliponaxis=False,
        marker_color=BLUE,
        hoverinfo="skip",
    )
    figure = go.Figure(bar)
    figure.update_xaxes(range=[0, _room(told) * max([1, *known])], visible=False)
    # Above its bar, not beside it: a phone has no room for both in one line.
    figure.update_yaxes(visible=False)
    above = {"x": 0, "xanchor": "left", "yanchor": "bottom", "showarrow": False}
    for name, place in zip(names, places, strict=True):
        figure.add_annotation(text=name, y=place + 0.2, **above)
    style(figure)
    said = listed(pd.Series(names, dtype="str"), told)
    return Chart(figure, title, subtitle, f"Bar chart. {title}. {said}", table)


def _room(told: list[str]) -> float:
    """How much longer than its longest bar a chart is: words fit behind it on a phone."""
    longest = min(30, max(map(len, told), default=0))
    return max(1.45, 1 / (1 - 0.026 * longest))


def _speed_figure(parts: pd.DataFrame) -> go.Figure:
    figure = make_subplots(
        rows=2, shared_xaxes=True, vertical_spacing=0.14, row_heights=[0.6, 0.4]
    )
    figure.add_trace(_line(parts, "p90_hours", "9 in 10 within", GREY, "dot"), 1, 1)
    figure.add_trace(_line(parts, "median_hours", "Half within", BLUE, "solid"), 1, 1)
    figure.add_trace(_bars(parts, "percent"), 2, 1)
    figure.update_yaxes(rangemode="tozero", title_text="Hours", row=1, col=1)
    # Above 100 % there is room for the label.
    figure.update_yaxes(range=[0, 118], visible=False, row=2, col=1)
    style(figure)
    _break_labels(figure, parts)
    return figure


def _break_labels(figure: go.Figure, parts: pd.DataFrame) -> None:
    """The year on a second line: slanted text is hard to read."""
    in_two = [label.replace(" ", "<br>") for label in parts["label"]]
    figure.update_xaxes(tickvals=parts["label"], ticktext=in_two, tickangle=0)


def _bars(parts: pd.DataFrame, column: str) -> go.Bar:
    return go.Bar(
        x=parts["label"],
        y=parts[column].astype("float").fillna(0),
        text=parts[f"{column}_shown"],
        textposition="outside",
        cliponaxis=False,
        marker_color=BLUE,
        hoverinfo="skip",
    )


def _outcome_bars(in_order: pd.DataFrame, words: list[str]) -> go.Bar:
    return go.Bar(
        x=in_order["referrals"].astype("float").fillna(0),
        y=in_order["label"],
        orientation="h",
        text=words,
        textposition="outside",
        cliponaxis=False,
        # The pattern says the same as the colour: somebody has to see the patient.
        marker={
            "color": [_ORANGE if seen else BLUE for seen in in_order["face_to_face"]],
            "pattern_shape": ["/" if seen else "" for seen in in_order["face_to_face"]],
        },
        hoverinfo="skip",
    )


def _split(found: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """The marks and the whole: a period with no shorter ones in it is its own mark."""
    whole = found[found["whole"]].iloc[0]
    parts = found[~found["whole"]]
    return (found if parts.empty else parts), whole


def _line(
    parts: pd.DataFrame, column: str, name: str, colour: str, dash: str
) -> go.Scatter:
    known = parts[column].notna()
    last = known[known].index.max() if known.any() else None
    return go.Scatter(
        x=parts["label"],
        y=parts[column].astype("float"),
        mode="lines+markers+text",
        # The label stands at the line's end, so that no legend is needed.
        text=[
            f"{name} {shown}" if index == last else ""
            for index, shown in zip(parts.index, parts[f"{column}_shown"], strict=True)
        ],
        textposition="top left" if len(parts) > 1 else "top center",
        textfont_color=colour,
        line={"color": colour, "dash": dash, "width": 3},
        connectgaps=False,
        cliponaxis=False,
        hoverinfo="skip",
    )


def style(figure: go.Figure) -> None:
    """The look of every chart."""
    figure.update_layout(
        template="plotly_white",
        showlegend=False,
        font={"size": 16, "color": _INK},
        margin={"l": 8, "r": 8, "t": 24, "b": 8},
        bargap=0.35,
    )
    # Years and months are names here, not points of a time axis to be guessed at.
    figure.update_xaxes(automargin=True)
    figure.update_yaxes(automargin=True)


def listed(names: pd.Series, facts: "pd.Series | list[str]") -> str:
    """Every mark in words, for whoever does not see the picture."""
    told = zip(names, facts, strict=True)
    return "; ".join(f"{name}: {fact}" for name, fact in told) + "."


def _table(found: pd.DataFrame, columns: dict[str, str]) -> pd.DataFrame:
    return found[list(columns)].rename(columns=columns).reset_index(drop=True)
