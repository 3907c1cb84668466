"""How every page looks, and the few pieces Streamlit has no element for.

Everything that goes into HTML here is escaped: names, histories and file names are
other people's words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final, Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


CSS: Final = Path(__file__).with_name("style.css").read_text("utf-8")

Kind = Literal["neutral", "active", "done", "warning", "urgent"]

# A status is a word and a shape: colour alone is lost in print and on one man in twelve.
SHAPES: Final[dict[Kind, str]] = {
    "neutral": "○",
    "active": "◐",
    "done": "✓",
    "warning": "▲",
    "urgent": "◆",
}


MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]()<>#+.!|~$:&-])")


@dataclass(frozen=True)
class Card:
    """A number that matters now. ``href`` makes the whole card a link."""

    figure: str
    words: str
    href: str = ""


@dataclass(frozen=True)
class Banner:
    """Whose record this is. Words ready to show, as a presenter gives them."""

    name: str
    born: str
    nhs_number: str
    allergies: str
    needs: str = ""


def unbroken(text: str) -> str:
    """The same with each per cent sign on its figure's line."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%")


def page(title: str, *, wide: bool = False) -> None:
    """Begin a page: browser title, layout and the shared look. First call of a script."""
    st.set_page_config(
        page_title=f"{title} – Ozone",
        layout="wide" if wide else "centered",
        menu_items={"Get help": None, "Report a bug": None, "About": None},
    )
    st.html(f"<style>{CSS}</style>")


def panel(name: str, *, row: bool = False) -> DeltaGenerator:
    """A white card for what belongs together. ``name`` is its own on its page."""
    if row:
        return st.container(
            border=True,
            key=f"panel-{name}",
            horizontal=True,
            vertical_alignment="center",
        )
    return st.container(border=True, key=f"panel-{name}")


def plain(words: str) -> str:
    """Other people's words for ``st.error``, ``st.write`` and their like, which read
    Markdown: a name with asterisks or a link in it is shown as it was typed.
    """
    return MARKDOWN.sub(r"\\\1", words)


def small(words: str) -> None:
    """A line beneath something, as it was typed: ``st.caption`` makes links of addresses."""
    st.html(f'<p class="oz-small">{escape(words)}</p>')


def tag_html(word: str, kind: Kind) -> str:
    """A status for use inside other markup; the shape is for the eye only."""
    shape = f'<span aria-hidden="true">{SHAPES[kind]}</span>'
    return f'<strong class="oz-tag oz-{kind}">{shape} {escape(word)}</strong>'


def tag(word: str, kind: Kind) -> None:
    """A status: word, shape and colour."""
    st.html(tag_html(word, kind))


def _card_html(card: Card) -> str:
    words = f"<strong>{escape(card.figure)}</strong><span>{escape(card.words)}</span>"
    if not card.href:
        return f'<li><div class="oz-card">{words}</div></li>'
    return f'<li><a class="oz-card" href="{escape(card.href)}" target="_self">{words}</a></li>'


def cards(shown: Sequence[Card]) -> None:
    """Numbers side by side, below each other on a phone."""
    for card in shown:
        if card.href and not card.href.startswith(("?", "/", "./", "#")):
            raise ValueError("A card leads to a page of this service.")
    st.html(f'<ul class="oz-cards">{"".join(map(_card_html, shown))}</ul>')


def banner_html(patient: Banner) -> str:
    """The same facts in the same order above everything about a patient."""
    facts = [
        ("Born", patient.born),
        ("NHS number", patient.nhs_number),
        ("Allergies", patient.allergies),
        ("Needs", patient.needs),
    ]
    shown = "".join(
        f"<div><dt>{label}</dt><dd>{escape(words)}</dd></div>"
        for label, words in facts
        if words
    )
    return (
        '<section class="oz-banner" aria-label="Patient">'
        f"<p>{escape(patient.name)}</p><dl>{shown}</dl></section>"
    )


def banner(patient: Banner) -> None:
    """Whose record this is, on top of everything about a patient."""
    st.html(banner_html(patient))


def training_frame() -> None:
    """A frame that cannot be missed: nothing on this page is a real patient."""
    st.html(
        '<div class="oz-training" role="note">Training – no real patients here</div>'
    )
