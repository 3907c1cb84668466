"""Every measure, with what it counts and what it cannot tell."""

import streamlit as st

from core.analytics import describing
from core.analytics.measures.definition import dimensions, measures
from core.ui.commissioner import parts


def show() -> None:
    """The dictionary of measures, in the order of their titles."""
    scope = parts.begin("Definitions")
    st.write(
        "What each figure of these pages counts. The same definitions make the figures "
        "on the pages, in the report and in the analysts' notebooks."
    )
    for one in sorted(measures().values(), key=lambda found: found.title):
        with st.expander(one.title):
            st.markdown(describing.in_markdown(one))
    notes = [
        f"- **{one.title}:** {one.note}" for one in dimensions().values() if one.note
    ]
    st.markdown("\n".join(notes))
    parts.end(scope)
