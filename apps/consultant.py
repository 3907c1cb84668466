"""Ozone for specialists, and for whoever sees patients in their clinics."""

import streamlit as st

from core.access.model import App
from core.access.rules import may_answer
from core.ui import frame
from core.ui.consultant import (
    case,
    clinic_list,
    clinics,
    figures,
    found,
    home,
    onward,
    second_reads,
    worklist,
)
from core.ui.session import require
from core.ui.style import page


page("Ozone for specialists", wide=True)
actor = require(App.CONSULTANT)
if may_answer(actor):
    shown = [
        st.Page(home.show, title="Home", default=True),
        st.Page(worklist.show, title="Worklist", url_path="worklist"),
        st.Page(second_reads.show, title="Second reads", url_path="second-reads"),
        st.Page(clinics.show, title="My clinics", url_path="clinics"),
        st.Page(found.show, title="Found at clinics", url_path="found"),
        st.Page(clinic_list.show, title="Clinic list", url_path="clinic"),
        st.Page(onward.show, title="To hospital", url_path="onward"),
        st.Page(figures.show, title="My figures", url_path="figures"),
        st.Page(case.show, title="Case", url_path="case", visibility="hidden"),
    ]
else:
    shown = [st.Page(clinics.show, title="My clinics", default=True)]
frame.run(actor, shown)
