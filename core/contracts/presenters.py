"""Contracts and their routing, for the service manager's page."""

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import OrganisationKind, Scope
from core.access.tables import Person
from core.contracts.checking import Answerer
from core.contracts.model import Pool
from core.contracts.policy import RoutingPolicy
from core.contracts.reading import Routing, answerers, routing_now
from core.contracts.tables import Contract, RoutingPolicyVersion
from core.contracts.words import sentences
from core.kernel import clock, words
from core.kernel.errors import NotAllowed
from core.specialties.reference import specialty


@dataclass(frozen=True)
class Saved:
    """One version of a policy: who saved it, from when it holds, and what it says."""

    number: int
    who: str
    holds_from: str
    in_force: bool
    source: str
    says: list[str]


@dataclass(frozen=True)
class RoutingPage:
    """A contract's routing. ``shared``: two services answer, so there is a choice."""

    contract_id: uuid.UUID
    specialty: str
    services: dict[Pool, str]
    shared: bool
    policy: RoutingPolicy
    says: list[str]
    staff: list[str]
    history: list[Saved]


def contracts(session: Session, scope: Scope) -> dict[uuid.UUID, str]:
    """Every contract by name. Raises NotAllowed for anyone but the platform."""
    _refuse_others(scope)
    rows = session.execute(
        sa.select(Contract.id, Contract.name).order_by(Contract.name)
    )
    return {row.id: row.name for row in rows}


def routing(session: Session, scope: Scope, contract_id: uuid.UUID) -> RoutingPage:
    """How a contract routes, now and before. Raises NotAllowed, NotFound."""
    _refuse_others(scope)
    found = routing_now(session, contract_id)
    described = specialty(found.agreed.specialty)
    return RoutingPage(
        contract_id=contract_id,
        specialty=found.agreed.specialty,
        services=dict(found.pools.names),
        shared=found.pools.shared,
        policy=found.policy,
        says=list(sentences(found.policy, found.pools, described)),
        staff=[
            _staff(pool, name, answerers(session, contract_id))
            for pool, name in found.pools.names.items()
        ],
        history=_history(session, found),
    )


def _history(session: Session, found: Routing) -> list[Saved]:
    rows = session.execute(
        sa.select(RoutingPolicyVersion, Person.name)
        .outerjoin(Person, Person.id == RoutingPolicyVersion.saved_by)
        .where(RoutingPolicyVersion.contract_id == found.agreed.contract_id)
        .order_by(RoutingPolicyVersion.number.desc())
    )
    described = specialty(found.agreed.specialty)
    saved = []
    for row, name in rows:
        policy = RoutingPolicy.model_validate(row.content)
        saved.append(
            Saved(
                row.number,
                f"Saved by {name}" if name else "Set up with the contract",
                _holds(row.effective_from),
                row.id == found.policy_id,
                policy.source,
                list(sentences(policy, found.pools, described)),
            )
        )
    return saved


def _holds(moment: datetime) -> str:
    verb = "From" if moment <= clock.now() else "Will hold from"
    return f"{verb} {words.moment_in_words(moment)}"


def _staff(pool: Pool, name: str, people: list[Answerer]) -> str:
    there = [one for one in people if one.pool is pool]
    grades = sorted({one.grade.label for one in there if one.grade})
    count = words.plural(len(there), "specialist")
    named = f" ({', '.join(grades)})" if grades else ""
    return f"{name}: {count}{named}."


def _refuse_others(scope: Scope) -> None:
    if scope.kind is not OrganisationKind.PLATFORM:
        raise NotAllowed("Only a service manager sees the routing.")
