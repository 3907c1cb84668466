"""An invitation's states, the one table of its moves, and who comes in by one."""

import uuid
from dataclasses import dataclass
from enum import StrEnum

from core.access.model import THE_PATIENT, Actor, OrganisationKind, Role
from core.access.rules import PRACTICE_STAFF
from core.kernel.errors import Conflict, ServiceError


class InvitationState(StrEnum):
    """How far a patient has come."""

    CREATED = "created"
    SENT = "sent"
    OPENED = "opened"
    VERIFIED = "verified"
    SUBMITTED = "submitted"
    STOPPED = "stopped"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    LOCKED = "locked"

    @property
    def label(self) -> str:
        """What a practice calls it."""
        return _LABELS[self]


_LABELS = {
    InvitationState.CREATED: "Not sent yet",
    InvitationState.SENT: "Sent",
    InvitationState.OPENED: "Opened",
    InvitationState.VERIFIED: "Begun",
    InvitationState.SUBMITTED: "Finished",
    InvitationState.STOPPED: "Ended by the patient's answers",
    InvitationState.EXPIRED: "Run out",
    InvitationState.CANCELLED: "Cancelled",
    InvitationState.LOCKED: "Locked: wrong dates of birth",
}


class Step(StrEnum):
    """What is done with an invitation; each is kept as a row."""

    CREATE = "create"
    SEND = "send"
    REMIND = "remind"
    OPEN = "open"
    VERIFY = "verify"
    SUBMIT = "submit"
    STOP = "stop"
    EXPIRE = "expire"
    CANCEL = "cancel"
    RENEW = "renew"
    LOCK = "lock"


_OPEN = (
    InvitationState.CREATED,
    InvitationState.SENT,
    InvitationState.OPENED,
    InvitationState.VERIFIED,
)
# Still to be answered, whoever has to do something for it.
UNFINISHED = (*_OPEN, InvitationState.LOCKED)
_PRACTICE = frozenset(PRACTICE_STAFF)
_PATIENT = frozenset({Role.PATIENT})
_SERVICE = frozenset({Role.SYSTEM})


@dataclass(frozen=True)
class Rule:
    """From one of ``sources``, by one of ``who``, to ``target``; None: it stays."""

    sources: tuple[InvitationState, ...]
    target: InvitationState | None
    who: frozenset[Role]


MOVES: dict[Step, Rule] = {
    Step.CREATE: Rule((), InvitationState.CREATED, _PRACTICE),
    # Sending anew opens what had ended for any reason but that it was finished.
    Step.SEND: Rule(
        tuple(one for one in InvitationState if one is not InvitationState.SUBMITTED),
        InvitationState.SENT,
        _PRACTICE,
    ),
    Step.REMIND: Rule(_OPEN, None, _SERVICE),
    Step.OPEN: Rule(
        (InvitationState.CREATED, InvitationState.SENT),
        InvitationState.OPENED,
        _PATIENT,
    ),
    Step.VERIFY: Rule(_OPEN, InvitationState.VERIFIED, _PATIENT),
    Step.SUBMIT: Rule((InvitationState.VERIFIED,), InvitationState.SUBMITTED, _PATIENT),
    # Whom it was not meant for has proved nothing.
    Step.STOP: Rule(_OPEN, InvitationState.STOPPED, _PATIENT),
    # A new link to what was sent already: somebody had locked its page.
    Step.RENEW: Rule((InvitationState.SUBMITTED,), None, _PRACTICE),
    Step.EXPIRE: Rule(UNFINISHED, InvitationState.EXPIRED, _SERVICE),
    Step.CANCEL: Rule(UNFINISHED, InvitationState.CANCELLED, _PRACTICE),
    Step.LOCK: Rule(_OPEN, InvitationState.LOCKED, _PATIENT),
}


class Way(StrEnum):
    """How a link reaches the patient."""

    EMAIL = "email"
    TEXT = "text"
    PRINTED = "printed"
    CODE = "code"

    @property
    def label(self) -> str:
        """What a practice calls it."""
        return _WAYS[self]


_WAYS = {
    Way.EMAIL: "By e-mail",
    Way.TEXT: "By text message",
    Way.PRINTED: "Printed, with a square to scan",
    Way.CODE: "A short code to read out",
}


class StopReason(StrEnum):
    """Why a patient cannot, or does not want to, go on by themselves."""

    DECLINED = "declined"
    NOT_ME = "not_me"
    UNDER_AGE = "under_age"
    RED_FLAG_999 = "red_flag_999"
    RED_FLAG_111 = "red_flag_111"
    INTIMATE = "intimate"
    TOO_MANY_LESIONS = "too_many_lesions"

    @property
    def label(self) -> str:
        """What a practice reads."""
        return _STOPS[self]


_STOPS = {
    StopReason.DECLINED: "The patient does not want to send pictures this way",
    StopReason.NOT_ME: "The link reached somebody else",
    StopReason.UNDER_AGE: "Under 16, and no parent or guardian there",
    StopReason.RED_FLAG_999: "A warning sign: told to call 999",
    StopReason.RED_FLAG_111: "A warning sign: told to call 111",
    StopReason.INTIMATE: "An intimate area: to be seen at the practice",
    StopReason.TOO_MANY_LESIONS: "More places than can be sent this way",
}


class Trouble(StrEnum):
    """Why a link or a visit is no good."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    LOCKED = "locked"
    RENEWED = "renewed"
    TOO_MANY = "too_many"
    VISIT_OVER = "visit_over"


_SENTENCES = {
    Trouble.UNKNOWN: "We do not know this link or code. Check it, or call the practice.",
    Trouble.EXPIRED: "This link has run out. Ask your practice for a new one.",
    Trouble.CANCELLED: "Your practice has ended this link. Call them if you have questions.",
    Trouble.LOCKED: "This link is locked. Your practice has been told and can send a new one.",
    Trouble.RENEWED: "There is a newer link. Use the last one that you were sent.",
    Trouble.TOO_MANY: "Too many tries. Wait an hour, or call the practice.",
    Trouble.VISIT_OVER: "For your safety we have closed this page. Open your link again.",
}


class LinkTrouble(ServiceError):
    """A link or a visit is no good; ``trouble`` says why, for any language."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(_SENTENCES[trouble])
        self.trouble = trouble

    @property
    def code(self) -> str:
        """Why, as language files name it."""
        return self.trouble.value


@dataclass(frozen=True)
class Proof:
    """Whether a date of birth was right, and how many tries are left."""

    right: bool
    left: int

    @property
    def locked(self) -> bool:
        """Whether nothing opens any more."""
        return not self.right and self.left == 0


@dataclass(frozen=True)
class Visitor:
    """A browser that opened a patient's link: the one thing that it may see."""

    visit_id: uuid.UUID
    invitation_id: uuid.UUID
    referral_id: uuid.UUID
    patient_id: uuid.UUID
    practice_id: uuid.UUID
    practice: str
    language: str
    proved: bool
    state: InvitationState

    @property
    def actor(self) -> Actor:
        """The patient as somebody who acts: in this referral and nowhere else."""
        return Actor(
            person_id=THE_PATIENT,
            name="The patient",
            role=Role.PATIENT,
            organisation_id=self.practice_id,
            organisation_name=self.practice,
            # Not the practice's: its scope would be all of its patients.
            organisation_kind=OrganisationKind.PATIENT,
            session_id=self.visit_id,
            only_referral=self.referral_id,
        )


def next_state(state: InvitationState | None, step: Step) -> InvitationState:
    """Where ``step`` leads from ``state``. Raises Conflict where it does not."""
    rule = MOVES[step]
    if state is None and rule.sources:
        raise Conflict("There is no weblink yet.")
    if state is not None and state not in rule.sources:
        raise Conflict(f"The weblink cannot do this: {state.label.lower()}.")
    target = rule.target or state
    if target is None:
        raise Conflict("There is no weblink yet.")
    return target
