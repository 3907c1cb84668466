"""A new referral in five steps; each keeps what it is told at once.

The address names the draft and the step, so that a reload, the back button or
another person's computer goes on where this one stopped.
"""

import uuid

import streamlit as st

from core.access import rules as access
from core.kernel import words
from core.kernel.errors import NotFound
from core.referrals.actions import sending
from core.referrals.model import EDITABLE, Route, State, Step
from core.referrals.presenters.drafts import DraftView, draft
from core.ui.capture import stopwatch
from core.ui.capture.ask import show_ask
from core.ui.capture.history import show_history
from core.ui.capture.images import show_images
from core.ui.capture.patient import show_patient
from core.ui.capture.problem import show_problem
from core.ui.capture.sent import show_sent
from core.ui.capture.weblink import show_weblink
from core.ui.frame import go
from core.ui.session import act, current_actor, read, say
from core.ui.style import Banner, banner


LABELS = {
    Step.PATIENT: "1 Patient",
    Step.PROBLEM: "2 Problem",
    Step.HISTORY: "3 History",
    Step.IMAGES: "4 Images",
    Step.ASK_AND_SEND: "5 Ask and send",
}
_SCREENS = {
    Step.PROBLEM: show_problem,
    Step.HISTORY: show_history,
    Step.IMAGES: show_images,
    Step.ASK_AND_SEND: show_ask,
}


def show() -> None:
    """The step that the address names."""
    if "id" not in st.query_params:
        stopwatch.begin()
        _steps(Step.PATIENT, can_leave=False)
        show_patient()
        return
    view = _view()
    by_weblink = view.route is Route.PATIENT_LINK
    if view.state is State.DRAFT and by_weblink:
        _banner(view)
        show_weblink(view)
        return
    if view.state not in EDITABLE:
        show_sent(view)
        return
    step = _step(view)
    stopwatch.tick(view.referral_id, step)
    _banner(view)
    _steps(step, can_leave=True)
    _SCREENS[step](view)
    _foot(view, step)


def _view() -> DraftView:
    actor = current_actor()
    try:
        referral_id = uuid.UUID(st.query_params["id"])
    except ValueError as error:
        raise NotFound("This address names no referral. Begin a new one.") from error
    clinician = access.must_name_clinician(actor)
    return read(
        lambda session: draft(
            session, actor.scope, referral_id, needs_clinician=clinician
        )
    )


def _step(view: DraftView) -> Step:
    """The step in the address; without one, the first that lacks something."""
    named = st.query_params.get("step", "")
    if named in {step.value for step in _SCREENS}:
        return Step(named)
    return view.missing[0].step if view.missing else Step.ASK_AND_SEND


def _banner(view: DraftView) -> None:
    who = view.banner
    banner(
        Banner(
            name=who.name,
            born=f"{who.born} ({who.age} y, {who.sex})",
            nhs_number=who.nhs_number,
            allergies=str(view.answers.get("allergies", "")),
            needs=who.needs,
        )
    )


def _steps(step: Step, *, can_leave: bool) -> None:
    if not can_leave:
        st.caption(" › ".join(LABELS.values()))
        return
    line = st.container(horizontal=True, key="steps")
    for one in _SCREENS:
        if line.button(
            LABELS[one],
            key=f"step-{one}",
            type="primary" if one is step else "secondary",
        ):
            to_step(one)


def to_step(step: Step) -> None:
    """Go to a step of the draft in the address."""
    go("new", id=st.query_params["id"], step=step.value)


def _foot(view: DraftView, step: Step) -> None:
    order = list(_SCREENS)
    line = st.container(horizontal=True, horizontal_alignment="distribute")
    if step is not order[-1]:
        following = order[order.index(step) + 1]
        if line.button(
            f"Continue to {LABELS[following][2:].lower()}", type="primary", key="next"
        ):
            to_step(following)
    spent = words.length(stopwatch.spent(view.referral_id))
    line.caption(f"Saved as you go · {view.reference} · {spent} so far")
    with st.expander("Discard this draft"):
        reason = st.text_input("Why?", key=f"discard-{view.referral_id}")
        if st.button("Discard", key="discard"):
            _discard(view.referral_id, reason)


def _discard(referral_id: uuid.UUID, reason: str) -> None:
    discarded = act(
        lambda session, actor: sending.withdraw(
            session, by=actor, referral_id=referral_id, reason=reason
        )
    )
    if discarded:
        say("The draft is discarded.")
        go("")
    st.rerun()
