"""Send a referral, answer a question back, withdraw, take up the answer."""

import uuid
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access import rules as access
from core.access.model import Actor, Role
from core.contracts.reference import agreement
from core.kernel import clock
from core.kernel.errors import Conflict, Invalid, NotAllowed
from core.notify.model import Topic
from core.referrals import reading, rules
from core.referrals.actions.moving import lock_own, move, note_change
from core.referrals.actions.routing import route, route_back
from core.referrals.actions.telling import end_invitation, tell_of
from core.referrals.model import AcknowledgementState, Move, State, next_state
from core.referrals.tables import Acknowledgement, Referral
from core.specialties.reference import specialty


def send(
    session: Session, *, by: Actor, referral_id: uuid.UUID, reason: str = ""
) -> Referral:
    """Send a draft to the specialists. ``reason``: words for its history.

    Sending again, by a double click or because no reply came, changes nothing and
    succeeds. Raises Invalid with the first thing that is missing.
    """
    referral = lock_own(session, by, referral_id)
    if referral.sent_at is not None and referral.sent_by == sender_of(by):
        return referral
    described = specialty(referral.specialty)
    content = reading.content_of(
        session, referral, needs_clinician=access.must_name_clinician(by)
    )
    lacking = rules.missing(described, content)
    if any(one.blocks for one in lacking):
        raise Invalid(rules.summary_of_missing(lacking))
    referral.sent_by, referral.sent_at = sender_of(by), clock.now()
    referral.offered_priority = rules.offered_priority(described, content)
    referral.score = rules.total(described, content)
    referral.image_set = rules.image_set(described, content)
    _start_clock(session, referral)
    # What routing asks is of others; the row itself is written once, by the move.
    with session.no_autoflush:
        route(session, referral, content.answers)
    by_patient = by.role is Role.PATIENT
    sent = Move.PATIENT_SENDS if by_patient else Move.SEND
    move(session, referral, sent, by=by, reason=reason)
    return referral


def sender_of(by: Actor) -> uuid.UUID | None:
    """Who of the practice has sent it: nobody, where the patient did."""
    return None if by.role is Role.PATIENT else by.person_id


def supply(session: Session, *, by: Actor, referral_id: uuid.UUID, words: str) -> None:
    """Answer a specialist's question; it goes back to whoever asked."""
    if not words.strip():
        raise Invalid("Write an answer for the specialist.", field="words")
    referral = lock_own(session, by, referral_id)
    next_state(referral.state, Move.SUPPLY)
    terms = agreement(session, referral.contract_version_id).terms
    referral.reserved_until = clock.now() + timedelta(hours=terms.reserved_for_hours)
    referral.image_set = rules.image_set(
        specialty(referral.specialty), reading.content_of(session, referral)
    )
    _start_clock(session, referral)
    route_back(session, referral)
    move(session, referral, Move.SUPPLY, by=by, reason=words.strip())


def withdraw(
    session: Session, *, by: Actor, referral_id: uuid.UUID, reason: str
) -> None:
    """Take a referral back. Raises Conflict while a specialist is reading it."""
    if not reason.strip():
        raise Invalid("Say why it is withdrawn.", field="reason")
    referral = lock_own(session, by, referral_id)
    ended = end_invitation(session, referral, by=by, reason=reason.strip())
    if not ended and referral.state is not State.LAPSED:
        # What the patient has sent already comes to nothing: they are told as well.
        tell_of(session, referral, Topic.LINK_ENDED)
    move(session, referral, Move.WITHDRAW, by=by, reason=reason.strip())


def acknowledge(session: Session, *, by: Actor, referral_id: uuid.UUID) -> None:
    """Take up the newest answer for the practice, by name.

    Acknowledging again changes nothing. Closes the referral where nobody has to be
    seen.
    """
    if not access.may_acknowledge(by):
        raise NotAllowed(
            "A GP, nurse or administrator acknowledges answers. Ask one of them."
        )
    referral = lock_own(session, by, referral_id)
    waiting = session.scalar(
        sa.select(Acknowledgement)
        .where(Acknowledgement.referral_id == referral.id)
        .order_by(Acknowledgement.version.desc())
        .limit(1)
    )
    if waiting is None or referral.state not in (State.ANSWERED, State.CLOSED):
        raise Conflict("There is no answer to acknowledge yet.")
    if waiting.state is AcknowledgementState.ACKNOWLEDGED:
        return
    waiting.state = AcknowledgementState.ACKNOWLEDGED
    waiting.person_id, waiting.moment = by.person_id, clock.now()
    if waiting.closes:
        move(session, referral, Move.CLOSE, by=by)
    else:
        # The referral stays open until the patient has been seen.
        note_change(session, referral, by=by, action="acknowledge")


def _start_clock(session: Session, referral: Referral) -> None:
    if referral.priority is None:
        raise Invalid("Choose the priority.", field="priority")
    agreed = agreement(session, referral.contract_version_id)
    referral.due_at = agreed.due(referral.priority, clock.now())
