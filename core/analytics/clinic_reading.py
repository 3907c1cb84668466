"""What a commissioner's screens read of clinics: published figures, as in ``reading``.

All practices together. Capacity and the list are counted in whole weeks, waits and what
was found in complete quarters, the forecast is of the newest plan made before this week.
"""

import pandas as pd

from core.access.model import Grade, Scope
from core.analytics import disclosure, list_judging, waiting_list
from core.analytics.reading import ALL, audience_of, figures, periods
from core.analytics.showing import with_counts, with_minutes, with_percent, with_weeks
from core.clinics.periods import waiting_list_on
from core.contracts.model import Priority
from core.kernel import clock
from core.kernel.errors import NotFound


_NO_WEEK = "There are no figures about clinics yet. They appear when a week with clinics is over."
_NO_QUARTER = (
    "There are no such figures for this period. Waits for clinics are counted when a "
    "quarter is over."
)
_NO_PLAN = (
    "There is no plan of clinics to show: none was made before this week, or the newest is "
    "for several commissioners' patients together."
)


def capacity(scope: Scope) -> pd.DataFrame:
    """Time offered, wanted, booked and used by grade, in each of the last 13 weeks.

    One row for each grade of each week, oldest first, then for all weeks (``whole``);
    grade ``all`` is all of them. ``offered``: minutes of sessions that took place, of all
    services of the contracts. ``arose_minutes``: what patients newly need whose lowest
    grade that is, though a more senior one may see them. ``booked``, ``used``: minutes of
    places not given back, and of those where the patient came, by who held the session.
    ``utilisation``: used of offered. Minutes of people are their published number times
    their mean. Raises NotFound.
    """
    found = figures().query("capacity", audience_of(scope))
    if found.empty:
        raise NotFound(_NO_WEEK)
    found = with_counts(found, ["arose", "booked", "used"])
    minutes = ["offered", "arose_minutes", "booked_minutes", "used_minutes"]
    found = with_minutes(found, minutes)
    found["grade_label"] = [_grade_label(str(one)) for one in found["grade"]]
    shares = [
        _share(None if pd.isna(used) else float(used), float(offered))
        for used, offered in zip(found["used_minutes"], found["offered"], strict=True)
    ]
    found["utilisation"] = pd.array(shares, dtype="Float64")
    found["utilisation_shown"] = [
        "–" if offered == 0 else _percent(share)
        for share, offered in zip(shares, found["offered"], strict=True)
    ]
    return found


def waits(scope: Scope, period: str) -> pd.DataFrame:
    """How long patients waited for a clinic, by urgency, in a complete period.

    One row for each urgency, ``all`` last: called (seen and missed), seen, missed, their
    share ``missed_percent``; in_time and ``in_time_percent`` of those seen; due in the
    period, breached and ``breached_percent`` of those; weeks from answer to visit, median
    and mean, and until they had to be seen. ``pressure`` is twice the mean wait over that;
    above 1 more than one in eight is late, where waits vary by chance. Raises NotFound.
    """
    found = figures().query("waits", period, audience_of(scope))
    if found.empty:
        raise NotFound(_NO_QUARTER)
    counts = ["called", "seen", "missed", "in_time", "due", "breached"]
    found = with_counts(found, counts)
    for part, of in (("missed", "called"), ("in_time", "seen"), ("breached", "due")):
        found = with_percent(found, part, of, f"{part}_percent")
    weeks = ["median_weeks", "mean_weeks", "target_weeks"]
    found = with_weeks(found, dict.fromkeys(weeks, "seen"))
    found["label"] = [_urgency_label(str(one)) for one in found["urgency"]]
    pressed = [
        None
        if pd.isna(mean) or pd.isna(target) or not target
        # As many digits as one can believe.
        else round(waiting_list.pressure(float(mean), float(target)), 1)
        for mean, target in zip(found["mean_weeks"], found["target_weeks"], strict=True)
    ]
    found["pressure"] = pd.array(pressed, dtype="Float64")
    return found


def queue(scope: Scope) -> pd.DataFrame:
    """Who waits, and whether that is too many, by the lowest grade that can see them.

    One row for each grade, ``all`` last: queue when the last week ended; arose in the last
    13 weeks, ``demand`` of them a week; ``target_queue``: as many as may wait so that
    nearly all are seen in time; ``relief``: patients a week to be seen for half a year
    where the list is more than twice that; ``load``: minutes wanted of this grade or a
    more senior one, of those that all of them offer. Worked out from published figures,
    and missing where one of them is hidden. Raises NotFound.
    """
    found = figures().query("queue", audience_of(scope))
    if found.empty:
        raise NotFound(_NO_WEEK)
    found = with_counts(found, ["queue", "arose"])
    found = with_weeks(found, {"target_weeks": "arose"})
    found["grade_label"] = [_grade_label(str(one)) for one in found["grade"]]
    rules = waiting_list_on(clock.today())
    judged = [list_judging.judged(row, rules) for row in found.to_dict("records")]
    for name in ("demand", "target_queue", "relief"):
        found[name] = pd.array([one[name] for one in judged], dtype="Float64")
    found["target_queue_shown"] = [
        disclosure.HIDDEN if pd.isna(one) else f"{one:,.0f}"
        for one in found["target_queue"]
    ]
    found["relief_shown"] = [list_judging.relief_shown(one) for one in judged]
    loads = list_judging.loads(capacity(scope))
    found["load"] = pd.array([loads[str(one)] for one in found["grade"]], "Float64")
    found["load_shown"] = [
        disclosure.HIDDEN if pd.isna(one) else f"{100 * one:.0f} %"
        for one in found["load"]
    ]
    return found


def forecast(scope: Scope) -> pd.DataFrame:
    """Whom the newest plan sees too late or nowhere, beside first come, first served.

    One row for each measure: late:<urgency>, late (all of them), unplaced (no place within
    the days planned), impossible (nobody can see them with today's staff); planned,
    first_come; made_day, first_day, horizon_days of the plan. Raises NotFound.
    """
    found = figures().query("forecast", audience_of(scope))
    if found.empty:
        raise NotFound(_NO_PLAN)
    return with_counts(found, ["planned", "first_come"])


def shortages(scope: Scope) -> pd.DataFrame:
    """What one more minute of a grade would save, in pence, by fortnight; dearest first.

    Columns: grade, grade_label, fortnight (its first day), pence_per_minute. Empty where
    there is no plan. A whole session saves less than its minutes' worth.
    """
    found = figures().query("shortages", audience_of(scope))
    found["grade_label"] = [_grade_label(str(one)) for one in found["grade"]]
    return found


def extra_sessions(scope: Scope) -> pd.DataFrame:
    """What a session more each week would save over the days planned; the most first.

    Columns: grade, grade_label, saved_pence: by the plan's own weights, 0 where nothing.
    Empty where no plan has worked it out.
    """
    found = figures().query("extra_sessions", audience_of(scope))
    found["grade_label"] = [_grade_label(str(one)) for one in found["grade"]]
    return found


def grades_met(found: pd.DataFrame) -> dict[str, str]:
    """The grades with time offered or wanted in ``capacity``'s rows, all of them first."""
    whole = found[found["whole"]]
    met = whole[(whole["offered"] > 0) | (whole["arose_shown"] != "0")]
    labels = dict(zip(met["grade"], met["grade_label"], strict=True))
    return {ALL: _grade_label(ALL)} | labels


def period_label(scope: Scope, period: str) -> str:
    """What people call a period. Raises NotFound."""
    found = periods(scope)
    label = found[found["period"] == period]["label"]
    if label.empty:
        raise NotFound(_NO_QUARTER)
    return str(label.iloc[0])


def _share(used: float | None, offered: float) -> float | None:
    if used is None or not offered:
        return None
    # Rounding up may make more of them than there was time for.
    return min(100.0, round(100 * used / offered))


def _percent(share: float | None) -> str:
    return disclosure.HIDDEN if share is None else f"{share:g} %"


def _grade_label(code: str) -> str:
    if code == ALL:
        return "All grades"
    return Grade(code).label if code in set(Grade) else "Grade not on record"


def _urgency_label(code: str) -> str:
    return "All" if code == ALL else Priority(code).label
