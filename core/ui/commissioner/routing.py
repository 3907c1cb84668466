"""Routing: which service answers what, tried on last month before it is saved."""

import uuid
from collections.abc import Callable, Sequence
from datetime import date

import streamlit as st

from core.contracts.actions import save_policy
from core.contracts.policy import RoutingPolicy
from core.contracts.presenters import RoutingPage, contracts, routing
from core.kernel import clock
from core.kernel.errors import ServiceError
from core.reviews.presenters.replays import Comparison, last_month
from core.ui.commissioner.routing_form import show_form
from core.ui.session import attempt, current_actor, read, say
from core.ui.style import panel, plain


_MODEL = (
    "How it is replayed: each service answers at the moments at which it did answer, "
    "and whoever answered then takes the first case of the worklist that they may "
    "answer. A referral is answered only after it was sent. What is left over waits "
    "at the end of the month. Earlier referrals and questions to practices are left "
    "out. The waits are an estimate: they say which way it would have gone."
)


def show() -> None:
    """Choose the contract; read, edit, replay and save its policy."""
    st.title("Routing", anchor=False)
    scope = current_actor().scope
    names = read(lambda session: contracts(session, scope))
    if not names:
        st.info("There is no contract yet.")
        return
    contract_id = st.selectbox(
        "Contract", list(names), format_func=lambda one: names[one], key="contract"
    )
    page = read(lambda session: routing(session, scope, contract_id))
    _now(page)
    with st.expander("Edit the policy"):
        _edit(page)
    _history(page)


def _now(page: RoutingPage) -> None:
    with panel("routing-now"):
        st.subheader("Now", anchor=False)
        _list(page.says)
        for line in page.staff:
            st.caption(plain(line))


def _edit(page: RoutingPage) -> None:
    entered = show_form(page)
    if st.button("Replay last month", key="replay"):
        _attempted(lambda: _replay(page, entered.policy()))
    today = clock.today()
    day = st.date_input(
        "Holds from", today, min_value=today, format="DD/MM/YYYY", key="holds-from"
    )
    if st.button("Save", type="primary", key="save-policy"):
        _attempted(lambda: _save(page.contract_id, entered.policy(), day))


def _attempted(what: Callable[[], None]) -> None:
    try:
        what()
    except ServiceError as problem:
        st.error(plain(problem.sentence))


def _save(contract_id: uuid.UUID, policy: RoutingPolicy, day: date) -> None:
    saved = attempt(
        lambda session, actor: (
            save_policy(
                session,
                by=actor,
                contract_id=contract_id,
                policy=policy,
                effective_from=day,
            ).number
        )
    )
    say(f"Version {saved} of the policy is saved.")
    st.rerun()


def _replay(page: RoutingPage, policy: RoutingPolicy) -> None:
    scope = current_actor().scope
    found = read(
        lambda session: last_month(
            session, scope, contract_id=page.contract_id, policy=policy
        )
    )
    with panel("routing-replay"):
        st.subheader(f"{found.month}, replayed", anchor=False)
        if not found.sent:
            st.write("Nothing was sent under this contract in that month.")
            return
        _list(found.says)
        st.table(_waits(found))
        st.table(_rules(found))
        st.caption(_MODEL)


def _waits(found: Comparison) -> dict[str, list[str]]:
    lines = [one for one in found.lines if one.before.answered or one.after.answered]
    return {
        "Answered by": [
            plain(f"{one.service}, {one.priority.lower()}") for one in lines
        ],
        "As it was": [one.before.said for one in lines],
        "Replayed": [one.after.said for one in lines],
    }


def _rules(found: Comparison) -> dict[str, list[str]]:
    return {
        "Why it is with its service": [said for said, _, _ in found.rules],
        "As it was": [str(was) for _, was, _ in found.rules],
        "Replayed": [str(would) for _, _, would in found.rules],
    }


def _history(page: RoutingPage) -> None:
    st.subheader("Versions", anchor=False)
    for one in page.history:
        mark = " · in force" if one.in_force else ""
        with st.expander(f"{one.number}. {one.holds_from}{mark}"):
            st.write(plain(one.who))
            st.caption(plain(one.source))
            _list(one.says)


def _list(lines: Sequence[str]) -> None:
    st.markdown("\n".join(f"- {plain(line)}" for line in lines))
