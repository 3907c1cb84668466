"""Route a referral to the pool that answers it."""

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.contracts.model import PRIORITY_ORDER, Pool, Priority
from core.contracts.routing import RoutingPolicy, decide
from core.contracts.tables import ContractPool, ContractVersion, RoutingPolicyVersion
from core.kernel import clock
from core.kernel.errors import ServiceError
from core.referrals.tables import Referral, RoutingDecision


def route(session: Session, referral: Referral) -> RoutingDecision:
    """Give a referral to a pool, and write down why. ``referral`` is held already."""
    pools = _pools(session, referral)
    policy_id, policy = _policy(session, referral)
    decision = decide(policy, frozenset(pools))
    last = session.scalar(
        sa.select(sa.func.max(RoutingDecision.number)).where(
            RoutingDecision.referral_id == referral.id
        )
    )
    now = clock.now()
    referral.pool_id, referral.routed_at = pools[decision.pool], now
    referral.sub_specialty = decision.sub_specialty
    referral.urgency = PRIORITY_ORDER.index(referral.priority or Priority.ROUTINE)
    row = RoutingDecision(
        referral_id=referral.id,
        number=(last or 0) + 1,
        moment=now,
        pool=decision.pool,
        organisation_id=pools[decision.pool],
        policy_id=policy_id,
        rule=decision.rule,
        reason=decision.reason,
        sub_specialty=decision.sub_specialty,
    )
    session.add(row)
    return row


def _pools(session: Session, referral: Referral) -> dict[Pool, uuid.UUID]:
    rows = session.execute(
        sa.select(ContractPool.pool, ContractPool.organisation_id)
        .join(ContractVersion, ContractVersion.contract_id == ContractPool.contract_id)
        .where(ContractVersion.id == referral.contract_version_id)
    )
    found = {Pool(pool): organisation for pool, organisation in rows}
    if not found:
        raise ServiceError(
            "No specialist service answers under your contract. "
            "Ask your service manager."
        )
    return found


def _policy(
    session: Session, referral: Referral
) -> tuple[uuid.UUID | None, RoutingPolicy]:
    row = session.scalar(
        sa.select(RoutingPolicyVersion)
        .join(
            ContractVersion,
            ContractVersion.contract_id == RoutingPolicyVersion.contract_id,
        )
        .where(
            ContractVersion.id == referral.contract_version_id,
            RoutingPolicyVersion.effective_from <= clock.now(),
        )
        .order_by(RoutingPolicyVersion.number.desc())
        .limit(1)
    )
    if row is None:
        return None, RoutingPolicy()
    return row.id, RoutingPolicy.model_validate(row.content)
