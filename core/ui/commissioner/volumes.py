"""How much comes in: over time, of what kind, from which practices."""

import streamlit as st

from core.ui.commissioner import parts
from core.ui.commissioner.chart import shown
from core.ui.commissioner.filters import choose_dimension, choose_grain, choose_period


_DIVIDED = ["priority", "route", "problem", "specialty", "service_model", "way"]


def show() -> None:
    """Referrals week by week, divided, and per 1,000 registered patients."""
    scope = parts.begin("Volumes")
    columns = st.columns(3)
    with columns[0]:
        grain = choose_grain()
    parts.over_time(scope, "referrals", grain)

    def of_a_period() -> None:
        with columns[1]:
            period = choose_period(scope)
        with columns[2]:
            dimension = choose_dimension(_DIVIDED)
        parts.divided(scope, "referrals", dimension, period)
        parts.funnel(scope, "referrals", period)

    shown(of_a_period)
    parts.end(scope)
