"""How a contract's referrals are routed at a moment, and who is there to answer."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Role
from core.access.tables import Membership, Organisation, Person
from core.contracts.checking import Answerer
from core.contracts.model import Pool
from core.contracts.policy import RoutingPolicy
from core.contracts.reference import Agreement, agreement
from core.contracts.routing import Pools
from core.contracts.tables import ContractPool, ContractVersion, RoutingPolicyVersion
from core.kernel import clock
from core.kernel.errors import NotFound, ServiceError


@dataclass(frozen=True)
class Routing:
    """A contract's pools and the policy in force."""

    agreed: Agreement
    organisations: Mapping[Pool, uuid.UUID]
    pools: Pools
    policy_id: uuid.UUID | None
    policy: RoutingPolicy

    def pool_of(self, organisation_id: uuid.UUID | None) -> Pool | None:
        """Which pool an organisation is; None: none of this contract's."""
        pairs = self.organisations.items()
        return next((pool for pool, one in pairs if one == organisation_id), None)


def routing_of(session: Session, agreed: Agreement, on: datetime) -> Routing:
    """Pools and policy, in one statement. Raises ServiceError without any pool."""
    rows = session.execute(
        sa.select(
            ContractPool.pool,
            ContractPool.organisation_id,
            Organisation.name,
            _newest(agreed.contract_id, on).label("policy_id"),
        )
        .join(Organisation, Organisation.id == ContractPool.organisation_id)
        .where(ContractPool.contract_id == agreed.contract_id)
        .order_by(ContractPool.organisation_id)
    ).all()
    if not rows:
        raise ServiceError(
            "No specialist service answers under your contract. "
            "Ask your service manager."
        )
    policy_id = rows[0].policy_id
    names = {Pool(row.pool): row.name for row in rows}
    return Routing(
        agreed,
        {Pool(row.pool): row.organisation_id for row in rows},
        Pools(names, agreed.terms.service_model),
        policy_id,
        _policy(session, policy_id) if policy_id else RoutingPolicy(),
    )


def routing_now(session: Session, contract_id: uuid.UUID) -> Routing:
    """How a contract routes today. Raises NotFound where no terms hold today."""
    version = session.scalar(
        sa.select(ContractVersion.id)
        .where(
            ContractVersion.contract_id == contract_id,
            ContractVersion.effective_from <= clock.today(),
        )
        .order_by(ContractVersion.effective_from.desc())
        .limit(1)
    )
    if version is None:
        raise NotFound("There is no such contract, or no terms of it hold today.")
    return routing_of(session, agreement(session, version), clock.now())


def answerers(session: Session, contract_id: uuid.UUID) -> list[Answerer]:
    """The specialists who are there now for a contract."""
    rows = session.execute(
        sa.select(ContractPool.pool, Membership.grade, Membership.interests)
        .join(Membership, Membership.organisation_id == ContractPool.organisation_id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            ContractPool.contract_id == contract_id,
            Membership.role == Role.SPECIALIST,
            Membership.ended_at.is_(None),
            Person.active,
        )
    )
    return [Answerer(pool, grade, frozenset(some)) for pool, grade, some in rows]


# A version is never edited, so what was read once stays true.
_known: dict[uuid.UUID, RoutingPolicy] = {}


def _policy(session: Session, policy_id: uuid.UUID) -> RoutingPolicy:
    found = _known.get(policy_id)
    if found is None:
        row = session.get_one(RoutingPolicyVersion, policy_id)
        found = _known[policy_id] = RoutingPolicy.model_validate(row.content)
    return found


def _newest(contract_id: uuid.UUID, on: datetime) -> sa.ScalarSelect[uuid.UUID]:
    """The version whose time came last; of two at once, the later saved."""
    return (
        sa.select(RoutingPolicyVersion.id)
        .where(
            RoutingPolicyVersion.contract_id == contract_id,
            RoutingPolicyVersion.effective_from <= on,
        )
        .order_by(
            RoutingPolicyVersion.effective_from.desc(),
            RoutingPolicyVersion.number.desc(),
        )
        .limit(1)
        .scalar_subquery()
    )
