"""Patients. What identifies one is sealed; two columns find one again."""

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.ids import new_id
from core.kernel.nhs_number import NhsNumber
from core.patients.model import EthnicCategory, NumberStatus, Sex
from core.store.base import Base, Sealed, Word


class Patient(Base):
    """Someone who is registered at a practice."""

    __tablename__ = "patient"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    practice_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("organisation.id"), index=True
    )
    nhs_number_sealed: Mapped[str | None] = mapped_column(Sealed)
    nhs_number_index: Mapped[str | None] = mapped_column(sa.String(32), unique=True)
    nhs_number_status: Mapped[NumberStatus] = mapped_column(Word(NumberStatus))
    family_name: Mapped[str] = mapped_column(Sealed)
    given_name: Mapped[str] = mapped_column(Sealed)
    birth_date_sealed: Mapped[str] = mapped_column(Sealed)
    birth_date_index: Mapped[str] = mapped_column(sa.String(32), index=True)
    sex: Mapped[Sex] = mapped_column(Word(Sex))
    ethnic_category: Mapped[EthnicCategory] = mapped_column(Word(EthnicCategory))
    language: Mapped[str] = mapped_column(sa.String(60))
    needs: Mapped[str] = mapped_column(Sealed)
    created_at: Mapped[datetime]

    @property
    def birth_date(self) -> date:
        """The date of birth."""
        return date.fromisoformat(self.birth_date_sealed)

    @property
    def nhs_number(self) -> NhsNumber | None:
        """The NHS number, if known."""
        return NhsNumber(self.nhs_number_sealed) if self.nhs_number_sealed else None

    @property
    def name(self) -> str:
        """As NHS banners write it: ``SMITH, Anna``."""
        return f"{self.family_name.upper()}, {self.given_name}"


class PatientContact(Base):
    """How to reach a patient."""

    __tablename__ = "patient_contact"

    patient_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("patient.id"), primary_key=True
    )
    address: Mapped[str] = mapped_column(Sealed)
    postcode: Mapped[str] = mapped_column(Sealed)
    phone: Mapped[str] = mapped_column(Sealed)
    email: Mapped[str] = mapped_column(Sealed)
