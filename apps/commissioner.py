"""Ozone for commissioners: figures, and no way to a person."""

import streamlit as st

from core.access.model import App
from core.access.rules import may_plan_clinics, may_set_routing
from core.ui import frame
from core.ui.commissioner import (
    capacity,
    clinic_plan,
    clinics_setup,
    pages,
    routing,
    what_if,
)
from core.ui.session import require
from core.ui.style import page


page("Ozone for commissioners", wide=True)
actor = require(App.COMMISSIONER)
shown = [
    st.Page(pages.overview, title="Overview", default=True),
    st.Page(pages.volumes, title="Volumes", url_path="volumes"),
    st.Page(pages.outcomes, title="Outcomes", url_path="outcomes"),
    st.Page(pages.turnaround, title="Turnaround", url_path="turnaround"),
    st.Page(capacity.show, title="Capacity", url_path="capacity"),
]
if may_set_routing(actor):
    shown.append(st.Page(routing.show, title="Routing", url_path="routing"))
if may_plan_clinics(actor):
    shown.append(
        st.Page(clinics_setup.show, title="Clinic sessions", url_path="sessions")
    )
    shown.append(st.Page(clinic_plan.show, title="Clinic plan", url_path="plan"))
    shown.append(st.Page(what_if.show, title="What if", url_path="what-if"))
frame.run(actor, shown)
