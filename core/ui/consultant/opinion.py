"""Write an opinion; it is kept as it grows and sent by one button."""

from datetime import timedelta

import streamlit as st

from core.kernel import clock
from core.kernel.errors import ServiceError
from core.referrals.model import State
from core.referrals.presenters.pages import Page
from core.reviews.actions import answering, claiming, taking_over
from core.reviews.presenters import answers, opinions
from core.reviews.presenters.answers import Answer
from core.reviews.presenters.worklists import next_case
from core.ui.components.scroll import reveal
from core.ui.consultant.entries import Entries
from core.ui.consultant.form import show_form
from core.ui.consultant.letters import prepared, show_letters
from core.ui.frame import go
from core.ui.session import act, attempt, current_actor, new_key, read, say, used
from core.ui.style import plain


_TOLD = "told"
# The second half of a double click has read no question.
_DOUBLE_CLICK = timedelta(seconds=0.8)
_NOT_OPEN = {
    State.RETURNED: "This case is back at the practice, with a question.",
    State.ANSWERED: "This case has been answered.",
    State.CLOSED: "This case is closed.",
    State.WITHDRAWN: "The practice has withdrawn this case.",
}


def show_opinion(page: Page, given: list[Answer]) -> None:
    """The form, where this person can answer; else who can, or that it is done."""
    actor = current_actor()
    if given:
        mine = given[0].person_id == actor.person_id
        if mine and page.state is State.ANSWERED:
            with st.expander("Amend your answer"):
                _form(page, amending=True)
        return
    held = read(lambda session: answers.holder(session, actor.scope, page.referral_id))
    if held and held.person_id != actor.person_id:
        st.warning(f"{held.name} is reading this case, until {held.until} at least.")
        _take_over(page, held.name)
    elif held:
        _form(page, amending=False)
        _other_ways(page)
    elif page.state in (State.IN_REVIEW, State.SUBMITTED):
        _lapsed(page)
    else:
        st.info(_NOT_OPEN[page.state])


def _kept_from(page: Page) -> bool:
    """Say why this person cannot answer the case; whether there is such a reason."""
    scope = current_actor().scope
    why = read(lambda session: opinions.kept_from(session, scope, page.referral_id))
    if why:
        st.info(why)
    return bool(why)


def _lapsed(page: Page) -> None:
    if _kept_from(page):
        return
    st.info("This case is not on your desk. What you wrote before is kept.")
    if st.button("Take this case", type="primary", key="take"):
        act(
            lambda session, actor: claiming.take(
                session, by=actor, referral_id=page.referral_id
            )
        )
        st.rerun()


def _take_over(page: Page, holder: str) -> None:
    if _kept_from(page):
        return
    with st.expander("Take this case over"):
        key = f"take-over-reason-{page.referral_id}"
        st.text_input(f"Why? {plain(holder)} and the practice can read it.", key=key)
        if st.button("Take over", key="take-over"):
            reason = str(st.session_state[key])
            act(
                lambda session, actor: taking_over.take_over(
                    session, by=actor, referral_id=page.referral_id, reason=reason
                )
            )
            st.rerun()


def _form(page: Page, *, amending: bool) -> None:
    entries = Entries(page.referral_id)
    entries.load()
    desk = st.container(gap="small")
    with desk:
        st.subheader("Your answer", anchor=False)
        told = st.container(key=_TOLD)
        show_form(page, entries)
        show_letters(page, entries)
        line = st.container(horizontal=True)
    if amending:
        if line.button("Send the amendment", type="primary", key="amend"):
            with told:
                _send(page, entries, amending=True)
        return
    if line.button("Send answer", key="answer"):
        with told:
            _send(page, entries, amending=False)
    if line.button("Answer and next", type="primary", key="answer-next"):
        with told:
            if _sent(page, entries, amending=False):
                to_next(page)


def _send(page: Page, entries: Entries, *, amending: bool) -> None:
    if _sent(page, entries, amending=amending):
        st.rerun()


def _sent(page: Page, entries: Entries, *, amending: bool) -> bool:
    send = answering.amend if amending else answering.answer
    name = f"opinion-{page.referral_id}"
    opinion_id = new_key(name)
    try:
        opinion = entries.opinion()
        if _asks_once(page, entries):
            return False
        letters = prepared(page.referral_id, entries, opinion)
        attempt(
            lambda session, actor: send(
                session,
                by=actor,
                referral_id=page.referral_id,
                opinion_id=opinion_id,
                opinion=opinion,
                letters=letters,
            )
        )
    except ServiceError as problem:
        st.error(plain(problem.sentence))
        reveal(_TOLD)
        return False
    used(name)
    entries.forget()
    say(f"The answer is with {page.practice}.")
    return True


def _asks_once(page: Page, entries: Entries) -> bool:
    """Ask for what is unsaid in a complete opinion; the next time it is sent as it is."""
    scope, opinion = current_actor().scope, entries.opinion()
    unsaid = read(
        lambda session: opinions.unsaid(session, scope, page.referral_id, opinion)
    )
    key, now = entries.key("asked"), clock.now()
    asked, moment = st.session_state.get(key, ([], now))
    if not unsaid or (asked == unsaid and now - moment > _DOUBLE_CLICK):
        return False
    if asked != unsaid:
        st.session_state[key] = (unsaid, now)
    st.warning(
        "\n".join(f"- {plain(one)}" for one in unsaid)
        + "\n\nAdd it, or send again to leave it as it is."
    )
    reveal(_TOLD)
    return True


def to_next(page: Page) -> None:
    """Open the case that comes after this one, or the worklist where none does."""
    scope, here = current_actor().scope, page.referral_id
    found = read(lambda session: next_case(session, scope, after=here))
    if found:
        go("case", id=str(found))
    go("worklist")


def _other_ways(page: Page) -> None:
    with st.expander("Ask the practice for more"):
        key = f"question-{page.referral_id}"
        st.text_area("What do you need?", key=key)
        if st.button("Return to the practice", key="return"):
            question = str(st.session_state[key])
            if act(
                lambda session, actor: answering.send_back(
                    session, by=actor, referral_id=page.referral_id, question=question
                )
            ):
                say(f"Returned to {page.practice}. It comes back to you.")
            st.rerun()
    if st.button("Put back to the worklist", key="release", type="tertiary"):
        act(
            lambda session, actor: claiming.release(
                session, by=actor, referral_id=page.referral_id
            )
        )
        st.session_state.pop("oz-open", None)
        go("worklist")
