"""Second reads: cases to read again without the first answer, and what differs."""

import uuid

import streamlit as st

from core.access.model import Grade
from core.kernel.errors import NotFound, ServiceError
from core.referrals.presenters import pages
from core.reviews.actions import second_reading
from core.reviews.model import Certainty
from core.reviews.presenters import second_reads
from core.reviews.presenters.second_reads import Differing, Waiting
from core.specialties.reference import specialty
from core.ui.consultant.case import show_sites
from core.ui.consultant.diagnoses import searchable
from core.ui.consultant.images import show_images
from core.ui.frame import go
from core.ui.session import act, attempt, current_actor, read, say
from core.ui.story import notable_first, patient_banner
from core.ui.style import panel, plain


_HELD = {"first": "The first", "second": "The second", "neither": "Neither"}


def show() -> None:
    """One case where the address names one; else what waits and what differs."""
    if named := st.query_params.get("id"):
        _read_again(named)
        return
    st.title("Second reads", anchor=False)
    st.caption(
        "Some answers are read again by a colleague who does not see them. "
        "What you agree on is closed; what differs is settled by a consultant."
    )
    _to_read()
    _to_settle()
    _to_amend()


def _to_read() -> None:
    scope = current_actor().scope
    waiting = read(lambda session: second_reads.waiting(session, scope))
    st.header(f"To read ({len(waiting)})", anchor=False)
    if not waiting:
        st.info("No case waits for a second read.")
    for one in waiting:
        _row(one)


def _row(one: Waiting) -> None:
    with panel(f"read-{one.second_read_id}", row=True):
        st.markdown(
            f"**{one.patient}** · {one.problem}  \n{one.reference} · {one.clock}",
            width="stretch",
        )
        if st.button("Read", key=f"read-{one.second_read_id}"):
            go("second-reads", id=str(one.second_read_id))


def _to_settle() -> None:
    actor = current_actor()
    differing = read(lambda session: second_reads.to_settle(session, actor.scope))
    if not differing and actor.grade is not Grade.CONSULTANT:
        return
    st.header(f"Read differently ({len(differing)})", anchor=False)
    if not differing:
        st.info("No two readings differ.")
    for one in differing:
        _differing(one)


def _differing(one: Differing) -> None:
    with panel(f"settle-{one.second_read_id}"):
        st.markdown(
            f"**{one.reference}** · {one.problem}  \n"
            f"First: {plain(one.first)}  \nSecond: {plain(one.second)}"
        )
        if one.mine:
            st.caption("One of the two is yours, so another consultant settles it.")
            return
        if st.button("Open the case", key=f"look-{one.second_read_id}"):
            go("case", id=str(one.referral_id))
        if current_actor().grade is Grade.CONSULTANT:
            _settle(one.second_read_id)


def _settle(second_read_id: uuid.UUID) -> None:
    held, why = f"held-{second_read_id}", f"why-{second_read_id}"
    st.segmented_control(
        "Which holds?",
        list(_HELD),
        required=True,
        default="first",
        format_func=lambda one: _HELD[one],
        key=held,
    )
    st.text_input("Why, in a sentence", key=why)
    st.button(
        "Settle",
        key=f"settle-{second_read_id}",
        on_click=_settled,
        args=(second_read_id, held, why),
    )


def _settled(second_read_id: uuid.UUID, held: str, why: str) -> None:
    chosen, words = st.session_state[held], str(st.session_state[why])
    if act(
        lambda session, actor: second_reading.settle(
            session, by=actor, second_read_id=second_read_id, held=chosen, words=words
        )
    ):
        say("Settled. Whoever answered sees it here.")


def _to_amend() -> None:
    scope = current_actor().scope
    against = read(lambda session: second_reads.settled_against(session, scope))
    if not against:
        return
    st.header(f"Yours to look at again ({len(against)})", anchor=False)
    for one in against:
        with panel(f"against-{one.referral_id}", row=True):
            st.markdown(
                f"**{one.reference}** · {plain(one.by)}: “{plain(one.words)}”",
                width="stretch",
            )
            if st.button("Open and amend", key=f"amend-{one.referral_id}"):
                go("case", id=str(one.referral_id))


def _read_again(named: str) -> None:
    scope = current_actor().scope
    second_read_id = _parsed(named)
    referral_id = read(
        lambda session: second_reads.to_read(session, scope, second_read_id)
    )
    if st.session_state.get("oz-second") != second_read_id and act(
        lambda session, actor: second_reading.open_blind(
            session, by=actor, second_read_id=second_read_id
        )
    ):
        st.session_state["oz-second"] = second_read_id
    page = read(lambda session: pages.page(session, scope, referral_id))
    patient_banner(page)
    st.markdown(f"**Second read · {page.problem} · {page.practice}**")
    left, centre, right = st.columns([3, 6, 4])
    with left:
        notable_first(page)
        show_sites(page)
    with centre:
        show_images(page, blind=True)
    with right:
        _form(page.specialty, second_read_id)


def _form(code: str, second_read_id: uuid.UUID) -> None:
    described = specialty(code)
    diagnoses = {one.code: searchable(one) for one in described.diagnoses}
    outcomes = {one.code: one.label for one in described.outcomes}
    st.subheader("Your reading", anchor=False)
    st.caption("The first answer is not shown before you have given yours.")
    diagnosis = st.selectbox(
        "Likeliest diagnosis",
        list(diagnoses),
        index=None,
        placeholder="Type a name, BCC, rodent ulcer …",
        format_func=lambda one: diagnoses[one],
        filter_mode="contains",
        key=f"second-diagnosis-{second_read_id}",
    )
    certainty = st.segmented_control(
        "How sure",
        [one.value for one in Certainty],
        required=True,
        default=Certainty.PROBABLE.value,
        format_func=str.capitalize,
        key=f"second-certainty-{second_read_id}",
    )
    outcome = st.selectbox(
        "Outcome",
        list(outcomes),
        index=None,
        placeholder="What should happen next",
        format_func=lambda one: outcomes[one],
        filter_mode="contains",
        key=f"second-outcome-{second_read_id}",
    )
    if st.button("Record my reading", type="primary", key="second-read"):
        said = second_reading.Reading(
            diagnosis or "", Certainty(certainty), outcome or ""
        )
        _record(second_read_id, said)


def _record(second_read_id: uuid.UUID, said: second_reading.Reading) -> None:
    try:
        row = attempt(
            lambda session, actor: second_reading.read_second(
                session, by=actor, second_read_id=second_read_id, said=said
            )
        )
    except ServiceError as problem:
        st.error(plain(problem.sentence))
        return
    agreed = row.same_group and row.same_outcome
    say(
        "You agree with the first reading. Thank you."
        if agreed
        else "The first reading differs. A consultant will settle it. Thank you."
    )
    go("second-reads")


def _parsed(named: str) -> uuid.UUID:
    try:
        return uuid.UUID(named)
    except ValueError as error:
        raise NotFound(
            "This address names no second read. Open one from the list."
        ) from error
