"""Who works for a specialist service, who of them holds clinics, and for what."""

import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Grade, OrganisationKind, Role
from core.access.tables import Membership, Organisation, Person
from core.clinics.tables import ClinicStaff
from core.contracts.tables import Contract, ContractPool
from core.kernel.errors import NotFound
from core.specialties.model import Equipment, Procedure
from core.specialties.reference import specialty


_HOLD_CLINICS = (Role.SPECIALIST, Role.CLINIC_STAFF)


@dataclass(frozen=True)
class Member:
    """Somebody who works for a service now."""

    person_id: uuid.UUID
    name: str
    grade: Grade | None


def service(session: Session, organisation_id: uuid.UUID) -> Organisation:
    """A specialist service. Raises NotFound."""
    found = session.get(Organisation, organisation_id)
    if found is None or found.kind is not OrganisationKind.SPECIALIST_SERVICE:
        raise NotFound("There is no such specialist service.")
    return found


def members(session: Session, organisation_id: uuid.UUID) -> dict[uuid.UUID, Member]:
    """Everyone of a service who could hold clinics, by name."""
    rows = session.execute(
        sa.select(Person.id, Person.name, Membership.grade)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.role.in_(_HOLD_CLINICS),
            Membership.ended_at.is_(None),
            Person.active,
        )
        .order_by(Person.name, Membership.role)
    )
    return {row.id: Member(row.id, row.name, row.grade) for row in rows}


def clinic_staff(
    session: Session, organisation_id: uuid.UUID
) -> list[tuple[ClinicStaff, Member]]:
    """Those who hold clinics for a service now."""
    there = members(session, organisation_id)
    rows = session.scalars(
        sa.select(ClinicStaff).where(
            ClinicStaff.organisation_id == organisation_id,
            ClinicStaff.ended_at.is_(None),
        )
    )
    found = {row.person_id: row for row in rows}
    return [
        (found[one.person_id], one) for one in there.values() if one.person_id in found
    ]


def procedures(session: Session, organisation_id: uuid.UUID) -> list[Procedure]:
    """What a service may be asked to do, by its contracts' specialties."""
    codes = _specialties(session, organisation_id)
    return [one for code in codes for one in specialty(code).procedures]


def equipment(session: Session, organisation_id: uuid.UUID) -> list[Equipment]:
    """What may stand in its rooms."""
    codes = _specialties(session, organisation_id)
    return [one for code in codes for one in specialty(code).equipment]


def _specialties(session: Session, organisation_id: uuid.UUID) -> list[str]:
    return list(
        session.scalars(
            sa.select(Contract.specialty)
            .join(ContractPool, ContractPool.contract_id == Contract.id)
            .where(ContractPool.organisation_id == organisation_id)
            .distinct()
            .order_by(Contract.specialty)
        )
    )
