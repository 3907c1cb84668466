"""What every page of the patient's has: the practice on top, one heading, one way on."""

from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import Final

import streamlit as st

from core.languages.reference import languages
from core.ui import style
from core.ui.components.turn import turn
from core.ui.patient import session
from core.ui.patient.moving import go
from core.ui.patient.words import Words


CSS: Final = Path(__file__).with_name("patient.css").read_text("utf-8")

_LANGUAGE = "oz-language"
_PROBLEM = "oz-problem"


def begin() -> None:
    """The first call of the script."""
    st.set_page_config(
        page_title="Ozone",
        layout="centered",
        menu_items={"Get help": None, "Report a bug": None, "About": None},
    )
    st.html(f"<style>{style.CSS}{CSS}</style>")


def chosen_language(default: str) -> str:
    """The language to show: what was chosen in this tab, else ``default``."""
    return str(st.session_state.get(_LANGUAGE, default))


def head(words: Words, *, to: str, title: str, back: str = "") -> None:
    """The top of a page: who it is from, a way back, and the other languages."""
    here = words.language
    others = [one for one in languages() if one.code != here.code]
    from_whom = (
        words("common", "from") if words.practice else words("common", "service")
    )
    st.html(f'<div class="pt-top"><p>{escape(from_whom)}</p></div>')
    turn(
        to,
        title=f"{title} – {from_whom}",
        language=here,
        others=[one.code for one in others],
    )
    line = st.container(
        horizontal=True,
        horizontal_alignment="distribute" if back else "right",
        key="line-top",
    )
    if back:
        with line:
            quiet(f"‹ {words('common', 'back')}", go, back, key="back")
    # Of their own: they stay together whatever stands beside them.
    tongues = line.container(horizontal=True, width="content", key="line-languages")
    for one in others:
        tongues.button(
            one.name,
            key=f"speak-{one.code}",
            type="tertiary",
            on_click=_speak,
            args=(one.code,),
        )


def _speak(code: str) -> None:
    st.session_state[_LANGUAGE] = code
    session.speak(code)


def title(text: str) -> None:
    """The one heading."""
    st.title(text, anchor=False)


def text(*paragraphs: str, hint: bool = False) -> None:
    """Paragraphs, shown as they are: what stands in them is not markup."""
    kind = "pt-text pt-hint" if hint else "pt-text"
    shown = "".join(f'<p class="{kind}">{escape(one)}</p>' for one in paragraphs if one)
    if shown:
        st.html(shown)
    else:
        st.empty()


def points(sentences: Sequence[str]) -> None:
    """Several things to know."""
    items = "".join(f"<li>{escape(one)}</li>" for one in sentences)
    st.html(f'<ul class="pt-points">{items}</ul>')


def note(sentence: str) -> None:
    """Something to know before going on."""
    st.html(f'<p class="pt-text pt-note" role="status">{escape(sentence)}</p>')


def alert(sentence: str) -> None:
    """Something that went wrong."""
    st.html(f'<p class="pt-problem" role="alert">{escape(sentence)}</p>')


def remember_language(code: str) -> None:
    """What to speak when nobody is known any more."""
    st.session_state[_LANGUAGE] = code


def problem_here(sentence: str) -> None:
    """To be shown on the page that comes next, beside what it is about."""
    st.session_state[_PROBLEM] = sentence


def show_problem() -> None:
    """Show it, once, in a place that is always there."""
    place = st.empty()
    sentence = st.session_state.pop(_PROBLEM, "")
    if sentence:
        place.html(f'<p class="pt-problem" role="alert">{escape(sentence)}</p>')


def progress(words: Words, at: int, whole: int) -> None:
    """How far it is, in words and as a bar."""
    said = words("common", "progress", at=at, all=whole)
    label = escape(words("common", "progress_label", at=at, all=whole))
    share = round(100 * at / whole)
    st.html(
        f'<div class="pt-progress" role="img" aria-label="{label}"><span>{said}</span>'
        f'<div><i style="width:{share}%"></i></div></div>'
    )


def forward(label: str, act: Callable[..., None], *args: object, key: str) -> None:
    """The one obvious button."""
    st.button(label, key=key, type="primary", on_click=act, args=args)


def aside(label: str, act: Callable[..., None], *args: object, key: str) -> None:
    """Another way on, quieter."""
    st.button(label, key=key, on_click=act, args=args)


def quiet(label: str, act: Callable[..., None], *args: object, key: str) -> None:
    """A way out, as quiet as a link."""
    st.button(label, key=key, type="tertiary", on_click=act, args=args)
