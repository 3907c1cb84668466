"""What several pages show in the same way."""

import streamlit as st

from core.access.model import Scope
from core.analytics import comparing_charts, figures, group_charts, measure_charts
from core.analytics.control_texts import HOW_TO_READ
from core.analytics.measure_charts import Told
from core.analytics.measures.definition import Measure, dimensions, measure
from core.ui.commissioner.chart import begin_telling, foot, show_chart, shown
from core.ui.session import current_actor


def begin(title: str) -> Scope:
    """The page's title; whose figures it shows."""
    st.title(title, anchor=False)
    begin_telling()
    return current_actor().scope


def over_time(scope: Scope, name: str, grain: str = "", practice: str = "all") -> None:
    """A measure's control chart."""

    def show() -> None:
        told = measure_charts.over_time(scope, name, grain, practice)
        show_controlled(told, name.replace("_", "-"), measure(name))

    shown(show)


def show_controlled(told: Told, name: str, counted: Measure | str) -> None:
    """A control chart with its signs, and how one is read."""
    show_chart(told.chart, name, counted, icons=told.icons, how=HOW_TO_READ)


def divided(scope: Scope, name: str, dimension: str, period: tuple[str, str]) -> None:
    """How a count divides in a period: its key and label."""

    def show() -> None:
        found = figures.by_category(scope, name, dimension, period[0])
        of = dimensions()[dimension]
        figures.worth_showing(found, f"{measure(name).title} by {of.title.lower()}")
        chart = group_charts.divided(found, measure(name), of, period[1])
        show_chart(chart, f"{name}-{dimension}".replace("_", "-"), measure(name))

    shown(show)


def compared(scope: Scope, name: str, dimension: str, period: tuple[str, str]) -> None:
    """A measure group by group, beside all together."""

    def show() -> None:
        found = figures.by_category(scope, name, dimension, period[0])
        overall = figures.whole_service(scope, name, period[0])
        of = dimensions()[dimension]
        figures.worth_showing(found, f"{measure(name).title} by {of.title.lower()}")
        chart = comparing_charts.compared(found, overall, measure(name), of, period[1])
        show_chart(chart, f"{name}-{dimension}".replace("_", "-"), measure(name))

    shown(show)


def funnel(scope: Scope, name: str, period: tuple[str, str]) -> None:
    """A measure practice by practice, with what chance alone allows."""

    def show() -> None:
        chart = measure_charts.funnel_of(scope, name, *period)
        show_chart(chart, f"{name}-funnel".replace("_", "-"), measure(name))

    shown(show)


def end(scope: Scope) -> None:
    """How new the figures are."""
    shown(lambda: foot(scope))
