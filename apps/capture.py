"""Ozone for practices."""

import streamlit as st

from core.access.model import App
from core.config import settings
from core.ui import frame
from core.ui.capture import (
    demo_messages,
    home,
    inbox,
    new_referral,
    onward,
    overdue,
    referral,
    telemedicine,
    weblinks,
)
from core.ui.session import require
from core.ui.style import page


page("Ozone for practices", wide=True)
actor = require(App.CAPTURE)
pages = [
    st.Page(home.show, title="Home", default=True),
    st.Page(new_referral.show, title="New referral", url_path="new"),
    st.Page(inbox.show, title="Referrals and answers", url_path="inbox"),
    st.Page(onward.show, title="To hospital", url_path="hospital"),
    st.Page(telemedicine.show, title="Telemedicine list", url_path="list"),
    st.Page(weblinks.show, title="Weblinks", url_path="weblinks"),
    st.Page(overdue.show, title="Waiting too long", url_path="overdue"),
    st.Page(referral.show, title="Referral", url_path="referral", visibility="hidden"),
]
if settings().environment == "demo":
    pages.append(st.Page(demo_messages.show, title="Messages", url_path="messages"))
frame.run(actor, pages)
