"""Step 2: what it is, and where on the body."""

import uuid

import streamlit as st

from core.referrals.actions import drafting
from core.referrals.actions.pictures import unpin
from core.referrals.presenters.drafts import DraftView
from core.ui.capture.saving import chosen, save_note
from core.ui.components.body_map import Pin, body_map
from core.ui.session import act
from core.ui.style import panel


def show_problem(view: DraftView) -> None:
    """Lesion, rash or other; lesions get a pin each."""
    st.title("What is the problem?", anchor=False)
    problems = [one.code for one in view.specialty.problems]
    captions = {one.code: one.help for one in view.specialty.problems}
    key = chosen(view, "problem", view.problem)
    st.radio(
        "Problem",
        problems,
        index=None,
        key=key,
        format_func=lambda code: view.specialty.problem(code).label,
        captions=[captions[code] for code in problems],
        on_change=save_note,
        args=(view.referral_id, "problem", key),
        label_visibility="collapsed",
    )
    if view.problem and view.specialty.problem(view.problem).has_lesions:
        _pins(view)


def _pins(view: DraftView) -> None:
    st.header("Where is it?", anchor=False)
    st.write("Tap the place. For more than one lesion, tap each place.")
    left, right = st.columns([3, 2])
    with left:
        pinned = body_map(
            f"body-{view.referral_id}",
            pins=[
                Pin(p.number, p.x, p.y, "back" if p.side == "back" else "front", p.site)
                for p in view.pins
            ],
        )
    if pinned is not None:
        _add(
            view.referral_id,
            drafting.Pin(pinned.region, pinned.side, pinned.x, pinned.y),
        )
        st.rerun()
    with right:
        for pin in view.pins:
            line = panel(f"pin-{pin.number}", row=True)
            line.markdown(
                f"**{pin.number}** {pin.site_label}, {pin.side}", width="stretch"
            )
            line.button(
                "Remove",
                key=f"unpin-{pin.lesion_id}",
                on_click=_remove,
                args=(view.referral_id, pin.lesion_id),
            )


def _add(referral_id: uuid.UUID, place: drafting.Pin) -> None:
    act(
        lambda session, actor: drafting.pin(
            session, by=actor, referral_id=referral_id, place=place
        )
    )


def _remove(referral_id: uuid.UUID, lesion_id: uuid.UUID) -> None:
    act(
        lambda session, actor: unpin(
            session, by=actor, referral_id=referral_id, lesion_id=lesion_id
        )
    )
