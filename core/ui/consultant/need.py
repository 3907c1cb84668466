"""What someone must be seen for: procedure, complexity, lowest grade, by when."""

from datetime import timedelta

import streamlit as st

from core.access.model import Grade
from core.contracts.model import Priority
from core.kernel import clock
from core.referrals.presenters.pages import Page
from core.reviews.model import Complexity
from core.specialties.model import Specialty
from core.ui.consultant.entries import Entries


def show_need(page: Page, described: Specialty, entries: Entries) -> None:
    """Four entries; grade and date begin with what is usual."""
    st.markdown("**To be seen**")
    labels = {one.code: one.label for one in described.procedures}
    before = entries.get("procedure")
    procedure = st.selectbox(
        "For",
        list(labels),
        index=None,
        placeholder="Procedure",
        format_func=lambda code: labels[code],
        filter_mode="contains",
        **entries.widget("procedure"),
    )
    if procedure and (procedure != before or not entries.get("lowest_grade")):
        entries.put("lowest_grade", described.procedure(procedure).lowest_grade)
    st.segmented_control(
        "Complexity",
        [one.value for one in Complexity],
        required=True,
        format_func=str.capitalize,
        **entries.widget("complexity"),
    )
    st.selectbox(
        "Lowest grade",
        [one.value for one in Grade],
        index=None,
        format_func=lambda grade: Grade(grade).label,
        **entries.widget("lowest_grade"),
    )
    days = described.see_within_days[page.priority or Priority.ROUTINE]
    if procedure and (procedure != before or not entries.get("minutes")):
        entries.put("minutes", described.procedure(procedure).minutes)
    st.number_input(
        "Minutes", min_value=5, max_value=240, step=5, **entries.widget("minutes")
    )
    st.date_input(
        "To be seen by",
        format="DD/MM/YYYY",
        **entries.widget("see_by", clock.today() + timedelta(days=days)),
    )
