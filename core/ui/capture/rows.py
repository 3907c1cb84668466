"""A referral in one of the practice's lists."""

import streamlit as st

from core.referrals.actions import drafting
from core.referrals.presenters.lists import Row
from core.ui.frame import go
from core.ui.session import act
from core.ui.style import panel, plain


def row_to_open(row: Row, label: str, page: str) -> None:
    """Who, what, since when, and one button."""
    with panel(f"{row.referral_id}", row=True):
        note = f" · {row.note}" if row.note else ""
        st.markdown(
            f"**{plain(row.patient)}** · born {row.born}  \n"
            f"{row.problem}{note} · {row.since} · {row.reference}",
            width="stretch",
        )
        if st.button(label, key=f"{label}-{row.referral_id}"):
            go(page, id=str(row.referral_id))


def listed_row(row: Row) -> None:
    """A patient on the telemedicine list; capturing makes it a draft again."""
    with panel(f"{row.referral_id}", row=True):
        st.markdown(
            f"**{plain(row.patient)}** · born {row.born}  \n"
            f"{row.problem} · {row.since} · put there by {plain(row.who)}",
            width="stretch",
        )
        if st.button("Capture now", key=f"capture-{row.referral_id}"):
            taken = act(
                lambda session, actor: drafting.take_from_list(
                    session, by=actor, referral_id=row.referral_id
                )
            )
            if taken:
                go("new", id=str(row.referral_id))
            st.rerun()
