"""Who acts, in which role, and how far they see."""

import uuid
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What someone is at an organisation."""

    GP = "gp"
    NURSE = "nurse"
    HEALTHCARE_ASSISTANT = "healthcare_assistant"
    PRACTICE_ADMINISTRATOR = "practice_administrator"
    SPECIALIST = "specialist"
    # Sees patients in clinics and answers no referral.
    CLINIC_STAFF = "clinic_staff"
    COMMISSIONER = "commissioner"
    SERVICE_MANAGER = "service_manager"
    # By a weblink, in one referral: their own.
    PATIENT = "patient"
    SYSTEM = "system"

    @property
    def label(self) -> str:
        """What people call it."""
        return "GP" if self is Role.GP else self.value.replace("_", " ").capitalize()


class Grade(StrEnum):
    """A specialist's or clinic worker's grade, most senior first."""

    CONSULTANT = "consultant"
    SPECIALTY_DOCTOR = "specialty_doctor"
    REGISTRAR = "registrar"
    GPWER = "gpwer"
    SPECIALIST_NURSE = "specialist_nurse"
    HEALTHCARE_ASSISTANT = "healthcare_assistant"

    @property
    def label(self) -> str:
        """What people call it."""
        if self is Grade.GPWER:
            return "GP with extended role"
        return self.value.replace("_", " ").capitalize()


class OrganisationKind(StrEnum):
    """What an organisation is to the service."""

    PRACTICE = "practice"
    SPECIALIST_SERVICE = "specialist_service"
    COMMISSIONER = "commissioner"
    PLATFORM = "platform"
    # No organisation: a patient, who sees nothing by a scope.
    PATIENT = "patient"


class App(StrEnum):
    """The apps that staff sign in to."""

    CAPTURE = "capture"
    CONSULTANT = "consultant"
    COMMISSIONER = "commissioner"


@dataclass(frozen=True)
class Scope:
    """How far a read may see: the first argument of every one.

    A practice sees its own patients and referrals; a specialist service what is
    routed to it; anyone else no person at all.
    """

    organisation_id: uuid.UUID
    kind: OrganisationKind
    person_id: uuid.UUID
    grade: Grade | None = None
    # Codes of the sub-specialties that a specialist takes.
    interests: frozenset[str] = frozenset()
    # Only what belongs to one's own clinics.
    clinics_only: bool = False


@dataclass(frozen=True)
class Actor:
    """A named person acting for an organisation, in one signed-in session."""

    person_id: uuid.UUID
    name: str
    role: Role
    organisation_id: uuid.UUID
    organisation_name: str
    organisation_kind: OrganisationKind
    grade: Grade | None = None
    session_id: uuid.UUID | None = None
    interests: frozenset[str] = frozenset()
    # A patient reaches this referral, and no other.
    only_referral: uuid.UUID | None = None

    @property
    def scope(self) -> Scope:
        """How far this actor sees."""
        return Scope(
            self.organisation_id,
            self.organisation_kind,
            self.person_id,
            self.grade,
            self.interests,
            self.role is Role.CLINIC_STAFF,
        )


# What the service does by itself (a claim that lapses, a message that leaves).
SYSTEM = Actor(
    person_id=uuid.UUID("0190c0de-0000-7000-8000-000000000001"),
    name="Ozone",
    role=Role.SYSTEM,
    organisation_id=uuid.UUID("0190c0de-0000-7000-8000-000000000002"),
    organisation_name="Ozone",
    organisation_kind=OrganisationKind.PLATFORM,
)

# Whoever acts by a weblink, in lists of people; which patient it was, the audit says.
THE_PATIENT = uuid.UUID("0190c0de-0000-7000-8000-000000000003")
