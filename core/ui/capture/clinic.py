"""What a clinic found of one of the practice's patients; opened is seen."""

import uuid

import streamlit as st

from core.clinics.actions import heads_up
from core.clinics.presenters import findings
from core.ui.clinic_view import show_seen
from core.ui.session import act, current_actor, read


def show_clinic(referral_id: uuid.UUID) -> None:
    """Every visit that was recorded, the latest first; nothing while there is none."""
    scope = current_actor().scope
    seen = read(lambda session: findings.of_referral(session, scope, referral_id))
    if not seen:
        return
    st.header("Seen at the clinic", anchor=False)
    for one in seen:
        show_seen(one)
    news = [one.finding_id for one in seen if one.new]
    if news:
        act(
            lambda session, actor: heads_up.see_findings(
                session, by=actor, finding_ids=news
            )
        )
