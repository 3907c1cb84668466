"""Practices side by side, never in a table of ranks, and one practice by itself."""

from functools import partial

import streamlit as st

from core.access.model import Scope
from core.analytics import measure_charts
from core.analytics.measures.definition import measure, measures
from core.ui.commissioner import parts
from core.ui.commissioner.chart import shown
from core.ui.commissioner.filters import choose_measure, choose_period, choose_practice


def show() -> None:
    """A funnel of all practices; below, one practice's own charts."""
    scope = parts.begin("Practices")

    def all_of_them() -> None:
        columns = st.columns(2)
        with columns[0]:
            name = choose_measure(_in_funnels())
        with columns[1]:
            period = choose_period(scope)
        parts.funnel(scope, name, period)

    shown(all_of_them)
    shown(lambda: _one(scope))
    parts.end(scope)


def _one(scope: Scope) -> None:
    st.header("One practice", anchor="one-practice")
    practice, name = choose_practice(scope)
    st.caption(
        "By quarter: a practice's weeks are too small to show. What differs from its own "
        "past is marked; whether it differs from others is for the funnel above."
    )
    columns = st.columns(2)
    for number, one in enumerate(_by_practice()):
        with columns[number % 2]:
            shown(partial(_quarters, scope, one, practice, name))


def _quarters(scope: Scope, measured: str, practice: str, name: str) -> None:
    told = measure_charts.over_time(scope, measured, "quarter", practice, name)
    key = f"one-{measured}".replace("_", "-")
    parts.show_controlled(told, key, measure(measured))


def _by_practice() -> list[str]:
    return [name for name, one in measures().items() if one.by_practice]


def _in_funnels() -> list[str]:
    """Referrals per 1,000, and shares: hours have no funnel."""
    shares = [name for name in _by_practice() if measures()[name].kind == "share"]
    return ["referrals", *shares]
