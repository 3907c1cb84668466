"""Lines of a clinic plan as a table, and which of them are shown."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from core.clinics.presenters.plans import Line, PlanPage
from core.ui.style import Kind, tag_html


_ALL = "all"
_HEADS = (
    "Urgency",
    "Referral",
    "For",
    "When",
    "Where",
    "By whom",
    "Way",
    "Against queue",
)
_PAGE = 50
_KINDS: dict[str, Kind] = {"suspected_cancer": "urgent", "urgent": "warning"}


def choose(page: PlanPage) -> list[Line]:
    """The lines that can be booked, narrowed by two pickers."""
    lines = [one for one in page.lines if one.bookable]
    left, right = st.columns(2)
    with left:
        urgency = _pick("Urgency", {one.urgency_code: one.urgency for one in lines})
    with right:
        site = _pick("Site", {one.site: one.site for one in lines})
    return [
        one
        for one in lines
        if urgency in (_ALL, one.urgency_code) and site in (_ALL, one.site)
    ]


def _pick(label: str, options: dict[str, str]) -> str:
    key = f"plan-{label.lower()}"
    if st.session_state.get(key, _ALL) not in options:
        st.session_state[key] = _ALL
    picked: str = st.selectbox(
        label,
        [_ALL, *options],
        format_func=lambda code: options.get(code, "All"),
        key=key,
    )
    return picked


def show_lines(name: str, lines: Sequence[Line]) -> None:
    """A page of lines. ``name`` tells several tables of a screen apart."""
    number = int(st.session_state.get(f"plan-page-{name}", 1)) - 1
    number = min(number, (len(lines) - 1) // _PAGE)
    shown = lines[number * _PAGE : (number + 1) * _PAGE]
    heads = "".join(f"<th scope='col'>{head}</th>" for head in _HEADS)
    body = "".join(_row(one) for one in shown)
    st.html(
        f"<table class='oz-table'><thead><tr>{heads}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )
    if len(lines) > _PAGE:
        st.pagination(-(-len(lines) // _PAGE), key=f"plan-page-{name}")


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A small table of words."""
    top = "".join(f"<th scope='col'>{escape(head)}</th>" for head in heads)
    body = "".join(
        "<tr>"
        + "".join(
            f"<td data-head='{escape(head)}'>{escape(cell)}</td>"
            for head, cell in zip(heads, row, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    st.html(
        f"<table class='oz-table'><thead><tr>{top}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )


def _row(line: Line) -> str:
    by = f"by {escape(line.see_by)}"
    when = escape(line.when) or "–"
    late = f"<br>{tag_html('Too late', 'urgent')}" if line.late else ""
    cells = (
        tag_html(line.urgency, _KINDS.get(line.urgency_code, "neutral")),
        f"{escape(line.reference)}<br><small>{escape(line.practice)}</small>",
        f"{escape(line.procedure)}<br><small>{line.minutes} min, {by}</small>",
        f"{when}{late}",
        escape(line.site or line.gap),
        f"{escape(line.who)}<br><small>{escape(line.grade)}</small>",
        escape(line.km),
        escape(line.words or line.against),
    )
    return (
        "<tr>"
        + "".join(
            f"<td data-head='{head}'>{cell}</td>"
            for head, cell in zip(_HEADS, cells, strict=True)
        )
        + "</tr>"
    )
