"""One patient of a clinic: all that was sent and answered, and what was found."""

import uuid

import streamlit as st

from core.access.model import App
from core.clinics.actions import heads_up
from core.clinics.presenters.heads_up import HeadsUp, Outline, patient
from core.kernel.errors import NotFound
from core.reviews.presenters.answers import Answer
from core.ui import pictures
from core.ui.components.keys import Shortcut, page_keys
from core.ui.components.viewer import KEYS, viewer
from core.ui.consultant.case import show_sites
from core.ui.consultant.clinic_finding import show_finding
from core.ui.session import act, current_actor, read
from core.ui.story import notable_first, patient_banner, show_history
from core.ui.style import panel, plain


_CLINIC = "The clinic"
_OPEN = "oz-clinic-patient"


def show(ordered: Outline, appointment_id: uuid.UUID, told: str) -> None:
    """Everything about one of them; each opening is audited. Raises NotFound."""
    ids = [one.appointment_id for one in ordered.planned]
    if appointment_id not in ids:
        raise NotFound("This patient is not on your list any more. Look at the list.")
    place, scope = ids.index(appointment_id), current_actor().scope
    one = read(lambda session: patient(session, scope, appointment_id))
    _note_once(appointment_id)
    patient_banner(one.page)
    _line(ids, place, one)
    if told:
        st.warning(plain(told))
    left, centre, right = st.columns([3, 6, 4])
    with left:
        _preparation(one)
        notable_first(one.page)
        show_sites(one.page)
    with centre:
        _pictures(one)
    with right:
        _opinion(one.answer)
        show_finding(one)
    show_history(one.page)


def leave() -> None:
    """The next opening is a new look."""
    st.session_state.pop(_OPEN, None)


def _note_once(appointment_id: uuid.UUID) -> None:
    """Audit once for each opening, not at each click."""
    if st.session_state.get(_OPEN) == appointment_id:
        return
    if act(
        lambda session, actor: heads_up.open_patient(
            session, by=actor, appointment_id=appointment_id
        )
    ):
        st.session_state[_OPEN] = appointment_id


def _line(ids: list[uuid.UUID], place: int, one: HeadsUp) -> None:
    line = st.container(horizontal=True, vertical_alignment="center")
    with line:
        said = f"{one.planned.time} · {one.planned.in_words}"
        st.markdown(f"**{plain(said)}**", width="stretch")
        if st.button("The list", key="to-list", type="tertiary"):
            _to(None)
        if place and st.button("The one before", key="before", type="tertiary"):
            _to(ids[place - 1])
        if place + 1 < len(ids) and st.button("Next patient (n)", key="next-patient"):
            _to(ids[place + 1])
        page_keys(
            [
                Shortcut("n", "the next patient", "next-patient", _CLINIC),
                Shortcut("d", "what was found", f"found-{ids[place]}", _CLINIC),
                *(Shortcut(keys, words, part="The pictures") for keys, words in KEYS),
            ]
        )


def _to(appointment_id: uuid.UUID | None) -> None:
    if appointment_id is None:
        st.query_params.pop("patient", None)
    else:
        st.query_params["patient"] = str(appointment_id)
    st.rerun()


def _preparation(one: HeadsUp) -> None:
    ready = one.preparation
    with panel("prepare"):
        st.markdown("**To prepare**")
        for warning in ready.careful:
            st.markdown(f"▲ **{plain(warning)}**")
        st.markdown(f"Allergies: **{plain(ready.allergies)}**")
        if ready.before:
            st.markdown("\n".join(f"- {plain(line)}" for line in ready.before))
        if ready.equipment:
            st.markdown(f"In the room: {plain(', '.join(ready.equipment))}")
        st.caption(
            f"Consent on record, for the remote opinion: {plain(one.page.consent)}. "
            "Consent to a procedure is taken in the clinic."
        )


def _pictures(one: HeadsUp) -> None:
    actor, page = current_actor(), one.page
    if not page.pictures:
        st.info("This referral has no pictures.")
        return
    seen = viewer(
        f"viewer-{one.planned.appointment_id}",
        images=pictures.viewer_images(App.CONSULTANT, actor, page.pictures),
        marks=pictures.viewer_marks(one.marks),
    )
    if seen.renew:
        pictures.viewer_images(App.CONSULTANT, actor, page.pictures, fresh=True)
        st.rerun()
    for sentence in page.pictures[seen.selected].advice:
        st.caption(f"▲ {plain(sentence)}")


def _opinion(answer: Answer) -> None:
    with panel("remote-opinion"):
        st.markdown("**The remote opinion**")
        for rank, diagnosis in enumerate(answer.diagnoses, start=1):
            st.markdown(f"{rank}\\. **{plain(diagnosis)}**")
        st.markdown(plain(answer.advice))
        if answer.prescribing:
            st.markdown(f"**Prescribing:** {plain(answer.prescribing)}")
        st.markdown(f"**{plain(answer.outcome)}** {plain(answer.need)}")
        st.caption(f"{plain(answer.by)} · {answer.moment}")
