"""The last look before it is sent: each line can be changed."""

from html import escape

import streamlit as st

from core.invitations.model import Visitor
from core.referrals.actions import handing_in
from core.referrals.presenters.by_patient import PatientPage
from core.specialties.model import Question
from core.ui.patient import look, session, steps
from core.ui.patient.moving import change
from core.ui.patient.picture import address_of, title_of
from core.ui.patient.question import NONE_KNOWN
from core.ui.patient.steps import PageStep
from core.ui.patient.words import Words


SENT = "oz-sent"


def show(words: Words, page: PatientPage, who: Visitor) -> None:
    """All that was said, then one button."""
    look.text(words("check", "help"), hint=True)
    lacking = [one for one in steps.steps(page) if steps.lacks(page, one)]
    if lacking:
        look.note(words("check", "missing"))
    look.show_problem()
    for step in steps.steps(page):
        if step.kind in ("where", "question", "picture"):
            _line(words, page, who, step)
    if lacking:
        look.forward(words("common", "next"), change, lacking[0].at, key="missing")
    else:
        look.forward(words("check", "send"), _send, key="send")


def _line(words: Words, page: PatientPage, who: Visitor, step: PageStep) -> None:
    label, answers, picture = _said(words, page, who, step)
    lacking = "" if answers or picture else words("check", "not_answered")
    kind = ' class="pt-lacking"' if lacking and steps.lacks(page, step) else ""
    lines = "".join(f"<dd{kind}>{escape(one)}</dd>" for one in answers or [lacking])
    shown = f"<dd>{picture}</dd>" if picture else lines
    with st.container(key=f"answered-{step.at}"):
        st.html(f'<dl class="pt-answer"><dt>{escape(label)}</dt>{shown}</dl>')
        line = st.container(horizontal=True, key=f"line-{step.at}")
        line.button(
            words("common", "change_what", what=label),
            key=f"change-{step.at}",
            type="tertiary",
            on_click=change,
            args=(step.at,),
        )


def _said(
    words: Words, page: PatientPage, who: Visitor, step: PageStep
) -> tuple[str, list[str], str]:
    """What a page asked, what was answered, and the picture as markup."""
    if step.question:
        said = words.question(page.specialty, step.question)
        return said.label, _answers(words, page, step.question), ""
    if step.wanted:
        title = title_of(words, page, step.wanted)
        if not step.wanted.taken:
            return title, [], ""
        address = escape(address_of(who, step.wanted.taken[-1].image_id))
        picture = f'<img class="pt-picture" src="{address}" alt="{escape(title)}">'
        return title, [], picture
    places = [words.site(page.specialty, pin.site) for pin in page.pins]
    return words("check", "places"), places, ""


def _answers(words: Words, page: PatientPage, question: Question) -> list[str]:
    given = page.answers.get(question.id)
    choices = words.question(page.specialty, question).choices
    if given is None or given == "":
        return []
    if given == NONE_KNOWN:
        return [words("common", "none_known")]
    if isinstance(given, bool):
        return [words("common", "yes" if given else "no")]
    if isinstance(given, list):
        return [choices.get(one, one) for one in given] or [words("common", "none")]
    if isinstance(given, int | float):
        part = page.specialty.patient
        values = part.values.get(question.id, ()) if part else ()
        near = [choices[one.code] for one in values if one.number == given]
        return near or [f"{given:g} {question.unit}".strip()]
    return [choices.get(given, given)]


def _send() -> None:
    if session.act(lambda db, who: handing_in.submit(db, visitor=who)):
        st.session_state[SENT] = True
    st.query_params.clear()
