"""What kinds of messages leave."""

from dataclasses import dataclass
from enum import StrEnum


class Topic(StrEnum):
    """Why a message is sent; each has a template in data/reference/messages.toml."""

    ANSWER_WAITING = "answer_waiting"
    RETURNED = "returned"
    MESSAGE = "message"
    ONWARD_PACK = "onward_pack"
    ONWARD_UNCONFIRMED = "onward_unconfirmed"
    ONWARD_CANCELLED = "onward_cancelled"
    APPOINTMENT_BOOKED = "appointment_booked"
    APPOINTMENT_CANCELLED = "appointment_cancelled"
    APPOINTMENT_TO_TELL = "appointment_to_tell"
    CLINIC_FINDING = "clinic_finding"
    CLINIC_MISSED = "clinic_missed"
    CLINIC_MISSED_AGAIN = "clinic_missed_again"


# Messages that must not leave without what they enclose.
WITH_ENCLOSURES = frozenset({Topic.ONWARD_PACK})


@dataclass(frozen=True)
class Enclosure:
    """A file that goes with a message; ``kind`` as in ``application/pdf``."""

    name: str
    kind: str
    data: bytes


class NotToBeSent(Exception):
    """A message has lost its cause since it was promised; it is dropped, with why."""
