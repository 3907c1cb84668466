"""After the clinic: what was found, in a minute; or that nobody came."""

import uuid
from dataclasses import dataclass

import streamlit as st

from core.clinics.actions import findings
from core.clinics.found import LONGEST, Found
from core.clinics.model import AppointmentState
from core.clinics.presenters import findings as shown
from core.clinics.presenters.findings import Recorded
from core.clinics.presenters.heads_up import HeadsUp
from core.kernel.errors import ServiceError
from core.reviews.model import Certainty
from core.specialties.model import Specialty
from core.specialties.reference import specialty
from core.ui.consultant.diagnoses import searchable
from core.ui.consultant.histology import histology_form
from core.ui.session import act, attempt, current_actor, new_key, read, say, used
from core.ui.style import panel, plain


_TALKING = ""
_HISTOLOGY = {True: "Yes", False: "No"}


@dataclass(frozen=True)
class _First:
    """What the fields begin with. ``proposed``: from the pictures, to be confirmed."""

    diagnosis: str
    certainty: Certainty
    procedure: str
    histology: bool | None
    words: str
    proposed: bool


def show_finding(one: HeadsUp) -> None:
    """The form once the appointment has begun; what was recorded, once it was."""
    planned, scope = one.planned, current_actor().scope
    if not planned.begun:
        st.caption("What you find is recorded here once the appointment has begun.")
        return
    if planned.state is AppointmentState.MISSED:
        st.info("Did not attend. The practice has been told.")
        return
    done = read(lambda session: shown.recorded(session, scope, planned.appointment_id))
    if done is None:
        st.subheader("What you found", anchor=False)
        _form(one, _proposal(one), version=0)
        _nobody_came(planned.appointment_id)
    else:
        _recorded(one, done)


def _proposal(one: HeadsUp) -> _First:
    said = one.proposal
    return _First(said.diagnosis, said.certainty, said.procedure, None, "", True)


def _recorded(one: HeadsUp, done: Recorded) -> None:
    found = done.found
    with panel("recorded"):
        st.markdown("**What you found**")
        st.markdown(f"**{plain(done.diagnosis)}**  \n{plain(done.done)}")
        if done.histology:
            st.markdown(f"**Histology:** {plain(done.histology)}")
        if found.words:
            st.markdown(plain(found.words).replace("\n", "  \n"))
        if done.version > 1:
            st.caption(f"Version {done.version}")
    if found.histology_sent:
        told = "Correct the histology" if done.histology_came else "Histology has come"
        with st.expander(told):
            histology_form(one.planned.appointment_id, one.page.specialty)
    with st.expander("Correct what you recorded"):
        first = _First(
            found.diagnosis,
            found.certainty,
            found.procedure or _TALKING,
            found.histology_sent,
            found.words,
            False,
        )
        _form(one, first, version=done.version)


def _form(one: HeadsUp, first: _First, *, version: int) -> None:
    """``version``: what is corrected; 0 where nothing has been recorded."""
    appointment_id = one.planned.appointment_id
    key = f"{version}-{appointment_id}"
    described = specialty(one.page.specialty)
    diagnosis = _diagnosis(described, first, key, f"found-{appointment_id}")
    confirmed = True
    if first.proposed and diagnosis == first.diagnosis:
        confirmed = st.checkbox("Yes, this is what I found", key=f"yes-{key}")
    found = _rest(described, first, key, diagnosis, confirmed=confirmed)
    label = "Record the correction" if version else "Record what I found"
    if st.button(label, type="primary", key=f"send-{key}"):
        _send(appointment_id, found, correcting=version > 0)


def _diagnosis(described: Specialty, first: _First, key: str, reach: str) -> str:
    known = {one.code: searchable(one) for one in described.diagnoses}
    st.session_state.setdefault(f"diagnosis-{key}", first.diagnosis)
    with st.container(key=reach if first.proposed else f"again-{reach}"):
        chosen = st.selectbox(
            "Diagnosis face to face",
            list(known),
            format_func=lambda code: known[code],
            filter_mode="contains",
            help="It begins with the likeliest one from the pictures.",
            key=f"diagnosis-{key}",
        )
    return chosen or ""


def _rest(
    described: Specialty, first: _First, key: str, diagnosis: str, *, confirmed: bool
) -> Found:
    done = {_TALKING: "Nothing but looking and talking"}
    done |= {one.code: one.label for one in described.procedures}
    for name, value in (
        ("certainty", first.certainty),
        ("procedure", first.procedure),
        ("sent", first.histology),
        ("words", first.words),
    ):
        st.session_state.setdefault(f"{name}-{key}", value)
    certainty = st.segmented_control(
        "How sure",
        list(Certainty),
        required=True,
        format_func=lambda one: one.value.capitalize(),
        width="stretch",
        key=f"certainty-{key}",
    )
    procedure = st.selectbox(
        "What was done",
        list(done),
        format_func=lambda code: done[code],
        filter_mode="contains",
        key=f"procedure-{key}",
    )
    sent = st.segmented_control(
        "Sent for histology",
        list(_HISTOLOGY),
        format_func=lambda one: _HISTOLOGY[one],
        key=f"sent-{key}",
    )
    said = st.text_area(
        "In a few words", height=80, max_chars=LONGEST, key=f"words-{key}"
    )
    sure = certainty or first.certainty
    return Found(diagnosis, sure, procedure or None, sent, said or "", confirmed)


def _send(appointment_id: uuid.UUID, found: Found, *, correcting: bool) -> None:
    send = findings.correct_finding if correcting else findings.record_finding
    name = f"finding-{appointment_id}"
    finding_id = new_key(name)
    try:
        attempt(
            lambda session, actor: send(
                session,
                by=actor,
                appointment_id=appointment_id,
                finding_id=finding_id,
                found=found,
            )
        )
    except ServiceError as problem:
        st.error(plain(problem.sentence))
        return
    used(name)
    say("Recorded. The practice and whoever answered see it.")
    st.rerun()


def _nobody_came(appointment_id: uuid.UUID) -> None:
    with st.popover("Did not attend"):
        st.write("The practice is told. This cannot be taken back.")
        if st.button("Yes, nobody came", key=f"missed-{appointment_id}"):
            if act(
                lambda session, actor: findings.miss(
                    session, by=actor, appointment_id=appointment_id
                )
            ):
                say("Recorded: did not attend. The practice has been told.")
            st.rerun()
