"""One case: history by exception, pictures, opinion, all in view."""

import uuid
from collections.abc import Mapping

import streamlit as st

from core.access.model import App
from core.kernel import clock, words
from core.referrals.model import State
from core.referrals.presenters import pages
from core.referrals.presenters.pages import Page
from core.referrals.presenters.routing import decisions
from core.reviews.actions import claiming
from core.reviews.model import Audience
from core.reviews.presenters import answers
from core.reviews.presenters.answers import Answer
from core.reviews.presenters.letters import letters_of
from core.ui.address import referral_in_address
from core.ui.appointment import show_need
from core.ui.components.body_map import Pin, body_map
from core.ui.consultant.case_keys import show_keys
from core.ui.consultant.found import show_found
from core.ui.consultant.images import show_images
from core.ui.consultant.opinion import show_opinion, to_next
from core.ui.conversation import show_messages
from core.ui.letter_view import letter_links
from core.ui.session import act, current_actor, read
from core.ui.story import notable_first, patient_banner, show_timeline
from core.ui.style import panel, plain


def show() -> None:
    """The case that the address names; opening it claims it where it waits."""
    actor = current_actor()
    referral_id = referral_in_address()
    _open_once(referral_id)
    page = read(lambda session: pages.page(session, actor.scope, referral_id))
    given = read(lambda session: answers.answers(session, actor.scope, referral_id))
    patient_banner(page)
    _status(page)
    left, centre, right = st.columns([3, 6, 4])
    with left:
        notable_first(page)
        show_sites(page)
    with centre:
        show_images(page)
    with right:
        letters = read(lambda session: letters_of(session, actor.scope, referral_id))
        for answer in given:
            _given(answer, letters)
        show_need(App.CONSULTANT, referral_id)
        show_found(referral_id)
        show_opinion(page, given)
    show_messages(page, page.practice)
    show_timeline(page)
    _with_whom(referral_id)


def show_sites(page: Page) -> None:
    """Where on the body, as the practice pinned it."""
    if not page.pins:
        return
    body_map(
        f"body-{page.referral_id}",
        pins=[
            Pin(
                p.number,
                p.x,
                p.y,
                "back" if p.side == "back" else "front",
                p.site_label,
            )
            for p in page.pins
        ],
        read_only=True,
    )


def _open_once(referral_id: uuid.UUID) -> None:
    """Claim and audit once for each visit, not at each click."""
    if st.session_state.get("oz-open") == referral_id:
        return
    opened = act(
        lambda session, actor: claiming.open_case(
            session, by=actor, referral_id=referral_id
        )
    )
    if opened:
        st.session_state["oz-open"] = referral_id


def _status(page: Page) -> None:
    parts = [page.problem, page.practice, f"Reference {page.reference}"]
    if page.priority:
        parts.insert(0, page.priority.label)
    if page.due_at and page.state in (State.SUBMITTED, State.IN_REVIEW):
        parts.append(words.time_left(page.due_at, clock.now()))
    line = st.container(horizontal=True, vertical_alignment="center")
    with line:
        said = " · ".join(plain(part) for part in parts)
        st.markdown(f"**{said}**", width="stretch")
        if st.button("Next case (n)", key="next-case", type="tertiary"):
            to_next(page)
        show_keys(page.referral_id)


def _with_whom(referral_id: uuid.UUID) -> None:
    """Which service had it, and why."""
    scope = current_actor().scope
    for one in read(lambda session: decisions(session, scope, referral_id)):
        st.caption(f"{one.when} · With {plain(one.service)}. {plain(one.reason)}")


def _given(answer: Answer, letters: Mapping[int, Mapping[Audience, uuid.UUID]]) -> None:
    with panel(f"answer-{answer.version}"):
        st.markdown(f"**Answer, version {answer.version}**")
        st.caption(f"{answer.by} · {answer.moment}")
        st.markdown("  \n".join(plain(one) for one in answer.diagnoses))
        st.markdown(plain(answer.advice))
        if answer.prescribing:
            st.markdown(f"**Prescribing:** {plain(answer.prescribing)}")
        st.markdown(f"**{answer.outcome}** {plain(answer.need)}")
        letter_links(App.CONSULTANT, answer.version, letters.get(answer.version, {}))
        st.caption(answer.acknowledged or "Not yet acknowledged by the practice")
