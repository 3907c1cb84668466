"""One clinic: who comes when, what changed, the list on paper, and each patient."""

import uuid

import streamlit as st

from core.access.model import App
from core.clinics.actions import heads_up
from core.clinics.model import AppointmentState
from core.clinics.presenters.heads_up import HeadsUp, outline, session_list
from core.clinics.presenters.sessions import SessionHead
from core.kernel.errors import NotFound
from core.ui.clinic_routes import list_url
from core.ui.consultant import clinic_patient
from core.ui.session import act, browser, current_actor, read
from core.ui.style import Kind, panel, plain, tag


# What the address names, and what had changed when it was opened.
_OPEN = "oz-clinic"
_STATES: dict[AppointmentState, tuple[str, Kind]] = {
    AppointmentState.BOOKED: ("To be seen", "neutral"),
    AppointmentState.KEPT: ("Seen", "done"),
    AppointmentState.MISSED: ("Did not attend", "warning"),
}


def show(named: str) -> None:
    """The session of the address, or one patient of it. Raises NotFound."""
    session_id = _id(named)
    scope = current_actor().scope
    ordered = read(lambda session: outline(session, scope, session_id))
    told = _told(ordered.head)
    if patient := st.query_params.get("patient"):
        clinic_patient.show(ordered, _id(patient), told)
        return
    listed = read(lambda session: session_list(session, scope, session_id))
    clinic_patient.leave()
    if st.button(
        "My clinics", key="back", type="tertiary", icon=":material/arrow_back:"
    ):
        st.query_params.clear()
        st.rerun()
    _head(listed.head, told)
    if not listed.patients:
        st.info("Nobody is booked into this clinic yet.")
    for one in listed.patients:
        _row(one)


def leave() -> None:
    """The next opening is a new look."""
    st.session_state.pop(_OPEN, None)


def _id(named: str) -> uuid.UUID:
    try:
        return uuid.UUID(named)
    except ValueError as error:
        raise NotFound(
            "This address names no clinic of yours. Open one from “My clinics”."
        ) from error


def _told(head: SessionHead) -> str:
    """What had changed when this was opened; marked as seen, and audited, once."""
    opened, number, told = st.session_state.get(_OPEN, (None, -1, ""))
    if opened == head.session_id and number == head.changes.number:
        return str(told)
    told = head.changes.in_words if head.changes.looked else ""
    if act(
        lambda session, actor: heads_up.mark_seen(
            session,
            by=actor,
            session_id=head.session_id,
            number=head.changes.number,
        )
    ):
        st.session_state[_OPEN] = (head.session_id, head.changes.number, told)
    return told


def _head(head: SessionHead, told: str) -> None:
    st.title(plain(head.title), anchor=False)
    room = f"{head.room} · " if head.room else ""
    st.caption(f"{plain(room)}{plain(head.address)} · {plain(head.service)}")
    if head.cancelled:
        st.error(f"This clinic is cancelled: {plain(head.cancelled)}")
    if told:
        st.warning(plain(told))
    url = list_url(App.CONSULTANT, current_actor(), browser(), head.session_id)
    st.link_button("The whole list (PDF)", url, icon=":material/picture_as_pdf:")


def _row(one: HeadsUp) -> None:
    who, planned = one.page.banner, one.planned
    with panel(f"patient-{planned.appointment_id}", row=True):
        with st.container(width="stretch"):
            tag(*_STATES[planned.state])
            st.markdown(
                f"**{planned.time} · {plain(who.name)}** · born {who.born} · "
                f"{who.nhs_number}  \n{plain(planned.in_words)}"
            )
            asked = f"“{plain(one.page.question)}”"
            st.caption(f"{asked} · Allergies: {plain(one.preparation.allergies)}")
            for warning in one.preparation.careful:
                st.caption(f"▲ {plain(warning)}")
        if st.button("Open", key=f"open-{planned.appointment_id}"):
            st.query_params["patient"] = str(planned.appointment_id)
            st.rerun()
