"""Volumes, outcomes and turnaround, each with its chart, its table and its words."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from core.access.model import Scope
from core.analytics import charts, desk_charts, reading
from core.analytics.charts import Chart
from core.ui.commissioner.capacity import truth
from core.ui.commissioner.chart import foot, show_chart, shown
from core.ui.commissioner.filters import Choice, choose
from core.ui.session import current_actor
from core.ui.style import Card, cards


_Read = Callable[[Scope, str, str, str], pd.DataFrame]


def overview() -> None:
    """The service in four figures and one chart."""
    st.title("Overview", anchor=False)
    scope = current_actor().scope
    chosen = choose(scope)
    shown(lambda: _overview(scope, chosen))
    foot(scope)


def volumes() -> None:
    """How much comes in."""
    _page("Volumes", reading.volumes, charts.volumes)


def outcomes() -> None:
    """How it is answered, and what was found of those seen face to face."""
    st.title("Outcomes", anchor=False)
    scope = current_actor().scope
    chosen = choose(scope)
    shown(
        lambda: show_chart(charts.outcomes(_figures(reading.outcomes, scope, chosen)))
    )
    if chosen.practice == chosen.priority == reading.ALL:
        shown(lambda: truth(scope, chosen.period))
    foot(scope)


def turnaround() -> None:
    """How fast it is answered, where the time goes, and what was said of the answers."""
    st.title("Turnaround", anchor=False)
    scope = current_actor().scope
    chosen = choose(scope)
    shown(
        lambda: show_chart(
            charts.turnaround(_figures(reading.turnaround, scope, chosen))
        )
    )
    shown(
        lambda: show_chart(
            desk_charts.stages(_figures(reading.stages, scope, chosen)), "stages"
        )
    )
    if chosen.practice == chosen.priority == reading.ALL:
        _desk(scope, chosen.period)
    foot(scope)


def _desk(scope: Scope, period: str) -> None:
    """What is counted for all practices and priorities together only."""
    shown(
        lambda: show_chart(
            desk_charts.routing(reading.routing(scope, period)), "routing"
        )
    )
    shown(lambda: show_chart(desk_charts.marks(reading.marks(scope, period)), "marks"))


def _page(title: str, read: _Read, draw: Callable[[pd.DataFrame], Chart]) -> None:
    st.title(title, anchor=False)
    scope = current_actor().scope
    chosen = choose(scope)
    shown(lambda: show_chart(draw(_figures(read, scope, chosen))))
    foot(scope)


def _figures(read: _Read, scope: Scope, chosen: Choice) -> pd.DataFrame:
    return read(scope, chosen.period, chosen.practice, chosen.priority)


def _overview(scope: Scope, chosen: Choice) -> None:
    counted = _figures(reading.volumes, scope, chosen)
    timed = _figures(reading.turnaround, scope, chosen)
    whole, speed = counted[counted["whole"]].iloc[0], timed[timed["whole"]].iloc[0]
    cards(
        [
            Card(whole["sent_shown"], "referrals sent"),
            Card(whole["percent_shown"], "answered without a clinic visit"),
            Card(speed["median_hours_shown"], "half of the answers within"),
            Card(speed["percent_shown"], "answered by the due time"),
        ]
    )
    show_chart(charts.volumes(counted))
