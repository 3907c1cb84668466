"""One sub-specialty of a routing policy, as a row of entries."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.contracts.entering import Row
from core.contracts.model import Priority
from core.contracts.presenters import RoutingPage
from core.specialties.model import Question, Specialty
from core.specialties.reference import specialty


_CHOSEN = ("one", "many", "yes_no")


def number(label: str, value: int | None, key: str, *, least: int = 0) -> int | None:
    """A whole number, or nothing for no limit."""
    entered: int | None = st.number_input(
        label,
        min_value=least,
        max_value=9999,
        value=value,
        step=1,
        placeholder="No limit",
        key=key,
    )
    return entered


def show_row(page: RoutingPage, row: Row, key: str) -> Row:
    """Show a row, filled in as it was. What is entered, right or not."""
    described = specialty(page.specialty)
    label = st.text_input("Name", value=row.label, max_chars=80, key=f"{key}-label")
    return Row(
        label=label,
        code=row.code,
        further=row.further,
        **_ages(row, key),
        **_kinds(described, row, key),
        **_asked(described, row, key),
        **_answered_by(page, row, key),
    )


def _ages(row: Row, key: str) -> dict[str, Any]:
    left, right = st.columns(2)
    with left:
        least = number("Aged at least", row.age_at_least, f"{key}-least")
    with right:
        below = number("Aged below", row.age_below, f"{key}-below")
    return {"age_at_least": least, "age_below": below}


def _kinds(described: Specialty, row: Row, key: str) -> dict[str, Any]:
    priorities = {one.value: one.label for one in Priority}
    problems = {one.code: one.label for one in described.problems}
    places = {one.code: one.label for one in described.sites}
    left, right = st.columns(2)
    with left:
        problem = _several("Problem", problems, row.problems, f"{key}-problems")
    with right:
        sites = _several("Place", places, row.sites, f"{key}-sites")
    chosen = _several("Priority", priorities, row.priorities, f"{key}-priorities")
    return {
        "problems": problem,
        "sites": sites,
        "priorities": [Priority(one) for one in chosen],
    }


def _asked(described: Specialty, row: Row, key: str) -> dict[str, Any]:
    questions = {one.id: one for one in described.questions if one.kind in _CHOSEN}
    names = list(questions)
    question = st.selectbox(
        "Question of the history",
        names,
        index=names.index(row.question) if row.question in questions else None,
        placeholder="Any history",
        format_func=lambda name: questions[name].label,
        key=f"{key}-question",
    )
    if question is None:
        return {"question": None, "any_of": ()}
    choices = _choices(questions[question])
    any_of = st.multiselect(
        "Answered",
        list(choices),
        default=[said for said in row.any_of if said in choices],
        format_func=lambda said: choices[said],
        key=f"{key}-{question}",
    )
    return {"question": question, "any_of": any_of}


def _answered_by(page: RoutingPage, row: Row, key: str) -> dict[str, Any]:
    pool = None
    if page.shared:
        pools = [None, *page.services]
        pool = st.selectbox(
            "Goes to",
            pools,
            index=pools.index(row.pool),
            format_func=lambda pool: (
                page.services[pool] if pool else "Where the other rules say"
            ),
            key=f"{key}-pool",
        )
    only = st.checkbox(
        "Only specialists who take it may answer",
        value=row.only_interested,
        key=f"{key}-only",
    )
    return {"pool": pool, "only_interested": only}


def _several(
    label: str, labels: dict[str, str], chosen: Sequence[str], key: str
) -> list[str]:
    return st.multiselect(
        label,
        list(labels),
        default=[str(one) for one in chosen],
        format_func=lambda code: labels[code],
        placeholder="Any",
        key=key,
    )


def _choices(question: Question) -> dict[str | bool, str]:
    if question.kind == "yes_no":
        return {True: "Yes", False: "No"}
    return {one.code: one.label for one in question.choices}
