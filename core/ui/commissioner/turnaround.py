"""How fast referrals are answered, whether promises are kept, and where the time goes."""

import streamlit as st

from core.access.model import Scope
from core.analytics import figures, group_charts, measure_charts
from core.analytics.measures.definition import measure
from core.kernel.errors import NotFound
from core.ui.commissioner import parts
from core.ui.commissioner.chart import show_chart, shown
from core.ui.commissioner.filters import choose_grain, choose_period


_STAGES = {
    "hours_in_pool": "Waiting for a specialist",
    "hours_in_hand": "With a specialist",
    "hours_at_practice": "Back at the practice, if sent back",
    "hours_to_acknowledge": "Until the practice took it up",
}
_TARGETS = ("answered_in_time", "breaches", "faster_diagnosis", "seen_in_time")


def show() -> None:
    """Percentiles, service targets, the 28-day standard, stage by stage."""
    scope = parts.begin("Turnaround")
    columns = st.columns(2)
    with columns[0]:
        grain = choose_grain()
    parts.over_time(scope, "turnaround", grain)
    shown(lambda: _percentiles(scope, grain))
    for name in (*_TARGETS, "escalated"):
        parts.over_time(scope, name, grain)

    def of_a_period() -> None:
        with columns[1]:
            period = choose_period(scope)
        shown(lambda: _stages(scope, period))
        parts.compared(scope, "turnaround", "priority", period)
        parts.divided(scope, "referrals", "way", period)

    shown(of_a_period)
    parts.end(scope)


def _percentiles(scope: Scope, grain: str) -> None:
    chart = measure_charts.percentiles(scope, "turnaround", grain)
    show_chart(chart, "percentiles", measure("turnaround"))


def _stages(scope: Scope, period: tuple[str, str]) -> None:
    told = [
        (words, figures.whole_service(scope, name, period[0]))
        for name, words in _STAGES.items()
    ]
    known = [(words, row) for words, row in told if row is not None]
    if not known:
        raise NotFound("There are no stages for this period.")
    show_chart(
        group_charts.stages(known, period[1]), "stages", measure("hours_in_pool")
    )
