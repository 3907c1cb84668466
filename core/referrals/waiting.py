"""Everything that somebody still has to see to, since when, and under which contract."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.contracts.model import Loop
from core.invitations.model import UNFINISHED
from core.invitations.tables import Invitation
from core.referrals.model import AcknowledgementState, Move, State
from core.referrals.tables import Acknowledgement, Referral, ReferralEvent


@dataclass(frozen=True)
class Waiting:
    """One open loop. ``due_at``: the target, where the loop is about one."""

    referral_id: uuid.UUID
    loop: Loop
    since: datetime
    contract_version_id: uuid.UUID
    due_at: datetime | None = None


def waiting(session: Session) -> Iterator[Waiting]:
    """All of them, of every practice."""
    for loop, query in _QUERIES.items():
        for row in session.execute(query):
            yield Waiting(row.id, loop, row.since, row.contract_version_id, row.due_at)


def _select(since: sa.SQLColumnExpression[Any]) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(
        Referral.id,
        since.label("since"),
        Referral.contract_version_id,
        Referral.due_at,
    )


def _last(*moves: Move) -> sa.ScalarSelect[datetime]:
    return (
        sa.select(sa.func.max(ReferralEvent.moment))
        .where(ReferralEvent.referral_id == Referral.id, ReferralEvent.move.in_(moves))
        .correlate(Referral)
        .scalar_subquery()
    )


_QUERIES = {
    # An amended answer waits anew.
    Loop.UNACKNOWLEDGED: _select(_last(Move.ANSWER, Move.AMEND))
    .join(Acknowledgement, Acknowledgement.referral_id == Referral.id)
    .where(Acknowledgement.state == AcknowledgementState.PENDING),
    Loop.UNANSWERED_LINK: _select(Invitation.asked_at)
    .join(Invitation, Invitation.referral_id == Referral.id)
    .where(Invitation.state.in_(UNFINISHED), Invitation.asked_at.is_not(None)),
    # What a patient handed in or could not go on with, a warning sign among it.
    Loop.UNREVIEWED: _select(_last(Move.PATIENT_HANDS_IN, Move.PATIENT_STOPS)).where(
        Referral.state == State.PRACTICE_REVIEW
    ),
    Loop.UNRETURNED: _select(_last(Move.RETURN)).where(
        Referral.state == State.RETURNED
    ),
    # Each target has its own time, by which its steps are told apart.
    Loop.TARGET_AT_RISK: _select(Referral.due_at).where(
        Referral.state.in_((State.SUBMITTED, State.IN_REVIEW)),
        Referral.due_at.is_not(None),
    ),
}
