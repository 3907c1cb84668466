"""A referral's weblink: how far the patient is, and what the practice can do."""

import uuid
from collections.abc import Callable
from html import escape

import streamlit as st
from sqlalchemy.orm import Session

from core.access.model import Actor
from core.invitations.model import InvitationState, Way
from core.kernel import clock
from core.languages.reference import language
from core.referrals.actions import drafting, inviting
from core.referrals.model import State
from core.referrals.presenters.pages import Page
from core.referrals.presenters.weblinks import Progress, progress
from core.ui.capture.weblink import keep_code, reach_form, show_code
from core.ui.frame import go
from core.ui.session import act, browser, current_actor, read, say
from core.ui.style import Kind, panel, plain, small, tag, tag_html
from core.ui.weblink_routes import paper_url


_KINDS: dict[InvitationState, Kind] = {
    InvitationState.SUBMITTED: "done",
    InvitationState.STOPPED: "warning",
    InvitationState.EXPIRED: "warning",
    InvitationState.LOCKED: "urgent",
    InvitationState.CANCELLED: "neutral",
}
_BY_WEBLINK = (State.AWAITING_PATIENT, State.PRACTICE_REVIEW, State.LAPSED)


def show_weblink_panel(page: Page) -> None:
    """The panel, where there is a weblink."""
    scope = current_actor().scope
    far = read(lambda session: progress(session, scope, page.referral_id))
    if far is None:
        return
    show_code()
    with panel("weblink"):
        st.subheader("Weblink", anchor=False)
        show_progress(far)
        _what_next(page, far)


def show_progress(far: Progress) -> None:
    """Sent, delivered, opened, begun, finished."""
    tag(far.state.label, _KINDS.get(far.state, "active"))
    where = f" to {far.address}" if far.address else ""
    small(f"{far.way.label}{where}, {language(far.language).name}")
    if far.bounced:
        st.error(
            "The message could not be delivered. Check the address with the patient, "
            "then send it again."
        )
    if far.stopped:
        st.warning(plain(far.stopped))
    done = [f"{label} {plain(moment)}" for label, moment in far.steps if moment]
    st.markdown("  \n".join(f"✓ {one}" for one in done) or "Not sent yet")
    more = [f"Works until {far.ends}"] if far.ends else []
    more += [f"reminded {far.reminders} ×"] if far.reminders else []
    if more:
        small(" · ".join(more))


def show_briefly(far: Progress) -> None:
    """The same in a few lines, for a list."""
    word = "Not delivered" if far.bounced else far.state.label
    html = tag_html(word, "urgent" if far.bounced else _KINDS.get(far.state, "active"))
    done = [f"{label.lower()} {moment}" for label, moment in far.steps if moment]
    more = [f"works until {far.ends}"] if far.ends else []
    line = " · ".join([far.stopped or far.way.label, *done, *more])
    st.html(f'<p class="oz-small">{html} {escape(line)}</p>')


def _what_next(page: Page, far: Progress) -> None:
    if far.state is InvitationState.SUBMITTED:
        _again(page, "The patient cannot open the page any more?", inviting.resend)
    if page.state not in _BY_WEBLINK:
        return
    if page.state is State.PRACTICE_REVIEW and st.button(
        "Look through and send", type="primary", key="look-through"
    ):
        go("new", id=str(page.referral_id))
    if page.state is State.AWAITING_PATIENT:
        if far.state is not InvitationState.LOCKED:
            _paper(page, first=far.way is Way.PRINTED)
        _again(page, "Send it again, or another way", inviting.resend)
    elif far.state is not InvitationState.SUBMITTED:
        _again(page, "Ask the patient once more", inviting.ask_again)
    _instead(page)


def _paper(page: Page, *, first: bool) -> None:
    st.link_button(
        "Print it with a square to scan (PDF)",
        paper_url(current_actor(), browser(), page.referral_id),
        icon=":material/qr_code_2:",
        type="primary" if first else "secondary",
    )


def _again(page: Page, label: str, send: Callable[..., str]) -> None:
    with st.expander(label):
        reach = reach_form(page.banner.patient_id, f"again-{page.referral_id}")
        if st.button("Send again", key="resend"):
            _do(
                lambda session, actor: keep_code(
                    send(session, by=actor, referral_id=page.referral_id, reach=reach)
                ),
                "The weblink has been sent again.",
            )


def _instead(page: Page) -> None:
    with st.expander("Do without the weblink"):
        line = st.container(horizontal=True, vertical_alignment="bottom")
        day = line.date_input(
            "The patient comes in on",
            value=clock.today(),
            min_value=clock.today(),
            format="DD/MM/YYYY",
            key="weblink-listed-for",
        )
        if line.button("Put on the telemedicine list", key="weblink-list"):
            _do(
                lambda session, actor: drafting.put_on_list(
                    session, by=actor, referral_id=page.referral_id, day=day
                ),
                "On the telemedicine list. The weblink no longer works.",
            )
        if page.state is not State.PRACTICE_REVIEW and st.button(
            "Go on here, without the patient's phone", key="weblink-here"
        ):
            _here(page.referral_id)


def _here(referral_id: uuid.UUID) -> None:
    taken = act(
        lambda session, actor: drafting.take_from_list(
            session, by=actor, referral_id=referral_id
        )
    )
    if taken:
        go("new", id=str(referral_id))
    st.rerun()


def _do(action: Callable[[Session, Actor], None], done: str) -> None:
    if act(action):
        say(done)
    st.rerun()
