"""Contracts, their versions, and the organisations that they bind."""

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.contracts.model import Pool
from core.kernel.ids import new_id
from core.store.base import Base, Word


class Contract(Base):
    """A commissioner's agreement for one specialty."""

    __tablename__ = "contract"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    commissioner_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organisation.id"))
    specialty: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(200))


class ContractVersion(Base):
    """Its terms from a day on. A version that was used is never edited."""

    __tablename__ = "contract_version"
    __table_args__ = (sa.UniqueConstraint("contract_id", "effective_from"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    contract_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("contract.id"))
    effective_from: Mapped[date]
    terms: Mapped[dict[str, Any]]


class RoutingPolicyVersion(Base):
    """Who answers what, from a moment on. A version is never edited."""

    __tablename__ = "routing_policy"
    __table_args__ = (sa.UniqueConstraint("contract_id", "number"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    contract_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("contract.id"))
    number: Mapped[int]
    effective_from: Mapped[datetime]
    content: Mapped[dict[str, Any]]
    saved_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))


class ContractPool(Base):
    """A specialist service that answers under a contract."""

    __tablename__ = "contract_pool"

    contract_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("contract.id"), primary_key=True
    )
    organisation_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("organisation.id"), primary_key=True
    )
    pool: Mapped[Pool] = mapped_column(Word(Pool))


class ContractPractice(Base):
    """A practice that refers under a contract."""

    __tablename__ = "contract_practice"

    contract_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("contract.id"), primary_key=True
    )
    practice_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("organisation.id"), primary_key=True, index=True
    )
