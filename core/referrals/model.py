"""A referral's states, and the one table of its moves."""

from dataclasses import dataclass
from enum import StrEnum

from core.access.model import Role
from core.access.rules import PRACTICE_STAFF
from core.kernel.errors import Conflict


class State(StrEnum):
    """Where a referral stands."""

    DRAFT = "draft"
    LISTED = "listed"
    AWAITING_PATIENT = "awaiting_patient"
    PRACTICE_REVIEW = "practice_review"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"

    @property
    def label(self) -> str:
        """What a practice calls it."""
        return _LABELS[self]


_LABELS = {
    State.DRAFT: "Draft",
    State.LISTED: "On the telemedicine list",
    State.AWAITING_PATIENT: "Waiting for the patient",
    State.PRACTICE_REVIEW: "From the patient, for you to look at",
    State.SUBMITTED: "With the specialists",
    State.IN_REVIEW: "A specialist is reading it",
    State.RETURNED: "Returned to you",
    State.ANSWERED: "Answered",
    State.CLOSED: "Closed",
    State.WITHDRAWN: "Withdrawn",
    State.LAPSED: "The patient did not answer",
}


class Move(StrEnum):
    """What can be done to a referral."""

    START = "start"
    LIST = "list"
    INVITE = "invite"
    PATIENT_SENDS = "patient_sends"
    PATIENT_HANDS_IN = "patient_hands_in"
    PATIENT_STOPS = "patient_stops"
    LAPSE = "lapse"
    CAPTURE = "capture"
    SEND = "send"
    CLAIM = "claim"
    TAKE_OVER = "take_over"
    RELEASE = "release"
    RETURN = "return"
    SUPPLY = "supply"
    ANSWER = "answer"
    AMEND = "amend"
    CLOSE = "close"
    WITHDRAW = "withdraw"


SPECIALISTS = frozenset({Role.SPECIALIST})
PRACTICE = frozenset(PRACTICE_STAFF)
THE_SERVICE = frozenset({Role.SYSTEM})
THE_PATIENT = frozenset({Role.PATIENT})
# A practice can still change what is in it.
EDITABLE = (State.DRAFT, State.PRACTICE_REVIEW)
# Nobody but the practice, and the patient by a weblink, has to do with it yet.
NOT_SENT = (
    State.DRAFT,
    State.LISTED,
    State.AWAITING_PATIENT,
    State.PRACTICE_REVIEW,
    State.LAPSED,
)
_BY_WEBLINK = (State.AWAITING_PATIENT, State.PRACTICE_REVIEW, State.LAPSED)


@dataclass(frozen=True)
class Rule:
    """From one of ``sources``, by one of ``who``, to ``target``."""

    sources: tuple[State, ...]
    target: State
    who: frozenset[Role]


MOVES: dict[Move, Rule] = {
    Move.START: Rule((), State.DRAFT, PRACTICE),
    Move.LIST: Rule((State.DRAFT, *_BY_WEBLINK), State.LISTED, PRACTICE),
    Move.INVITE: Rule(
        (State.DRAFT, State.PRACTICE_REVIEW, State.LAPSED),
        State.AWAITING_PATIENT,
        PRACTICE,
    ),
    Move.PATIENT_SENDS: Rule((State.AWAITING_PATIENT,), State.SUBMITTED, THE_PATIENT),
    Move.PATIENT_HANDS_IN: Rule(
        (State.AWAITING_PATIENT,), State.PRACTICE_REVIEW, THE_PATIENT
    ),
    Move.PATIENT_STOPS: Rule(
        (State.AWAITING_PATIENT,), State.PRACTICE_REVIEW, THE_PATIENT
    ),
    Move.LAPSE: Rule((State.AWAITING_PATIENT,), State.LAPSED, THE_SERVICE),
    Move.CAPTURE: Rule((State.LISTED, *_BY_WEBLINK), State.DRAFT, PRACTICE),
    Move.SEND: Rule(EDITABLE, State.SUBMITTED, PRACTICE),
    Move.CLAIM: Rule((State.SUBMITTED,), State.IN_REVIEW, SPECIALISTS),
    Move.TAKE_OVER: Rule((State.IN_REVIEW,), State.IN_REVIEW, SPECIALISTS),
    Move.RELEASE: Rule((State.IN_REVIEW,), State.SUBMITTED, SPECIALISTS | THE_SERVICE),
    Move.RETURN: Rule((State.IN_REVIEW,), State.RETURNED, SPECIALISTS),
    Move.SUPPLY: Rule((State.RETURNED,), State.SUBMITTED, PRACTICE),
    Move.ANSWER: Rule((State.IN_REVIEW,), State.ANSWERED, SPECIALISTS),
    Move.AMEND: Rule((State.ANSWERED,), State.ANSWERED, SPECIALISTS),
    Move.CLOSE: Rule((State.ANSWERED,), State.CLOSED, PRACTICE | THE_SERVICE),
    Move.WITHDRAW: Rule(
        (*NOT_SENT, State.SUBMITTED, State.RETURNED),
        State.WITHDRAWN,
        PRACTICE,
    ),
}


class Route(StrEnum):
    """How a referral came about."""

    GP_FACE_TO_FACE = "gp_face_to_face"
    GP_REMOTE = "gp_remote"
    STAFF = "staff"
    TELEMEDICINE_CLINIC = "telemedicine_clinic"
    STORED_PICTURES = "stored_pictures"
    PATIENT_LINK = "patient_link"

    @property
    def label(self) -> str:
        """What it is called on the screen."""
        return _ROUTES[self]


_ROUTES = {
    Route.GP_FACE_TO_FACE: "The patient is here, with a GP",
    Route.GP_REMOTE: "The patient sent pictures to the GP",
    Route.STAFF: "The patient is here, with a nurse or assistant",
    Route.TELEMEDICINE_CLINIC: "Telemedicine clinic: the patient comes back for it",
    Route.STORED_PICTURES: "Stored pictures and copied history",
    Route.PATIENT_LINK: "By a weblink: the patient sends history and pictures",
}


class Step(StrEnum):
    """The steps of making a referral, as the stopwatch counts them."""

    PATIENT = "patient"
    PROBLEM = "problem"
    HISTORY = "history"
    IMAGES = "images"
    ASK_AND_SEND = "ask_and_send"


class ConsentLevel(StrEnum):
    """What the patient agrees to."""

    RECORD_ONLY = "record_only"
    TEACHING = "teaching"
    PUBLICATION = "publication"


class ConsentForm(StrEnum):
    """How the patient agreed."""

    VERBAL = "verbal"
    WRITTEN = "written"


class ConsentGiver(StrEnum):
    """Who agreed."""

    PATIENT = "patient"
    PARENT = "parent"
    GILLICK = "gillick_competent_child"
    BEST_INTEREST = "best_interest_decision"


class AcknowledgementState(StrEnum):
    """Whether the practice has taken up an answer."""

    PENDING = "pending"
    ACKNOWLEDGED = "acknowledged"
    # The answer was amended before anybody took it up.
    SUPERSEDED = "superseded"


class Side(StrEnum):
    """Whom a message is for."""

    PRACTICE = "practice"
    SPECIALISTS = "specialists"


class ImageSet(StrEnum):
    """What a specialist can expect of the pictures."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    INCOMPLETE = "incomplete"


def next_state(state: State | None, move: Move) -> State:
    """Where ``move`` leads from ``state``. Raises Conflict where it does not."""
    rule = MOVES[move]
    if (state is None) != (not rule.sources):
        raise Conflict("This referral has changed meanwhile. Reload the page.")
    if state is not None and state not in rule.sources:
        raise Conflict(_TOO_LATE[state])
    return rule.target


_TOO_LATE = {
    State.DRAFT: "This referral is still a draft.",
    State.LISTED: "This referral waits on the telemedicine list.",
    State.SUBMITTED: "This referral has been sent and nobody is reading it now.",
    State.IN_REVIEW: "A specialist is reading this referral now.",
    State.RETURNED: "This referral went back to the practice with a question.",
    State.ANSWERED: "This referral has been answered already.",
    State.CLOSED: "This referral is closed.",
    State.WITHDRAWN: "This referral was withdrawn.",
    State.AWAITING_PATIENT: "This referral waits for the patient.",
    State.PRACTICE_REVIEW: "This referral waits for your practice to look at it.",
    State.LAPSED: "The patient did not answer, and the weblink has run out.",
}
