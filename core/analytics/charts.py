"""Charts of published figures. Each says its finding, in words as well as in a picture.

Bars begin at zero, labels stand at the marks, nothing depends on colour alone, and a
hidden figure is a ``*`` where its mark would be.
"""

from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go


# Wong's palette: told apart by all common kinds of colour vision, and in print.
BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#6F777B"
INK = "#212B32"
ROUNDING = (
    "Counts are rounded to the nearest 5; * stands for a figure that is not shown "
    "because it is small, or would give away a small one."
)


# A letter's width, of a phone's; more letters than these leave no bar.
_LETTER, _LONGEST = 0.031, 26
_BREAK = "<br>"
# So that the longest name fits a phone.
_NAME = 15


@dataclass(frozen=True)
class Chart:
    """A picture, and everything needed to do without it."""

    figure: go.Figure
    title: str
    subtitle: str
    alt_text: str
    table: pd.DataFrame


def bars(
    title: str,
    subtitle: str,
    names: list[str],
    amounts: list[object],
    told: list[str],
    table: pd.DataFrame,
) -> Chart:
    """Horizontal bars, the first on top, each with its name above and words behind.

    ``told`` may have two lines each, with ``<br>`` between.
    """
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
    figure.update_xaxes(range=[0, _reach(known.tolist(), told)], visible=False)
    # Above its bar, not beside it: a phone has no room for both in one line.
    figure.update_yaxes(visible=False)
    above = {"x": 0, "xanchor": "left", "yanchor": "bottom", "showarrow": False}
    above["font_size"] = _NAME
    row, over = (88, 0.28) if any(_BREAK in one for one in told) else (64, 0.2)
    for name, place in zip(names, places, strict=True):
        figure.add_annotation(text=name, y=place + over, **above)
    style(figure)
    figure.update_layout(height=60 + row * max(1, len(names)))
    said = listed(
        pd.Series(names, dtype="str"), [one.replace(_BREAK, ", ") for one in told]
    )
    return Chart(figure, title, subtitle, f"Bar chart. {title}. {said}", table)


def _reach(known: list[float], told: list[str]) -> float:
    """How far a chart goes, so that each bar's words fit behind it on a phone."""
    ends = [
        length / (1 - _LETTER * min(_LONGEST, max(map(len, words.split(_BREAK)))))
        for length, words in zip(known, told, strict=True)
    ]
    return max([1.0, *ends])


def style(figure: go.Figure) -> None:
    """The look of every chart."""
    figure.update_layout(
        template="plotly_white",
        showlegend=False,
        font={"size": 16, "color": INK},
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
