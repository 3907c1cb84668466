"""Ozone for commissioners: figures, and no way to a person."""

import streamlit as st

from core.access.model import App
from core.access.rules import may_plan_clinics, may_set_routing
from core.ui import frame
from core.ui.commissioner import (
    capacity,
    clinic_plan,
    clinics_setup,
    definitions,
    equity,
    forecast,
    outcomes,
    overdue,
    overview,
    practices,
    quality,
    reports,
    routing,
    truth,
    turnaround,
    value,
    volumes,
    weblinks,
    what_if,
)
from core.ui.session import require
from core.ui.style import page


page("Ozone for commissioners", wide=True)
actor = require(App.COMMISSIONER)
shown = [
    st.Page(overview.show, title="Overview", default=True),
    st.Page(volumes.show, title="Volumes", url_path="volumes"),
    st.Page(outcomes.show, title="Outcomes", url_path="outcomes"),
    st.Page(turnaround.show, title="Turnaround", url_path="turnaround"),
    st.Page(quality.show, title="Quality", url_path="quality"),
    st.Page(weblinks.show, title="Weblinks", url_path="weblinks"),
    st.Page(practices.show, title="Practices", url_path="practices"),
    st.Page(equity.show, title="Equity", url_path="equity"),
    st.Page(truth.show, title="Truth", url_path="truth"),
    st.Page(value.show, title="Value", url_path="value"),
    st.Page(forecast.show, title="Forecast", url_path="forecast"),
    st.Page(capacity.show, title="Capacity", url_path="capacity"),
    st.Page(reports.show, title="Reports", url_path="reports"),
    st.Page(definitions.show, title="Definitions", url_path="definitions"),
]
if may_set_routing(actor):
    shown.append(st.Page(overdue.show, title="Waiting too long", url_path="overdue"))
    shown.append(st.Page(routing.show, title="Routing", url_path="routing"))
if may_plan_clinics(actor):
    shown += [
        st.Page(clinics_setup.show, title="Clinic sessions", url_path="sessions"),
        st.Page(clinic_plan.show, title="Clinic plan", url_path="plan"),
        st.Page(what_if.show, title="What if", url_path="what-if"),
    ]
frame.run(actor, shown, at_side=True)
