"""The clinic plan: made with one button, looked at, booked as far as people agree."""

import time
from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.clinics.actions.needs import take_in
from core.clinics.actions.planning import keep_plan
from core.clinics.gathering import gather
from core.clinics.presenters.plans import Line, PlanPage, newest, waiting_now
from core.clinics.proposing import propose
from core.kernel.errors import ServiceError
from core.ui.commissioner.clinic_case import show_case
from core.ui.commissioner.clinic_deciding import TOP, accept_lines, show_top
from core.ui.commissioner.clinic_lines import choose, show_lines, table
from core.ui.commissioner.clinic_moves import show_moves
from core.ui.commissioner.clinic_specialty import pick_specialty
from core.ui.session import attempt, current_actor, read, say
from core.ui.style import Card, cards, panel, plain


_SHOWN = "plan-shown"
_SHORTAGES = (
    "What one more minute of somebody of this grade, there and then, would save: "
    "mostly by seeing someone in time. It shows where capacity is short; what a whole "
    "session more would save is on the What if page."
)


def show() -> None:
    """Who waits, the newest plan, and what can be done with it."""
    scope = current_actor().scope
    with st.container(key=TOP):
        st.title("Clinic plan", anchor=False)
        specialty = pick_specialty()
        now = read(lambda session: waiting_now(session, scope, specialty))
        cards(
            [
                Card(str(now["waiting"]), "wait for a clinic"),
                Card(str(now["late"]), "of them past their day"),
                Card(str(now["booked"]), "have an appointment"),
            ]
        )
    show_top()
    if st.button("Plan clinics", type="primary", key="plan-clinics"):
        _plan(specialty)
    page = read(lambda session: newest(session, scope, specialty))
    if page is None:
        st.info(
            "No plan has been made yet. Plan clinics proposes who is seen where and "
            "when; nothing is booked before you say so."
        )
        return
    _show_plan(page)


def _plan(specialty: str) -> None:
    began, scope = time.monotonic(), current_actor().scope
    bar = st.progress(0.0, "Reading who waits …")
    try:
        attempt(lambda session, _actor: take_in(session))
        inputs = read(lambda session: gather(session, scope, specialty=specialty))
        if all(one.expected for one in inputs.needs):
            bar.empty()
            say("Nobody waits for a clinic, so there is nothing to plan.")
            st.rerun()
        if not inputs.stretches:
            bar.empty()
            say(
                "There is no clinic session with free time in the weeks that are planned. "
                "Add sessions on the Clinic sessions page, then plan again.",
                error=True,
            )
            st.rerun()
        proposal = propose(
            inputs,
            progress=lambda share, said: _tell(bar, share, said),
        )
        seconds = time.monotonic() - began
        st.session_state[_SHOWN] = attempt(
            lambda session, actor: keep_plan(
                session, by=actor, proposal=proposal, seconds=seconds
            )
        )
    except ServiceError as problem:
        say(problem.sentence, error=True)
    else:
        say(f"Planned in {seconds:.1f} s. Nothing is booked yet.")
    st.rerun()


def _tell(bar: DeltaGenerator, share: float, said: str) -> None:
    bar.progress(share, f"Planning: {said} …")


def _show_plan(page: PlanPage) -> None:
    if st.session_state.get(_SHOWN, page.id) != page.id:
        st.info(
            "A newer plan has been made than the one you looked at. Nothing was booked "
            "from the old one by this click."
        )
    st.session_state[_SHOWN] = page.id
    with panel("plan-says"):
        st.subheader("What the plan does", anchor=False)
        st.caption(plain(f"Made {page.made}"))
        if page.stale:
            st.warning("This plan is not of today. Plan again before you book.")
        st.markdown("\n".join(f"- {plain(line)}" for line in page.says))
        table(("", "This plan", "First come, first served"), page.beside)
    chosen = choose(page)
    _book(page, chosen)
    show_case(page)
    _others(page)
    _short(page)
    show_moves(page.specialty)
    st.caption(plain(f"Weights and rates: {page.source}."))


def _book(page: PlanPage, chosen: Sequence[Line]) -> None:
    with panel("plan-book"):
        st.subheader("To be booked", anchor=False)
        if not chosen:
            st.write("Nothing of this plan is left to be booked here.")
            return
        show_lines("book", chosen)
        label = f"Book {'these' if len(chosen) > 1 else 'this'} {len(chosen)}"
        # Of this plan: a click that a newer one overtakes must not book from that.
        if st.button(label, type="primary", key=f"book-shown-{page.id}"):
            accept_lines(page.id, [one.id for one in chosen])


def _others(page: PlanPage) -> None:
    groups = {
        "Planned farther ahead, not to be booked yet": [
            one for one in page.lines if one.later
        ],
        "No place within the weeks planned": [
            one for one in page.lines if not one.when and not one.gap
        ],
        "Decided": [
            one for one in page.lines if one.when and not one.later and not one.bookable
        ],
    }
    for title, lines in groups.items():
        if lines:
            with st.expander(f"{title} ({len(lines)})"):
                show_lines(title, lines)
    if page.gaps:
        with panel("plan-gaps"):
            st.subheader("Nobody can see them", anchor=False)
            st.markdown("\n".join(f"- {plain(line)}" for line in page.gaps))


def _short(page: PlanPage) -> None:
    with st.expander("Where capacity is short"):
        if not page.shortages:
            st.write("Nowhere: no minute more would save anything to speak of.")
            return
        table(("Grade", "Fortnight", "Site", "Worth"), page.shortages)
        st.caption(_SHORTAGES)
