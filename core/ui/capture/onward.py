"""What goes on to a hospital: the list, and what the practice does about each."""

import uuid

import streamlit as st

from core.access.model import App
from core.reviews.actions import onward
from core.reviews.model import OnwardState
from core.reviews.presenters import onward as shown
from core.reviews.presenters.onward import OnwardRow, OnwardView
from core.ui.frame import go
from core.ui.letter_routes import pack_url
from core.ui.session import act, browser, current_actor, read, say
from core.ui.style import Kind, panel, plain, tag


_KINDS: dict[OnwardState, Kind] = {
    OnwardState.PREPARED: "active",
    OnwardState.HANDED_OVER: "active",
    OnwardState.CONFIRMED: "done",
    OnwardState.CANCELLED: "neutral",
}


def show() -> None:
    """Everything that a hospital has not confirmed yet, the latest on top."""
    st.title("To hospital, not confirmed", anchor=False)
    scope = current_actor().scope
    rows = read(lambda session: shown.waiting(session, scope))
    if not rows:
        st.info("Every hospital has confirmed what was sent there.")
    for row in rows:
        _row(row)


def show_onward(referral_id: uuid.UUID) -> None:
    """The way of one referral, where its answer opened one."""
    scope = current_actor().scope
    view = read(lambda session: shown.of_referral(session, scope, referral_id))
    if view is None:
        return
    st.header("To hospital", anchor=False)
    with panel("onward"):
        tag(view.state.label, "urgent" if view.late else _KINDS[view.state])
        st.write(plain(view.hospital))
        if view.can_change:
            st.write(_when(view))
            _hand_over(referral_id, view)
            _confirm(referral_id)
            _cancel(referral_id)
        for step in view.steps:
            st.caption(plain(step))


def _row(row: OnwardRow) -> None:
    with panel(f"onward-{row.referral_id}", row=True):
        words = st.container()
        with words:
            tag(row.state.label, "urgent" if row.late else _KINDS[row.state])
            st.markdown(f"**{plain(row.patient)}** · {row.outcome}")
            told = " · the hospital was reminded" if row.escalated else ""
            st.caption(
                f"{plain(row.hospital)} · answered {row.age} ago · {row.due}{told}"
            )
        if st.button("Open", key=f"open-{row.referral_id}"):
            go("referral", id=str(row.referral_id))


def _when(view: OnwardView) -> str:
    if view.late:
        told = " Practice and hospital have been told." if view.escalated else ""
        return f"The hospital should have confirmed by {view.due}.{told}"
    return f"The hospital should confirm by {view.due}."


def _hand_over(referral_id: uuid.UUID, view: OnwardView) -> None:
    line = st.container(horizontal=True, key="hand-over")
    line.link_button(
        "Download the pack (ZIP)",
        pack_url(App.CAPTURE, current_actor(), browser(), referral_id),
        icon=":material/folder_zip:",
    )
    if view.address and line.button(
        f"Send the pack to {plain(view.address)}", key="send-pack", type="primary"
    ):
        if act(
            lambda session, actor: onward.send(
                session, by=actor, referral_id=referral_id
            )
        ):
            say("The pack is on its way. Record here who at the hospital confirms it.")
        st.rerun()


def _confirm(referral_id: uuid.UUID) -> None:
    with st.expander("The hospital has confirmed it"):
        who = st.text_input("Who at the hospital?", key="confirm-who", max_chars=200)
        how = st.text_input(
            "How?",
            key="confirm-how",
            max_chars=200,
            placeholder="By phone, by letter …",
        )
        if st.button("Record the confirmation", key="confirm", type="primary"):
            if act(
                lambda session, actor: onward.confirm(
                    session, by=actor, referral_id=referral_id, who=who, how=how
                )
            ):
                say("The hospital’s confirmation is recorded.")
            st.rerun()


def _cancel(referral_id: uuid.UUID) -> None:
    with st.expander("The hospital is not needed any more"):
        reason = st.text_area("Why?", key="onward-reason", max_chars=500)
        if st.button("End it", key="end-onward"):
            act(
                lambda session, actor: onward.cancel(
                    session, by=actor, referral_id=referral_id, reason=reason
                )
            )
            st.rerun()
