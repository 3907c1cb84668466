"""One patient of a plan, by reference: why there, what else; yes or no to it."""

import streamlit as st

from core.clinics.presenters.plans import Line, PlanPage
from core.clinics.presenters.whys import why
from core.ui.commissioner.clinic_deciding import accept_lines, decline_line
from core.ui.commissioner.clinic_lines import table
from core.ui.session import current_actor, read
from core.ui.style import panel, plain


def show_case(page: PlanPage) -> None:
    """Choose a patient; see the choices there were."""
    lines = {one.reference: one for one in page.lines if not one.gap}
    if not lines:
        return
    with panel("plan-case"):
        st.subheader("Why there?", anchor=False)
        picked = st.selectbox(
            "Referral",
            # Always the same list: were it to change with each booking, another
            # patient would come to stand where the last one was.
            list(lines),
            index=None,
            placeholder="Choose or type a referral's number",
            format_func=lambda one: f"{one} · {lines[one].procedure}",
            filter_mode="contains",
            key="plan-case-reference",
        )
        if picked in lines:
            _explain(page, lines[picked])


def _explain(page: PlanPage, line: Line) -> None:
    scope = current_actor().scope
    found = read(lambda session: why(session, scope, page.id, line.need_id))
    st.markdown(plain(found.sentence))
    table(
        ("Place", "In time", "Its own cost", "Worth to others", "Together"),
        [
            (
                f"{one.where}{' – chosen' if one.chosen else ''}",
                one.late,
                one.own,
                one.worth,
                one.total,
            )
            for one in found.choices
        ],
    )
    if not line.bookable:
        return
    left, right = st.columns(2)
    if left.button("Book this one", key=f"book-{line.id}", width="stretch"):
        accept_lines(page.id, [line.id])
    if right.button("Not this place", key=f"decline-{line.id}", width="stretch"):
        decline_line(page.id, line.id, line.reference)
