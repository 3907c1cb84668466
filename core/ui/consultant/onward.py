"""What went on to a hospital and was not confirmed; the hospital's own can confirm."""

import uuid

import streamlit as st

from core.reviews.actions import onward
from core.reviews.presenters import onward as shown
from core.reviews.presenters.onward import OnwardRow
from core.ui.frame import go
from core.ui.session import act, current_actor, read, say
from core.ui.style import panel, plain, tag


def show() -> None:
    """The list, the one whose time ends first on top."""
    st.title("To hospital, not confirmed", anchor=False)
    scope = current_actor().scope
    rows = read(lambda session: shown.waiting(session, scope))
    if not rows:
        st.info("Every hospital has confirmed what was sent there.")
    for row in rows:
        _row(row)


def _row(row: OnwardRow) -> None:
    with panel(f"onward-{row.referral_id}"):
        tag(row.state.label, "urgent" if row.late else "active")
        st.markdown(f"**{plain(row.patient)}** · {row.outcome}")
        told = " · practice and hospital were reminded" if row.escalated else ""
        st.caption(
            f"{plain(row.practice)} to {plain(row.hospital)} · answered {row.age} ago · "
            f"{row.due}{told}"
        )
        line = st.container(horizontal=True, key=f"acts-{row.referral_id}")
        if line.button("Open the case", key=f"open-{row.referral_id}"):
            go("case", id=str(row.referral_id))
        if row.can_confirm and line.button(
            "We have it", key=f"confirm-{row.referral_id}", type="primary"
        ):
            _ask(row.referral_id)


@st.dialog("Confirm for the hospital")
def _ask(referral_id: uuid.UUID) -> None:
    who = st.text_input(
        "Who at the hospital has it?", value=current_actor().name, max_chars=200
    )
    how = st.text_input(
        "How is it known?", max_chars=200, placeholder="Seen in the department’s list …"
    )
    if st.button("Record the confirmation", type="primary", key="record-confirmation"):
        if act(
            lambda session, actor: onward.confirm(
                session, by=actor, referral_id=referral_id, who=who, how=how
            )
        ):
            say("The practice sees now that the hospital has it.")
        st.rerun()
