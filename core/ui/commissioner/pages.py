"""Volumes, outcomes and turnaround, each with its chart, its table and its words."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from core.access.model import Scope
from core.analytics import charts, desk_charts, reading
from core.analytics.charts import Chart
from core.kernel import words
from core.kernel.errors import NotFound
from core.ui.commissioner.filters import Choice, choose
from core.ui.session import current_actor
from core.ui.style import Card, cards, panel


_Read = Callable[[Scope, str, str, str], pd.DataFrame]


def overview() -> None:
    """The service in four figures and one chart."""
    st.title("Overview", anchor=False)
    scope = current_actor().scope
    chosen = choose(scope)
    _shown(lambda: _overview(scope, chosen))
    _foot(scope)


def volumes() -> None:
    """How much comes in."""
    _page("Volumes", reading.volumes, charts.volumes)


def outcomes() -> None:
    """How it is answered."""
    _page("Outcomes", reading.outcomes, charts.outcomes)


def turnaround() -> None:
    """How fast it is answered, where the time goes, and what was said of the answers."""
    st.title("Turnaround", anchor=False)
    scope = current_actor().scope
    chosen = choose(scope)
    _shown(
        lambda: _chart(charts.turnaround(_figures(reading.turnaround, scope, chosen)))
    )
    _shown(
        lambda: _chart(
            desk_charts.stages(_figures(reading.stages, scope, chosen)), "stages"
        )
    )
    if chosen.practice == chosen.priority == reading.ALL:
        _desk(scope, chosen.period)
    _foot(scope)


def _desk(scope: Scope, period: str) -> None:
    """What is counted for all practices and priorities together only."""
    _shown(
        lambda: _chart(desk_charts.routing(reading.routing(scope, period)), "routing")
    )
    _shown(lambda: _chart(desk_charts.marks(reading.marks(scope, period)), "marks"))


def _page(title: str, read: _Read, draw: Callable[[pd.DataFrame], Chart]) -> None:
    st.title(title, anchor=False)
    scope = current_actor().scope
    chosen = choose(scope)
    _shown(lambda: _chart(draw(_figures(read, scope, chosen))))
    _foot(scope)


def _figures(read: _Read, scope: Scope, chosen: Choice) -> pd.DataFrame:
    return read(scope, chosen.period, chosen.practice, chosen.priority)


def _shown(show: Callable[[], None]) -> None:
    """A choice without figures is an answer, not a fault."""
    try:
        show()
    except NotFound as none:
        st.info(none.sentence)


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
    _chart(charts.volumes(counted))


def _chart(chart: Chart, name: str = "chart") -> None:
    """``name`` tells several charts of a page apart."""
    with panel(name):
        st.subheader(chart.title, anchor=False)
        st.caption(chart.subtitle)
        st.plotly_chart(
            chart.figure,
            theme=None,
            config={"displayModeBar": False},
            alt=chart.alt_text,
        )
    with st.expander("The same as a table"):
        st.table(chart.table.set_index(chart.table.columns[0]))


def _foot(scope: Scope) -> None:
    fresh = reading.freshness(scope)
    st.caption(
        f"{fresh.sentence} Brought up to date {words.moment_in_words(fresh.data_as_of)}."
    )
