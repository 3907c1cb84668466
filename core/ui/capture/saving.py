"""Widgets that keep what is entered the moment it is entered."""

import uuid
from typing import Any, cast

import streamlit as st

from core.referrals.actions import drafting
from core.referrals.presenters.drafts import DraftView
from core.specialties.model import Answer, Question
from core.ui.session import act


def chosen(view: DraftView, name: str, stored: Any) -> str:  # noqa: ANN401  any widget's
    """A widget's key, with what is stored as its first value."""
    key = f"{name}-{view.referral_id}"
    st.session_state.setdefault(key, stored)
    return key


def save_note(referral_id: uuid.UUID, name: str, key: str) -> None:
    """Keep one of the things beside the history."""
    notes = cast("drafting.Notes", {name: st.session_state[key]})
    act(
        lambda session, actor: drafting.save(
            session, by=actor, referral_id=referral_id, **notes
        )
    )


def save_answer(referral_id: uuid.UUID, question: Question, key: str) -> None:
    """Keep one answer of the history; an empty one is none."""
    value: Answer | None = st.session_state[key]
    kept = None if value in ("", []) else value
    act(
        lambda session, actor: drafting.answer(
            session, by=actor, referral_id=referral_id, answers={question.id: kept}
        )
    )
