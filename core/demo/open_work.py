"""The work that is open today, so that every list of every screen has something in it."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.contracts.model import PRIORITY_ORDER, Priority
from core.invitations.model import InvitationState
from core.referrals.model import State


@dataclass(frozen=True)
class Open:
    """Work that is open today: where it stands, for how many working minutes.

    ``far``: how far the patient has come, where it is with one by a weblink.
    """

    state: State
    practice: str
    priority: Priority
    minutes: float
    far: InvitationState | None = None


# Where the demo's own people look first, and everyone else.
_HOME, _JOINT, _ELSEWHERE = "elm", "harbour", ""
_WAITING = {
    Priority.SUSPECTED_CANCER: (10, 48, 120, 230, 690),
    Priority.URGENT: (8, 30, 75, 150, 280, 460, 710),
    Priority.ROUTINE: (
        *(12, 35, 70, 115, 190, 270, 330, 410),
        *(540, 620, 780, 940, 1150, 2010, 2350),
    ),
}
_OTHERWISE = {
    (State.IN_REVIEW, _ELSEWHERE): (40, 160),
    (State.RETURNED, _HOME): (300, 900),
    (State.RETURNED, _JOINT): (640,),
    (State.RETURNED, _ELSEWHERE): (420, 1300, 1700),
    (State.DRAFT, _HOME): (25, 180, 700),
    (State.DRAFT, _JOINT): (90,),
    (State.DRAFT, _ELSEWHERE): (60, 240, 650, 1300),
    (State.LISTED, _HOME): (1300, 1900, 2500, 2600, 3100),
    (State.LISTED, _JOINT): (1900, 3100),
    (State.ANSWERED, _HOME): (150, 240, 380, 520, 700, 900, 1300),
    (State.ANSWERED, _JOINT): (260, 620, 1000),
    (State.ANSWERED, _ELSEWHERE): (180, 330, 450, 560, 680, 840),
}
# With patients: how far they have come, and since how many minutes they were asked.
_LINKS = {
    (InvitationState.SENT, _HOME): (35, 1900),
    (InvitationState.OPENED, _HOME): (900,),
    (InvitationState.VERIFIED, _HOME): (1300,),
    (InvitationState.LOCKED, _HOME): (1700,),
    (InvitationState.STOPPED, _HOME): (1000,),
    (InvitationState.EXPIRED, _HOME): (6600,),
    (InvitationState.SENT, _JOINT): (120, 2600),
    (InvitationState.VERIFIED, _JOINT): (800,),
    (InvitationState.SUBMITTED, _JOINT): (700, 1100),
    (InvitationState.STOPPED, _JOINT): (1500,),
}
_STANDS = {
    InvitationState.SUBMITTED: State.PRACTICE_REVIEW,
    InvitationState.STOPPED: State.PRACTICE_REVIEW,
    InvitationState.EXPIRED: State.LAPSED,
}


def open_work() -> Iterator[Open]:
    """What waits today, so that every list of every screen has something in it."""
    places = (_HOME, _ELSEWHERE, _JOINT, _ELSEWHERE, _ELSEWHERE)
    for priority in PRIORITY_ORDER:
        for number, minutes in enumerate(_WAITING[priority]):
            place = places[number % len(places)]
            yield Open(State.SUBMITTED, place, priority, minutes)
    priorities = (Priority.ROUTINE, Priority.URGENT, Priority.ROUTINE)
    for (state, place), waits in _OTHERWISE.items():
        for number, minutes in enumerate(waits):
            yield Open(state, place, priorities[number % 3], minutes)
    for (far, place), waits in _LINKS.items():
        state = _STANDS.get(far, State.AWAITING_PATIENT)
        for minutes in waits:
            yield Open(state, place, Priority.ROUTINE, minutes, far)
