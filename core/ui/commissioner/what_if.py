"""What if: one change at a time, as the difference that it makes, with its interval."""

from collections.abc import Callable
from datetime import timedelta

import streamlit as st

from core.clinics.inputs import Inputs
from core.clinics.presenters.what_ifs import Choices, choices
from core.clinics.what_ifs import (
    Answer,
    Change,
    compare,
    extra_session,
    pooled,
    second_site,
    unpooled,
    without,
)
from core.contracts.policy import Weekday
from core.kernel import clock
from core.kernel.errors import ServiceError
from core.ui.commissioner.clinic_lines import table
from core.ui.commissioner.clinic_specialty import pick_specialty
from core.ui.session import current_actor, read
from core.ui.style import panel, plain


_KINDS = (
    "One more session a week",
    "Somebody is away",
    "A new site",
    "More or fewer referrals",
    "Services together or apart",
)
# What is to be changed, and by how much demand grows.
Asked = tuple[Change, float]


def show() -> None:
    """Choose a change, see what it does."""
    st.title("What if", anchor=False)
    scope = current_actor().scope
    specialty = pick_specialty()
    there = read(lambda session: choices(session, scope, specialty))
    if not there.kinds:
        st.info(
            "There is no session with free time in the weeks that are planned. "
            "Add some on the Clinic sessions page."
        )
        return
    st.write(plain(there.demand))
    with panel("what-if"):
        kind = st.radio("What changes?", _KINDS, key="what-if-kind")
        asked = _FORMS[kind](there)
        if st.button("Work it out", type="primary", key="what-if-go"):
            _show(there, asked)


def _show(there: Choices, asked: Asked) -> None:
    change, growth = asked
    try:
        with st.spinner("Planning the coming weeks six times …"):
            answer: Answer = compare(there.inputs, change, growth)
    except ServiceError as problem:
        st.error(plain(problem.sentence))
        return
    st.markdown(f"**{plain(answer.sentence)}**")
    table(("", "Demand low", "As forecast", "Demand high"), answer.rows)
    st.caption(answer.note)


def _session(there: Choices) -> Asked:
    site, grade = st.selectbox(
        "Held by, at",
        list(there.kinds),
        format_func=lambda one: there.kinds[one],
        filter_mode="contains",
        key="what-if-like",
    )
    left, right = st.columns(2)
    weekday = left.selectbox(
        "On",
        range(5),
        format_func=lambda one: list(Weekday)[one].label,
        key="what-if-weekday",
    )
    minutes = right.number_input(
        "Minutes",
        min_value=15,
        max_value=480,
        step=15,
        value=180,
        key="what-if-minutes",
    )
    return lambda one: extra_session(one, site, grade, weekday, int(minutes)), 1.0


def _away(there: Choices) -> Asked:
    person = st.selectbox(
        "Who",
        list(there.staff),
        format_func=lambda one: there.staff[one],
        filter_mode="contains",
        key="what-if-staff",
    )
    today = clock.today()
    left, right = st.columns(2)
    first = left.date_input(
        "From", today, min_value=today, format="DD/MM/YYYY", key="what-if-first"
    )
    last = right.date_input(
        "Until",
        max(today + timedelta(days=20), first),
        min_value=first,
        format="DD/MM/YYYY",
        key="what-if-last",
    )
    return lambda one: without(one, person, first, last), 1.0


def _site(there: Choices) -> Asked:
    practice = st.selectbox(
        "Beside",
        list(there.practices),
        format_func=lambda one: there.practices[one],
        filter_mode="contains",
        key="what-if-practice",
    )
    sites = {site: name.split(", ", 1)[1] for (site, _), name in there.kinds.items()}
    like = st.selectbox(
        "With sessions as at",
        list(sites),
        format_func=lambda one: sites[one],
        filter_mode="contains",
        key="what-if-site",
    )
    return lambda one: second_site(one, practice, like), 1.0


def _demand(_there: Choices) -> Asked:
    percent = st.slider(
        "Change of demand, percent", -50, 100, 20, 5, key="what-if-growth"
    )
    return _as_it_is, 1 + percent / 100


def _together(there: Choices) -> Asked:
    services = there.services
    options = ["together", *services]
    how = st.radio(
        "Clinics",
        options,
        format_func=lambda one: (
            "All services’ clinics open to all patients"
            if one == "together"
            else f"Without the clinics of {services[one]}"
        ),
        key="what-if-pool",
    )
    if how == "together":
        return pooled, 1.0
    return lambda one: unpooled(one, how), 1.0


def _as_it_is(inputs: Inputs) -> Inputs:
    return inputs


_FORMS: dict[str, Callable[[Choices], Asked]] = dict(
    zip(_KINDS, (_session, _away, _site, _demand, _together), strict=True)
)
