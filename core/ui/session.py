"""Who is at this page, and how a page does something for them.

The identity provider's cookie lasts a month; our own session is asked at every click.
"""

import hashlib
import logging
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import NoReturn, TypeVar

import streamlit as st
from sqlalchemy.orm import Session

from core.access import actions as access
from core.access.model import Actor, App
from core.kernel.errors import NotAllowed, NotFound, ServiceError
from core.kernel.ids import new_id
from core.store.engine import store


log = logging.getLogger(__name__)
Result = TypeVar("Result")

_ACTOR = "oz-actor"
_SAID = "oz-said"
_NAMES = {
    App.CAPTURE: "for practices",
    App.CONSULTANT: "for specialists",
    App.COMMISSIONER: "for commissioners",
}


def require(app: App) -> Actor:
    """The person at this page. Where there is none, show why, and stop the page."""
    if not st.user.is_logged_in:
        _sign_in_page("Sign in to go on.", app)
    try:
        actor = _resume(app)
    except access.SignedOut as ended:
        st.session_state.pop(_ACTOR, None)
        _sign_in_page(ended.sentence, app)
    except NotAllowed as refused:
        _note_refusal(refused)
        _refused_page(refused.sentence)
    st.session_state[_ACTOR] = actor
    return actor


def current_actor() -> Actor:
    """The person whom ``require`` let in during this run."""
    actor: Actor = st.session_state[_ACTOR]
    return actor


def read(query: Callable[[Session], Result]) -> Result:
    """The result of a read. Raises NotFound, and audits it, beyond one's scope."""
    try:
        with store().reading() as session:
            return query(session)
    except (NotAllowed, NotFound) as refused:
        _note_refusal(refused)
        raise


def attempt(action: Callable[[Session, Actor], Result]) -> Result:
    """Do something in one transaction. Raises ServiceError where it was refused.

    Asks who is there again: a click is the first thing that an old tab sends.
    """
    try:
        with store().transaction() as session:
            return action(session, _still_there(session))
    except (NotAllowed, NotFound) as refused:
        _note_refusal(refused)
        raise


def act(action: Callable[[Session, Actor], Result]) -> bool:
    """Do something; whether it was done. A refusal is said on top of the page."""
    try:
        attempt(action)
    except ServiceError as problem:
        say(problem.sentence, error=True)
        return False
    return True


def say(sentence: str, *, error: bool = False) -> None:
    """Tell the person something on the page that comes next."""
    st.session_state[_SAID] = (sentence, error)


def show_said() -> None:
    """Show what was to be told, once."""
    # A place of its own, told or not: else everything below would move up a place at
    # the next click, be drawn anew, and take the cursor from whoever is typing.
    place = st.empty()
    sentence, error = st.session_state.pop(_SAID, ("", False))
    if sentence:
        (place.error if error else place.success)(sentence)


def browser() -> str:
    """What tells this browser from another that has copied an address."""
    return browser_of(st.context.cookies.to_dict())


def browser_of(cookies: Mapping[str, str]) -> str:
    """The same from the cookies of a request."""
    # Long ones come in pieces: _streamlit_user, _streamlit_user__1 …
    names = sorted(name for name in cookies if name.startswith("_streamlit_user"))
    parts = [cookies[name] for name in names]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def sign_out() -> None:
    """End every session of this person, here and in the other apps."""
    act(lambda session, actor: access.sign_out(session, by=actor))
    st.session_state.clear()
    st.logout()


def _identity() -> access.Identity:
    user = st.user.to_dict()
    issued = datetime.fromtimestamp(float(str(user["iat"])), UTC)
    return access.Identity(str(user["iss"]), str(user["sub"]), issued)


def _resume(app: App) -> Actor:
    identity = _identity()
    with store().reading() as session:
        actor = access.seen_lately(session, identity=identity, app=app)
    if actor is not None:
        return actor
    with store().transaction() as session:
        return access.resume(session, identity=identity, app=app)


def _still_there(session: Session) -> Actor:
    known: Actor | None = st.session_state.get(_ACTOR)
    if known is None or known.session_id is None:
        raise NotAllowed("Sign in to go on.")
    actor = access.is_live(session, known.session_id)
    # Whoever wrote for twenty minutes without a click keeps what they wrote; the
    # page that comes next asks them to sign in.
    actor = actor or access.last_words(session, known.session_id)
    if actor is None:
        raise NotAllowed("You were signed out. Sign in to go on.")
    return actor


def _note_refusal(refused: ServiceError) -> None:
    with store().transaction() as session:
        actor = access.known(session, identity=_identity())
        if actor is not None:
            access.refuse(session, by=actor, what=refused.sentence, entity="page")


def _sign_in_page(sentence: str, app: App) -> NoReturn:
    st.title(f"Ozone {_NAMES[app]}", anchor=False)
    st.write(sentence)
    if st.button("Sign in", type="primary"):
        st.login()
    st.stop()


def _refused_page(sentence: str) -> NoReturn:
    st.title("No access", anchor=False)
    st.error(sentence)
    if st.button("Sign out"):
        st.logout()
    st.stop()


def new_key(name: str) -> uuid.UUID:
    """An id that stays the same through reruns and double clicks, until it is used."""
    found: uuid.UUID = st.session_state.setdefault(f"oz-id-{name}", new_id())
    return found


def used(name: str) -> None:
    """The next thing of this name gets an id of its own."""
    st.session_state.pop(f"oz-id-{name}", None)
