"""One chart of a page: its finding, its picture, the same as a table, to take away."""

from collections.abc import Callable

import streamlit as st

from core.access.model import Scope
from core.analytics import describing, exports, reading
from core.analytics.charts import ROUNDING, Chart
from core.analytics.measures.definition import Measure
from core.kernel import words
from core.kernel.errors import ServiceError
from core.ui.style import panel, unbroken


_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What this run of the page has said already.
_TOLD = "oz-told"
_BARE = {"displayModeBar": False}


def show_chart(
    chart: Chart,
    name: str,
    counted: Measure | str,
    *,
    icons: str = "",
    how: str = "",
) -> None:
    """A chart with its table, definition and downloads.

    ``name`` is its own on its page, and the address ``…#name`` leads to it. ``counted``
    says what is counted: a measure, or words. ``icons``: what the chart says, as signs;
    ``how``: how such a chart is read.
    """
    with panel(name):
        st.subheader(unbroken(chart.title), anchor=name)
        st.caption(unbroken(chart.subtitle))
        if icons:
            st.html(icons)
        if len(chart.table):
            st.plotly_chart(
                chart.figure,
                theme=None,
                config=_BARE,
                alt=chart.alt_text,
                key=f"picture-{name}",
            )
        _more(chart, name, definition(counted, how))


def _more(chart: Chart, name: str, told: str) -> None:
    """The table and the definition, each behind a button, and the downloads."""
    with st.container(horizontal=True, key=f"more-{name}"):
        with st.popover("How this is counted", icon=":material/info:"):
            st.markdown(told)
        with st.popover("Table", icon=":material/table:"):
            st.table(chart.table.set_index(chart.table.columns[0]))
        notes = [chart.subtitle, ROUNDING]
        st.download_button(
            "CSV",
            lambda: exports.csv(chart.table),
            file_name=f"{name}.csv",
            mime="text/csv",
            key=f"csv-{name}",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            "Excel",
            lambda: exports.workbook(chart.table, chart.title, notes),
            file_name=f"{name}.xlsx",
            mime=_WORKBOOK,
            key=f"xlsx-{name}",
            icon=":material/download:",
            on_click="ignore",
        )


def definition(counted: Measure | str, how: str = "") -> str:
    """What is counted and how it is read, as Markdown."""
    if isinstance(counted, str):
        told = counted
    else:
        told = f"**{counted.title}**\n\n{describing.in_markdown(counted)}"
    return f"{told}\n\n{how}" if how else told


def shown(show: Callable[[], None]) -> None:
    """A choice without figures is an answer, not a fault; it is said once on a page."""
    try:
        show()
    except ServiceError as none:
        told: set[str] = st.session_state.setdefault(_TOLD, set())
        if none.sentence not in told:
            st.info(none.sentence)
        told.add(none.sentence)


def begin_telling() -> None:
    """A page begins: nothing has been said on it."""
    st.session_state[_TOLD] = set()


def foot(scope: Scope) -> None:
    """How new the figures are, whether anything is wrong, and what to know of them."""
    wrong = reading.trouble_of(scope)
    if wrong:
        st.warning(wrong)
    fresh = reading.freshness(scope)
    hidden = reading.hidden_shares(scope)
    shares = ", ".join(
        f"{one:.0f} % {of}"
        for one, of in zip(hidden["share"], hidden["of"], strict=True)
    )
    told = (
        f"{fresh.sentence} Brought up to date {words.moment_in_words(fresh.data_as_of)}. "
        "Counts are rounded to the nearest 5, and * stands for a figure that is not shown "
        "because it is small, or would give a small one away"
        f"{f': {shares}' if shares else ''}."
    )
    st.caption(unbroken(told))
