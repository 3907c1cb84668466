"""Whether the pictures are good enough to answer."""

import streamlit as st

from core.ui.commissioner import parts
from core.ui.commissioner.chart import shown
from core.ui.commissioner.filters import choose_grain, choose_period


def show() -> None:
    """Image sets complete, pictures usable by device, questions back."""
    scope = parts.begin("Quality")
    columns = st.columns(2)
    with columns[0]:
        grain = choose_grain()
    parts.over_time(scope, "complete_sets", grain)
    parts.over_time(scope, "usable_pictures", grain)
    parts.over_time(scope, "returned", grain)

    def of_a_period() -> None:
        with columns[1]:
            period = choose_period(scope)
        parts.compared(scope, "complete_sets", "route", period)
        parts.compared(scope, "usable_pictures", "device", period)
        parts.funnel(scope, "complete_sets", period)
        # Of patients who send them themselves, beside those of practices.
        parts.compared(scope, "complete_sets", "sent_by_role", period)
        parts.compared(scope, "usable_pictures", "sent_by_role", period)

    shown(of_a_period)
    parts.end(scope)
