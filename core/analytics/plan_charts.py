"""Charts of the newest clinic plan: who will be late, where time is short, what helps."""

from datetime import timedelta

import pandas as pd

from core.analytics.charts import Chart, bars
from core.analytics.disclosure import HIDDEN
from core.kernel import words


_MEASURES = {
    "late:suspected_cancer": "Too late: suspected cancer",
    "late:urgent": "Too late: urgent",
    "late:routine": "Too late: routine",
    "late": "Too late: all",
    "unplaced": "No place in these weeks",
    "impossible": "Nobody can see them",
}
# The dearest; more would hide them.
_SHOWN = 8
_FREE = "Nowhere: no minute more would save anything to speak of"


def forecast(found: pd.DataFrame) -> Chart:
    """Bars of who will be seen too late or nowhere; from ``clinic_reading.forecast``."""
    late = found[found["measure"] == "late"].iloc[0]
    planned, queue = late["planned_shown"], late["first_come_shown"]
    begins = late["first_day"].date()
    days = int(late["horizon_days"])
    span = f"{words.plural(days // 7, 'week')} from {words.day(begins)}"
    title = f"About {planned} will be seen too late: {span}"
    if planned == "0":
        title = f"Nobody will be seen too late: {span}"
    elif planned == HIDDEN:
        title = f"Too few will be seen too late to show how many: {span}"
    if HIDDEN not in (planned, queue):
        title += f". First come, first served: {queue}"
    names = [_MEASURES[str(one)] for one in found["measure"]]
    told = [
        f"{ours}, else {other}"
        for ours, other in zip(
            found["planned_shown"], found["first_come_shown"], strict=True
        )
    ]
    subtitle = (
        f"Patients by what the plan of {words.day(late['made_day'].date())} does, if it "
        "is booked; else: what first come, first served would. Counts are rounded to the "
        "nearest 5; * stands for one not shown."
    )
    table = pd.DataFrame({"": names, "As planned": found["planned_shown"]})
    table["First come, first served"] = found["first_come_shown"]
    return bars(title, subtitle, names, found["planned"].tolist(), told, table)


def shortages(found: pd.DataFrame) -> Chart:
    """Bars of what a minute more is worth; from ``clinic_reading.shortages``."""
    worth = found[found["pence_per_minute"] >= 1]
    most = worth.head(_SHOWN)
    names = [
        f"{grade}, {_fortnight(begins)}"
        for grade, begins in zip(most["grade_label"], most["fortnight"], strict=True)
    ]
    told = [f"{pounds(one)} a minute" for one in most["pence_per_minute"]]
    title = f"Time is shortest of: {names[0]}" if names else _FREE
    subtitle = (
        "What one more minute of a grade, in a fortnight, would save by the plan's "
        "weights: mostly by seeing somebody in time. Minutes of staff are nobody's, and "
        "are not rounded."
    )
    table = pd.DataFrame(
        {
            "Grade": worth["grade_label"],
            "Fortnight": [_fortnight(one) for one in worth["fortnight"]],
            "Worth": [f"{pounds(one)} a minute" for one in worth["pence_per_minute"]],
        }
    )
    amounts = most["pence_per_minute"].tolist()
    return bars(title, subtitle, names, amounts, told, table)


def extra_sessions(found: pd.DataFrame) -> Chart:
    """Bars of what a session more a week saves; from ``clinic_reading.extra_sessions``."""
    names = found["grade_label"].tolist()
    told = [_saved(one) for one in found["saved_pence"]]
    best = found.iloc[0]
    title = "No session more would save anything"
    if best["saved_pence"]:
        title = (
            f"A session more a week saves most of: {best['grade_label']}, "
            f"{pounds(best['saved_pence'], whole=True)}"
        )
    subtitle = (
        "What half a day more each week would save over the weeks planned, by the plan's "
        "weights, which count being late as money; the session itself is not paid for."
    )
    table = pd.DataFrame({"Grade": names, "Saves": told})
    amounts = found["saved_pence"].tolist()
    return bars(title, subtitle, names, amounts, told, table)


def pounds(pence: float, *, whole: bool = False) -> str:
    """``£9.00``; ``whole`` for sums whose pence nobody believes."""
    return f"£{pence / 100:,.0f}" if whole else f"£{pence / 100:,.2f}"


def _saved(pence: float) -> str:
    return pounds(pence, whole=True) if pence else "nothing"


def _fortnight(begins: pd.Timestamp) -> str:
    ends = begins + timedelta(days=13)
    return f"{begins.day} {begins:%b} to {ends.day} {ends:%b}"
