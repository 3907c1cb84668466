"""Who holds clinics, for what, and when they are away."""

import uuid
from collections.abc import Sequence

import streamlit as st

from core.clinics.actions.staff import end_staff, keep_staff, take_leave
from core.clinics.presenters.set_up import StaffRow, procedures
from core.kernel import clock, words
from core.ui.commissioner.clinic_forms import Form, reason_field, show_table
from core.ui.session import current_actor, read


_HEADS = ("Name", "Grade", "Competent in")


def show(service: uuid.UUID, staff: Sequence[StaffRow]) -> None:
    """Those who hold clinics, then what can be done."""
    holders = [one for one in staff if one.staff_id]
    with st.container():
        if holders:
            rows = [(one.name, one.grade, one.says) for one in holders]
            show_table(_HEADS, rows, words.plural(len(rows), "person", "people"))
        else:
            st.info("Nobody holds clinics here yet. Choose the first person below.")
    if not staff:
        st.info("Nobody who could hold clinics is registered with this service.")
        return
    with st.expander("Add somebody, or change what they are competent in"):
        _keep(service, staff)
    if holders:
        with st.expander("Somebody is away"):
            _leave(holders)


def _keep(service: uuid.UUID, staff: Sequence[StaffRow]) -> None:
    scope = current_actor().scope
    labels = read(lambda session: procedures(session, scope, service))
    form = Form("staff", service)
    row = _choice(form, "Who", staff)
    codes = st.multiselect(
        "Competent in",
        list(labels),
        default=[one for one in row.competencies if one in labels],
        format_func=lambda one: labels[one],
        placeholder="Choose",
        key=form.key(f"codes-{row.person_id}"),
    )
    if st.button("Save", type="primary", key=form.key("save")):
        form.save(
            lambda session, actor: keep_staff(
                session,
                by=actor,
                organisation_id=service,
                person_id=row.person_id,
                competencies=codes,
            ),
            lambda _: f"{row.name} holds clinics here.",
        )
    staff_id = row.staff_id
    if staff_id and st.button(
        f"{row.name} holds no more clinics here", key=form.key(f"end-{staff_id}")
    ):
        form.save(
            lambda session, actor: end_staff(session, by=actor, staff_id=staff_id),
            lambda _: f"{row.name} holds no more clinics here.",
        )


def _leave(holders: Sequence[StaffRow]) -> None:
    form = Form("leave")
    st.write(
        "Their sessions on these days are cancelled, and their patterns leave them out."
    )
    row = _choice(form, "Who is away", holders)
    left, right = st.columns(2)
    with left:
        first = st.date_input(
            "From", clock.today(), format="DD/MM/YYYY", key=form.key("from")
        )
    with right:
        last = st.date_input(
            "Until", clock.today(), format="DD/MM/YYYY", key=form.key("until")
        )
    reason = reason_field(form)
    if st.button("Save the leave", key=form.key("save")):
        form.save(
            lambda session, actor: take_leave(
                session,
                by=actor,
                person_id=row.person_id,
                from_day=first,
                until_day=last,
                reason=reason,
            ),
            lambda count: (
                f"{row.name} is away from {words.day(first)} to {words.day(last)}: "
                f"{words.plural(count, 'session is', 'sessions are')} cancelled."
            ),
        )


def _choice(form: Form, label: str, rows: Sequence[StaffRow]) -> StaffRow:
    by_id = {one.person_id: one for one in rows}
    chosen: uuid.UUID = st.selectbox(
        label,
        list(by_id),
        format_func=lambda one: f"{by_id[one].name}, {by_id[one].grade}",
        key=form.key("which"),
    )
    return by_id[chosen]
