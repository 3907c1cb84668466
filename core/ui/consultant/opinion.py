"""Write an opinion; it is kept as it grows and sent by one button."""

import streamlit as st

from core.kernel.errors import ServiceError
from core.referrals.model import State
from core.referrals.presenters.pages import Page
from core.reviews.actions import answering, claiming
from core.reviews.presenters import answers
from core.reviews.presenters.answers import Answer
from core.reviews.presenters.worklists import next_case
from core.specialties.model import Diagnosis, Outcome, Specialty
from core.specialties.reference import specialty
from core.ui.consultant.entries import Entries
from core.ui.consultant.letters import prepared, show_letters
from core.ui.consultant.need import show_need
from core.ui.frame import go
from core.ui.session import act, attempt, current_actor, new_key, read, say, used


_CERTAINTIES = ("certain", "probable", "possible")

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
    elif held:
        _form(page, amending=False)
        _other_ways(page)
    elif page.state in (State.IN_REVIEW, State.SUBMITTED):
        _lapsed(page)
    else:
        st.info(_NOT_OPEN[page.state])


def _lapsed(page: Page) -> None:
    st.info("This case is not on your desk. What you wrote before is kept.")
    if st.button("Take this case", type="primary", key="take"):
        act(
            lambda session, actor: claiming.take(
                session, by=actor, referral_id=page.referral_id
            )
        )
        st.rerun()


def _form(page: Page, *, amending: bool) -> None:
    described = specialty(page.specialty)
    entries = Entries(page.referral_id)
    entries.load()
    st.subheader("Your answer", anchor=False)
    _diagnoses(described, entries)
    st.text_area("Advice to the practice", height=140, **entries.widget("advice"))
    outcome = _outcome(described, entries)
    if outcome is not None and outcome.face_to_face:
        show_need(page, described, entries)
    show_letters(page, entries)
    line = st.container(horizontal=True)
    if amending:
        if line.button("Send the amendment", type="primary", key="amend"):
            _send(page, entries, amending=True)
        return
    if line.button("Send answer", key="answer"):
        _send(page, entries, amending=False)
    if line.button(
        "Answer and next", type="primary", shortcut="Ctrl+Enter", key="answer-next"
    ) and _sent(page, entries, amending=False):
        _to_next()


def _diagnoses(described: Specialty, entries: Entries) -> None:
    known = {one.code: _searchable(one) for one in described.diagnoses}
    st.multiselect(
        "Diagnoses, the likeliest first",
        list(known),
        format_func=lambda code: known[code],
        placeholder="Type a name, BCC, rodent ulcer …",
        **entries.widget("diagnoses"),
    )
    for code in entries.get("diagnoses"):
        st.segmented_control(
            f"How sure: {described.diagnosis(code).label}",
            _CERTAINTIES,
            required=True,
            format_func=str.capitalize,
            **entries.widget(f"certainty-{code}"),
        )


def _searchable(one: Diagnosis) -> str:
    # The list is searched by what it shows, so it shows the synonyms.
    return f"{one.label} ({', '.join(one.synonyms)})" if one.synonyms else one.label


def _outcome(described: Specialty, entries: Entries) -> Outcome | None:
    labels = {one.code: one.label for one in described.outcomes}
    code = st.selectbox(
        "Outcome",
        list(labels),
        index=None,
        placeholder="What happens next",
        format_func=lambda one: labels[one],
        **entries.widget("outcome"),
    )
    return described.outcome(code) if code else None


def _send(page: Page, entries: Entries, *, amending: bool) -> None:
    if _sent(page, entries, amending=amending):
        st.rerun()


def _sent(page: Page, entries: Entries, *, amending: bool) -> bool:
    send = answering.amend if amending else answering.answer
    name = f"opinion-{page.referral_id}"
    opinion_id = new_key(name)
    try:
        opinion = entries.opinion()
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
        st.error(problem.sentence)
        return False
    used(name)
    entries.forget()
    say(f"The answer is with {page.practice}.")
    return True


def _to_next() -> None:
    scope = current_actor().scope
    found = read(lambda session: next_case(session, scope))
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
