"""Who is at this page, and how a page does something for them.

Every read and every change begins with the visit: a link that was cancelled a moment
ago opens nothing, and no page can name another referral than the visit's own.
"""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

import streamlit as st
from sqlalchemy.orm import Session

from core.invitations import entering
from core.invitations.model import LinkTrouble, Proof, Visitor
from core.invitations.visits import visitor
from core.kernel.errors import ServiceError
from core.referrals.presenters import by_patient as presenter
from core.referrals.presenters.by_patient import PatientPage
from core.store.engine import store
from core.ui.patient.visit import secret_in


Result = TypeVar("Result")

SECRET = "oz-visit"  # noqa: S105  the name of a place, not a secret
_STALE, _LEFT = "oz-stale", "oz-left"


def secret() -> str:
    """This browser's secret, as its cookie was when the page was opened."""
    found: str = st.session_state.setdefault(
        SECRET, secret_in(st.context.cookies.to_dict())
    )
    return found


def arrive() -> Visitor:
    """Who is here; the page counts as opened from now on. Raises LinkTrouble."""
    entering.see(store(), secret=secret())
    with store().reading() as session:
        return visitor(session, secret())


def read(query: Callable[[Session, Visitor], Result]) -> Result:
    """The result of a read. Raises LinkTrouble."""
    with store().reading() as session:
        return query(session, visitor(session, secret()))


def attempt(action: Callable[[Session, Visitor], object]) -> None:
    """Do something in one transaction. Raises ServiceError where it was refused."""
    with store().transaction() as session:
        action(session, visitor(session, secret()))


def act(action: Callable[[Session, Visitor], object]) -> bool:
    """Do something; whether it was done. Refused is what has changed elsewhere: another
    tab has sent it, or the practice has ended it. The next page says where it stands.
    """
    try:
        attempt(action)
    except ServiceError:
        st.session_state[_STALE] = True
        return False
    return True


def was_out_of_date() -> bool:
    """Whether something was refused just now. Asked once."""
    return bool(st.session_state.pop(_STALE, False))


def prove(born: date) -> Proof:
    """Compare a date of birth; each wrong one counts. Raises LinkTrouble."""
    return entering.prove(store(), secret=secret(), born=born)


def speak(code: str) -> None:
    """Go on in another language; nobody needs to be known for that."""
    try:
        entering.speak(store(), secret=secret(), language=code)
    except LinkTrouble:
        return


def leave() -> None:
    """End this visit. The link opens another one."""
    try:
        entering.leave(store(), secret=secret())
    except LinkTrouble:
        return
    finally:
        st.session_state[_LEFT] = True


def has_left() -> bool:
    """Whether the page was closed in this tab."""
    return bool(st.session_state.get(_LEFT))


def page() -> PatientPage:
    """All that the pages show, as it is kept now. Raises LinkTrouble."""
    return read(presenter.page)
