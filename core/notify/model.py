"""What kinds of messages leave."""

import uuid
from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    """How a message reaches somebody."""

    EMAIL = "email"
    TEXT = "text"


class Topic(StrEnum):
    """Why a message is sent.

    The words stand in data/reference/messages.toml, and for topics BY_LANGUAGE in
    data/reference/patient, one file for each language.
    """

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
    # To a practice, about a patient who was sent a weblink, and about what is late.
    PATIENT_LOCKED = "patient_locked"
    PATIENT_STOPPED = "patient_stopped"
    PATIENT_SENT = "patient_sent"
    PATIENT_SILENT = "patient_silent"
    OVERDUE = "overdue"
    NOT_DELIVERED = "not_delivered"
    # To the patient, in the patient's language.
    INVITED = "invited"
    INVITED_AGAIN = "invited_again"
    LINK_ANEW = "link_anew"
    RECEIVED = "received"
    WITH_SPECIALIST = "with_specialist"
    ANSWERED = "answered"
    QUESTION_BACK = "question_back"
    STILL_WAITING = "still_waiting"
    LINK_ENDED = "link_ended"


# Messages that must not leave without what they enclose.
WITH_ENCLOSURES = frozenset({Topic.ONWARD_PACK})
# Messages with an address in them that is made when they leave: only its hash is kept.
WITH_LINK = frozenset({Topic.INVITED, Topic.INVITED_AGAIN, Topic.LINK_ANEW})
BY_LANGUAGE = WITH_LINK | {
    Topic.RECEIVED,
    Topic.WITH_SPECIALIST,
    Topic.ANSWERED,
    Topic.QUESTION_BACK,
    Topic.STILL_WAITING,
    Topic.LINK_ENDED,
}


@dataclass(frozen=True)
class Enclosure:
    """A file that goes with a message; ``kind`` as in ``application/pdf``."""

    name: str
    kind: str
    data: bytes


@dataclass(frozen=True)
class Outgoing:
    """A message with all its words, ready for any way out.

    ``key`` is the same however often it is sent: a receiver tells by it what it has
    already. A text message has no subject.
    """

    key: uuid.UUID
    channel: Channel
    address: str
    subject: str
    body: str
    enclosures: tuple[Enclosure, ...] = ()


class NotToBeSent(Exception):
    """A message has lost its cause since it was promised; it is dropped, with why."""


class NoWayOut(Exception):
    """A message cannot leave as this service is set up, and waiting does not help."""


class Refused(NoWayOut):
    """Whoever is at the other end says that this address takes no messages."""
