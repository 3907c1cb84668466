"""Yes and no to lines of a plan, and what became of it, told where it is seen."""

import uuid
from collections.abc import Sequence
from typing import Final, NoReturn

import streamlit as st

from core.clinics.actions.booking import accept, decline
from core.kernel import words
from core.kernel.errors import ServiceError
from core.ui.components.scroll import reveal
from core.ui.session import attempt, say


TOP: Final = "plan-top"
_TOLD = "plan-told"


def show_top() -> None:
    """Scroll to what was just told: the button may be far below it."""
    if st.session_state.pop(_TOLD, False):
        reveal(TOP)


def accept_lines(plan_id: uuid.UUID, line_ids: Sequence[uuid.UUID]) -> NoReturn:
    """Book lines; those that no longer can be are told with their reasons."""
    try:
        done = attempt(
            lambda session, actor: accept(
                session, by=actor, plan_id=plan_id, line_ids=line_ids
            )
        )
    except ServiceError as problem:
        _tell(problem.sentence, error=True)
    booked = words.plural(done.appointments, "appointment")
    if done.refused:
        reasons = " ".join(sorted({why for _, why in done.refused}))
        _tell(f"{booked} booked, {len(done.refused)} not. {reasons}", error=True)
    if not done.appointments:
        _tell("Somebody has booked these already. Nothing was booked twice.")
    _tell(f"{booked} booked. Patients are told, and clinicians have their heads-up.")


def decline_line(plan_id: uuid.UUID, line_id: uuid.UUID, reference: str) -> NoReturn:
    """Say no to one place; the patient waits on."""
    try:
        attempt(
            lambda session, actor: decline(
                session, by=actor, plan_id=plan_id, line_ids=[line_id]
            )
        )
    except ServiceError as problem:
        _tell(problem.sentence, error=True)
    _tell(f"{reference} is not booked there, and waits for the next plan.")


def _tell(sentence: str, *, error: bool = False) -> NoReturn:
    say(sentence, error=error)
    st.session_state[_TOLD] = True
    st.rerun()
