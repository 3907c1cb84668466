"""A week's sessions: what is booked and free; add one, cancel one, hold it after all."""

import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby

import streamlit as st

from core.clinics.actions.sessions import add_session, cancel_session, restore_session
from core.clinics.presenters.set_up import SiteRow, StaffRow
from core.clinics.presenters.weeks import SessionRow, week
from core.clinics.rules import Planned, moment_of, template_of
from core.kernel import clock, words
from core.ui.commissioner.clinic_forms import (
    Form,
    place_fields,
    reason_field,
    show_table,
    time_fields,
)
from core.ui.session import current_actor, read


_HEADS = ("Time", "Person", "Place", "Booked", "Free", "Template", "State")


def show(
    service: uuid.UUID, sites: Sequence[SiteRow], staff: Sequence[StaffRow]
) -> None:
    """The week of a day, this week's first."""
    day: date = st.date_input(
        "Week of", clock.today(), format="DD/MM/YYYY", key="clinics-week"
    )
    monday = day - timedelta(days=day.weekday())
    scope = current_actor().scope
    rows = read(lambda session: week(session, scope, service, monday))
    with st.container():
        _table(rows, monday)
    if not any(one.staff_id for one in staff) or not any(
        not one.closed for one in sites
    ):
        st.info(
            "Begin under “Sites” with where clinics are held, and under “Staff” with who "
            "holds them. Then add sessions here, or patterns of them."
        )
        return
    with st.expander("Add a session"):
        _add(sites, staff)
    _cancel([one for one in rows if not one.cancelled and not one.is_over])
    _restore([one for one in rows if one.cancelled and one.begins_at > clock.now()])


def _table(rows: Sequence[SessionRow], monday: date) -> None:
    if not rows:
        st.info(f"No session is planned in the week of {words.day(monday)}.")
        return
    for day, of_day in groupby(rows, key=lambda one: one.day):
        st.subheader(words.day(day), anchor=False)
        shown = [_cells(one) for one in of_day]
        show_table(_HEADS, shown, words.plural(len(shown), "session"))


def _cells(row: SessionRow) -> list[str]:
    return [
        row.hours,
        row.person,
        f"{row.site}, {row.room}" if row.room else row.site,
        f"{row.booked} min",
        f"{row.free} min",
        row.template,
        f"Cancelled: {row.cancelled}" if row.cancelled else "",
    ]


def _add(sites: Sequence[SiteRow], staff: Sequence[StaffRow]) -> None:
    form = Form("session")
    place = place_fields(form, sites, staff)
    day = st.date_input("Day", clock.today(), format="DD/MM/YYYY", key=form.key("day"))
    times = time_fields(form)
    if st.button("Add the session", type="primary", key=form.key("save")):
        form.save(
            lambda session, actor: add_session(
                session,
                by=actor,
                planned=Planned(
                    **place,
                    begins_at=moment_of(day, times["begins"]),
                    minutes=times["minutes"],
                    template=template_of(times["template"]),
                ),
            ),
            lambda row: (
                f"The session on {words.moment_in_words(row.begins_at)} is added."
            ),
        )


def _cancel(rows: Sequence[SessionRow]) -> None:
    if not rows:
        return
    form = Form("cancel")
    with st.expander("Cancel a session"):
        st.write(
            "Whoever is booked into it waits again and is told. Whoever holds it is told."
        )
        chosen = _choice(form, "Session to cancel", rows)
        reason = reason_field(form)
        if st.button("Cancel the session", type="primary", key=form.key("save")):
            form.save(
                lambda session, actor: cancel_session(
                    session, by=actor, session_id=chosen.id, reason=reason
                ),
                lambda _: f"Cancelled: {chosen.name}.",
            )


def _restore(rows: Sequence[SessionRow]) -> None:
    if not rows:
        return
    form = Form("restore")
    with st.expander("Hold a cancelled session after all"):
        chosen = _choice(form, "Cancelled session", rows)
        if st.button("Hold it after all", key=form.key("save")):
            form.save(
                lambda session, actor: restore_session(
                    session, by=actor, session_id=chosen.id
                ),
                lambda _: f"It takes place: {chosen.name}.",
            )


def _choice(form: Form, label: str, rows: Sequence[SessionRow]) -> SessionRow:
    by_id = {one.id: one for one in rows}
    chosen: uuid.UUID = st.selectbox(
        label,
        list(by_id),
        format_func=lambda one: by_id[one].name,
        key=form.key("which"),
    )
    return by_id[chosen]
