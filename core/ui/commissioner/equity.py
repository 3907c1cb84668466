"""Whether the service works for everybody."""

import streamlit as st

from core.analytics.measures.definition import dimensions, measures
from core.ui.commissioner import parts
from core.ui.commissioner.chart import shown
from core.ui.commissioner.filters import LONG, choose_measure, choose_period


# Who finished, who was turned away, and of whom nothing was heard.
_LINKS = ("links_finished", "links_refused", "links_unanswered")


def show() -> None:
    """One measure by every group of people that is counted, then weblinks."""
    scope = parts.begin("Equity")
    groups = [name for name, one in dimensions().items() if one.equity]

    def of_a_period() -> None:
        columns = st.columns(2)
        with columns[0]:
            name = choose_measure(_by_groups(groups))
        with columns[1]:
            period = choose_period(scope, LONG)
        for group in groups:
            if measures()[name].kind == "count":
                parts.divided(scope, name, group, period)
            else:
                parts.compared(scope, name, group, period)

        st.header("Patients who send it themselves", anchor="weblinks")
        for name in _LINKS:
            for group in measures()[name].dimensions:
                parts.compared(scope, name, group, period)

    shown(of_a_period)
    parts.end(scope)


def _by_groups(groups: list[str]) -> list[str]:
    found = [
        name for name, one in measures().items() if set(groups) <= set(one.dimensions)
    ]
    # What people ask about first.
    return sorted(found, key=lambda name: measures()[name].kind == "count")
