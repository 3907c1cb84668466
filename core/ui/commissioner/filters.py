"""Period, practice and priority: on top of each page, and in its address."""

from dataclasses import dataclass

import streamlit as st

from core.access.model import Scope
from core.analytics import reading
from core.contracts.model import Priority
from core.kernel.errors import NotFound


@dataclass(frozen=True)
class Choice:
    """What the figures are about."""

    period: str
    practice: str
    priority: str


def choose(scope: Scope) -> Choice:
    """Three pickers, side by side. What the address names is chosen already.

    Raises NotFound while the service is too young to have a period.
    """
    periods = reading.periods(scope)
    if periods.empty:
        raise NotFound(
            "There are no figures yet. They appear the day after the first referral."
        )
    columns = st.columns(3)
    practices = reading.practices(scope)
    with columns[0]:
        period = _pick(
            "period",
            "Period",
            dict(zip(periods["period"], periods["label"], strict=True)),
        )
    with columns[1]:
        names = dict(zip(practices["practice"], practices["name"], strict=True))
        practice = _pick("practice", "Practice", {reading.ALL: "All practices"} | names)
    with columns[2]:
        labels = {priority.value: priority.label for priority in Priority}
        priority = _pick(
            "priority", "Priority", {reading.ALL: "All priorities"} | labels
        )
    return Choice(period, practice, priority)


def choose_period(scope: Scope) -> tuple[str, str]:
    """Only complete quarters and longer ones, where nothing else is counted: key, label.

    Raises NotFound before the first is over.
    """
    periods = reading.periods(scope)
    found = periods[periods["complete"] & (periods["kind"] != "month")]
    if found.empty:
        raise NotFound(
            "There are no figures of a whole quarter yet. They appear the day after the "
            "first quarter with a referral is over."
        )
    labels = dict(zip(found["period"], found["label"], strict=True))
    chosen = _pick("period", "Period", labels)
    return chosen, labels[chosen]


def _pick(name: str, label: str, options: dict[str, str]) -> str:
    codes = list(options)
    named = st.query_params.get(name, "")
    st.session_state[name] = named if named in options else codes[0]
    picked: str = st.selectbox(
        label,
        codes,
        format_func=lambda code: options[code],
        key=name,
        on_change=_to_address,
        args=(name,),
    )
    return picked


def _to_address(name: str) -> None:
    st.query_params[name] = st.session_state[name]
