"""What tests of the routing need beside the small world."""

from datetime import UTC, datetime

import sqlalchemy as sa

from core.access.model import Actor, OrganisationKind, Role
from core.access.tables import Membership, Organisation, Person
from core.contracts.policy import RoutingPolicy
from core.contracts.tables import Contract, RoutingPolicyVersion


def the_contract(world):
    """The id of the world's only contract."""
    with world.store.reading() as session:
        return session.scalars(sa.select(Contract.id)).one()


def a_manager(world) -> Actor:
    """Somebody of the platform who manages the service."""
    with world.store.transaction() as session:
        platform = Organisation(kind=OrganisationKind.PLATFORM, name="Ozone")
        person = Person(
            issuer="https://id.example", subject="Paul Brandt", name="Paul Brandt"
        )
        session.add_all([platform, person])
        session.flush()
        session.add(
            Membership(
                person_id=person.id,
                organisation_id=platform.id,
                role=Role.SERVICE_MANAGER,
                grade=None,
            )
        )
        return Actor(
            person.id,
            person.name,
            Role.SERVICE_MANAGER,
            platform.id,
            platform.name,
            platform.kind,
        )


def has_policy(world, **content) -> RoutingPolicy:
    """A policy in force, past the check that it sends nobody in vain."""
    policy = RoutingPolicy.model_validate(content)
    contract_id = the_contract(world)
    with world.store.transaction() as session:
        number = sa.select(sa.func.count()).select_from(RoutingPolicyVersion)
        session.add(
            RoutingPolicyVersion(
                contract_id=contract_id,
                number=session.scalar(number) + 1,
                effective_from=datetime(2024, 1, 1, tzinfo=UTC),
                content=policy.model_dump(mode="json"),
            )
        )
    return policy


def takes(world, who, *interests):
    """Somebody's sub-specialties, as their membership has them."""
    with world.store.transaction() as session:
        session.execute(
            sa.update(Membership)
            .where(Membership.person_id == who.person_id)
            .values(interests=list(interests))
        )
