"""The practice's referrals: answers first, then whatever else waits."""

from collections.abc import Callable

import streamlit as st
from sqlalchemy.orm import Session

from core.access.model import Scope
from core.clinics.presenters import findings
from core.referrals.presenters import lists
from core.ui.address import choice_in_address
from core.ui.capture.rows import row_to_open
from core.ui.session import current_actor, read


_Shelf = tuple[str, Callable[[Session, Scope], list[lists.Row]], str, str]
_SHELVES: dict[str, _Shelf] = {
    "answers": (
        "To acknowledge",
        lists.to_acknowledge,
        "Read",
        "Every answer has been acknowledged. New ones appear here.",
    ),
    "returned": (
        "Returned to you",
        lists.returned,
        "Answer",
        "No specialist is waiting for you.",
    ),
    "messages": (
        "New messages",
        lists.with_messages,
        "Read",
        "Every message has been read.",
    ),
    "clinic": (
        "Seen at a clinic",
        findings.with_news,
        "Read",
        "You have read everything that clinics found.",
    ),
    "waiting": (
        "With the specialists",
        lists.waiting,
        "Open",
        "Nothing is waiting for an answer.",
    ),
    "drafts": (
        "Drafts",
        lists.drafts,
        "Go on",
        "There are no drafts. “New referral” on the home page begins one.",
    ),
    "finished": (
        "Finished",
        lists.finished,
        "Open",
        "No answer has been acknowledged yet.",
    ),
}


def show() -> None:
    """One shelf at a time; the address remembers which."""
    st.title("Referrals and answers", anchor=False)
    scope = current_actor().scope
    labels = {code: shelf[0] for code, shelf in _SHELVES.items()}
    shelf = choice_in_address("show", labels, first="answers")
    _, query, label, empty = _SHELVES[shelf]
    rows = read(lambda session: query(session, scope))
    if not rows:
        st.info(empty)
    for row in rows:
        row_to_open(row, label, "new" if shelf == "drafts" else "referral")
