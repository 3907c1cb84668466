"""Which contract holds, and the calendar it is counted on."""

import tomllib
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.config import REFERENCE
from core.contracts.model import Priority, Terms
from core.contracts.tables import (
    Contract,
    ContractPool,
    ContractPractice,
    ContractVersion,
)
from core.kernel.errors import ServiceError
from core.kernel.working_days import due_at
from core.specialties.model import Outcome, Specialty
from core.specialties.reference import specialty


@dataclass(frozen=True)
class Agreement:
    """A contract version in force."""

    version_id: uuid.UUID
    contract_id: uuid.UUID
    specialty: str
    terms: Terms

    def due(self, priority: Priority, received: datetime) -> datetime:
        """When an answer to a referral received then is due."""
        days = self.terms.targets[priority].working_days
        return due_at(received, days, self.terms.day_closes, bank_holidays())


def in_force(
    session: Session, *, practice_id: uuid.UUID, specialty: str, on: date
) -> Agreement:
    """The contract version under which a practice refers on a day.

    Raises ServiceError where there is none.
    """
    row = session.scalar(
        sa.select(ContractVersion)
        .join(Contract, Contract.id == ContractVersion.contract_id)
        .join(ContractPractice, ContractPractice.contract_id == Contract.id)
        .where(
            ContractPractice.practice_id == practice_id,
            Contract.specialty == specialty,
            ContractVersion.effective_from <= on,
        )
        .order_by(ContractVersion.effective_from.desc())
        .limit(1)
    )
    if row is None:
        raise ServiceError(
            "Your practice has no contract for this specialty today. "
            "Ask your service manager."
        )
    return agreement(session, row.id)


def agreement(session: Session, version_id: uuid.UUID) -> Agreement:
    """The contract version that a referral was made under."""
    found = _known.get(version_id)
    if found is None:
        row = session.get_one(ContractVersion, version_id)
        contract = session.get_one(Contract, row.contract_id)
        found = _known[version_id] = Agreement(
            row.id, contract.id, contract.specialty, Terms.model_validate(row.terms)
        )
    return found


def agreements_of(session: Session, organisation_id: uuid.UUID) -> list[Agreement]:
    """Every version of the contracts that a specialist service answers under."""
    found = session.scalars(_VERSIONS, {"organisation_id": organisation_id})
    return [agreement(session, one) for one in found.all()]


# A version that was used is never edited, so what was read once stays true.
_known: dict[uuid.UUID, Agreement] = {}
_VERSIONS = (
    sa.select(ContractVersion.id)
    .join(ContractPool, ContractPool.contract_id == ContractVersion.contract_id)
    .where(ContractPool.organisation_id == sa.bindparam("organisation_id"))
)


def specialty_under(session: Session, version_id: uuid.UUID) -> Specialty:
    """A contract's specialty as its terms play it.

    Where the hospital's clinics are booked here, an outcome that leads into it is a
    clinic like any other: there is nothing to refer, and the letters say so.
    """
    agreed = agreement(session, version_id)
    clinics = agreed.terms.clinics
    here = clinics is not None and clinics.books_hospital
    return _booked_here(agreed.specialty) if here else specialty(agreed.specialty)


@lru_cache(maxsize=20)
def _booked_here(code: str) -> Specialty:
    described = specialty(code)
    return described.model_copy(
        update={"outcomes": tuple(_booked(one) for one in described.outcomes)}
    )


def _booked(outcome: Outcome) -> Outcome:
    if not outcome.onward:
        return outcome
    return outcome.model_copy(
        update={
            "onward": False,
            "next_step": outcome.booked_next_step or outcome.next_step,
            "to_patient": outcome.booked_to_patient or outcome.to_patient,
        }
    )


@lru_cache(maxsize=1)
def bank_holidays() -> frozenset[date]:
    """The bank holidays of England and Wales that the reference file lists."""
    text = (REFERENCE / "bank_holidays.toml").read_text("utf-8")
    return frozenset(tomllib.loads(text)["england_and_wales"])
