"""Patterns: add one, leave out a day, end one."""

import uuid
from collections.abc import Sequence
from datetime import date

import streamlit as st

from core.clinics.actions.laying_out import Laid, horizon
from core.clinics.actions.patterns import add_pattern, end_pattern, except_day
from core.clinics.presenters.set_up import PatternRow, SiteRow, StaffRow, patterns
from core.clinics.rules import EVERY_WEEKS, PlannedPattern, template_of
from core.contracts.policy import Weekday
from core.kernel import clock, words
from core.ui.commissioner.clinic_forms import (
    Form,
    place_fields,
    reason_field,
    time_fields,
)
from core.ui.session import current_actor, read
from core.ui.style import panel, plain


_EVERY = {1: "Every week", 2: "Every 2 weeks", 4: "Every 4 weeks"}


def show(
    service: uuid.UUID, sites: Sequence[SiteRow], staff: Sequence[StaffRow]
) -> None:
    """What there is, then what can be done."""
    scope = current_actor().scope
    rows = read(lambda session: patterns(session, scope, service))
    with st.container():
        if not rows:
            st.info("No sessions come back yet. Add a pattern below.")
        for row in rows:
            _row(row)
    if any(one.staff_id for one in staff) and any(not one.closed for one in sites):
        with st.expander("Add a pattern"):
            _add(sites, staff)
    if rows:
        with st.expander("Leave out a day"):
            _leave_out(rows)
        with st.expander("End a pattern"):
            _end(rows)


def _row(row: PatternRow) -> None:
    with panel(f"pattern-{row.id}"):
        st.markdown(f"**{plain(row.title)}**")
        st.write(plain(row.says))
        for said in row.left_out:
            st.caption(f"Left out: {plain(said)}")


def _add(sites: Sequence[SiteRow], staff: Sequence[StaffRow]) -> None:
    form = Form("pattern")
    place = place_fields(form, sites, staff)
    left, right = st.columns(2)
    with left:
        weekday = st.selectbox(
            "Weekday",
            range(7),
            format_func=lambda one: tuple(Weekday)[one].label,
            key=form.key("weekday"),
        )
    with right:
        every = st.selectbox(
            "How often",
            EVERY_WEEKS,
            format_func=lambda one: _EVERY[one],
            key=form.key("every"),
        )
    times = time_fields(form)
    left, right = st.columns(2)
    with left:
        from_day = st.date_input(
            "First day", clock.today(), format="DD/MM/YYYY", key=form.key("from")
        )
    with right:
        until_day = st.date_input(
            "Last day, if there is one",
            None,
            format="DD/MM/YYYY",
            key=form.key("until"),
        )
    if st.button("Add the pattern", type="primary", key=form.key("save")):
        form.save(
            lambda session, actor: add_pattern(
                session,
                by=actor,
                planned=PlannedPattern(
                    **place,
                    weekday=weekday,
                    begins=times["begins"],
                    minutes=times["minutes"],
                    every_weeks=every,
                    from_day=from_day,
                    until_day=until_day,
                    template=template_of(times["template"]),
                ),
            ),
            _laid,
        )


def _leave_out(rows: Sequence[PatternRow]) -> None:
    form = Form("leave-out")
    row = _choice(form, "Pattern", rows)
    day = _day(form, row)
    reason = reason_field(form)
    if st.button("Leave out the day", key=form.key("save")) and day is not None:
        form.save(
            lambda session, actor: except_day(
                session, by=actor, pattern_id=row.id, day=day, reason=reason
            ),
            lambda _: f"{words.day(day)} is left out: {row.title}.",
        )


def _day(form: Form, row: PatternRow) -> date | None:
    """One of the pattern's days to come; None where it has none."""
    return st.selectbox(
        "Day to leave out",
        row.days,
        format_func=words.day,
        key=form.key(f"day-{row.id}"),
    )


def _end(rows: Sequence[PatternRow]) -> None:
    form = Form("end-pattern")
    st.write(
        "Its later sessions are cancelled; whoever is booked into them waits again."
    )
    row = _choice(form, "Pattern to end", rows)
    last = st.date_input(
        "Its last day", clock.today(), format="DD/MM/YYYY", key=form.key("last")
    )
    reason = reason_field(form)
    if st.button("End the pattern", key=form.key("save")):
        form.save(
            lambda session, actor: end_pattern(
                session, by=actor, pattern_id=row.id, last_day=last, reason=reason
            ),
            lambda count: (
                f"Ended: {row.title}. "
                f"{words.plural(count, 'later session is', 'later sessions are')} "
                "cancelled."
            ),
        )


def _choice(form: Form, label: str, rows: Sequence[PatternRow]) -> PatternRow:
    by_id = {one.id: one for one in rows}
    chosen: uuid.UUID = st.selectbox(
        label,
        list(by_id),
        format_func=lambda one: f"{by_id[one].title}: {by_id[one].says}",
        key=form.key("which"),
    )
    return by_id[chosen]


def _laid(laid: Laid) -> str:
    count = words.plural(laid.made, "session is", "sessions are")
    said = f"The pattern is added: {count} laid out until {words.day(horizon())}."
    return " ".join([said, *laid.skipped])
