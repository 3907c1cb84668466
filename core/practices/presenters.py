"""What a screen needs to know of a practice."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Role, Scope
from core.access.tables import Membership, Person
from core.practices.model import DeviceKind
from core.practices.tables import Device


def has_dermatoscope(session: Session, scope: Scope) -> bool:
    """Whether the practice owns one, so that dermoscopic pictures are expected."""
    found = session.scalar(
        sa.select(Device.id)
        .where(
            Device.practice_id == scope.organisation_id,
            Device.kind == DeviceKind.DERMATOSCOPE,
        )
        .limit(1)
    )
    return found is not None


def clinicians(session: Session, scope: Scope) -> list[str]:
    """The names of the practice's clinicians, for whom an administrator can act."""
    clinical = (Role.GP, Role.NURSE)
    return list(
        session.scalars(
            sa.select(Person.name)
            .join(Membership, Membership.person_id == Person.id)
            .where(
                Membership.organisation_id == scope.organisation_id,
                Membership.ended_at.is_(None),
                Membership.role.in_(clinical),
                Person.active,
            )
            .order_by(Person.name)
        )
    )
