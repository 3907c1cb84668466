"""Before anything is shown: a link that works, and a date of birth that is right."""

from datetime import date

import streamlit as st

from core.invitations.model import Visitor
from core.languages.reference import language
from core.referrals.actions import by_patient
from core.ui.components.door import door
from core.ui.patient import look, session
from core.ui.patient.visit import NAME
from core.ui.patient.words import Words


_PARTS = ("day", "month", "year")
_NOT_ME = "oz-not-me"


def trouble(code: str) -> None:
    """Why nothing opens, and the box for a short code."""
    words = Words(language(look.chosen_language(_of_the_browser())))
    title = words("trouble", "title")
    look.head(words, to="trouble", title=title)
    if st.session_state.get(_NOT_ME):
        _not_for_me(words)
        return
    look.title(title)
    if session.has_left():
        look.note(words("later", "left"))
    elif code in words.language.troubles:
        look.note(words.language.troubles[code])
    look.text(words("trouble", "no_link"))
    door(url=f"/{NAME}/api/code", leads_to=f"/{NAME}/", language=words.language)
    look.text(words("trouble", "help"), hint=True)


def _of_the_browser() -> str:
    # Nobody is known yet, so it is the telephone's own language.
    return (st.context.locale or "en").partition("-")[0].lower()


def _not_for_me(words: Words) -> None:
    title, text, then = words.refusal("not_me")
    look.title(title)
    look.text(text, then)


def born(words: Words, who: Visitor) -> None:
    """Who asks and why, and the date of birth."""
    title = words("born", "title")
    look.head(words, to="born", title=title)
    look.title(title)
    look.text(words("born", "who"), words("born", "why"), words("born", "safe"))
    with st.form("born", border=False):
        st.header(words("born", "question"), anchor=False)
        look.text(words("born", "example"), hint=True)
        look.show_problem()
        line = st.container(horizontal=True, key="line-born")
        for part in _PARTS:
            line.text_input(
                words("born", part),
                key=f"born-{part}",
                max_chars=4 if part == "year" else 2,
            )
        st.form_submit_button(
            words("common", "next"), type="primary", on_click=_prove, args=(words,)
        )
    look.quiet(words("born", "not_me"), _not_me, key="not-me")
    del who


def _prove(words: Words) -> None:
    day = _date()
    if day is None:
        look.problem_here(words("born", "not_a_date"))
        return
    proof = session.prove(day)
    if not proof.right and proof.left:
        look.problem_here(words("born", "wrong", left=proof.left))


def _date() -> date | None:
    try:
        day, month, year = (
            int(str(st.session_state[f"born-{part}"]).strip()) for part in _PARTS
        )
        return date(year, month, day)
    except ValueError:
        return None


def _not_me() -> None:
    st.session_state[_NOT_ME] = True
    session.act(lambda one, who: by_patient.disown(one, visitor=who))
    session.leave()
