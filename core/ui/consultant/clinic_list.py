"""Who has to be seen: the soonest first, with what they need and where they stand."""

from html import escape

import streamlit as st

from core.access.model import App
from core.clinics.presenters.needs import places_of
from core.reviews.presenters.clinic_list import ClinicRow, waiting_for_clinic
from core.ui.session import current_actor, read
from core.ui.style import tag_html


_HEADS = (
    "To be seen by",
    "Patient",
    "Procedure",
    "Complexity",
    "By whom",
    "Time",
    "Practice",
    "Outcome",
    "Clinic",
)
_PAGE = 50


def show() -> None:
    """One page of the list."""
    st.title("Clinic list", anchor=False)
    scope = current_actor().scope
    page = int(st.session_state.get("clinic-page", 1)) - 1
    rows, total = read(lambda session: waiting_for_clinic(session, scope, page=page))
    ids = [row.referral_id for row in rows]
    places = read(lambda session: places_of(session, scope, ids))
    if not total:
        st.info("Nobody has to be seen now.")
        return
    heads = "".join(f"<th scope='col'>{head}</th>" for head in _HEADS)
    body = "".join(_row(row, places.get(row.referral_id, "")) for row in rows)
    st.html(
        f"<table class='oz-table'><caption>{total} in all</caption>"
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    )
    if total > _PAGE:
        st.pagination(-(-total // _PAGE), key="clinic-page")


def _row(row: ClinicRow, place: str) -> str:
    address = f"/{App.CONSULTANT}/case?id={row.referral_id}"
    patient = f"{escape(row.patient)} <small>{escape(row.reference)}</small>"
    cells = (
        tag_html(row.see_by, "urgent" if row.late else "neutral"),
        f"<a href='{address}' target='_self'>{patient}</a>",
        escape(row.procedure),
        escape(row.complexity),
        f"{escape(row.lowest_grade)} or more senior",
        f"{row.minutes} min",
        escape(row.practice),
        escape(row.outcome),
        escape(place),
    )
    return (
        "<tr>"
        + "".join(
            f"<td data-head='{head}'>{cell}</td>"
            for head, cell in zip(_HEADS, cells, strict=True)
        )
        + "</tr>"
    )
