"""The clinic part of a referral: where it stands, what suits the patient, the letters."""

import uuid
from collections.abc import Callable

import streamlit as st

from core.access import rules as access
from core.access.model import App
from core.clinics.actions import booking, needs
from core.clinics.actions.needs import Wishes
from core.clinics.model import LetterKind, NeedState
from core.clinics.presenters.needs import NeedPage, need_page
from core.contracts.policy import Weekday
from core.kernel import clock
from core.ui.letter_routes import appointment_url
from core.ui.session import act, browser, current_actor, read
from core.ui.style import Kind, panel, plain, tag


_KINDS: dict[NeedState, Kind] = {
    NeedState.WAITING: "active",
    NeedState.BOOKED: "done",
    NeedState.ATTENDED: "active",
    NeedState.NOT_ATTENDED: "warning",
    NeedState.COMPLETED: "done",
    NeedState.CANCELLED: "neutral",
}
_OPEN = (NeedState.WAITING, NeedState.BOOKED, NeedState.NOT_ATTENDED)
_BACK = (NeedState.NOT_ATTENDED, NeedState.CANCELLED)
_LETTERS = {
    LetterKind.BOOKED: "Letter about {day} (PDF)",
    LetterKind.CANCELLED: "Letter: {day} cancelled (PDF)",
}


def show_need(app: App, referral_id: uuid.UUID) -> None:
    """Nothing where nobody has to be seen in a clinic."""
    scope = current_actor().scope
    page = read(lambda session: need_page(session, scope, referral_id))
    if page is None:
        return
    with panel("clinic-need"):
        st.subheader("Clinic", anchor=False)
        tag(page.state.label, "urgent" if page.late else _KINDS[page.state])
        if page.place:
            st.markdown("  \n".join(f"**{plain(line)}**" for line in page.place))
        st.markdown(f"For: {plain(page.planned)}")
        if page.state in _OPEN:
            late = " – this day has passed" if page.late else ""
            st.markdown(f"To be seen by {page.see_by}{late}")
        _letters(app, page)
        if page.state in _OPEN:
            _wishes(page)
            _end(page)
        if page.state in _BACK and access.may_refer(current_actor()):
            _done("Put back on the list", "wait-again", needs.wait_again, page)
        with st.expander("What happened"):
            st.markdown("\n".join(f"- {plain(line)}" for line in page.events))


def _letters(app: App, page: NeedPage) -> None:
    if not page.letters:
        return
    actor, line = current_actor(), st.container(horizontal=True, key="clinic-letters")
    for kind, day, letter_id in page.letters:
        line.link_button(
            _LETTERS[kind].format(day=day),
            appointment_url(app, actor, browser(), letter_id),
            icon=":material/picture_as_pdf:",
        )


def _wishes(page: NeedPage) -> None:
    now, days = page.wishes, list(Weekday)
    with st.expander("What suits the patient"):
        chosen = st.pills(
            "Days that suit (none: any)",
            range(7),
            selection_mode="multi",
            default=list(now.weekdays),
            format_func=lambda one: days[one].label,
            key="wish-days",
        )
        farthest = st.number_input(
            "Can travel at most, km by road (empty: no limit)",
            min_value=1.0,
            step=1.0,
            value=now.farthest_km,
            key="wish-km",
        )
        from_day = st.date_input(
            "Can come from (empty: any day)",
            value=now.from_day,
            min_value=min(clock.today(), now.from_day or clock.today()),
            format="DD/MM/YYYY",
            key="wish-from",
        )
        own = st.checkbox(
            f"Prefers to see {page.answered_by}, who answered",
            value=now.own,
            key="wish-own",
        )
        if st.button("Save what suits", key="wish-save"):
            wishes = Wishes(tuple(chosen), farthest, from_day, own)
            if act(
                lambda session, actor: needs.prefer(
                    session, by=actor, need_id=page.need_id, wishes=wishes
                )
            ):
                st.rerun()
        if page.state is NeedState.BOOKED:
            st.caption(
                "It counts for the next plan. The appointment there is stays as it is."
            )


def _end(page: NeedPage) -> None:
    booked = page.state is NeedState.BOOKED
    with st.expander("The patient cannot come" if booked else "No clinic needed"):
        reason = st.text_input("Why?", max_chars=200, key="clinic-reason")
        if booked:
            _done(
                "Give the appointment back, and plan another",
                "unbook",
                booking.unbook,
                page,
                reason,
            )
        _done(
            "Nobody has to see the patient", "cancel-need", needs.cancel, page, reason
        )


def _done(
    label: str,
    key: str,
    action: Callable[..., None],
    page: NeedPage,
    reason: str | None = None,
) -> None:
    if not st.button(label, key=key):
        return
    said = {} if reason is None else {"reason": reason}
    act(lambda session, actor: action(session, by=actor, need_id=page.need_id, **said))
    st.rerun()
