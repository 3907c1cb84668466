"""The last page: it is sent, or it is on the list."""

import streamlit as st

from core.kernel import words
from core.referrals.model import State
from core.referrals.presenters import pages
from core.referrals.presenters.drafts import DraftView
from core.ui.capture import stopwatch
from core.ui.frame import go
from core.ui.session import current_actor, read


def show_sent(view: DraftView) -> None:
    """What happened, what comes next, and where to go."""
    scope = current_actor().scope
    page = read(lambda session: pages.page(session, scope, view.referral_id))
    if page.state is State.LISTED:
        st.success(f"{page.banner.name} is on the telemedicine list.")
    elif page.state is State.WITHDRAWN:
        st.info("This referral was withdrawn.")
    elif page.sent_at is not None and page.priority is not None:
        usual = words.length(view.usual_hours[page.priority] * 3600)
        took = words.length(stopwatch.spent(view.referral_id))
        st.success(
            f"Sent {words.time_of_day(page.sent_at)}. "
            f"Usually answered within {usual}. It took you {took}."
        )
        st.write(
            "The answer comes to your practice's inbox. Reference "
            f"{page.reference}, {page.banner.name}."
        )
    line = st.container(horizontal=True)
    if line.button("Open this referral", key="open"):
        go("referral", id=str(view.referral_id))
    if line.button("Home", key="home", type="primary"):
        go("")
