"""What matters now, and the way to a new referral."""

import streamlit as st

from core.access.model import App
from core.clinics.presenters import findings
from core.kernel import clock
from core.referrals.presenters import lists, weblinks
from core.referrals.presenters.overdue import how_many_overdue
from core.reviews.presenters.onward import not_confirmed
from core.ui.capture.rows import listed_row
from core.ui.frame import go
from core.ui.session import current_actor, read
from core.ui.style import Card, cards


_HERE = f"/{App.CAPTURE}"


def show() -> None:
    """The practice's home."""
    scope = current_actor().scope
    counts = read(lambda session: lists.counts(session, scope))
    today = clock.today()
    listed = read(lambda session: lists.listed(session, scope, upto=today))
    to_hospital = read(lambda session: not_confirmed(session, scope))
    found = read(lambda session: findings.how_many_new(session, scope))
    with_patients, from_patients = read(
        lambda session: weblinks.how_many(session, scope)
    )
    late = read(lambda session: how_many_overdue(session, scope))
    st.title("Home", anchor=False)
    if st.button("New referral", type="primary", icon=":material/add:"):
        go("new")
    always = [
        Card(str(counts.to_acknowledge), "answers to acknowledge", f"{_HERE}/inbox"),
        Card(str(counts.returned), "returned to you", f"{_HERE}/inbox?show=returned"),
        Card(str(with_patients), "waiting for the patient", f"{_HERE}/weblinks"),
        Card(str(counts.drafts), "drafts", f"{_HERE}/inbox?show=drafts"),
    ]
    # What is mostly nothing is shown when it is something.
    sometimes = [
        Card(str(late), "waiting too long", f"{_HERE}/overdue"),
        Card(str(from_patients), "from patients, to look at", f"{_HERE}/weblinks"),
        Card(
            str(counts.messages), "with a new message", f"{_HERE}/inbox?show=messages"
        ),
        Card(str(found), "seen at a clinic, new", f"{_HERE}/inbox?show=clinic"),
        Card(str(to_hospital), "to hospital, not confirmed", f"{_HERE}/hospital"),
    ]
    cards([*always, *(one for one in sometimes if one.figure != "0")])
    st.header("Telemedicine list today", anchor=False)
    if not listed:
        st.write(
            "Nobody is on the list today. To bring a patient back for pictures, begin "
            "a new referral and choose “Put on the telemedicine list”."
        )
    for row in listed:
        listed_row(row)
