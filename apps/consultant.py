"""Ozone for specialists."""

import streamlit as st

from core.access.model import App
from core.ui import frame
from core.ui.consultant import (
    case,
    clinic_list,
    figures,
    home,
    onward,
    second_reads,
    worklist,
)
from core.ui.session import require
from core.ui.style import page


page("Ozone for specialists", wide=True)
actor = require(App.CONSULTANT)
frame.run(
    actor,
    [
        st.Page(home.show, title="Home", default=True),
        st.Page(worklist.show, title="Worklist", url_path="worklist"),
        st.Page(second_reads.show, title="Second reads", url_path="second-reads"),
        st.Page(clinic_list.show, title="Clinic list", url_path="clinic"),
        st.Page(onward.show, title="To hospital", url_path="onward"),
        st.Page(figures.show, title="My figures", url_path="figures"),
        st.Page(case.show, title="Case", url_path="case", visibility="hidden"),
    ],
)
