"""What a clinic found, beside what was thought before; for both who asked and answered."""

import streamlit as st

from core.clinics.presenters.findings import Seen
from core.ui.style import panel, plain, tag


def show_seen(one: Seen) -> None:
    """One visit: the two diagnoses side by side, what was done, histology, words."""
    with panel(f"seen-{one.finding_id}"):
        line = st.container(horizontal=True, vertical_alignment="center")
        with line:
            if one.new:
                tag("New", "active")
            if one.same:
                tag("Same group of diagnoses", "done")
            else:
                tag("Another group of diagnoses", "warning")
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
