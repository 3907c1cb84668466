"""A specialist's own figures. Nobody else sees them here."""

import streamlit as st

from core.reviews.agreement import Agreement
from core.reviews.presenters import learning, second_reads
from core.reviews.presenters.learning import Share
from core.ui.session import current_actor, read
from core.ui.style import Card, cards


def show() -> None:
    """How fast, how helpful, and how far others agree."""
    scope = current_actor().scope
    work = read(lambda session: learning.own_work(session, scope))
    agreement = read(lambda session: second_reads.figures(session, scope))
    st.title("My figures", anchor=False)
    st.caption("Only you see this page. It covers your latest 500 answers.")
    if not work.answers:
        st.info("Your figures appear with your first answer.")
        return
    cards(
        [
            Card(str(work.answers), "answers"),
            Card(work.to_answer, "from opening a case to answering it, median"),
            Card(work.turnaround, "from sent to answered, median"),
            _share(work.helpful, "found helpful"),
            _share(work.instructive, "found instructive"),
        ]
    )
    st.header("Agreement with second readers", anchor=False)
    _agreement("On the diagnosis (its group)", agreement.diagnosis)
    _agreement("On the outcome", agreement.outcome)
    st.caption(
        "Kappa is the agreement beyond what chance would give: 1 is full agreement, "
        "0 is none beyond chance. The interval says how sure the number is."
    )


def _share(said: Share, words: str) -> Card:
    figure = f"{said.yes} of {said.n}" if said.n else "–"
    return Card(figure, f"{words}, of those a practice marked")


def _agreement(label: str, found: Agreement) -> None:
    if found.agreed is None:
        st.markdown(f"**{label}:** no case of yours has been read twice yet.")
        return
    words = f"**{label}:** {found.agreed:.0%} of {found.n} agree"
    if found.kappa is None or found.low is None or found.high is None:
        st.markdown(f"{words}. Kappa needs more than one kind of reading.")
        return
    st.markdown(
        f"{words}; kappa {found.kappa:.2f} "
        f"(95 % interval {found.low:.2f} to {found.high:.2f})."
    )
