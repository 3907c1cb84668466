"""Ranked diagnoses: type one, Enter takes it; each with its certainty."""

import streamlit as st

from core.specialties.model import Diagnosis, Specialty
from core.ui.consultant.entries import CERTAINTY, Entries
from core.ui.style import plain


_CERTAINTIES = ("certain", "probable", "possible")


def show_diagnoses(described: Specialty, entries: Entries) -> None:
    """One field to add from the coded list, then what was taken, the likeliest first."""
    chosen: list[str] = entries.get("diagnoses")
    known = {one.code: searchable(one) for one in described.diagnoses}
    key = entries.key("diagnosis")
    st.selectbox(
        "Diagnoses, the likeliest first",
        # All of them, also what was taken: a browser may hand a choice over once more,
        # and Streamlit reads what is no longer offered as a word of its own.
        list(known),
        index=None,
        placeholder="Type a name, BCC, rodent ulcer …",
        format_func=lambda code: known[code],
        # Only what contains the letters: a wrong diagnosis that looks alike is a danger.
        filter_mode="contains",
        key=key,
        on_change=_add,
        args=(entries, key),
    )
    # One place on the page, however many there are: what comes after it stays where it
    # is, and whoever is typing there keeps the cursor.
    with st.container(gap="small"):
        for rank, code in enumerate(chosen):
            _show(entries, rank, code, described.diagnosis(code).label)


def searchable(one: Diagnosis) -> str:
    """A diagnosis as a list shows it: it is searched by that, so synonyms stand there."""
    return f"{one.label} ({', '.join(one.synonyms)})" if one.synonyms else one.label


def _show(entries: Entries, rank: int, code: str, label: str) -> None:
    line = st.container(horizontal=True, vertical_alignment="center", gap="small")
    line.markdown(f"{rank + 1}\\. **{plain(label)}**", width="stretch")
    if rank:
        line.button(
            "↑",
            key=entries.key(f"up-{code}"),
            help=f"{label} is likelier than the one above",
            on_click=_move_up,
            args=(entries, code),
        )
    line.button(
        "✕",
        key=entries.key(f"off-{code}"),
        help=f"Remove {label}",
        on_click=_take_off,
        args=(entries, code),
    )
    st.segmented_control(
        f"How sure: {label}",
        _CERTAINTIES,
        required=True,
        format_func=str.capitalize,
        label_visibility="collapsed",
        width="stretch",
        **entries.widget(f"{CERTAINTY}{code}"),
    )


def _add(entries: Entries, key: str) -> None:
    code = st.session_state[key]
    st.session_state[key] = None
    if code is not None and code not in entries.get("diagnoses"):
        entries.put("diagnoses", [*entries.get("diagnoses"), code])
        entries.keep()


def _move_up(entries: Entries, code: str) -> None:
    ranked = list(entries.get("diagnoses"))
    at = ranked.index(code)
    ranked[at - 1], ranked[at] = ranked[at], ranked[at - 1]
    entries.put("diagnoses", ranked)
    entries.keep()


def _take_off(entries: Entries, code: str) -> None:
    entries.put("diagnoses", [one for one in entries.get("diagnoses") if one != code])
    entries.keep()
