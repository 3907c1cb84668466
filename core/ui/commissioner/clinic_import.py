"""Import sessions: look at a file first, then take what is right."""

import uuid

import streamlit as st

from core.clinics.actions.importing import import_sessions
from core.clinics.actions.judging import Judgement, Verdict
from core.clinics.presenters.importing import preview, sample
from core.kernel import words
from core.kernel.errors import ServiceError
from core.ui.commissioner.clinic_forms import Form, show_table
from core.ui.session import current_actor, read
from core.ui.style import plain


# What is wrong comes first; nobody reads more on a screen.
_SHOWN = 200
_ORDER = (Verdict.WRONG, Verdict.CHANGE, Verdict.ADD, Verdict.SAME)
_WORDS = {
    Verdict.WRONG: "Left out",
    Verdict.CHANGE: "Changes",
    Verdict.ADD: "New",
    Verdict.SAME: "Stays",
}
_HELP = (
    "A table has a first line that names its columns: date, begins, minutes (or ends), "
    "site, room, person, template. Room and template may be empty. In a calendar the "
    "title, an attendee or the organiser names the person, and the location is the "
    "site, or the site, a comma and the room. Times are London's where none is named."
)


def show(service: uuid.UUID) -> None:
    """Choose a file, read what it would do, import."""
    st.write(_HELP)
    scope = current_actor().scope
    st.download_button(
        "Download a table to fill in",
        read(lambda session: sample(session, scope, service)).encode("utf-8-sig"),
        file_name="clinic-sessions.csv",
        mime="text/csv",
        key="clinics-sample",
    )
    form = Form("import", service)
    file = st.file_uploader(
        "Table (CSV) or calendar (iCalendar), at most 2 MB",
        type=["csv", "ics"],
        key=form.key("file"),
    )
    if file is None:
        return
    name, content = file.name, file.getvalue()
    try:
        judged = read(
            lambda session: preview(session, scope, service, name=name, content=content)
        )
    except ServiceError as problem:
        st.error(plain(problem.sentence))
        return
    _show(judged)
    right = judged.count(Verdict.ADD) + judged.count(Verdict.CHANGE)
    if not right:
        st.info("There is nothing to import from this file.")
    elif st.button("Import what is right", type="primary", key=form.key("save")):
        form.save(
            lambda session, actor: import_sessions(
                session,
                by=actor,
                organisation_id=service,
                name=name,
                content=content,
            ),
            lambda done: f"Imported. {_counted(done)}",
        )


def _show(judged: Judgement) -> None:
    st.subheader("What would be imported", anchor=False)
    st.write(_counted(judged))
    rows = sorted(judged.rows, key=lambda one: _ORDER.index(one.verdict))
    more = f", the first {_SHOWN} of them shown" if len(rows) > _SHOWN else ""
    if rows:
        show_table(
            ("Row", "What becomes of it", "Says"),
            [(one.where, _WORDS[one.verdict], one.says) for one in rows[:_SHOWN]],
            f"{words.plural(len(rows), 'row')}{more}",
        )
    if judged.gone:
        st.warning(
            "Imported before, and not in this file any more. They stay; cancel them "
            "under “This week” if they do not take place."
        )
        for said in judged.gone[:_SHOWN]:
            st.caption(plain(said))


def _counted(judged: Judgement) -> str:
    return (
        f"{words.plural(judged.count(Verdict.ADD), 'session')} new, "
        f"{judged.count(Verdict.CHANGE)} changed, {judged.count(Verdict.SAME)} as they "
        f"were, {judged.count(Verdict.WRONG)} left out."
    )
