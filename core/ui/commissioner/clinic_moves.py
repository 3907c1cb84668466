"""What about those who are booked: who no longer fits, and moves that would pay."""

import numpy as np
import streamlit as st

from core.clinics.gathering import gather_booked
from core.clinics.inputs import Inputs, instance_of
from core.clinics.matching.model import NOWHERE
from core.clinics.matching.moves import Move, worthwhile_moves
from core.clinics.presenters.moves import no_longer_fit, suggestions
from core.ui.commissioner.clinic_lines import table
from core.ui.session import current_actor, read
from core.ui.style import panel, plain


def show_moves(specialty: str) -> None:
    """Nothing here moves anybody: the practice speaks with the patient first."""
    scope = current_actor().scope
    unfit = read(lambda session: no_longer_fit(session, scope))
    if unfit:
        with panel("plan-unfit"):
            st.subheader("Booked, and no longer fitting", anchor=False)
            st.markdown("\n".join(f"- {plain(line)}" for line in unfit))
    with st.expander("Booked patients: moves that would pay"):
        st.caption(
            "Nobody who is booked is ever moved by a plan. Where a move saves far more "
            "than the trouble, it is listed here: ask the practice to speak with the "
            "patient, and to give the appointment back; then plan again."
        )
        if st.button("Look for moves", key="look-for-moves"):
            _look(specialty)


def _look(specialty: str) -> None:
    scope = current_actor().scope
    with st.spinner("Planning as if everyone could be moved …"):
        inputs = read(
            lambda session: gather_booked(session, scope, specialty=specialty)
        )
        found = _moves(inputs)
    shown = read(lambda session: suggestions(session, scope, inputs, found))
    if not shown:
        st.write("No move would pay.")
        return
    table(
        ("Referral", "Booked", "Better", "In time", "Saves"),
        [(one.reference, one.now, one.better, one.sooner, one.saves) for one in shown],
    )


def _moves(inputs: Inputs) -> list[Move]:
    if not inputs.stretches:
        return []
    at = {one.id: number for number, one in enumerate(inputs.stretches)}
    booked = np.array([at.get(one.booked, NOWHERE) for one in inputs.needs])
    return worthwhile_moves(instance_of(inputs), inputs.rules, booked)
