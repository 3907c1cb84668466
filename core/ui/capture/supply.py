"""Answer a specialist's question, with more pictures if they help."""

import uuid

import streamlit as st

from core.referrals.actions import sending
from core.referrals.presenters.pages import Page
from core.ui.capture.images import take_pictures
from core.ui.session import act, say
from core.ui.style import plain


def supply_form(page: Page) -> None:
    """What was asked, room for words, room for pictures, one button."""
    asked = page.timeline[-1]
    st.header("The specialist asks", anchor=False)
    st.warning(f"{plain(asked.words)}", icon=":material/help:")
    if st.toggle("Add pictures", key="more-pictures"):
        take_pictures(page.referral_id)
    key = f"supply-{page.referral_id}"
    st.text_area("Your answer", key=key)
    st.button(
        "Send back to the specialist",
        type="primary",
        key="supply",
        on_click=_send,
        args=(page.referral_id, key),
    )


def _send(referral_id: uuid.UUID, key: str) -> None:
    words = str(st.session_state.get(key, ""))
    sent = act(
        lambda session, actor: sending.supply(
            session, by=actor, referral_id=referral_id, words=words
        )
    )
    if sent:
        say("Sent back to the specialist who asked.")
