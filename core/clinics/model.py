"""A clinic need's states and moves, and the words of sessions, plans and findings."""

from dataclasses import dataclass
from enum import StrEnum

from core.access.model import Role
from core.access.rules import PRACTICE_STAFF
from core.kernel.errors import Conflict, NotAllowed


# Sessions begin at a quarter of an hour and last whole quarters.
QUARTER_MINUTES = 15
# Appointments are counted in steps of five minutes.
STEP_MINUTES = 5


class SessionState(StrEnum):
    """Whether a clinic session takes place."""

    OPEN = "open"
    CANCELLED = "cancelled"


class NeedState(StrEnum):
    """Where somebody who has to be seen stands."""

    WAITING = "waiting"
    BOOKED = "booked"
    ATTENDED = "attended"
    NOT_ATTENDED = "not_attended"
    COMPLETED = "completed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """What people call it."""
        return _NEED_LABELS[self]


_NEED_LABELS = {
    NeedState.WAITING: "Waiting for a clinic",
    NeedState.BOOKED: "Booked",
    NeedState.ATTENDED: "Seen, findings to come",
    NeedState.NOT_ATTENDED: "Did not attend",
    NeedState.COMPLETED: "Seen",
    NeedState.CANCELLED: "Cancelled",
}


class NeedMove(StrEnum):
    """What can happen to a clinic need."""

    ARISE = "arise"
    CHANGE = "change"
    BOOK = "book"
    UNBOOK = "unbook"
    ATTEND = "attend"
    MISS = "miss"
    WAIT_AGAIN = "wait_again"
    COMPLETE = "complete"
    CORRECT = "correct"
    CANCEL = "cancel"


@dataclass(frozen=True)
class NeedRule:
    """From one of ``sources``, by one of ``who``, to ``target``; None: it stays."""

    sources: tuple[NeedState, ...]
    target: NeedState | None
    who: frozenset[Role]


_SERVICE = frozenset({Role.SYSTEM})
_BOOKERS = frozenset({Role.SERVICE_MANAGER})
_PRACTICE = frozenset(PRACTICE_STAFF)
_CLINICIANS = frozenset({Role.SPECIALIST, Role.CLINIC_STAFF})
_UNSEEN = (NeedState.WAITING, NeedState.BOOKED)
NEED_MOVES: dict[NeedMove, NeedRule] = {
    NeedMove.ARISE: NeedRule((), NeedState.WAITING, _SERVICE),
    # An amended answer, or what the patient prefers.
    NeedMove.CHANGE: NeedRule(
        (*_UNSEEN, NeedState.NOT_ATTENDED),
        None,
        _SERVICE | _PRACTICE | frozenset({Role.SPECIALIST}),
    ),
    NeedMove.BOOK: NeedRule((NeedState.WAITING,), NeedState.BOOKED, _BOOKERS),
    # The patient cannot come, or the session does not take place.
    NeedMove.UNBOOK: NeedRule(
        (NeedState.BOOKED,),
        NeedState.WAITING,
        _SERVICE | _BOOKERS | _PRACTICE | _CLINICIANS,
    ),
    NeedMove.ATTEND: NeedRule((NeedState.BOOKED,), NeedState.ATTENDED, _CLINICIANS),
    NeedMove.MISS: NeedRule((NeedState.BOOKED,), NeedState.NOT_ATTENDED, _CLINICIANS),
    NeedMove.WAIT_AGAIN: NeedRule(
        (NeedState.NOT_ATTENDED, NeedState.CANCELLED),
        NeedState.WAITING,
        _SERVICE | _PRACTICE,
    ),
    NeedMove.COMPLETE: NeedRule(
        (NeedState.ATTENDED,), NeedState.COMPLETED, _CLINICIANS
    ),
    NeedMove.CORRECT: NeedRule(
        (NeedState.COMPLETED,), NeedState.COMPLETED, _CLINICIANS
    ),
    # Nobody has to see the patient any more.
    NeedMove.CANCEL: NeedRule(
        (*_UNSEEN, NeedState.NOT_ATTENDED),
        NeedState.CANCELLED,
        _SERVICE | _PRACTICE | frozenset({Role.SPECIALIST}),
    ),
}


def next_need(state: NeedState | None, move: NeedMove, role: Role) -> NeedState:
    """Where ``move`` leads from ``state``. Raises NotAllowed, Conflict."""
    rule = NEED_MOVES[move]
    if role not in rule.who:
        raise NotAllowed("Your role does not include this.")
    if (state not in rule.sources) if state else bool(rule.sources):
        said = state.label.lower() if state else "not there"
        raise Conflict(f"This has changed meanwhile: it is “{said}”. Reload the page.")
    target = rule.target or state
    if target is None:
        raise Conflict("There is nobody to be seen here.")
    return target


class AppointmentState(StrEnum):
    """What became of a place in a session."""

    BOOKED = "booked"
    KEPT = "kept"
    MISSED = "missed"
    CANCELLED = "cancelled"


class LineState(StrEnum):
    """What became of one line of a plan."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    # Accepted too late: the place or the need had changed.
    REFUSED = "refused"


class LetterKind(StrEnum):
    """What a patient is told about an appointment."""

    BOOKED = "booked"
    CANCELLED = "cancelled"


class ChangeKind(StrEnum):
    """What changed in a session since its clinician last looked."""

    ADDED = "added"
    LEFT = "left"
    ALTERED = "altered"
    CANCELLED = "cancelled"
