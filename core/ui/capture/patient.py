"""Step 1: find the patient, or register one, and say how they are here."""

import uuid
from datetime import date

import streamlit as st

from core.access.model import Role
from core.kernel import nhs_number
from core.kernel.errors import Invalid
from core.patients import presenters as patients
from core.patients.presenters import Banner
from core.referrals.actions import drafting
from core.referrals.model import Route, Step
from core.referrals.presenters.weblinks import invites
from core.ui.capture import stopwatch
from core.ui.capture.register import REGISTERED, show_register
from core.ui.frame import go
from core.ui.session import act, current_actor, new_key, read, used
from core.ui.style import panel, plain


_OLDEST = date(1900, 1, 1)


def show_patient() -> None:
    """One search box; what was found; or a new patient."""
    st.title("Who is the patient?", anchor=False)
    line = st.container(horizontal=True, vertical_alignment="bottom")
    sought = line.text_input(
        "NHS number or name", key="sought", placeholder="943 476 5919 or Smith"
    )
    born = line.date_input(
        "Date of birth (with a name)",
        value=None,
        key="born",
        min_value=_OLDEST,
        format="DD/MM/YYYY",
    )
    line.button("Find", key="find", type="primary")
    if sought:
        _results(sought, born)
    elif REGISTERED in st.session_state:
        _just_registered()
    show_register()


def _results(sought: str, born: date | None) -> None:
    try:
        found = _find(sought, born)
    except Invalid as wrong:
        st.error(wrong.sentence)
        return
    if found is None:
        st.info("Enter the date of birth as well, to search by name.")
    elif not found:
        st.info("Nobody found at your practice. Check it, or register a new patient.")
    else:
        route = _route()
        for one in found:
            _result(one, route)


def _just_registered() -> None:
    scope, patient_id = current_actor().scope, st.session_state[REGISTERED]
    _result(read(lambda session: patients.get(session, scope, patient_id)), _route())


def _find(sought: str, born: date | None) -> list[Banner] | None:
    scope = current_actor().scope
    if nhs_number.looks_like(sought):
        number = nhs_number.parse(sought)
        one = read(lambda session: patients.find_by_number(session, scope, number))
        return [one] if one else []
    if born is None:
        return None
    return read(lambda session: patients.find_by_name(session, scope, sought, born))


def _route() -> Route:
    usual = Route.GP_FACE_TO_FACE if current_actor().role is Role.GP else Route.STAFF
    offered = read(lambda session: invites(session, current_actor().scope))
    routes = [one for one in Route if offered or one is not Route.PATIENT_LINK]
    return (
        st.radio(
            "How does this referral come about?",
            routes,
            index=routes.index(usual),
            format_func=lambda route: route.label,
            key="route",
        )
        or usual
    )


def _result(one: Banner, route: Route) -> None:
    with panel(f"patient-{one.patient_id}", row=True):
        st.markdown(
            f"**{plain(one.name)}**  \nborn {one.born} ({one.age} y), {one.sex}, "
            f"{one.nhs_number}",
            width="stretch",
        )
        if st.button("Refer this patient", key=f"refer-{one.patient_id}"):
            begin(one.patient_id, route)


def begin(patient_id: uuid.UUID, route: Route) -> None:
    """Begin the draft and go to the next step."""
    referral_id = new_key("draft")
    started = act(
        lambda session, actor: drafting.start(
            session,
            by=actor,
            referral_id=referral_id,
            patient_id=patient_id,
            route=route,
        )
    )
    if not started:
        st.rerun()
    st.session_state.pop(REGISTERED, None)
    stopwatch.write(referral_id, Step.PATIENT, stopwatch.seconds_before_draft())
    used("draft")
    go("new", id=str(referral_id), step=Step.PROBLEM.value)
