"""The worklist: the most urgent first, each with the clock to its target."""

from html import escape

import streamlit as st

from core.access.model import App
from core.contracts.model import PRIORITY_ORDER, Priority
from core.referrals.model import ImageSet
from core.reviews.presenters.worklists import Row, Shelf, next_case, worklist
from core.ui.address import choice_in_address
from core.ui.frame import go
from core.ui.session import current_actor, read, say
from core.ui.style import Kind, tag_html


_SHELVES = {
    Shelf.TO_ANSWER: "To answer",
    Shelf.HELD_BY_OTHERS: "Held by others",
    Shelf.SENT_BACK: "Sent back by me",
    Shelf.ANSWERED: "Answered by me",
}
_EMPTY = {
    Shelf.TO_ANSWER: "Nothing waits for you. New referrals appear here by themselves.",
    Shelf.HELD_BY_OTHERS: "Nobody else is reading a case now.",
    Shelf.SENT_BACK: "No practice owes you an answer.",
    Shelf.ANSWERED: "You have not answered a referral yet.",
}
_KINDS: dict[Priority, Kind] = {
    Priority.SUSPECTED_CANCER: "urgent",
    Priority.URGENT: "warning",
    Priority.ROUTINE: "neutral",
}
_PRIORITIES = {"all": "All"} | {one.value: one.label for one in PRIORITY_ORDER}
_HEADS = (
    "Priority",
    "Clock",
    "Waiting",
    "Patient",
    "Problem",
    "Practice",
    "Pictures",
    "Held by",
)
_PAGE = 50


def show() -> None:
    """One shelf; the address remembers which, and the priority."""
    st.title("Worklist", anchor=False)
    next_case_button()
    shelf = choice_in_address("shelf", _SHELVES, first=Shelf.TO_ANSWER)
    priority = choice_in_address("priority", _PRIORITIES, first="all")
    _table(shelf, None if priority == "all" else Priority(priority))


def next_case_button() -> None:
    """Open what should be answered next, by click or by the key n."""
    if st.button("Next case", type="primary", shortcut="n", key="next-case"):
        scope = current_actor().scope
        found = read(lambda session: next_case(session, scope))
        if found:
            go("case", id=str(found))
        say("Nothing waits for you now.")
        st.rerun()


def _table(shelf: Shelf, priority: Priority | None) -> None:
    scope = current_actor().scope
    page = int(st.session_state.get("page", 1)) - 1
    rows, total = read(
        lambda session: worklist(session, scope, shelf, priority=priority, page=page)
    )
    if not total:
        st.info(_EMPTY[shelf])
        return
    heads = "".join(f"<th scope='col'>{head}</th>" for head in _HEADS)
    body = "".join(_row(row) for row in rows)
    st.html(
        f"<table class='oz-table'><caption>{total} in all</caption>"
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    )
    if total > _PAGE:
        st.pagination(-(-total // _PAGE), key="page")


def _row(row: Row) -> str:
    kind: Kind = "urgent" if row.late else "warning" if row.soon else "neutral"
    address = f"/{App.CONSULTANT}/case?id={row.referral_id}"
    patient = f"{escape(row.patient)} <small>{escape(row.reference)}</small>"
    cells = (
        tag_html(row.priority.label, _KINDS[row.priority]),
        tag_html(row.clock, kind),
        escape(row.waiting),
        f"<a href='{address}' target='_self'>{patient}</a>",
        escape(row.problem),
        escape(row.practice),
        escape((row.image_set or ImageSet.INCOMPLETE).value.capitalize()),
        escape(row.holder),
    )
    return (
        "<tr>"
        + "".join(
            f"<td data-head='{head}'>{cell}</td>"
            for head, cell in zip(_HEADS, cells, strict=True)
        )
        + "</tr>"
    )
