"""One referral at the practice: the answer, the question back, the whole story."""

import uuid
from collections.abc import Mapping

import streamlit as st

from core.access import rules as access
from core.access.model import App
from core.kernel import clock, words
from core.referrals.actions import sending
from core.referrals.model import MOVES, NOT_SENT, Move, State
from core.referrals.presenters import pages
from core.referrals.presenters.pages import Page
from core.reviews.model import Audience
from core.reviews.presenters import answers, marks
from core.reviews.presenters.answers import Answer
from core.reviews.presenters.letters import letters_of
from core.ui import pictures
from core.ui.address import referral_in_address
from core.ui.appointment import show_need
from core.ui.capture.clinic import show_clinic
from core.ui.capture.learning import show_learning
from core.ui.capture.onward import show_onward
from core.ui.capture.supply import supply_form
from core.ui.capture.weblink_panel import show_weblink_panel
from core.ui.components.viewer import viewer
from core.ui.conversation import show_messages
from core.ui.letter_view import letter_links
from core.ui.session import act, current_actor, read
from core.ui.story import patient_banner, show_history, show_timeline
from core.ui.style import panel, plain


def show() -> None:
    """The referral that the address names."""
    actor = current_actor()
    referral_id = referral_in_address()
    page = read(lambda session: pages.page(session, actor.scope, referral_id))
    given = read(lambda session: answers.answers(session, actor.scope, referral_id))
    patient_banner(page)
    st.title(f"{page.problem} · {page.state.label}", anchor=False)
    _status(page)
    show_weblink_panel(page)
    letters = read(lambda session: letters_of(session, actor.scope, referral_id))
    for position, answer in enumerate(given):
        _answer(
            page,
            answer,
            newest=position == 0,
            letters=letters.get(answer.version, {}),
        )
    show_clinic(referral_id)
    show_need(App.CAPTURE, referral_id)
    show_onward(referral_id)
    if page.state is State.RETURNED:
        supply_form(page)
    if page.pictures:
        st.header("Pictures", anchor=False)
        images = pictures.viewer_images(App.CAPTURE, actor, page.pictures)
        drawn = read(lambda session: marks.marks(session, actor.scope, referral_id))
        shown = pictures.viewer_marks(drawn)
        if viewer(f"viewer-{page.referral_id}", images=images, marks=shown).renew:
            pictures.viewer_images(App.CAPTURE, actor, page.pictures, fresh=True)
            st.rerun()
    if page.state not in NOT_SENT:
        show_messages(page, "the specialist")
    show_history(page)
    show_timeline(page)
    _withdraw(page)


def _status(page: Page) -> None:
    parts = [f"Reference {page.reference}"]
    if page.priority:
        parts.append(page.priority.label)
    if page.sent_at:
        parts.append(f"Sent {words.moment_in_words(page.sent_at)}")
    if page.due_at and page.state in (State.SUBMITTED, State.IN_REVIEW):
        parts.append(f"Answer due {words.moment_in_words(page.due_at)}")
        parts.append(words.time_left(page.due_at, clock.now()))
    st.write(" · ".join(parts))


def _answer(
    page: Page,
    answer: Answer,
    *,
    newest: bool,
    letters: Mapping[Audience, uuid.UUID],
) -> None:
    with panel(f"answer-{answer.version}"):
        earlier = "" if newest else " (earlier version)"
        st.subheader(f"Answer{earlier}", anchor=False)
        st.caption(f"{answer.by} · {answer.moment}")
        for position, diagnosis in enumerate(answer.diagnoses, start=1):
            st.markdown(f"{position}\\. **{plain(diagnosis)}**")
        st.markdown(f"**Advice:** {plain(answer.advice)}")
        if answer.prescribing:
            st.markdown(f"**Prescribing:** {plain(answer.prescribing)}")
        st.markdown(f"**Outcome:** {plain(answer.outcome)}")
        if answer.need:
            st.markdown(f"**To be seen for:** {plain(answer.need)}")
        letter_links(App.CAPTURE, answer.version, letters)
        if newest:
            st.info(f"What to do next: {answer.next_step}", icon=":material/task_alt:")
            _acknowledge(page, answer)
            show_learning(page, answer)


def _acknowledge(page: Page, answer: Answer) -> None:
    if answer.acknowledged:
        st.success(answer.acknowledged)
        return
    actor = current_actor()
    if not access.may_acknowledge(actor):
        st.write("A GP, nurse or administrator of the practice acknowledges answers.")
        return
    st.button(
        f"Acknowledge as {actor.name}",
        type="primary",
        key="acknowledge",
        on_click=_take_up,
        args=(page.referral_id,),
    )


def _take_up(referral_id: uuid.UUID) -> None:
    act(
        lambda session, actor: sending.acknowledge(
            session, by=actor, referral_id=referral_id
        )
    )


def _withdraw(page: Page) -> None:
    if page.state not in MOVES[Move.WITHDRAW].sources:
        return
    with st.expander("Withdraw this referral"):
        reason = st.text_area("Why is it withdrawn?", key="withdraw-reason")
        if st.button("Withdraw", key="withdraw"):
            act(
                lambda session, actor: sending.withdraw(
                    session, by=actor, referral_id=page.referral_id, reason=reason
                )
            )
            st.rerun()
