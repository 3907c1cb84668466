"""The worklist: the most urgent first, each with the clock to its target."""

from html import escape

import streamlit as st

from core.access.model import App
from core.contracts.model import PRIORITY_ORDER, Priority
from core.referrals.model import ImageSet
from core.reviews.presenters.worklists import (
    MANY,
    PAGE,
    Filter,
    Row,
    how_many,
    next_case,
    worklist,
)
from core.reviews.shelves import Shelf
from core.ui.address import choice_in_address, words_in_address
from core.ui.components.keys import Shortcut, page_keys
from core.ui.frame import go
from core.ui.session import current_actor, read, say
from core.ui.style import Kind, tag_html


SHELVES = {
    Shelf.POOL: "To answer",
    Shelf.MINE: "On my desk",
    Shelf.BACK_TO_ME: "Back to me",
    Shelf.MESSAGES: "Messages",
    Shelf.HELD_BY_OTHERS: "Held by others",
    Shelf.SENT_BACK: "Sent back by me",
    Shelf.ANSWERED: "Answered by me",
}
_EMPTY = {
    Shelf.POOL: "Nothing waits for you. New referrals appear here by themselves.",
    Shelf.MINE: "No case is on your desk. “Next case” takes the most urgent one.",
    Shelf.BACK_TO_ME: "No practice has answered a question of yours.",
    Shelf.MESSAGES: "You have read every message.",
    Shelf.HELD_BY_OTHERS: "Nobody else is reading a case now.",
    Shelf.SENT_BACK: "No practice owes you an answer.",
    Shelf.ANSWERED: "You have not answered a referral yet.",
}
# Few enough to be counted for a button at each click.
_COUNTED = (Shelf.POOL, Shelf.MINE, Shelf.BACK_TO_ME, Shelf.MESSAGES)
_SOME = 99
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
_KEYS = (
    Shortcut("n", "open the next case", "next-case", "Worklist"),
    Shortcut("/", "search", "words-search", "Worklist"),
)


def show() -> None:
    """One shelf; the address remembers which, and what narrows it."""
    line = st.container(horizontal=True, vertical_alignment="center")
    with line:
        st.title("Worklist", anchor=False, width="stretch")
        next_case_button()
        page_keys(_KEYS)
    shelf = choice_in_address("shelf", _counted(), first=Shelf.POOL)
    narrow = st.container(horizontal=True, vertical_alignment="bottom")
    with narrow:
        priority = choice_in_address("priority", _PRIORITIES, first="all")
        search = words_in_address("search", "Practice or reference")
    wanted = Filter(None if priority == "all" else Priority(priority), search)
    _table(shelf, wanted)


def next_case_button() -> None:
    """Open what should be answered next, by click or by the key n."""
    if st.button("Next case (n)", type="primary", key="next-case"):
        scope = current_actor().scope
        found = read(lambda session: next_case(session, scope))
        if found:
            go("case", id=str(found))
        say("Nothing waits for you now.")
        st.rerun()


def some(count: int, at_most: int) -> str:
    """A count that was cut: ``12``, or ``99+``."""
    return f"{count}" if count <= at_most else f"{at_most:,}+"


def _counted() -> dict[Shelf, str]:
    scope = current_actor().scope

    def label(shelf: Shelf, words: str) -> str:
        if shelf not in _COUNTED:
            return words
        there = read(lambda session: how_many(session, scope, shelf, at_most=_SOME))
        return f"{words} {some(there, _SOME)}" if there else words

    return {shelf: label(shelf, words) for shelf, words in SHELVES.items()}


def _table(shelf: Shelf, wanted: Filter) -> None:
    scope = current_actor().scope
    page = int(st.session_state.get("page", 1)) - 1
    total = read(lambda session: how_many(session, scope, shelf, wanted))
    page = min(page, max(min(total, MANY) - 1, 0) // PAGE)
    rows = read(lambda session: worklist(session, scope, shelf, wanted, page=page))
    if not total:
        narrowed = wanted != Filter()
        st.info(
            "Nothing here fits what you chose above." if narrowed else _EMPTY[shelf]
        )
        return
    heads = "".join(f"<th scope='col'>{head}</th>" for head in _HEADS)
    body = "".join(_row(row) for row in rows)
    st.html(
        f"<table class='oz-table'><caption>{some(total, MANY)} in all</caption>"
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    )
    if total > PAGE:
        st.pagination(-(-min(total, MANY) // PAGE), key="page")


def _row(row: Row) -> str:
    kind: Kind = "urgent" if row.late else "warning" if row.soon else "neutral"
    address = f"/{App.CONSULTANT}/case?id={row.referral_id}"
    patient = f"{escape(row.patient)} <small>{escape(row.reference)}</small>"
    unread = f" {tag_html('New message', 'active')}" if row.unread else ""
    cells = (
        tag_html(row.priority.label, _KINDS[row.priority]),
        tag_html(row.clock, kind),
        escape(row.waiting),
        f"<a href='{address}' target='_self'>{patient}</a>{unread}",
        escape(row.problem),
        escape(row.practice),
        _pictures(row),
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


def _pictures(row: Row) -> str:
    verdict = escape((row.image_set or ImageSet.INCOMPLETE).value.capitalize())
    alone = " <small>by the patient, no dermoscopy</small>" if row.by_patient else ""
    return f"{verdict}{alone}"
