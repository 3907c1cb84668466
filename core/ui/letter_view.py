"""Letters on a page: as they will be read, and as links to the PDF."""

import uuid
from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from core.access.model import App
from core.reviews.letter_parts import Content
from core.reviews.model import Audience
from core.ui.letter_routes import letter_url
from core.ui.session import browser, current_actor


LABELS = {
    Audience.PRACTICE: "Letter to the practice (PDF)",
    Audience.PATIENT: "Letter to the patient (PDF)",
}


def letter_html(content: Content, *, large: bool = False) -> str:
    """A letter's words, in their order; every one of them escaped."""
    subject: str = content.get("subject") or content["title"]
    sender, day = escape(content["from"]), escape(content["date"])
    parts = [
        f"<p class='oz-letter-head'><strong>{sender}</strong><span>{day}</span></p>",
        f"<h3>{escape(subject)}</h3>",
        _paragraphs([content.get("greeting", ""), content["notice"]]),
        _pairs(content.get("facts", [])),
        *(_section(one) for one in content["sections"]),
        _pictures(content.get("pictures", {})),
        f"<p>{'<br>'.join(escape(one) for one in content['signed'] if one)}</p>",
        _paragraphs([content["closing"]]),
    ]
    size = " oz-letter-large" if large else ""
    return f"<article class='oz-letter{size}'>{''.join(parts)}</article>"


def letter_links(app: App, version: int, letters: Mapping[Audience, uuid.UUID]) -> None:
    """Both letters of one answer, to open, print or save."""
    if not letters:
        st.caption("No letter was kept with this answer.")
        return
    line = st.container(horizontal=True, key=f"letters-{version}")
    actor = current_actor()
    for audience, letter_id in sorted(letters.items(), reverse=True):
        line.link_button(
            LABELS[audience],
            letter_url(app, actor, browser(), letter_id),
            icon=":material/picture_as_pdf:",
        )


def _section(one: Content) -> str:
    kind = "ol" if one["ranked"] else "ul"
    items = "".join(f"<li>{escape(item)}</li>" for item in one["items"])
    return (
        f"<h4>{escape(one['heading'])}</h4>{_paragraphs(one['paragraphs'])}"
        f"{f'<{kind}>{items}</{kind}>' if items else ''}"
        f"{_pairs(one['pairs'])}{_paragraphs(one['after'])}"
    )


def _pictures(given: Content) -> str:
    shown = given.get("shown", [])
    if not shown:
        return ""
    items = "".join(f"<li>{escape(one['title'])}</li>" for one in shown)
    return f"<h4>{escape(given['heading'])}</h4><ul>{items}</ul>"


def _paragraphs(given: Sequence[str]) -> str:
    return "".join(f"<p>{escape(one)}</p>" for one in given if one)


def _pairs(given: Sequence[Sequence[str]]) -> str:
    rows = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>"
        for name, value in given
    )
    return f"<dl>{rows}</dl>" if rows else ""
