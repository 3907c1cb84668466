"""Where a specialist lands: how much there is, and the next case."""

import streamlit as st

from core.access.model import App
from core.clinics.presenters import findings, sessions
from core.contracts.model import Priority
from core.reviews.presenters import second_reads
from core.reviews.presenters.worklists import MANY, Filter, how_many
from core.reviews.shelves import Shelf
from core.ui.components.keys import Shortcut, page_keys
from core.ui.consultant.worklist import next_case_button, some
from core.ui.session import current_actor, read
from core.ui.style import Card, cards


_HERE = f"/{App.CONSULTANT}"
_KEYS = (Shortcut("n", "open the next case", "next-case", "Home"),)


def show() -> None:
    """Numbers, and one button."""
    line = st.container(horizontal=True, vertical_alignment="center")
    with line:
        st.title("Home", anchor=False, width="stretch")
        next_case_button()
        page_keys(_KEYS)
    cards(
        [
            _card("to answer", Shelf.POOL),
            _card("with suspected cancer", Shelf.POOL, Priority.SUSPECTED_CANCER),
            _card("on your desk", Shelf.MINE),
            _card("back to you", Shelf.BACK_TO_ME),
            _card("with a new message", Shelf.MESSAGES),
            _card("waiting for a practice", Shelf.SENT_BACK),
            _second_reads(),
            _my_clinics(),
            _found(),
        ]
    )


def _card(label: str, shelf: Shelf, priority: Priority | None = None) -> Card:
    scope = current_actor().scope
    total = read(lambda session: how_many(session, scope, shelf, Filter(priority)))
    address = f"{_HERE}/worklist?shelf={shelf}"
    return Card(
        some(total, MANY),
        label,
        f"{address}&priority={priority}" if priority else address,
    )


def _second_reads() -> Card:
    scope = current_actor().scope
    total = read(lambda session: second_reads.how_many_waiting(session, scope))
    return Card(str(total), "to read a second time", f"{_HERE}/second-reads")


def _my_clinics() -> Card:
    scope = current_actor().scope
    total = read(lambda session: sessions.changed(session, scope))
    return Card(str(total), "changes in my clinics", f"{_HERE}/clinics")


def _found() -> Card:
    scope = current_actor().scope
    total = read(lambda session: findings.how_many_new(session, scope))
    return Card(str(total), "found at clinics, new", f"{_HERE}/found")
