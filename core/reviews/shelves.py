"""The shelves of a worklist: which referrals stand on which, and in what order."""

from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import OrganisationKind, Scope
from core.referrals import reading
from core.referrals.model import State
from core.referrals.tables import Message, Referral
from core.reviews.eligibility import eligible_condition
from core.reviews.tables import Claim, Opinion


class Shelf(StrEnum):
    """A part of the worklist."""

    MINE = "mine"
    BACK_TO_ME = "back_to_me"
    POOL = "pool"
    HELD_BY_OTHERS = "held_by_others"
    SENT_BACK = "sent_back"
    ANSWERED = "answered"
    MESSAGES = "messages"


# Only pools of a contract are ever routed to, so a pool's own shelves lie within its
# scope; asking for both would keep the database from walking the index.
_BY_POOL = (Shelf.POOL, Shelf.HELD_BY_OTHERS)


def shelf_query(session: Session, scope: Scope, shelf: Shelf) -> sa.Select[Any]:
    """The referrals on a shelf, with the claim that is open on each."""
    query = sa.select(Referral).outerjoin(
        Claim, sa.and_(Claim.referral_id == Referral.id, Claim.ended_at.is_(None))
    )
    if scope.kind is not OrganisationKind.SPECIALIST_SERVICE:
        return query.where(sa.false())
    if shelf not in _BY_POOL:
        query = query.where(reading.visible(scope))
    return query.where(*_conditions(session, scope, shelf))


def order(shelf: Shelf) -> list[Any]:
    """The most urgent first, then by the clock; what is answered, the latest first."""
    if shelf is Shelf.ANSWERED:
        return [Referral.answered_at.desc()]
    return [Referral.urgency, Referral.due_at, Referral.id]


def _conditions(session: Session, scope: Scope, shelf: Shelf) -> list[Any]:
    state = Referral.state
    match shelf:
        case Shelf.MINE:
            return [state == State.IN_REVIEW, Claim.person_id == scope.person_id]
        case Shelf.BACK_TO_ME:
            back = Referral.reserved_for == scope.person_id
            return [state == State.SUBMITTED, back, *eligible_condition(scope, session)]
        case Shelf.POOL:
            theirs = Referral.reserved_for == scope.person_id
            able = eligible_condition(scope, session)
            return [
                state == State.SUBMITTED,
                sa.not_(sa.func.coalesce(theirs, False)),
                *able,
            ]
        case Shelf.HELD_BY_OTHERS:
            others = Claim.person_id != scope.person_id
            return [_ours(scope), state == State.IN_REVIEW, others]
        case Shelf.SENT_BACK:
            mine = Referral.reserved_for == scope.person_id
            return [state == State.RETURNED, mine]
        case Shelf.ANSWERED:
            return [Referral.id.in_(_answered_by(scope))]
        case Shelf.MESSAGES:
            waiting = sa.select(Message.referral_id)
            return [Referral.id.in_(waiting.where(*reading.message_is_for(scope)))]


def _ours(scope: Scope) -> sa.ColumnElement[bool]:
    return Referral.pool_id == scope.organisation_id


def _answered_by(scope: Scope) -> sa.Select[Any]:
    return sa.select(Opinion.referral_id).where(Opinion.person_id == scope.person_id)
