"""Where a specialist lands: how much there is, and the next case."""

import streamlit as st

from core.access.model import App
from core.contracts.model import Priority
from core.reviews.presenters.worklists import Shelf, worklist
from core.ui.consultant.worklist import next_case_button
from core.ui.session import current_actor, read
from core.ui.style import Card, cards


_WORKLIST = f"/{App.CONSULTANT}/worklist"


def show() -> None:
    """Numbers, and one button."""
    st.title("Home", anchor=False)
    next_case_button()
    cards(
        [
            _card("to answer", Shelf.TO_ANSWER),
            _card("with suspected cancer", Shelf.TO_ANSWER, Priority.SUSPECTED_CANCER),
            _card("waiting for a practice", Shelf.SENT_BACK),
            _card("answered by you", Shelf.ANSWERED),
        ]
    )


def _card(label: str, shelf: Shelf, priority: Priority | None = None) -> Card:
    scope = current_actor().scope
    _, total = read(lambda session: worklist(session, scope, shelf, priority=priority))
    address = f"{_WORKLIST}?shelf={shelf}"
    return Card(
        str(total), label, f"{address}&priority={priority}" if priority else address
    )
