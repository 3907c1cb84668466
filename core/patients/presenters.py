"""Find patients, and show who they are."""

import uuid
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import OrganisationKind, Scope
from core.kernel import clock, words
from core.kernel.errors import NotFound
from core.kernel.nhs_number import NhsNumber
from core.patients import rules
from core.patients.tables import Patient, PatientContact
from core.store import sealed


@dataclass(frozen=True)
class Banner:
    """Who this is about, on top of everything about a patient."""

    patient_id: uuid.UUID
    name: str
    born: str
    age: int
    sex: str
    nhs_number: str
    needs: str

    @property
    def in_one_line(self) -> str:
        """For lists of people."""
        return f"{self.name} · {self.born} · {self.nhs_number}"


def banner(patient: Patient) -> Banner:
    """A patient, ready to be shown."""
    number = patient.nhs_number
    return Banner(
        patient_id=patient.id,
        name=patient.name,
        born=words.date_of_birth(patient.birth_date),
        age=words.age(patient.birth_date, clock.today()),
        sex=patient.sex.replace("_", " ").capitalize(),
        nhs_number=str(number) if number else "No NHS number",
        needs=patient.needs,
    )


def find_by_number(session: Session, scope: Scope, number: NhsNumber) -> Banner | None:
    """The practice's patient with this NHS number."""
    index = sealed.index("nhs_number", number.digits)
    found = session.scalar(_own(scope).where(Patient.nhs_number_index == index))
    return banner(found) if found else None


def find_by_name(session: Session, scope: Scope, name: str, born: date) -> list[Banner]:
    """The practice's patients born that day whose name begins as typed."""
    index = sealed.index("birth_date", born.isoformat())
    same_day = session.scalars(_own(scope).where(Patient.birth_date_index == index))
    found = [p for p in same_day if rules.same_name(name, p.family_name, p.given_name)]
    return [banner(p) for p in sorted(found, key=lambda p: p.name)]


def get(session: Session, scope: Scope, patient_id: uuid.UUID) -> Banner:
    """One of the practice's patients. Raises NotFound for anyone else's."""
    found = session.scalar(_own(scope).where(Patient.id == patient_id))
    if found is None:
        raise NotFound("There is no such patient at your practice.")
    return banner(found)


@dataclass(frozen=True)
class Reachable:
    """How a patient is reached; "" where not known. ``language``: its English name."""

    email: str
    phone: str
    language: str


def contact(session: Session, scope: Scope, patient_id: uuid.UUID) -> Reachable:
    """How one of the practice's patients is reached. Raises NotFound."""
    found = session.scalar(_own(scope).where(Patient.id == patient_id))
    if found is None:
        raise NotFound("There is no such patient at your practice.")
    row = session.get(PatientContact, found.id)
    return Reachable(row.email if row else "", row.phone if row else "", found.language)


def _own(scope: Scope) -> sa.Select[Patient]:
    nobody = scope.kind is not OrganisationKind.PRACTICE
    return sa.select(Patient).where(
        Patient.practice_id == scope.organisation_id, sa.literal(not nobody)
    )
