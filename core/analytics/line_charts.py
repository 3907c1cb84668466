"""Lines over time: percentiles of a measure in hours."""

import pandas as pd
import plotly.graph_objects as go

from core.analytics.charts import BLUE, GREY, Chart, listed, style
from core.analytics.line_names import name_lines
from core.analytics.measures.definition import Measure


def percentile_lines(found: pd.DataFrame, asked: Measure) -> Chart:
    """Half within, nine in ten within; from ``figures.series`` of a measure in hours."""
    figure = go.Figure()
    names = [
        *_line(figure, found, "p90", "Nine in<br>ten within", GREY, "dot"),
        *_line(figure, found, "value", "Half<br>within", BLUE, "solid"),
    ]
    figure.update_yaxes(rangemode="tozero", title_text="Hours")
    style(figure)
    if names:
        most = found[["p90", "value"]].astype("float").max().max()
        name_lines(figure, names, float(most))
    ends = found["label"].iloc[sorted({0, len(found) // 2, len(found) - 1})]
    in_two = ["<br>".join(one.rsplit(" ", 1)) for one in ends]
    figure.update_xaxes(type="category", tickvals=ends, ticktext=in_two, tickangle=0)
    last = found.iloc[-1]
    title = (
        f"Half within {last['value_shown']}, nine in ten within {last['p90_shown']}: "
        f"{last['label']}"
    )
    told = [
        f"half within {half}, nine in ten within {most}"
        for half, most in zip(found["value_shown"], found["p90_shown"], strict=True)
    ]
    table = pd.DataFrame(
        {
            "Period": found["label"],
            "Half within": found["value_shown"],
            "Nine in ten within": found["p90_shown"],
            asked.each: found["whole_shown"],
        }
    )
    subtitle = f"{asked.title}: median and 90th percentile, both exact."
    alt_text = f"Line chart. {title}. {listed(found['label'], told)}"
    return Chart(figure, title, subtitle, alt_text, table)


def _line(
    figure: go.Figure,
    found: pd.DataFrame,
    column: str,
    name: str,
    colour: str,
    dash: str,
) -> list[tuple[str, float, str]]:
    """Draws it; its name, where it ends, and its colour. Nothing where all is hidden."""
    known = found[column].notna()
    figure.add_scatter(
        x=found["label"],
        y=found[column].astype("float"),
        mode="lines+markers",
        line={"color": colour, "dash": dash, "width": 3},
        connectgaps=False,
        cliponaxis=False,
        hoverinfo="skip",
    )
    if not known.any():
        return []
    return [(name, float(found.loc[known, column].iloc[-1]), colour)]
