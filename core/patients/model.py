"""A patient as people write one down."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.kernel.nhs_number import NhsNumber


class Sex(StrEnum):
    """As the person states it."""

    FEMALE = "female"
    MALE = "male"
    INDETERMINATE = "indeterminate"
    NOT_KNOWN = "not_known"


class EthnicCategory(StrEnum):
    """The groups of the census, as far as the service counts them."""

    WHITE = "white"
    MIXED = "mixed"
    ASIAN = "asian"
    BLACK = "black"
    OTHER = "other"
    NOT_STATED = "not_stated"


class NumberStatus(StrEnum):
    """How sure we are of an NHS number."""

    NONE = "none"
    NOT_VERIFIED = "not_verified"
    VERIFIED = "verified"


@dataclass(frozen=True)
class Contact:
    """How to reach a patient. Empty where not known."""

    address: str = ""
    postcode: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class NewPatient:
    """Somebody to be registered; checked when it is made, see ``rules.problems``."""

    family_name: str
    given_name: str
    birth_date: date
    sex: Sex
    nhs_number: NhsNumber | None = None
    ethnic_category: EthnicCategory = EthnicCategory.NOT_STATED
    language: str = "English"
    needs: str = ""
    contact: Contact = Contact()
