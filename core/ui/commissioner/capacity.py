"""Clinics: time wanted and offered, the list, waits, and what the newest plan foresees."""

import streamlit as st

from core.access.model import Scope
from core.analytics import clinic_charts, clinic_reading, plan_charts, visit_charts
from core.ui.commissioner import parts
from core.ui.commissioner.chart import show_chart, shown
from core.ui.commissioner.filters import choose_period
from core.ui.style import plain


_DEMAND = (
    "Offered: minutes of clinic sessions that took place in a week, by the grade of "
    "whoever held them; all sessions of the services that your contracts name, whoever "
    "paid for the patients in them. Wanted: minutes that answers of the week asked for, "
    "by the lowest grade that can see the patient: a more senior one may. Minutes of "
    "patients are their published number times their mean. Cancelled sessions are left "
    "out. Weeks begin on Monday in London; the last 13 that are over are shown."
)
_UTILISATION = (
    "Numerator: minutes of appointments to which the patient came. Denominator: minutes "
    "of the sessions that took place. An appointment whose result nobody has recorded is "
    "booked and not used. Shares come from rounded figures and end at 100 %."
)
_QUEUE = (
    "On the list: everybody who had to be seen when the last whole week ended, booked or "
    "not, and had not been. May wait: new patients a week, times the mean time that "
    "answers allow, over 4: then nearly all are seen in time, if patients come by chance "
    "and steadily. Relief is worked out where the list is more than twice that, to be "
    "right in 26 weeks (Fong and others, medRxiv 2022.08.23.22279117). Everything is "
    "worked out from the rounded figures shown here."
)
_WAITS = (
    "Numerator of “in time”: patients seen on or before the day that the answer set. "
    "Denominator: patients seen in the period. Too late, of due: those whose day fell in "
    "the period and who were seen after it, or not yet; who had left the list by then is "
    "not counted. Weeks run from the answer to the appointment that was kept."
)
_MISSED = (
    "Numerator: appointments at which nobody came. Denominator: those and the kept ones. "
    "Appointments that were given back beforehand are in neither; somebody who missed "
    "one and came to the next counts in both."
)
_FORECAST = (
    "From the newest plan of clinics that was made before this week. Too late: planned for a "
    "day after the one that the answer set, or without a place although that day lies "
    "within the weeks planned. Nothing here is booked because it is planned."
)
_SHORT = (
    "A minute's worth is how much less the whole plan would cost by its own weights if "
    "there were one more, over all sites by their minutes. It tells where time is short; "
    "a whole session saves less than all its minutes would singly."
)
_EXTRA = (
    "The plan worked out once more with half a day more of that grade each week, at the "
    "site where the grade holds most sessions. Weights are those of the plan, and are "
    "illustrative until a commissioner has agreed them."
)


def show() -> None:
    """What happens in clinics, and what is foreseen; all practices together."""
    scope = parts.begin("Capacity")
    shown(lambda: _weeks(scope))
    shown(lambda: _queue(scope))
    shown(lambda: _waits(scope))
    st.header("What the newest plan foresees", anchor=False)
    shown(lambda: _plan(scope))
    parts.end(scope)


def _weeks(scope: Scope) -> None:
    found = clinic_reading.capacity(scope)
    labels = clinic_reading.grades_met(found)
    grade = st.selectbox(
        "Grade", list(labels), format_func=lambda code: labels[code], key="grade"
    )
    show_chart(clinic_charts.demand(found, grade), "demand", _DEMAND)
    show_chart(clinic_charts.utilisation(found), "utilisation", _UTILISATION)


def _queue(scope: Scope) -> None:
    found = clinic_reading.queue(scope)
    show_chart(clinic_charts.queue(found), "queue", _QUEUE)
    with st.container(key="queue-in-words"):
        lines = clinic_charts.long_lists(found)
        st.markdown("\n".join(f"- {plain(line)}" for line in lines))


def _waits(scope: Scope) -> None:
    period, label = choose_period(scope)
    found = clinic_reading.waits(scope, period)
    show_chart(visit_charts.waits(found, label), "waits", _WAITS)
    show_chart(visit_charts.missed(found, label), "missed", _MISSED)


def _plan(scope: Scope) -> None:
    show_chart(
        plan_charts.forecast(clinic_reading.forecast(scope)), "forecast", _FORECAST
    )
    show_chart(plan_charts.shortages(clinic_reading.shortages(scope)), "short", _SHORT)
    extra = clinic_reading.extra_sessions(scope)
    if not extra.empty:
        show_chart(plan_charts.extra_sessions(extra), "extra", _EXTRA)
