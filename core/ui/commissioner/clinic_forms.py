"""What the forms of the clinics' calendar share: fields, saving, tables."""

import uuid
from collections.abc import Callable, Sequence
from datetime import time
from html import escape
from typing import Any, TypeVar

import streamlit as st
from sqlalchemy.orm import Session

from core.access.model import Actor
from core.clinics.presenters.set_up import SiteRow, StaffRow
from core.clinics.rules import LONGEST, SHORTEST
from core.kernel.errors import ServiceError
from core.ui.session import attempt, say
from core.ui.style import plain


Result = TypeVar("Result")
_QUARTER = 15


class Form:
    """A form's name, and those of its fields. Once saved, it begins anew."""

    def __init__(self, name: str, about: object = "") -> None:
        self._count = f"clinics-{name}-count"
        self.name = f"clinics-{name}-{about}-{st.session_state.get(self._count, 0)}"

    def key(self, field: str) -> str:
        """A field's own name."""
        return f"{self.name}-{field}"

    def save(
        self,
        action: Callable[[Session, Actor], Result],
        told: Callable[[Result], str],
    ) -> None:
        """Do it and say so on top of the page; a refusal is said here, and all stays."""
        try:
            result = attempt(action)
        except ServiceError as problem:
            st.error(plain(problem.sentence))
            return
        st.session_state[self._count] = st.session_state.get(self._count, 0) + 1
        say(plain(told(result)))
        st.rerun()


def place_fields(
    form: Form, sites: Sequence[SiteRow], staff: Sequence[StaffRow]
) -> dict[str, Any]:
    """Who holds it, and where."""
    open_sites = {one.id: one for one in sites if not one.closed}
    holders = {one.person_id: one for one in staff if one.staff_id}
    person_id = st.selectbox(
        "Who holds it",
        list(holders),
        index=None,
        format_func=lambda one: f"{holders[one].name}, {holders[one].grade}",
        placeholder="Choose",
        key=form.key("person"),
    )
    left, right = st.columns(2)
    with left:
        site_id = st.selectbox(
            "Site",
            list(open_sites),
            index=None,
            format_func=lambda one: open_sites[one].name,
            placeholder="Choose",
            key=form.key("site"),
        )
    with right:
        room_id = _room(form, open_sites.get(site_id) if site_id else None)
    return {"person_id": person_id, "site_id": site_id, "room_id": room_id}


def time_fields(form: Form) -> dict[str, Any]:
    """When it begins, how long it lasts, and how it is divided."""
    left, middle, right = st.columns(3)
    with left:
        begins = st.time_input(
            "Begins", time(9, 0), step=_QUARTER * 60, key=form.key("begins")
        )
    with middle:
        minutes = st.number_input(
            "Minutes",
            min_value=SHORTEST,
            max_value=LONGEST,
            value=180,
            step=_QUARTER,
            key=form.key("minutes"),
        )
    with right:
        template = st.text_input(
            "Template",
            placeholder="6×20, 2×40",
            help="How many places of how many minutes. Empty: the planner divides it.",
            max_chars=100,
            key=form.key("template"),
        )
    return {"begins": begins, "minutes": int(minutes), "template": template}


def reason_field(form: Form, label: str = "Reason") -> str:
    """Why: those concerned are told."""
    return st.text_input(label, max_chars=200, key=form.key("reason"))


def show_table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], caption: str
) -> None:
    """A table that becomes a list on a phone."""
    head = "".join(f"<th scope='col'>{escape(one)}</th>" for one in heads)
    body = "".join(
        "<tr>"
        + "".join(
            f"<td data-head='{escape(name)}'>{escape(cell)}</td>"
            for name, cell in zip(heads, row, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    st.html(
        f"<table class='oz-table'><caption>{escape(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _room(form: Form, site: SiteRow | None) -> uuid.UUID | None:
    rooms = {one.id: one for one in site.rooms if not one.closed} if site else {}
    chosen: uuid.UUID | None = st.selectbox(
        "Room",
        [None, *rooms],
        format_func=lambda one: rooms[one].name if one else "No room yet",
        key=form.key(f"room-{site.id if site else 'none'}"),
    )
    return chosen
