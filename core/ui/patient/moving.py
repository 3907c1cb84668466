"""From page to page: the position is in the address, so that Back goes back."""

import streamlit as st

from core.invitations.model import StopReason
from core.referrals.actions import by_patient
from core.ui.patient import session


LATER = "later"


def at() -> str:
    """The page that the address names."""
    return st.query_params.get("at", "")


def go(place: str) -> None:
    """Go to a page; "" lets what is kept decide."""
    if place:
        st.query_params["at"] = place
    else:
        st.query_params.pop("at", None)


def change(place: str) -> None:
    """Go back to a page from the last look, to which the way leads again."""
    st.query_params["then"] = "check"
    go(place)


def go_on(place: str) -> None:
    """Go on from a page: to the next, or to the last look where that was left."""
    if "then" in st.query_params:
        st.query_params.pop("then")
        place = "check"
    go(place)


def stop(reason: StopReason) -> None:
    """End it for a reason; the practice is told."""
    session.act(lambda db, who: by_patient.stop(db, visitor=who, reason=reason))
    st.query_params.clear()
