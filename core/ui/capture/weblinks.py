"""All weblinks of the practice: what patients sent, and who has not answered yet."""

import streamlit as st

from core.referrals.presenters import weblinks
from core.referrals.presenters.lists import Row
from core.referrals.presenters.weblinks import Progress
from core.ui.capture.weblink_panel import show_briefly
from core.ui.frame import go
from core.ui.session import current_actor, read
from core.ui.style import panel, plain


def show() -> None:
    """First what the practice has to look at, then whom it waits for."""
    st.title("Weblinks", anchor=False)
    scope = current_actor().scope
    to_see = read(lambda session: weblinks.to_look_at(session, scope))
    st.header("For you to look at", anchor=False)
    if not to_see:
        st.write("Nothing. What patients send, or could not send, comes here.")
    for row, far in to_see:
        _row(row, far, "Look at it")
    st.header("Waiting for patients", anchor=False)
    waiting = read(lambda session: weblinks.with_patients(session, scope))
    if not waiting:
        st.write(
            "No patient has a weblink now. Begin a new referral and choose "
            "“By a weblink”."
        )
    for row, far in waiting:
        _row(row, far, "Open")


def _row(row: Row, far: Progress, label: str) -> None:
    with panel(f"{row.referral_id}", row=True):
        with st.container(width="stretch"):
            st.markdown(
                f"**{plain(row.patient)}** · born {row.born}  \n"
                f"{row.problem} · {row.reference}",
            )
            show_briefly(far)
        if st.button(label, key=f"open-{row.referral_id}"):
            go("referral", id=str(row.referral_id))
