"""One question of the history: whatever is given is kept at once."""

from collections.abc import Callable

import streamlit as st

from core.invitations.model import StopReason
from core.languages.model import QuestionWords
from core.referrals.actions import by_patient
from core.referrals.presenters.by_patient import PatientPage
from core.specialties.model import Answer, Question
from core.ui.patient import look, session, steps
from core.ui.patient.moving import go_on, stop
from core.ui.patient.words import Words


_UNKNOWN = "unknown"
# What the staff of every language read.
NONE_KNOWN = "none known"


def show(words: Words, page: PatientPage, question: Question) -> None:
    """The question's field, and the way on."""
    said = words.question(page.specialty, question)
    optional = not question.required and question.kind in ("text", "long_text")
    look.text(
        said.help,
        words("common", "choose_all") if question.kind == "many" else "",
        words("common", "optional") if optional else "",
        hint=True,
    )
    look.show_problem()
    _FIELDS[question.kind](words, page, question, said)
    look.forward(words("common", "next"), _on, words, question, key="on")
    if question.required and question.kind in ("text", "long_text"):
        look.aside(words("common", "none_known"), _none_known, question, key="none")


def _one(
    words: Words, page: PatientPage, question: Question, said: QuestionWords
) -> None:
    labels = dict(said.choices)
    if question.kind == "yes_no":
        labels = {"yes": words("common", "yes"), "no": words("common", "no")}
    if not question.required:
        labels[_UNKNOWN] = words("common", "unknown")
    now = _chosen(page, question)
    st.radio(
        said.label,
        list(labels),
        index=list(labels).index(now) if now in labels else None,
        key=_key(question),
        format_func=labels.__getitem__,
        on_change=_keep_one,
        args=(page, question),
        label_visibility="collapsed",
    )


def _chosen(page: PatientPage, question: Question) -> str | None:
    """What is kept, as the field names it."""
    given = page.answers.get(question.id)
    if isinstance(given, bool):
        return "yes" if given else "no"
    if isinstance(given, int | float):
        known = {number: code for code, number in _numbers(page, question).items()}
        return known.get(float(given))
    return str(given) if given else None


def _numbers(page: PatientPage, question: Question) -> dict[str, float]:
    part = page.specialty.patient
    values = part.values.get(question.id, ()) if part else ()
    return {one.code: one.number for one in values}


def _keep_one(page: PatientPage, question: Question) -> None:
    said = st.session_state[_key(question)]
    answer: Answer | None = said
    if question.kind == "yes_no":
        answer = {"yes": True, "no": False}.get(said)
    elif question.kind == "number":
        answer = _numbers(page, question).get(said)
    _keep(question, None if said == _UNKNOWN else answer)


def _number(
    words: Words, page: PatientPage, question: Question, said: QuestionWords
) -> None:
    if _numbers(page, question):
        _one(words, page, question, said)
        return
    given = page.answers.get(question.id)
    st.number_input(
        said.label,
        min_value=question.minimum,
        max_value=question.maximum,
        value=float(given) if isinstance(given, int | float) else None,
        key=_key(question),
        on_change=_keep_field,
        args=(question,),
        label_visibility="collapsed",
    )


def _many(
    words: Words, page: PatientPage, question: Question, said: QuestionWords
) -> None:
    given = page.answers.get(question.id)
    ticked = given if isinstance(given, list) else []
    for code, label in said.choices.items():
        st.checkbox(
            label,
            value=code in ticked,
            key=f"{_key(question)}-{code}",
            on_change=_keep_many,
            args=(question,),
        )
    if not question.required:
        st.checkbox(
            words("common", "none"),
            value=given == [],
            key=f"{_key(question)}-",
            on_change=_none_of_these,
            args=(question,),
        )


def _keep_many(question: Question) -> None:
    ticked = [
        one.code
        for one in question.choices
        if st.session_state.get(f"{_key(question)}-{one.code}")
    ]
    if ticked:
        st.session_state[f"{_key(question)}-"] = False
    _keep(question, ticked or None)


def _none_of_these(question: Question) -> None:
    none = st.session_state[f"{_key(question)}-"]
    if none:
        for one in question.choices:
            st.session_state[f"{_key(question)}-{one.code}"] = False
        _keep(question, [])
    else:
        _keep_many(question)


def _written(
    words: Words, page: PatientPage, question: Question, said: QuestionWords
) -> None:
    given = page.answers.get(question.id)
    if given == NONE_KNOWN:
        given = words("common", "none_known")
    st.text_area(
        said.label,
        value=given if isinstance(given, str) else "",
        key=_key(question),
        max_chars=500 if question.kind == "text" else 2000,
        height=160,
        placeholder=words("question", "words"),
        on_change=_keep_field,
        args=(question,),
        label_visibility="collapsed",
    )


def _keep_field(question: Question) -> None:
    given = st.session_state[_key(question)]
    if isinstance(given, str):
        given = given.strip() or None
    _keep(question, given)


def _none_known(question: Question) -> None:
    _keep(question, NONE_KNOWN)
    _forward(question)


def _keep(question: Question, answer: Answer | None) -> None:
    answers = {question.id: answer}
    session.act(lambda db, who: by_patient.answer(db, visitor=who, answers=answers))


def _on(words: Words, question: Question) -> None:
    """Go on, where what must be answered is; and where it may come by this way."""
    page = session.page()
    given = page.answers.get(question.id)
    lacking = given in (None, "", [])
    if question.required and lacking:
        typed = question.kind in ("text", "long_text", "number")
        which = "write_something" if typed else "choose_one"
        look.problem_here(words("common", which))
        return
    if question.kind == "many" and given is None:
        look.problem_here(words("common", "choose_one"))
        return
    part = page.specialty.patient
    if part and part.is_intimate(page.answers):
        stop(StopReason.INTIMATE)
        return
    _forward(question)


def _forward(question: Question) -> None:
    go_on(steps.after(session.page(), f"q-{question.id}"))


def _key(question: Question) -> str:
    return f"answer-{question.id}"


Field = Callable[[Words, PatientPage, Question, QuestionWords], None]
_FIELDS: dict[str, Field] = {
    "one": _one,
    "yes_no": _one,
    "many": _many,
    "number": _number,
    "text": _written,
    "long_text": _written,
}
