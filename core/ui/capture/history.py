"""Step 3: the questions that the specialty asks for this problem."""

from itertools import groupby
from typing import Any

import streamlit as st

from core.referrals.presenters.drafts import DraftView, Offer
from core.specialties.model import Choice, Question
from core.ui.capture.saving import chosen, save_answer
from core.ui.style import panel


# Up to this many answers are all shown: one click instead of two.
_ALL_IN_VIEW = 6
# What every widget is given: key, help, and what to do when it changes.
Common = dict[str, Any]


def show_history(view: DraftView) -> None:
    """Questions by group; one that depends on another appears with its answer."""
    st.title("History", anchor=False)
    if view.problem is None:
        st.info("Choose the problem first: step 2.")
        return
    show_offer(view.offer)
    asked = view.specialty.asked(view.problem, view.answers)
    for group, questions in groupby(asked, key=lambda question: question.group):
        with panel(f"group-{group}"):
            st.subheader(group)
            for question in questions:
                _ask(view, question)


def show_offer(offer: Offer) -> None:
    """A calm word where the score reaches what offers another pathway."""
    if offer.priority is None:
        return
    st.warning(
        f"{offer.title}: {offer.points} points ({', '.join(offer.earned)}). "
        f"{offer.source} suggests the {offer.priority.label.lower()} pathway. "
        "You decide in step 5.",
        icon=":material/priority_high:",
    )


def _ask(view: DraftView, question: Question) -> None:
    stored = view.answers.get(question.id)
    if question.kind == "many":
        stored = stored or []
    elif question.kind in ("text", "long_text"):
        stored = stored or ""
    key = chosen(view, f"q-{question.id}", stored)
    label = f"{question.label} (required)" if question.required else question.label
    common = {
        "key": key,
        "help": question.help or None,
        "on_change": save_answer,
        "args": (view.referral_id, question, key),
    }
    _WIDGETS[question.kind](question, label, common)


def _one(question: Question, label: str, common: Common) -> None:
    labels = _labels(question.choices)
    if len(labels) <= _ALL_IN_VIEW:
        st.pills(label, list(labels), format_func=lambda code: labels[code], **common)
        return
    st.selectbox(
        label,
        list(labels),
        index=None,
        format_func=lambda code: labels.get(code, code),
        placeholder="Choose",
        **common,
    )


def _many(question: Question, label: str, common: Common) -> None:
    labels = _labels(question.choices)
    st.pills(
        label,
        list(labels),
        selection_mode="multi",
        format_func=lambda code: labels.get(code, code),
        **common,
    )


def _yes_no(_question: Question, label: str, common: Common) -> None:
    st.radio(
        label,
        [True, False],
        index=None,
        format_func=lambda yes: "Yes" if yes else "No",
        horizontal=True,
        **common,
    )


def _number(question: Question, label: str, common: Common) -> None:
    unit = f" ({question.unit})" if question.unit else ""
    st.number_input(
        label + unit,
        min_value=question.minimum,
        max_value=question.maximum,
        value=None,
        step=0.5 if question.unit == "mm" else 1.0,
        format="%g",
        **common,
    )


def _text(_question: Question, label: str, common: Common) -> None:
    st.text_input(label, max_chars=500, **common)


def _long_text(_question: Question, label: str, common: Common) -> None:
    st.text_area(label, max_chars=4000, height=96, **common)


_WIDGETS = {
    "one": _one,
    "many": _many,
    "yes_no": _yes_no,
    "number": _number,
    "text": _text,
    "long_text": _long_text,
}


def _labels(choices: tuple[Choice, ...]) -> dict[str, str]:
    return {choice.code: choice.label for choice in choices}
