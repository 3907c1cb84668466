"""Give a referral to the pool that answers it, and write down why."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import SYSTEM
from core.contracts.model import PRIORITY_ORDER, Pool, Priority
from core.contracts.reading import Routing, answerers, routing_of
from core.contracts.reference import agreement, bank_holidays
from core.contracts.routing import Decision, decide, fall_back, give_back, leaves_at
from core.kernel import clock
from core.referrals import reading
from core.referrals.actions.moving import note_change
from core.referrals.model import Move, State
from core.referrals.tables import Referral, ReferralEvent, RoutingDecision
from core.specialties.model import Answers


# What one round of the worker moves: a commit of a moment, and the rest next time.
_AT_ONCE = 50
_ASK_AGAIN = timedelta(hours=1)


def route(session: Session, referral: Referral, answers: Answers) -> RoutingDecision:
    """Give a referral that is being sent to a pool. It is held already."""
    now = clock.now()
    agreed = agreement(session, referral.contract_version_id)
    routing = routing_of(session, agreed, now)
    facts = reading.facts_of(session, referral, routing.policy, answers)
    decision = decide(
        routing.policy,
        routing.pools,
        facts,
        reading.load_of(session, routing, now),
        now,
        bank_holidays(),
    )
    referral.urgency = PRIORITY_ORDER.index(facts.priority)
    return _write(session, referral, routing, decision, number=1)


def route_back(session: Session, referral: Referral) -> RoutingDecision:
    """Give a referral that the practice has supplied to the pool of whoever asked."""
    agreed = agreement(session, referral.contract_version_id)
    routing = routing_of(session, agreed, clock.now())
    asked = session.scalar(
        sa.select(ReferralEvent.organisation_id)
        .where(
            ReferralEvent.referral_id == referral.id, ReferralEvent.move == Move.RETURN
        )
        .order_by(ReferralEvent.number.desc())
        .limit(1)
    )
    number, held = _held(session, referral, routing)
    # An asker whose service has left the contract is no reason to send it nowhere.
    decision = give_back(routing.pools, held, routing.pool_of(asked) or held.pool)
    return _write(session, referral, routing, decision, number=number + 1)


def reroute_waiting(session: Session) -> int:
    """Move what nobody has claimed in time to the other pool. Returns how many.

    Where nobody there may answer it, it stays, and is asked about again an hour on.
    """
    due = session.scalars(
        sa.select(Referral)
        .where(Referral.state == State.SUBMITTED, Referral.falls_back_at <= clock.now())
        .order_by(Referral.falls_back_at)
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    return sum(_reroute(session, referral) for referral in due)


def _reroute(session: Session, referral: Referral) -> bool:
    now = clock.now()
    agreed = agreement(session, referral.contract_version_id)
    routing = routing_of(session, agreed, now)
    number, held = _held(session, referral, routing)
    priority = referral.priority or Priority.ROUTINE
    decision = fall_back(routing.policy, routing.pools, held, priority)
    if decision is None:
        # The policy has changed since: it stays where it is.
        referral.falls_back_at = None
        return False
    if not _somebody(session, routing, decision, priority):
        referral.falls_back_at = now + _ASK_AGAIN
        return False
    _write(session, referral, routing, decision, number=number + 1)
    note_change(
        session,
        referral,
        by=SYSTEM,
        action="reroute",
        rule=decision.rule,
        pool=decision.pool,
    )
    return True


def _somebody(
    session: Session, routing: Routing, decision: Decision, priority: Priority
) -> bool:
    return any(
        one.may_answer(routing.agreed.terms, decision, priority)
        for one in answerers(session, routing.agreed.contract_id)
    )


def _write(
    session: Session,
    referral: Referral,
    routing: Routing,
    decision: Decision,
    *,
    number: int,
) -> RoutingDecision:
    now = clock.now()
    referral.pool_id = routing.organisations[decision.pool]
    referral.routed_at = now
    referral.sub_specialty = decision.sub_specialty if decision.restricted else ""
    referral.falls_back_at = leaves_at(
        routing.policy,
        routing.pools,
        decision,
        referral.priority or Priority.ROUTINE,
        max(now, referral.reserved_until or now),
        # The first time it has been nowhere, and nothing has to be asked.
        _been(session, referral) if number > 1 else (),
    )
    row = RoutingDecision(
        referral_id=referral.id,
        number=number,
        moment=now,
        pool=decision.pool,
        organisation_id=referral.pool_id,
        policy_id=routing.policy_id,
        rule=decision.rule,
        reason=decision.reason,
        sub_specialty=decision.sub_specialty,
    )
    session.add(row)
    return row


def _been(session: Session, referral: Referral) -> frozenset[Pool]:
    return frozenset(
        session.scalars(
            sa.select(RoutingDecision.pool).where(
                RoutingDecision.referral_id == referral.id
            )
        )
    )


def _held(
    session: Session, referral: Referral, routing: Routing
) -> tuple[int, Decision]:
    """The decision that holds, and its number; 0 for what is older than decisions."""
    row = session.scalar(
        sa.select(RoutingDecision)
        .where(RoutingDecision.referral_id == referral.id)
        .order_by(RoutingDecision.number.desc())
        .limit(1)
    )
    restricted = bool(referral.sub_specialty)
    if row is None:
        pool = routing.pool_of(referral.pool_id) or next(iter(routing.organisations))
        return 0, Decision(pool, "", "", referral.sub_specialty, restricted)
    return row.number, Decision(
        row.pool, row.rule, row.reason, row.sub_specialty, restricted
    )
