"""Step 5: the question, the priority, the consent; then send."""

import uuid

import streamlit as st

from core.access import rules as access
from core.contracts.model import PRIORITY_ORDER, Priority
from core.kernel import clock
from core.practices import presenters as practices
from core.referrals.actions import drafting, sending
from core.referrals.model import ConsentForm, ConsentGiver, ConsentLevel
from core.referrals.presenters.drafts import DraftView
from core.ui.capture import stopwatch
from core.ui.capture.history import show_offer
from core.ui.capture.saving import chosen, save_note
from core.ui.session import act, current_actor, read
from core.ui.style import panel, plain


def show_ask(view: DraftView) -> None:
    """Everything the specialist needs beside history and pictures; one button."""
    st.title("Ask and send", anchor=False)
    with panel("question"):
        _text(view, "question", "Your question for the specialist (required)")
        _text(view, "working_diagnosis", "Your working diagnosis")
    with panel("priority"):
        _priority(view)
    with panel("counterfactual"):
        _counterfactual(view)
        _clinician(view)
    with panel("consent"):
        _consent(view)
    _send(view)


def _text(view: DraftView, name: str, label: str) -> None:
    key = chosen(view, name, getattr(view, name))
    st.text_area(
        label,
        key=key,
        height=80,
        max_chars=4000,
        on_change=save_note,
        args=(view.referral_id, name, key),
    )


def _priority(view: DraftView) -> None:
    show_offer(view.offer)
    key = chosen(view, "priority", view.priority)
    st.radio(
        "Priority (required)",
        list(reversed(PRIORITY_ORDER)),
        index=None,
        key=key,
        format_func=lambda one: Priority(one).label,
        horizontal=True,
        on_change=save_note,
        args=(view.referral_id, "priority", key),
    )
    if view.offer.priority and view.priority not in (None, view.offer.priority):
        _text(
            view, "override_reason", "Why another priority than suggested? (required)"
        )


def _counterfactual(view: DraftView) -> None:
    key = chosen(view, "would_have_referred", view.would_have_referred)
    st.radio(
        "Would you have referred this patient to a clinic without this service? "
        "(required)",
        [True, False],
        index=None,
        key=key,
        format_func=lambda yes: "Yes" if yes else "No",
        horizontal=True,
        on_change=save_note,
        args=(view.referral_id, "would_have_referred", key),
    )


def _clinician(view: DraftView) -> None:
    actor = current_actor()
    if not access.must_name_clinician(actor):
        return
    names = read(lambda session: practices.clinicians(session, actor.scope))
    key = chosen(view, "acting_for", view.acting_for or None)
    st.selectbox(
        "Clinician you are acting for (required)",
        names,
        index=None,
        key=key,
        on_change=save_note,
        args=(view.referral_id, "acting_for", key),
    )


def _consent(view: DraftView) -> None:
    st.subheader("Consent", anchor=False)
    st.write(
        "The patient has been told what is sent and to whom, how it is kept, what "
        "happens next, that a remote opinion has limits, how to be seen in person "
        "instead, and that they may refuse."
    )
    kept = view.consent
    ticked = chosen(view, "consented", kept is not None)
    level = chosen(view, "level", kept.level if kept else ConsentLevel.RECORD_ONLY)
    form = chosen(view, "form", kept.form if kept else ConsentForm.VERBAL)
    giver = chosen(view, "giver", kept.given_by if kept else ConsentGiver.PATIENT)
    keys = (view.referral_id, ticked, level, form, giver)
    st.checkbox(
        "Consent was given (required)", key=ticked, on_change=_save_consent, args=keys
    )
    columns = st.columns(3)
    for column, label, options, key in (
        (columns[0], "Given by", list(ConsentGiver), giver),
        (columns[1], "How", list(ConsentForm), form),
        (columns[2], "The pictures may be used for", list(ConsentLevel), level),
    ):
        column.selectbox(
            label,
            options,
            key=key,
            format_func=lambda word: _USES.get(word, word.replace("_", " ")),
            on_change=_save_consent,
            args=keys,
        )


_USES = {
    ConsentLevel.RECORD_ONLY: "this opinion only",
    ConsentLevel.TEACHING: "teaching as well",
    ConsentLevel.PUBLICATION: "teaching and publication",
}


def _save_consent(
    referral_id: uuid.UUID, ticked: str, level: str, form: str, giver: str
) -> None:
    state = st.session_state
    if not state[ticked]:
        act(
            lambda session, actor: drafting.withhold_consent(
                session, by=actor, referral_id=referral_id
            )
        )
        return
    act(
        lambda session, actor: drafting.consent(
            session,
            by=actor,
            referral_id=referral_id,
            level=state[level],
            form=state[form],
            given_by=state[giver],
        )
    )


def _send(view: DraftView) -> None:
    _still_missing(view)
    line = st.container(horizontal=True)
    line.button(
        "Send to specialist",
        type="primary",
        key="send",
        icon=":material/send:",
        on_click=_send_now,
        args=(view.referral_id,),
    )
    with st.expander("Put on the telemedicine list instead"):
        day = st.date_input(
            "The patient comes back on",
            value=clock.today(),
            min_value=clock.today(),
            format="DD/MM/YYYY",
            key="listed-for",
        )
        if st.button("Put on the list", key="list") and act(
            lambda session, actor: drafting.put_on_list(
                session, by=actor, referral_id=view.referral_id, day=day
            )
        ):
            stopwatch.stop(view.referral_id)
            st.rerun()


def _still_missing(view: DraftView) -> None:
    needed = [one.sentence for one in view.missing if one.blocks]
    wished = [one.sentence for one in view.missing if not one.blocks]
    if needed:
        lines = "\n".join(f"- {plain(sentence)}" for sentence in needed)
        st.warning(f"**Before you can send:**\n{lines}")
    if wished:
        st.info(
            "You can send without these, as nobody with a suspected cancer should "
            f"wait for a picture: {plain(', '.join(wished))}."
            if view.priority is Priority.SUSPECTED_CANCER
            else f"You can send without these: {plain(', '.join(wished))}."
        )


def _send_now(referral_id: uuid.UUID) -> None:
    stopwatch.stop(referral_id)
    act(lambda session, actor: sending.send(session, by=actor, referral_id=referral_id))
