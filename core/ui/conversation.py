"""Messages between practice and specialist, below a case; seen is read."""

import streamlit as st

from core.referrals.actions import messages as writing
from core.referrals.model import State
from core.referrals.presenters import messages
from core.referrals.presenters.messages import Said
from core.referrals.presenters.pages import Page
from core.ui.session import act, current_actor, new_key, read, say, used
from core.ui.style import panel, plain, tag


_NOBODY_THERE = (State.DRAFT, State.LISTED, State.WITHDRAWN)


def show_messages(page: Page, to: str) -> None:
    """The thread, with what is new marked, and room for one more. ``to``: who reads."""
    scope = current_actor().scope
    said = read(lambda session: messages.thread(session, scope, page.referral_id))
    waiting = read(
        lambda session: messages.unread_on(session, scope, [page.referral_id])
    )
    if not said and page.state in _NOBODY_THERE:
        return
    st.header("Messages", anchor=False)
    if waiting:
        tag("New", "active")
        act(
            lambda session, actor: writing.mark_read(
                session, by=actor, referral_id=page.referral_id
            )
        )
    for number, one in enumerate(said):
        _show(number, one)
    if page.state not in _NOBODY_THERE:
        _write(page, to)


def _show(number: int, one: Said) -> None:
    with panel(f"message-{number}"):
        st.caption(f"{one.by} · {one.moment}")
        st.markdown(plain(one.words).replace("\n", "  \n"))
        if one.ours:
            st.caption(one.read)


def _write(page: Page, to: str) -> None:
    key = f"message-{page.referral_id}"
    st.text_area(f"Message to {to}", key=key, height=90, max_chars=writing.LONGEST)
    st.button("Send message", key="send-message", on_click=_send, args=(page, key, to))


def _send(page: Page, key: str, to: str) -> None:
    words, name = str(st.session_state[key]), f"message-{page.referral_id}"
    message_id = new_key(name)
    sent = act(
        lambda session, actor: writing.write(
            session,
            by=actor,
            referral_id=page.referral_id,
            message_id=message_id,
            words=words,
        )
    )
    if sent:
        used(name)
        st.session_state[key] = ""
        say(f"Your message is with {to}.")
