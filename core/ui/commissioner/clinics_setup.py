"""Clinic sessions: sites, staff, patterns and single sessions of a service."""

import streamlit as st

from core.clinics.presenters import set_up, weeks
from core.ui.commissioner import (
    clinic_import,
    clinic_patterns,
    clinic_sites,
    clinic_staff,
    clinic_week,
)
from core.ui.session import current_actor, read
from core.ui.style import plain


def show() -> None:
    """Choose the service; then one thing at a time."""
    st.title("Clinic sessions", anchor=False)
    scope = current_actor().scope
    names = read(lambda session: weeks.services(session, scope))
    if not names:
        st.info("There is no specialist service yet.")
        return
    service = st.selectbox(
        "Service",
        list(names),
        format_func=lambda one: names[one],
        key="clinics-service",
    )
    sites = read(lambda session: set_up.sites(session, scope, service))
    staff = read(lambda session: set_up.staff(session, scope, service))
    with st.container():
        for sentence in read(lambda session: set_up.lacking(session, scope, service)):
            st.warning(plain(sentence))
    week, patterns, people, places, files = st.tabs(
        ["This week", "Patterns", "Staff", "Sites", "Import"]
    )
    with week:
        clinic_week.show(service, sites, staff)
    with patterns:
        clinic_patterns.show(service, sites, staff)
    with people:
        clinic_staff.show(service, staff)
    with places:
        clinic_sites.show(service, sites)
    with files:
        clinic_import.show(service)
