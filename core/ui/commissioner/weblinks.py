"""Patients who send history and pictures themselves: how far they come, who does not."""

import pandas as pd
import streamlit as st

from core.access.model import Scope
from core.analytics import describing, figures, link_charts, measure_charts
from core.analytics.measures.definition import measure
from core.kernel.errors import NotFound
from core.ui.commissioner import parts
from core.ui.commissioner.chart import show_chart, shown
from core.ui.commissioner.filters import choose_grain, choose_period


_HOURS = {"links_opened": "hours_to_open", "links_finished": "hours_to_finish"}
_OVER_TIME = ("links_finished", "hours_to_finish", "links_unanswered")
# Their definitions are told together.
_TOLD = ("links_opened", "links_begun", "links_finished", *_HOURS.values())


def show() -> None:
    """Sent, opened, begun, finished; refused and why; unanswered, and who was told."""
    scope = parts.begin("Weblinks")
    columns = st.columns(2)
    with columns[0]:
        grain = choose_grain()

    def of_a_period() -> None:
        with columns[1]:
            period = choose_period(scope)
        shown(lambda: _steps(scope, period))
        shown(lambda: _results(scope, period))
        parts.compared(scope, "links_finished", "age_band", period)
        parts.compared(scope, "links_finished", "language_group", period)
        parts.compared(scope, "hours_to_finish", "age_band", period)

    shown(of_a_period)
    for name in _OVER_TIME:
        parts.over_time(scope, name, grain)
    shown(lambda: _percentiles(scope, grain))
    parts.over_time(scope, "links_escalated", grain)
    parts.end(scope)


def _percentiles(scope: Scope, grain: str) -> None:
    chart = measure_charts.percentiles(scope, "hours_to_open", grain)
    show_chart(chart, "opened-within", measure("hours_to_open"))


def _steps(scope: Scope, period: tuple[str, str]) -> None:
    told = _whole(scope, link_charts.STEPS, period)
    found = {
        step: figures.whole_service(scope, name, period[0])
        for step, name in _HOURS.items()
    }
    hours = {step: row for step, row in found.items() if row is not None}
    show_chart(link_charts.steps(told, hours, period[1]), "steps", _told(*_TOLD))


def _results(scope: Scope, period: tuple[str, str]) -> None:
    told = _whole(scope, link_charts.RESULTS, period)
    chart = link_charts.results(told, period[1])
    show_chart(chart, "results", _told(*link_charts.RESULTS))


def _whole(
    scope: Scope, names: tuple[str, ...], period: tuple[str, str]
) -> dict[str, pd.Series]:
    told = {name: figures.whole_service(scope, name, period[0]) for name in names}
    known = {name: row for name, row in told.items() if row is not None}
    if len(known) < len(names):
        raise NotFound("There are no weblinks counted for this period yet.")
    return known


def _told(*names: str) -> str:
    """Several definitions, one after the other."""
    found = [measure(name) for name in dict.fromkeys(names)]
    return "\n\n".join(
        f"**{one.title}**\n\n{describing.in_markdown(one)}" for one in found
    )
