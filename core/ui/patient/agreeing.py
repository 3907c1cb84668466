"""What happens, in short sentences; then yes or no. For a child, a parent first."""

import streamlit as st

from core.invitations.model import StopReason
from core.referrals.actions import by_patient
from core.referrals.model import ConsentGiver
from core.referrals.presenters.by_patient import PatientPage
from core.ui.patient import look, session
from core.ui.patient.moving import stop
from core.ui.patient.words import Words


POINTS = (
    *("happens", "sent", "reads", "after", "limits", "instead"),
    *("pictures", "kept", "own", "refuse"),
)
_PARENT = "oz-parent"


def show(words: Words, page: PatientPage) -> None:
    """The page before the first question."""
    if page.under_age and not st.session_state.get(_PARENT):
        _parent(words, page)
        return
    title = words("how", "title")
    look.head(words, to="how", title=title)
    look.text(words("how", "hello", name=page.given_name))
    look.title(title)
    look.points([words("how", point) for point in POINTS])
    look.text(words("common", "no_diagnosis"))
    st.header(words("how", "consent"), anchor=False)
    st.checkbox(words("how", "messages"), value=page.wants_messages, key="messages")
    look.forward(words("how", "agree"), _agree, page.under_age, key="agree")
    look.aside(words("how", "decline"), stop, StopReason.DECLINED, key="decline")


def _agree(for_a_child: bool) -> None:
    giver = ConsentGiver.PARENT if for_a_child else ConsentGiver.PATIENT
    messages = bool(st.session_state["messages"])
    session.act(
        lambda db, who: by_patient.consent(
            db, visitor=who, given_by=giver, messages=messages
        )
    )


def _parent(words: Words, page: PatientPage) -> None:
    title = words("parent", "title")
    least = page.specialty.patient.least_age if page.specialty.patient else 0
    look.head(words, to="parent", title=title)
    look.title(title)
    look.text(words("parent", "why", name=page.given_name, age=least))
    look.forward(words("parent", "yes"), _is_parent, key="parent")
    look.aside(words("parent", "no"), stop, StopReason.UNDER_AGE, key="no-parent")


def _is_parent() -> None:
    st.session_state[_PARENT] = True
