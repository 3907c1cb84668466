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
    """Five entries; grade, minutes and date begin with what is usual."""
    st.markdown("**To be seen**")
    labels = {one.code: one.label for one in described.procedures}
    procedure = entries.widget("procedure")
    st.selectbox(
        "For",
        list(labels),
        index=None,
        placeholder="Procedure",
        format_func=lambda code: labels[code],
        filter_mode="contains",
        key=procedure["key"],
        on_change=_usual,
        args=(described, entries),
    )
    _fill(described, entries)
    st.segmented_control(
        "Complexity",
        [one.value for one in Complexity],
        required=True,
        format_func=str.capitalize,
        width="stretch",
        **entries.widget("complexity"),
    )
    left, right = st.columns([3, 2])
    left.selectbox(
        "Lowest grade",
        [one.value for one in Grade],
        index=None,
        placeholder="Grade",
        format_func=lambda grade: Grade(grade).label,
        filter_mode="contains",
        **entries.widget("lowest_grade"),
    )
    right.number_input(
        "Minutes", min_value=5, max_value=240, step=5, **entries.widget("minutes")
    )
    days = described.see_within_days[page.priority or Priority.ROUTINE]
    st.date_input(
        "To be seen by",
        format="DD/MM/YYYY",
        **entries.widget("see_by", clock.today() + timedelta(days=days)),
    )


def _usual(described: Specialty, entries: Entries) -> None:
    """A procedure brings its usual grade and minutes; both can be changed after."""
    entries.put("lowest_grade", None)
    entries.put("minutes", None)
    _fill(described, entries)
    entries.keep()


def _fill(described: Specialty, entries: Entries) -> None:
    """What is empty is what is usual. A click that overtakes the page empties both."""
    code = entries.get("procedure")
    if not code:
        return
    usual = described.procedure(code)
    if not entries.get("lowest_grade"):
        entries.put("lowest_grade", usual.lowest_grade)
    if not entries.get("minutes"):
        entries.put("minutes", usual.minutes)
