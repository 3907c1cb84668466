"""What leaves the service: the board's report and the activity return, month by month."""

import streamlit as st

from core.access.model import Scope
from core.analytics import board, exports, reading
from core.kernel.errors import NotFound
from core.ui.commissioner import parts
from core.ui.commissioner.chart import shown
from core.ui.commissioner.filters import pick
from core.ui.session import current_actor
from core.ui.style import panel


def show() -> None:
    """A month's report as PDF, its activity return as CSV, and what is not shown."""
    scope = parts.begin("Reports")
    shown(lambda: _of_a_month(scope))
    shown(lambda: _quality(scope))
    parts.end(scope)


def _of_a_month(scope: Scope) -> None:
    months = board.months(scope)
    if not months:
        raise NotFound("No month is over yet. The first report comes the day after.")
    month = pick("month", "Month", months)
    whose = current_actor().organisation_name
    with panel("report"):
        st.subheader(f"Report to the board: {months[month]}", anchor="report")
        st.write(
            "Six measures and the money saved, each with its control chart and what it "
            "says; the activity return; what is counted. Two pages."
        )
        st.download_button(
            "Download the report",
            lambda: board.report(scope, month, whose),
            file_name=f"board-report-{month.removeprefix('month:')}.pdf",
            mime="application/pdf",
            key="report",
            icon=":material/picture_as_pdf:",
            type="primary",
            on_click="ignore",
        )
    with panel("return"):
        st.subheader(f"Activity return: {months[month]}", anchor="return")
        st.caption(
            "Total: referrals sent. Processed: answered in the month, whenever sent. "
            "Diverted: answered without a clinic visit."
        )
        found = board.activity_return(scope, month)
        st.table(found.drop(columns="Month").set_index("Specialty"))
        st.download_button(
            "Download as CSV",
            exports.csv(found),
            file_name=f"activity-return-{month.removeprefix('month:')}.csv",
            mime="text/csv",
            key="return",
            icon=":material/download:",
            on_click="ignore",
        )


def _quality(scope: Scope) -> None:
    """How much had to be hidden."""
    found = reading.hidden_shares(scope)
    with panel("quality"):
        st.subheader("How much is not shown", anchor="not-shown")
        st.caption(
            "Of all published figures with anybody in them, those that are small or would "
            "give a small one away."
        )
        table = found.assign(
            Figures=[f"{n:,}" for n in found["cells"]],
            share=[f"{one:.0f} %" for one in found["share"]],
        )
        table = table.rename(columns={"title": "Kind", "share": "Not shown"})
        st.table(table[["Kind", "Figures", "Not shown"]].set_index("Kind"))
