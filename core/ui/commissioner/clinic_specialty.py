"""Which specialty's clinics a page is about."""

import streamlit as st

from core.clinics.presenters.plans import specialties
from core.ui.session import current_actor, read


def pick_specialty() -> str:
    """The specialty chosen; there is nothing to choose where there is only one."""
    scope = current_actor().scope
    names = read(lambda session: specialties(session, scope))
    if len(names) < 2:
        return next(iter(names), "")
    picked: str = st.selectbox(
        "Specialty", list(names), format_func=lambda one: names[one], key="specialty"
    )
    return picked
