"""How long each step takes: the referrer's time is what the service saves or wastes."""

import uuid

import streamlit as st

from core.kernel import clock
from core.referrals.actions import drafting
from core.referrals.model import Step
from core.referrals.presenters import lists
from core.ui.session import act, current_actor, read


_BEGUN = "oz-begun"
_LAST = "oz-stopwatch"
# Rarely enough that the stopwatch writes nothing while somebody types.
_WRITE_AFTER_SECONDS = 20.0


def begin() -> None:
    """The clock starts when the first page of a referral opens."""
    st.session_state.setdefault(_BEGUN, clock.now())


def seconds_before_draft() -> float:
    """What finding the patient took."""
    now = clock.now()
    return float((now - st.session_state.pop(_BEGUN, now)).total_seconds())


def tick(referral_id: uuid.UUID, step: Step) -> None:
    """Count the time since the last click towards the step it was spent on."""
    now = clock.now()
    last = st.session_state.get(_LAST)
    if last is None or last[0] != referral_id:
        st.session_state[_LAST] = (referral_id, step, now)
        return
    _, before, since = last
    seconds = (now - since).total_seconds()
    if before is not step or seconds > _WRITE_AFTER_SECONDS:
        write(referral_id, before, seconds)
        st.session_state[_LAST] = (referral_id, step, now)


def stop(referral_id: uuid.UUID) -> None:
    """Count what is left, when the referral is sent."""
    last = st.session_state.pop(_LAST, None)
    if last is not None and last[0] == referral_id:
        write(referral_id, last[1], (clock.now() - last[2]).total_seconds())


def write(referral_id: uuid.UUID, step: Step, seconds: float) -> None:
    """Keep some seconds of a step."""
    act(
        lambda session, actor: drafting.time_step(
            session, by=actor, referral_id=referral_id, step=step, seconds=seconds
        )
    )


def spent(referral_id: uuid.UUID) -> float:
    """Seconds so far, over all steps and people."""
    scope = current_actor().scope
    return read(lambda session: lists.seconds_spent(session, scope, referral_id))
