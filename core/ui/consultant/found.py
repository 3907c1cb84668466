"""What clinics found of those whom one answered: the way to get better at it."""

import uuid
from collections.abc import Sequence

import streamlit as st

from core.clinics.actions import heads_up
from core.clinics.presenters import findings
from core.clinics.presenters.findings import Seen
from core.ui.clinic_view import show_seen
from core.ui.frame import go
from core.ui.session import act, current_actor, read


def show() -> None:
    """One's own answers that somebody has seen face to face, the latest on top."""
    scope = current_actor().scope
    seen = read(lambda session: findings.own_answers(session, scope))
    st.title("Found at clinics", anchor=False)
    if not seen:
        st.info("What a clinic finds of somebody you answered appears here.")
        return
    same = sum(one.same for one in seen)
    st.caption(
        f"Of the latest {len(seen)}, {same} in the same group of diagnoses as your "
        "first one. Histology decides where it has come."
    )
    for one in seen:
        show_seen(one)
        if st.button("Open the case", key=f"open-{one.finding_id}", type="tertiary"):
            go("case", id=str(one.referral_id))
    _now_seen(seen)


def show_found(referral_id: uuid.UUID) -> None:
    """On the case: what was found; nothing while nobody has been seen."""
    scope = current_actor().scope
    seen = read(lambda session: findings.of_referral(session, scope, referral_id))
    if not seen:
        return
    st.subheader("What was found", anchor=False)
    for one in seen:
        show_seen(one)
    _now_seen(seen)


def _now_seen(seen: Sequence[Seen]) -> None:
    news = [one.finding_id for one in seen if one.new]
    if news:
        act(
            lambda session, actor: heads_up.see_findings(
                session, by=actor, finding_ids=news
            )
        )
