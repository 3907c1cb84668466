"""Pages at the end: stopped for a reason, left for later, sent and on its way."""

from html import escape

import streamlit as st

from core.referrals.presenters.by_patient import PatientPage, Stage
from core.ui.patient import look, session
from core.ui.patient.check import SENT
from core.ui.patient.moving import go
from core.ui.patient.words import Words


_CALL = {"red_flag_999": "999", "red_flag_111": "111"}
_WITH_SPECIALIST = (Stage.WITH_SPECIALIST, Stage.READING, Stage.QUESTION)
_TITLES = {
    Stage.PRACTICE: "title_practice",
    Stage.READING: "title_reading",
    Stage.QUESTION: "title_question",
    Stage.ANSWERED: "title_answered",
    Stage.ACKNOWLEDGED: "title_closed",
    Stage.ENDED: "title_stopped",
}
_SHAPES = {"done": "✓", "now": "●", "to_come": ""}


def stopped(words: Words, reason: str) -> None:
    """Why it goes no further by this way, and what to do next."""
    title, text, then = words.refusal(reason)
    look.head(words, to=f"stopped-{reason}", title=title)
    number = _CALL.get(reason)
    if number is None:
        look.title(title)
        look.text(text, then)
        return
    st.html(
        f'<div class="pt-urgent" role="alert"><h1>{escape(title)}</h1>'
        f"<p>{escape(text)}</p></div>"
    )
    st.html(f'<a class="pt-call" href="tel:{number}">{number}</a>')
    look.text(then)


def later(words: Words, page: PatientPage) -> None:
    """Everything is kept; until when the link works."""
    title = words("later", "title")
    look.head(words, to="later", title=title)
    look.title(title)
    look.text(
        words("later", "text"),
        words("later", "until", day=words.day(page.works_until)),
    )
    look.forward(words("later", "again"), go, "", key="again")
    look.text(words("later", "other"), hint=True)
    look.aside(words("later", "leave"), session.leave, key="leave")


def status(words: Words, page: PatientPage) -> None:
    """Where it stands, as a list from top to bottom, and by when one hears."""
    stage = page.status.stage
    key = _TITLES.get(stage, "title")
    if st.session_state.get(SENT):
        key = "title_sent"
    title = words("status", key)
    look.head(words, to=f"status-{stage}", title=title)
    if session.was_out_of_date():
        look.note(words("common", "out_of_date"))
    look.title(title)
    if stage is Stage.ENDED:
        look.text(words.language.troubles["cancelled"])
        return
    if key == "title_sent":
        st.header(words("status", "title"), anchor=False)
    st.html(_list(words, page))
    look.text(_sentence(words, page))
    look.note(words("status", "worse"))
    look.text(words("status", "come_back"), hint=True)


def _sentence(words: Words, page: PatientPage) -> str:
    sentences = {
        Stage.QUESTION: "question_text",
        Stage.ANSWERED: "answered_text",
        Stage.ACKNOWLEDGED: "closed_text",
    }
    if page.status.stage in sentences:
        return words("status", sentences[page.status.stage])
    if page.status.due_on is None:
        return words("status", "no_due")
    return words("status", "due", day=words.day(page.status.due_on))


def _rows(stage: Stage) -> list[tuple[str, str]]:
    """What happens, one below the other, and whether it is done, now or to come."""
    answered = stage in (Stage.ANSWERED, Stage.ACKNOWLEDGED)
    reading = "now" if stage in _WITH_SPECIALIST else "done" if answered else "to_come"
    told = {Stage.ANSWERED: "now", Stage.ACKNOWLEDGED: "done"}.get(stage, "to_come")
    return [
        ("sent", "done"),
        *([("practice", "now")] if stage is Stage.PRACTICE else []),
        ("reading", reading),
        ("answered", "done" if answered else "to_come"),
        ("next", told),
    ]


def _list(words: Words, page: PatientPage) -> str:
    sent_on = page.status.sent_on
    items = []
    for key, how in _rows(page.status.stage):
        small = words("status", how)
        if key == "sent" and sent_on:
            small = words("status", "sent_on", day=words.day(sent_on))
        current = ' aria-current="step"' if how == "now" else ""
        items.append(
            f'<li class="pt-{how}"{current}><b aria-hidden="true">{_SHAPES[how]}</b>'
            f"<span>{escape(words('status', key))}</span>"
            f"<small>{escape(small)}</small></li>"
        )
    return f'<ol class="pt-steps">{"".join(items)}</ol>'
