"""How often the pictures were right: referrer, specialist, clinic, laboratory."""

import streamlit as st

from core.access.model import Scope
from core.analytics import truth_charts, truth_reading
from core.analytics.measures.definition import measure
from core.ui.commissioner import parts
from core.ui.commissioner.chart import show_chart, shown
from core.ui.commissioner.filters import choose_period


def show() -> None:
    """Agreement with kappa, sensitivity for cancer, number needed to biopsy."""
    scope = parts.begin("Truth")

    def of_a_period() -> None:
        period = choose_period(scope)
        shown(lambda: _agreement(scope, period))
        shown(lambda: _cancer(scope, period))
        parts.compared(scope, "clinic_agrees", "diagnosis", period)
        parts.compared(scope, "histology_agrees", "diagnosis", period)

    shown(of_a_period)
    parts.over_time(scope, "clinic_agrees")
    parts.over_time(scope, "cancers_recognised")
    st.header("What practices and second readers say", anchor="said")
    for name in ("helpful", "instructive", "second_reader_agrees"):
        parts.over_time(scope, name)
    parts.end(scope)


def _agreement(scope: Scope, period: tuple[str, str]) -> None:
    found = truth_reading.agreement(scope, period[0])
    show_chart(
        truth_charts.agreement(found, period[1]), "agreement", truth_charts.COUNTED
    )


def _cancer(scope: Scope, period: tuple[str, str]) -> None:
    found = truth_reading.cancer(scope, period[0])
    chart = truth_charts.cancer(found, period[1])
    show_chart(chart, "cancer", measure("cancers_recognised"))
