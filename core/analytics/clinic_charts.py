"""Charts of clinics: time wanted and offered, and the list.

As in ``charts``: a sentence, marks with labels, and a table; a hidden figure is a ``*``.
"""

import pandas as pd
import plotly.graph_objects as go

from core.analytics.charts import BLUE, GREY, Chart, bars, listed, style
from core.analytics.disclosure import HIDDEN
from core.analytics.reading import ALL
from core.kernel import words


ROUNDED = (
    "All practices. Numbers of patients are rounded to the nearest 5, and hours follow "
    "them; * stands for a figure over too few."
)
FEW = "Too few patients to show"


def demand(found: pd.DataFrame, grade: str = ALL) -> Chart:
    """Lines of hours wanted and offered, week by week; from ``clinic_reading.capacity``."""
    mine = found[found["grade"] == grade]
    weeks, whole = mine[~mine["whole"]], mine[mine["whole"]].iloc[0]
    figure = go.Figure()
    _hours(figure, weeks, "offered", "Offered", GREY, "dot")
    _hours(figure, weeks, "arose_minutes", "Wanted", BLUE, "solid")
    figure.update_yaxes(rangemode="tozero", title_text="Hours")
    style(figure)
    ends = weeks["label"].iloc[[0, len(weeks) // 2, -1]]
    figure.update_xaxes(tickvals=ends, ticktext=ends, tickangle=0)
    span = _span(whole)
    title = f"{_wanted(whole)}: {whole['grade_label']}, {span}"
    subtitle = (
        "Hours of patients who newly have to be seen, by the lowest grade that can see "
        f"them, and of clinic sessions by who holds them, by week. {ROUNDED}"
    )
    told = [
        f"{wanted} wanted, {offered} offered"
        for wanted, offered in zip(
            weeks["arose_minutes_shown"], weeks["offered_shown"], strict=True
        )
    ]
    alt_text = f"Line chart. {title}. {listed(weeks['label'], told)}"
    heads = {
        "label": "Week from",
        "offered_shown": "Offered",
        "arose_shown": "New patients",
        "arose_minutes_shown": "Wanted",
        "booked_minutes_shown": "Booked",
        "used_minutes_shown": "Used",
        "utilisation_shown": "Used, of offered",
    }
    return Chart(figure, title, subtitle, alt_text, as_table(mine, heads))


def utilisation(found: pd.DataFrame) -> Chart:
    """Bars of the share of time used by grade; from ``clinic_reading.capacity``."""
    whole = found[found["whole"]]
    everything = whole[whole["grade"] == ALL].iloc[0]
    held = whole[(whole["offered"] > 0) | (whole["arose_shown"] != "0")]
    share = everything["utilisation_shown"]
    span = _span(everything)
    title = f"{share} of the time offered was used: {span}"
    if everything["offered"] == 0:
        title = f"No clinic was held: {span}"
    elif share == HIDDEN:
        title = f"{FEW} how much of the time was used: {span}"
    told = [
        f"{used} ({hours} of {offered})"
        for used, hours, offered in zip(
            held["utilisation_shown"],
            held["used_minutes_shown"],
            held["offered_shown"],
            strict=True,
        )
    ]
    subtitle = f"Minutes with a patient who came, of clinic time, by grade. {ROUNDED}"
    heads = {
        "grade_label": "Grade",
        "offered_shown": "Offered",
        "arose_minutes_shown": "Wanted",
        "booked_minutes_shown": "Booked",
        "used_minutes_shown": "Used",
        "utilisation_shown": "Used, of offered",
    }
    return bars(
        title,
        subtitle,
        held["grade_label"].tolist(),
        held["utilisation"].tolist(),
        told,
        as_table(held, heads),
    )


def queue(found: pd.DataFrame) -> Chart:
    """Bars of who waits, beside how many may; from ``clinic_reading.queue``."""
    met = found[(found["queue_shown"] != "0") | (found["arose_shown"] != "0")]
    everything = found[found["grade"] == ALL].iloc[0]
    day = words.day(everything["last_day"].date())
    title = f"{queue_in_words(everything)}, on {day}"
    told = [
        f"{row['queue_shown']} wait, {row['target_queue_shown']} may"
        for row in met.to_dict("records")
    ]
    subtitle = (
        "Patients on the list, by the lowest grade that can see them, and how many may "
        "be on it so that nearly all are seen in time. Time wanted is of this grade or a "
        f"more senior one, of what all of them offer. {ROUNDED}"
    )
    heads = {
        "grade_label": "Lowest grade",
        "queue_shown": "Wait",
        "target_queue_shown": "May wait",
        "arose_shown": "New in these weeks",
        "target_weeks_shown": "Mean time allowed",
        "relief_shown": "To be seen for half a year",
        "load_shown": "Time wanted, of offered",
    }
    names, amounts = met["grade_label"].tolist(), met["queue"].tolist()
    return bars(title, subtitle, names, amounts, told, as_table(met, heads))


def queue_in_words(row: pd.Series) -> str:
    """Whether the list of one grade is too long, and what would help."""
    if row["queue_shown"] == "0":
        return "Nobody waits for a clinic"
    if HIDDEN in (row["queue_shown"], row["target_queue_shown"]):
        return f"{FEW} whether the list is too long"
    said = f"About {row['queue_shown']} wait; {row['target_queue_shown']} may"
    if pd.isna(row["relief"]):
        return f"{said}, so no relief is needed"
    return (
        f"{said}. Seeing {row['relief']:g} a week instead of the {row['demand']:g} that "
        "come would put it right in half a year"
    )


def long_lists(found: pd.DataFrame) -> list[str]:
    """What each grade's list says, a sentence each; from ``clinic_reading.queue``."""
    met = found[(found["queue_shown"] != "0") & (found["grade"] != ALL)]
    return [
        f"{row['grade_label']}: {said[0].lower()}{said[1:]}."
        for _, row in met.iterrows()
        for said in (queue_in_words(row),)
    ]


def _hours(
    figure: go.Figure,
    weeks: pd.DataFrame,
    column: str,
    name: str,
    colour: str,
    dash: str,
) -> None:
    known = weeks[column].notna()
    hours = (weeks[column].astype("float") / 60).fillna(0)
    figure.add_trace(
        go.Scatter(
            x=weeks["label"],
            y=hours,
            mode="lines+markers" if known.all() else "markers+text",
            # Where a figure is hidden its star stands on the axis, without a mark.
            text=["" if there else HIDDEN for there in known],
            textposition="top center",
            textfont_color=colour,
            marker={"color": colour, "size": [8 if there else 0 for there in known]},
            line={"color": colour, "dash": dash, "width": 3},
            cliponaxis=False,
            hoverinfo="skip",
        )
    )
    # Above its highest mark, where no line of its own can run through it.
    figure.add_annotation(
        text=f"{name}, last {weeks[f'{column}_shown'].iloc[-1]}",
        x=weeks["label"].iloc[0],
        y=hours.max(),
        xanchor="left",
        yshift=18 if known.all() else 32,
        showarrow=False,
        font_color=colour,
    )


def _wanted(whole: pd.Series) -> str:
    wanted, offered = whole["arose_minutes"], whole["offered"]
    if pd.isna(wanted):
        return "Too few new patients to show how much time they want"
    if not offered:
        return f"{whole['arose_minutes_shown']} were wanted, and none were offered"
    return (
        f"New patients wanted {whole['arose_minutes_shown']} of clinic, "
        f"{whole['offered_shown']} were offered"
    )


def _span(whole: pd.Series) -> str:
    end = words.day(whole["last_day"].date())
    return f"{words.plural(int(whole['weeks']), 'week')} to {end}"


def as_table(found: pd.DataFrame, heads: dict[str, str]) -> pd.DataFrame:
    """These columns under these heads."""
    return found[list(heads)].rename(columns=heads).reset_index(drop=True)
