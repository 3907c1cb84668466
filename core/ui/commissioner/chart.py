"""One chart of a page: its finding, its picture, the same as a table, to take away."""

from collections.abc import Callable

import streamlit as st

from core.access.model import Scope
from core.analytics import reading
from core.analytics.charts import Chart
from core.analytics.showing import as_csv
from core.kernel import words
from core.kernel.errors import NotFound
from core.ui.style import panel


def show_chart(chart: Chart, name: str = "chart", counted: str = "") -> None:
    """``name`` tells several charts of a page apart; ``counted`` says what is counted.

    With it the table can be taken away as a file.
    """
    with panel(name):
        st.subheader(chart.title, anchor=False)
        st.caption(chart.subtitle)
        if len(chart.table):
            st.plotly_chart(
                chart.figure,
                theme=None,
                config={"displayModeBar": False},
                alt=chart.alt_text,
            )
    with st.expander("The same as a table"):
        st.table(chart.table.set_index(chart.table.columns[0]))
        if counted:
            st.download_button(
                "Download the table",
                as_csv(chart.table),
                file_name=f"{name}.csv",
                mime="text/csv",
                key=f"download-{name}",
                on_click="ignore",
            )
    if counted:
        with st.expander("How this is counted"):
            st.write(counted)


def shown(show: Callable[[], None]) -> None:
    """A choice without figures is an answer, not a fault."""
    try:
        show()
    except NotFound as none:
        st.info(none.sentence)


def foot(scope: Scope) -> None:
    """How new the figures are."""
    fresh = reading.freshness(scope)
    st.caption(
        f"{fresh.sentence} Brought up to date {words.moment_in_words(fresh.data_as_of)}."
    )
