"""Pickers on top of a page. What is chosen stands in the address."""

import streamlit as st

from core.access.model import Scope
from core.analytics import figures, reading
from core.analytics.measures.definition import dimensions, measures
from core.kernel.errors import NotFound


LONG = ("twelve_months", "all_quarters", "year")
QUARTERS = (*LONG, "quarter")
_GRAINS = {"week": "Weeks", "month": "Months", "quarter": "Quarters"}
_AUTOMATIC = ""


def choose_period(scope: Scope, kinds: tuple[str, ...] = QUARTERS) -> tuple[str, str]:
    """A period of these kinds, the last twelve months first: its key and label.

    A young service has no twelve months, and all its quarters come first. Raises NotFound
    before the first quarter is over that began with it.
    """
    periods = reading.periods(scope)
    found = periods[periods["kind"].isin(kinds)]
    if found.empty:
        raise NotFound(
            "There are no figures of a whole quarter yet. They appear the day after the "
            "first whole quarter of the service is over."
        )
    labels = dict(zip(found["period"], found["label"], strict=True))
    chosen = pick("period", "Period", labels)
    return chosen, labels[chosen]


def choose_grain() -> str:
    """Weeks, months or quarters; empty where the figures themselves decide."""
    options = {_AUTOMATIC: "As fine as can be shown"} | _GRAINS
    return pick("by", "Over time", options)


def choose_practice(scope: Scope) -> tuple[str, str]:
    """One practice: its key and name. Raises NotFound where there is none."""
    found = reading.practices(scope)
    if found.empty:
        raise NotFound("No practice refers here yet.")
    names = dict(zip(found["practice"], found["name"], strict=True))
    chosen = pick("practice", "Practice", names)
    return chosen, names[chosen]


def choose_measure(wanted: list[str]) -> str:
    """One of these measures."""
    titles = {name: measures()[name].title for name in wanted}
    return pick("measure", "Measure", titles)


def choose_dimension(wanted: list[str]) -> str:
    """What to divide by: one of these dimensions."""
    titles = {name: dimensions()[name].title for name in wanted}
    return pick("divided", "Divided by", titles)


def in_grain(scope: Scope, name: str, grain: str) -> tuple[object, str]:
    """A measure over time in the grain asked for, or the finest there is, and which."""
    if grain == _AUTOMATIC:
        found = figures.finest(scope, name)
        return found, str(found.attrs["grain"])
    return figures.series(scope, name, grain), grain


def pick(name: str, label: str, options: dict[str, str]) -> str:
    """One of ``options``; what the address names is chosen already, the first otherwise."""
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
