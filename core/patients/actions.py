"""Register patients."""

from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access import rules as access
from core.access.model import Actor
from core.audit.actions import record
from core.kernel import addresses, clock
from core.kernel.errors import Conflict, Invalid, NotAllowed
from core.patients import rules
from core.patients.model import NewPatient, NumberStatus
from core.patients.tables import Patient, PatientContact
from core.store import sealed


_REGISTERED_HERE = (
    "A patient with this NHS number is registered already: "
    "search for the number and use that record."
)


def register(session: Session, *, by: Actor, patient: NewPatient) -> Patient:
    """Add a patient to the actor's practice.

    Raises Invalid for details that cannot be right, Conflict for someone who is
    registered already.
    """
    if not access.may_register_patients(by):
        raise NotAllowed("Only practice staff can register patients.")
    for field, sentence in problems(patient, clock.today()):
        raise Invalid(sentence, field=field)
    _refuse_duplicate(session, by, patient)
    number = patient.nhs_number
    row = Patient(
        practice_id=by.organisation_id,
        nhs_number_sealed=number.digits if number else None,
        nhs_number_index=sealed.index("nhs_number", number.digits) if number else None,
        nhs_number_status=NumberStatus.NOT_VERIFIED if number else NumberStatus.NONE,
        family_name=patient.family_name.strip(),
        given_name=patient.given_name.strip(),
        birth_date_sealed=patient.birth_date.isoformat(),
        birth_date_index=sealed.index("birth_date", patient.birth_date.isoformat()),
        sex=patient.sex,
        ethnic_category=patient.ethnic_category,
        language=patient.language.strip() or "English",
        needs=patient.needs.strip(),
        created_at=clock.now(),
    )
    session.add(row)
    try:
        session.flush()
    except sa.exc.IntegrityError as error:
        # Someone registered the same number between our look and our write.
        raise Conflict(_REGISTERED_HERE) from error
    _add_contact(session, row, patient)
    record(
        session,
        by=by,
        action="register",
        entity="patient",
        entity_id=row.id,
        patient_id=row.id,
    )
    return row


def problems(patient: NewPatient, today: date) -> Iterator[tuple[str, str]]:
    """What is wrong with the details: field and sentence."""
    contact = patient.contact
    found = {
        "family_name": rules.name_problem(patient.family_name),
        "given_name": rules.name_problem(patient.given_name),
        "birth_date": rules.birth_date_problem(patient.birth_date, today),
        "language": rules.language_problem(patient.language),
        "postcode": rules.postcode_problem(contact.postcode),
        "phone": addresses.phone_problem(contact.phone),
        "email": addresses.email_problem(contact.email),
    }
    return ((field, sentence) for field, sentence in found.items() if sentence)


def _add_contact(session: Session, row: Patient, patient: NewPatient) -> None:
    contact = patient.contact
    session.add(
        PatientContact(
            patient_id=row.id,
            address=contact.address.strip(),
            postcode=contact.postcode.strip().upper(),
            phone=contact.phone.strip(),
            email=contact.email.strip(),
        )
    )


def _refuse_duplicate(session: Session, by: Actor, patient: NewPatient) -> None:
    if patient.nhs_number:
        index = sealed.index("nhs_number", patient.nhs_number.digits)
        there = session.scalar(
            sa.select(Patient).where(Patient.nhs_number_index == index)
        )
        if there and there.practice_id == by.organisation_id:
            raise Conflict(_REGISTERED_HERE)
        if there:
            raise Conflict(
                "This NHS number is registered at another practice. If the patient "
                "has moved to you, ask your service manager to move the record."
            )
    same_day = session.scalars(
        sa.select(Patient).where(
            Patient.practice_id == by.organisation_id,
            Patient.birth_date_index
            == sealed.index("birth_date", patient.birth_date.isoformat()),
        )
    )
    for other in same_day:
        if _same_person(other, patient):
            raise Conflict(
                "A patient with this name and date of birth is registered already: "
                "search for the name and use that record."
            )


def _same_person(other: Patient, patient: NewPatient) -> bool:
    # Two people can share name and birthday; two different numbers prove it.
    if other.nhs_number and patient.nhs_number:
        return False
    return rules.name_key(other.family_name) == rules.name_key(
        patient.family_name
    ) and rules.name_key(other.given_name) == rules.name_key(patient.given_name)
