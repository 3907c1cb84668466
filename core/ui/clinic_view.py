"""What a clinic found, beside what was thought before; for both who asked and answered."""

import streamlit as st

from core.clinics.presenters.findings import Seen
from core.ui.style import panel, plain, tag_html


def show_seen(one: Seen) -> None:
    """One visit: the two diagnoses side by side, what was done, histology, words."""
    with panel(f"seen-{one.finding_id}"):
        new = tag_html("New", "active") if one.new else ""
        st.html(f"{new} {_group(one)}")
        before, after = st.columns(2)
        before.markdown(f"**From the pictures**  \n{plain(one.remote)}")
        after.markdown(f"**Face to face**  \n{plain(one.found)}")
        st.markdown(f"**Done:** {plain(one.done)}")
        if one.histology:
            st.markdown(f"**Histology:** {plain(one.histology)}")
        if one.words:
            st.markdown(plain(one.words).replace("\n", "  \n"))
        corrected = " · corrected" if one.corrected else ""
        st.caption(f"{plain(one.by)} · {one.day} · {one.reference}{corrected}")


def _group(one: Seen) -> str:
    if one.same:
        return tag_html("Same group of diagnoses", "done")
    return tag_html("Another group of diagnoses", "warning")
