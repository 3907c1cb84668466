"""How referrals are answered, and what happened next."""

import streamlit as st

from core.access.model import Scope
from core.analytics import clinic_reading, figures, group_charts, reading, visit_charts
from core.analytics.measures.definition import measure
from core.ui.commissioner import parts
from core.ui.commissioner.chart import show_chart, shown
from core.ui.commissioner.filters import choose_grain, choose_period


_WAITS = (
    "Numerator of “in time”: patients seen on or before the day that the answer set. "
    "Denominator: patients seen in the period. Weeks run from the answer to the "
    "appointment that was kept."
)


def show() -> None:
    """The mix of answers, by diagnosis group, and who was seen afterwards."""
    scope = parts.begin("Outcomes")
    columns = st.columns(2)
    with columns[0]:
        grain = choose_grain()
    parts.over_time(scope, "without_visit", grain)

    def of_a_period() -> None:
        with columns[1]:
            period = choose_period(scope)
        shown(lambda: _mix(scope, period))
        parts.compared(scope, "without_visit", "diagnosis", period)
        parts.divided(scope, "answered", "diagnosis", period)
        shown(lambda: _next(scope, period))

    shown(of_a_period)
    parts.end(scope)


def _mix(scope: Scope, period: tuple[str, str]) -> None:
    found = figures.by_category(scope, "answered", "answer", period[0])
    chart = group_charts.outcomes(found, reading.visits(scope), period[1])
    show_chart(chart, "answers", measure("answered"))


def _next(scope: Scope, period: tuple[str, str]) -> None:
    """Of those who had to be seen."""
    found = clinic_reading.waits(scope, period[0])
    show_chart(visit_charts.waits(found, period[1]), "seen", _WAITS)
