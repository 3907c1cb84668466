"""The shelves of a worklist: which referrals stand on which, and in what order.

A shelf that grows with the backlog is walked along an index that has its order, and no
further than was asked. What lies on one person's desk is found by that person first.
"""

import uuid
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import OrganisationKind, Scope
from core.contracts.reference import agreement
from core.kernel import clock
from core.referrals import reading
from core.referrals.model import State
from core.referrals.tables import Referral, UnreadMessage
from core.reviews.eligibility import Condition, eligible, stretches
from core.reviews.tables import Claim, Opinion


# More than one person ever has, and more than a list shows.
_OWN_AT_MOST: Final = 1001
_URGENT_FIRST = (Referral.urgency, Referral.due_at, Referral.id)


class Shelf(StrEnum):
    """A part of the worklist."""

    MINE = "mine"
    BACK_TO_ME = "back_to_me"
    POOL = "pool"
    HELD_BY_OTHERS = "held_by_others"
    SENT_BACK = "sent_back"
    ANSWERED = "answered"
    MESSAGES = "messages"


def in_order(
    session: Session,
    scope: Scope,
    shelf: Shelf,
    narrowed: Sequence[Condition] = (),
    *,
    limit: int,
    offset: int = 0,
) -> sa.Subquery:
    """The ``id`` of a stretch of a shelf: the most urgent first, then by the clock.

    What is answered: the latest first.
    """
    parts = _parts(session, scope, shelf)
    order: list[Any] = list(_URGENT_FIRST)
    if shelf is Shelf.ANSWERED:
        order = [Opinion.moment.desc(), Opinion.id]
    columns = [column.label(f"by_{n}") for n, column in enumerate(_URGENT_FIRST)]
    if len(parts) == 1:
        query = parts[0].with_only_columns(Referral.id).where(*narrowed)
        query = query.order_by(*order)
    else:
        each = [
            part.with_only_columns(*columns)
            .where(*narrowed)
            .order_by(*order)
            .limit(limit + offset)
            .subquery()
            for part in parts
        ]
        whole = sa.union_all(*map(sa.select, each)).subquery()
        query = sa.select(whole.c.by_2.label("id")).order_by(*whole.c)
    return query.limit(limit).offset(offset).subquery()


def how_many_of(
    session: Session,
    scope: Scope,
    shelf: Shelf,
    narrowed: Sequence[Condition] = (),
    *,
    limit: int,
) -> sa.Select[int]:
    """How many a shelf holds, up to a limit."""
    parts = [
        part.with_only_columns(sa.literal(1).label("one")).where(*narrowed).limit(limit)
        for part in _parts(session, scope, shelf)
    ]
    some = sa.union_all(*(sa.select(part.subquery()) for part in parts)).limit(limit)
    return sa.select(sa.func.count()).select_from(some.subquery())


def _parts(session: Session, scope: Scope, shelf: Shelf) -> list[sa.Select[Any]]:
    """What a shelf is put together from; no referral is in two parts."""
    whole = sa.select(Referral)
    if scope.kind is not OrganisationKind.SPECIALIST_SERVICE:
        # Joined for whoever asks for the order of what was answered.
        return [whole.join(Opinion, _answered_first_by(scope)).where(sa.false())]
    # Only pools of a contract are ever routed to, so a pool's own shelves lie within
    # its scope; asking for both would keep the database from walking the index.
    if shelf is Shelf.POOL:
        parts = stretches(scope, session) or [[sa.false()]]
        return [whole.where(*_waiting(scope), *part) for part in parts]
    if shelf is Shelf.HELD_BY_OTHERS:
        return [_held_by_others(scope)]
    seen = whole.where(reading.visible(scope))
    if shelf is Shelf.ANSWERED:
        return [seen.join(Opinion, _answered_first_by(scope))]
    if shelf is Shelf.BACK_TO_ME:
        return [seen.where(Referral.id.in_(_able_to_take(session, scope)))]
    own = _own(scope, shelf).subquery()
    return [seen.join(own, own.c.id == Referral.id)]


def _waiting(scope: Scope) -> list[Condition]:
    """In the pool, and not kept for this person: that is another shelf."""
    mine = sa.func.coalesce(Referral.reserved_for == scope.person_id, False)
    return [Referral.state == State.SUBMITTED, sa.not_(mine)]


def _held_by_others(scope: Scope) -> sa.Select[Any]:
    return (
        sa.select(Referral)
        .join(
            Claim, sa.and_(Claim.referral_id == Referral.id, Claim.ended_at.is_(None))
        )
        .where(
            Referral.pool_id == scope.organisation_id,
            Referral.state == State.IN_REVIEW,
            Claim.person_id != scope.person_id,
        )
    )


def _answered_first_by(scope: Scope) -> Condition:
    # Whoever answered first amends: the first version says whose the answer is.
    return sa.and_(
        Opinion.referral_id == Referral.id,
        Opinion.version == 1,
        Opinion.person_id == scope.person_id,
    )


def _able_to_take(session: Session, scope: Scope) -> list[uuid.UUID]:
    """What came back to this person and the rule still lets them have.

    By the rule for one case: beside its conditions for rows, the database would think
    the pool's index the shorter way to these few.
    """
    back = session.scalars(
        sa.select(Referral)
        .where(
            Referral.reserved_for == scope.person_id, Referral.state == State.SUBMITTED
        )
        .limit(_OWN_AT_MOST)
    )
    return [
        one.id
        for one in back
        if eligible(
            scope,
            one,
            agreement(session, one.contract_version_id).terms,
            clock.now(),
        )
    ]


def _own(scope: Scope, shelf: Shelf) -> sa.Select[Any]:
    """The ids of one person's own. Cut, so that the database begins with these."""
    me = scope.person_id
    match shelf:
        case Shelf.SENT_BACK:
            query = sa.select(Referral.id).where(
                Referral.reserved_for == me, Referral.state == State.RETURNED
            )
        case Shelf.MESSAGES:
            unread = sa.select(UnreadMessage.referral_id.label("id"))
            return unread.where(*reading.message_is_for(scope)).distinct()
        case _:
            query = (
                sa.select(Claim.referral_id.label("id"))
                .join(Referral, Referral.id == Claim.referral_id)
                .where(Claim.person_id == me, Claim.ended_at.is_(None))
                .where(Referral.state == State.IN_REVIEW)
            )
    return query.limit(_OWN_AT_MOST)
