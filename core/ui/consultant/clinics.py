"""My clinics: what is coming, what changed, what is still to be recorded."""

import streamlit as st

from core.clinics.presenters import histology, sessions
from core.clinics.presenters.sessions import SessionHead
from core.kernel import words
from core.ui.consultant import clinic_session
from core.ui.consultant.histology import histology_form
from core.ui.session import current_actor, read
from core.ui.style import panel, plain, tag, tag_html


def show() -> None:
    """One session where the address names one; else all of one's own."""
    if named := st.query_params.get("session"):
        clinic_session.show(named)
        return
    clinic_session.leave()
    st.title("My clinics", anchor=False)
    _coming()
    _to_record()
    _histology()


def _coming() -> None:
    scope = current_actor().scope
    heads = read(lambda session: sessions.coming(session, scope))
    if not heads:
        st.info("You hold no clinic from today on. New ones appear here by themselves.")
    for one in heads:
        _card(one)


def _to_record() -> None:
    scope = current_actor().scope
    heads = read(lambda session: sessions.earlier(session, scope))
    if heads:
        st.header("Earlier clinics", anchor=False)
    for one in heads:
        _card(one)


def _card(one: SessionHead) -> None:
    with panel(f"session-{one.session_id}", row=True):
        with st.container(width="stretch"):
            st.markdown(f"**{plain(one.title)}**")
            _state(one)
            room = f"{one.room} · " if one.room else ""
            st.caption(f"{plain(room)}{plain(one.service)}")
        if st.button("Open", key=f"open-{one.session_id}"):
            st.query_params["session"] = str(one.session_id)
            st.rerun()


def _state(one: SessionHead) -> None:
    if one.cancelled:
        tag(f"Cancelled: {one.cancelled}", "urgent")
        return
    tags = [tag_html(f"{one.booked} booked", "neutral")]
    if one.to_record:
        to_record = f"{words.plural(one.to_record, 'finding')} to record"
        tags.append(tag_html(to_record, "active"))
    if one.changes.in_words:
        tags.append(tag_html(one.changes.in_words, "warning"))
    st.html(" ".join(tags))


def _histology() -> None:
    scope = current_actor().scope
    waiting = read(lambda session: histology.to_come(session, scope))
    if not waiting:
        return
    st.header(f"Histology to come ({len(waiting)})", anchor=False)
    for one in waiting:
        with panel(f"histology-{one.appointment_id}"):
            late = "Late: ask the laboratory" if one.late else "To come"
            tag(late, "urgent" if one.late else "neutral")
            st.markdown(
                f"**{plain(one.patient)}** · born {one.born} · {one.nhs_number}  \n"
                f"Sent {one.sent} · found {plain(one.found)} · {one.reference}"
            )
            with st.expander("Record what it says"):
                histology_form(one.appointment_id, one.specialty)
