"""Patients who come back for pictures: today's, and those to come."""

from datetime import date

import streamlit as st

from core.referrals.presenters import lists
from core.ui.capture.rows import listed_row
from core.ui.session import current_actor, read


def show() -> None:
    """The practice's telemedicine list; anyone of the practice can capture."""
    st.title("Telemedicine list", anchor=False)
    st.write(
        "Patients who come back for their pictures. Whoever is there that day "
        "captures and sends; the history is already in the referral."
    )
    scope = current_actor().scope
    rows = read(lambda session: lists.listed(session, scope, upto=date.max))
    if not rows:
        st.info(
            "Nobody is on the list. Begin a new referral and choose "
            "“Put on the telemedicine list”."
        )
    for row in rows:
        listed_row(row)
