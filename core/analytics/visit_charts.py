"""Charts of visits: how long patients waited, who did not come, what was found."""

import pandas as pd

from core.analytics.charts import Chart, bars
from core.analytics.clinic_charts import FEW, ROUNDED, as_table
from core.analytics.disclosure import HIDDEN


def waits(found: pd.DataFrame, period: str) -> Chart:
    """Bars of the share seen in time by urgency; from ``clinic_reading.waits``."""
    everything = found.iloc[-1]
    share = everything["in_time_percent_shown"]
    title = f"{share} were seen in a clinic in time: {period}"
    if everything["seen_shown"] == "0":
        title = f"Nobody was seen in a clinic: {period}"
    elif share == HIDDEN:
        title = f"{FEW} whether they were seen in time: {period}"
    told = [
        _told_wait(percent, median)
        for percent, median in zip(
            found["in_time_percent_shown"], found["median_weeks_shown"], strict=True
        )
    ]
    subtitle = (
        "Patients seen by the day that the answer set, and within how many weeks of the "
        f"answer half of them were seen, by urgency. {ROUNDED}"
    )
    heads = {
        "label": "Urgency",
        "seen_shown": "Seen",
        "in_time_percent_shown": "In time",
        "median_weeks_shown": "Half within",
        "target_weeks_shown": "Mean time allowed",
        "due_shown": "Due in the period",
        "breached_shown": "Of them too late",
        "breached_percent_shown": "Too late, of due",
    }
    names, amounts = found["label"].tolist(), found["in_time_percent"].tolist()
    return bars(title, subtitle, names, amounts, told, as_table(found, heads))


def missed(found: pd.DataFrame, period: str) -> Chart:
    """Bars of the share who did not attend by urgency; from ``clinic_reading.waits``."""
    everything = found.iloc[-1]
    share = everything["missed_percent_shown"]
    title = f"{share} did not attend: {period}"
    if everything["called_shown"] == "0":
        title = f"Nobody had an appointment: {period}"
    elif share == HIDDEN:
        title = f"{FEW} how many did not attend: {period}"
    heads = {
        "label": "Urgency",
        "called_shown": "Appointments",
        "missed_shown": "Did not attend",
        "missed_percent_shown": "Share",
    }
    subtitle = (
        "Appointments at which nobody came, of all that came due and were not given "
        f"back. {ROUNDED}"
    )
    told = found["missed_percent_shown"].tolist()
    names, amounts = found["label"].tolist(), found["missed_percent"].tolist()
    return bars(title, subtitle, names, amounts, told, as_table(found, heads))


def _told_wait(percent: str, median: str) -> str:
    if percent == "–":
        return "nobody"
    return percent if HIDDEN in (percent, median) else f"{percent}, half in {median}"
