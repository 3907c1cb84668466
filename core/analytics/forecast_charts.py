"""Forecasts drawn: what came, what is expected, how far off it may be, what it takes."""

from typing import Final

import pandas as pd
import plotly.graph_objects as go

from core.analytics.back_testing import Accuracy
from core.analytics.charts import BLUE, GREY, Chart, listed, style
from core.analytics.disclosure import HIDDEN
from core.analytics.forecasting import UTILISATION, Forecast
from core.analytics.line_names import name_lines
from core.analytics.spc_icons import ORANGE
from core.analytics.units import say
from core.kernel import words


# Two years show a season twice.
_HISTORY: Final = 104
_HEADS: Final = {
    "mean": "Expected",
    "low": "8 of 10: from",
    "high": "to",
    "p85": "85 % stay at or below",
    "capacity": "Places needed",
    "naive": "A year before",
}
# A share by which two means differ that nobody would notice.
_THE_SAME: Final = 0.03


def forecast_chart(
    history: pd.Series,
    found: Forecast,
    *,
    things: str = "referrals",
    accuracy: Accuracy | None = None,
) -> Chart:
    """``found`` after ``history``, weekly counts by each week's first day.

    ``accuracy`` (of ``back_testing``) is said in the subtitle where there is one.
    """
    past = history.astype("Float64").astype("float64").sort_index().iloc[-_HISTORY:]
    past.index = pd.DatetimeIndex(past.index)
    ahead = found.weeks
    figure = go.Figure()
    _draw_past(figure, past)
    style(figure)
    if ahead is not None:
        _draw_ahead(figure, ahead, float(max(past.max(), ahead["high"].max())))
    figure.update_yaxes(rangemode="tozero", title_text=f"{things.capitalize()} a week")
    figure.update_xaxes(tickformat="%b %Y", nticks=4, tickangle=0)
    if ahead is None:
        title = f"{things.capitalize()} cannot be forecast yet"
        return Chart(
            figure,
            title,
            found.note,
            f"Line chart. {title}. {found.note}",
            _table(past, None),
        )
    title = _finding(ahead, things)
    subtitle = (
        f"Weekly {things}, and the range in which 8 of 10 weeks to come should lie. "
        f"Places needed are for clinics used at {UTILISATION:.0%}".replace("%", " %")
        + f". {found.note}{_measured(accuracy)}"
    )
    labels = pd.Series([_day(one) for one in ahead.index])
    told = [
        f"{say(row['mean'], 'count')} expected, {say(row['low'], 'count')} to "
        f"{say(row['high'], 'count')}, places needed {say(row['capacity'], 'count')}"
        for row in ahead.to_dict("records")
    ]
    alt_text = f"Line chart with a range. {title}. {_past_in_words(past)} {subtitle} "
    return Chart(
        figure, title, subtitle, alt_text + listed(labels, told), _table(past, ahead)
    )


def _draw_past(figure: go.Figure, past: pd.Series) -> None:
    figure.add_trace(
        go.Scatter(
            x=past.index,
            y=past,
            mode="lines",
            line={"color": GREY, "width": 2},
            connectgaps=False,
            name="history",
            hovertemplate="%{x|%d %b %Y}: %{y:,.0f}<extra></extra>",
        )
    )
    for week in past.index[past.isna()]:
        figure.add_annotation(
            text=HIDDEN, x=week, y=0, yref="y domain", yanchor="bottom", showarrow=False
        )


def _draw_ahead(figure: go.Figure, ahead: pd.DataFrame, highest: float) -> None:
    figure.add_trace(
        go.Scatter(
            x=[*ahead.index, *ahead.index[::-1]],
            y=[*ahead["high"], *ahead["low"][::-1]],
            fill="toself",
            fillcolor="rgba(0,114,178,0.18)",
            line={"width": 0},
            name="range",
            hoverinfo="skip",
        )
    )
    lines = (
        ("mean", "Expected", BLUE, "solid"),
        ("capacity", "Places needed", ORANGE, "dash"),
        ("naive", "A year before", GREY, "dot"),
    )
    names = []
    for name, head, colour, dash in lines:
        if ahead[name].isna().all():
            continue
        figure.add_trace(
            go.Scatter(
                x=ahead.index,
                y=ahead[name],
                mode="lines",
                line={"color": colour, "dash": dash, "width": 2.5},
                name=name,
                hovertemplate="%{x|%d %b %Y}: %{y:,.0f}<extra></extra>",
            )
        )
        last = float(ahead[name].dropna().iloc[-1])
        names.append((f"{head}<br>{say(last, 'count')}", last, colour))
    name_lines(figure, names, highest)


def _finding(ahead: pd.DataFrame, things: str) -> str:
    mean = ahead["mean"].mean()
    said = f"About {_round(mean)} {things} a week are expected"
    span = words.plural(len(ahead), "week")
    if _round(mean) == "0":
        said = f"Hardly any {things} are expected"
    year_before = ahead["naive"]
    if year_before.isna().any() or year_before.mean() == 0:
        return f"{said}: {span} from {_day(ahead.index[0])}"
    change = mean / year_before.mean() - 1
    than = "as many as a year before"
    if abs(change) >= _THE_SAME:
        than = f"{abs(change):.0%}".replace("%", " %")
        than += f" {'more' if change > 0 else 'fewer'} than a year before"
    return f"{said}, {than}: {span} from {_day(ahead.index[0])}"


def _round(mean: float) -> str:
    """A mean of the weeks as a title says it."""
    return f"{mean:,.0f}"


def _measured(accuracy: Accuracy | None) -> str:
    if accuracy is None or accuracy.error is None or accuracy.naive_error is None:
        return ""
    off, naive = (
        f"{one:.0%}".replace("%", " %")
        for one in (accuracy.error, accuracy.naive_error)
    )
    return (
        f" Such forecasts were off by {off} of a week on average; the same week a year "
        f"before by {naive}."
    )


def _past_in_words(past: pd.Series) -> str:
    known = past.dropna()
    if known.empty:
        return "No week before can be shown."
    low, high = say(known.min(), "count"), say(known.max(), "count")
    return (
        f"In the {words.plural(len(known), 'known week')} before there were {low} to "
        f"{high} a week, {say(known.mean(), 'count')} on average."
    )


def _day(week: pd.Timestamp) -> str:
    return f"{week.day} {week:%b %Y}"


def _table(past: pd.Series, ahead: pd.DataFrame | None) -> pd.DataFrame:
    """What came and what is expected, a row for each week."""
    came = {
        "Week from": [_day(one) for one in past.index],
        "Came": [say(one, "count") for one in past],
    }
    rows = pd.DataFrame(came)
    if ahead is None:
        return rows
    expected = pd.DataFrame({"Week from": [_day(one) for one in ahead.index]})
    for name, head in _HEADS.items():
        expected[head] = [
            "–" if pd.isna(one) else say(one, "count") for one in ahead[name]
        ]
    return pd.concat([rows, expected], ignore_index=True).fillna("–")
