"""One referral on its way: its moves as the actions would have written them."""

import uuid
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from core.access.model import Actor
from core.contracts.model import Priority
from core.demo.agreements import SPECIALTY
from core.demo.cast import Surgery
from core.demo.draws import Draws
from core.demo.parameters import parameters
from core.demo.population import Known
from core.demo.reference import Case
from core.demo.rows import Rows
from core.kernel.errors import NotAllowed
from core.referrals.actions.moving import event_content
from core.referrals.model import MOVES, Move, State, next_state
from core.referrals.tables import Referral, ReferralEvent
from core.specialties.model import Answer
from core.specialties.reference import specialty
from core.store import chain


_EMPTY = dict.fromkeys(
    (
        "problem",
        "priority",
        "offered_priority",
        "score",
        "would_have_referred",
        "image_set",
        "listed_for",
        "sent_by",
        "sent_at",
        "due_at",
        "reserved_for",
        "reserved_until",
        "answered_at",
        "pool_id",
        "routed_at",
        "falls_back_at",
        "urgency",
    )
) | dict.fromkeys(
    (
        "override_reason",
        "question",
        "working_diagnosis",
        "acting_for",
        "chaperone",
        "imperfect_reason",
        "sub_specialty",
    ),
    "",
)


class NotYetError(Exception):
    """The rest of the story lies in the future."""


class Story:
    """A referral so far. What would be later than ``now`` raises NotYetError.

    ``ends_in``: a state in which it stays, for work that is open today.
    """

    def __init__(
        self,
        rows: Rows,
        draws: Draws,
        *,
        now: datetime,
        surgery: Surgery,
        patient: Known,
        case: Case,
        priority: Priority,
        ends_in: State | None = None,
    ) -> None:
        self.rows, self.draws, self.now = rows, draws, now
        self.surgery, self.patient = surgery, patient
        self.case, self.priority, self.ends_in = case, priority, ends_in
        self.specialty = specialty(SPECIALTY)
        self.state: State | None = None
        self.facts: dict[str, Any] = dict(_EMPTY)
        # What the routing may ask of it.
        self.answers = dict[str, Answer]()
        self.sites = frozenset[str]()
        # Pictures that show nothing; the specialist will say so.
        self.unusable = list[uuid.UUID]()
        # What may have waited too long: moves, the answers' takings up, time limits.
        self.moves = list[tuple[Move, datetime]]()
        self.taken_up = list[datetime]()
        self.limits = list[tuple[datetime, datetime]]()
        self._hash = chain.START

    @property
    def id(self) -> uuid.UUID:
        """The referral's id, known once it was begun."""
        made: uuid.UUID = self.facts["id"]
        return made

    @property
    def days_in(self) -> int:
        """How many days after the service's beginning it was begun."""
        began: datetime = self.facts["started_at"]
        length = timedelta(days=365 * parameters().volumes.years)
        return (began - (self.now - length)).days

    def must_have_come(self, moment: datetime) -> None:
        """Stop here where ``moment`` is still to come. Raises NotYetError."""
        if moment > self.now or (self.state is not None and self.state is self.ends_in):
            raise NotYetError

    def move(self, move: Move, moment: datetime, by: Actor, reason: str = "") -> None:
        """One move with its event, by the rules that hold for people too."""
        self.must_have_come(moment)
        if by.role not in MOVES[move].who:
            raise NotAllowed(f"{by.role} does not {move}")
        before, self.state = self.state, next_state(self.state, move)
        self.moves.append((move, moment))
        event: dict[str, Any] = {
            "id": self.draws.id_at(moment),
            "referral_id": self.id,
            "number": len(self.moves),
            "move": move,
            "from_state": before,
            "to_state": self.state,
            "moment": moment,
            "person_id": by.person_id,
            "organisation_id": by.organisation_id,
            "role": by.role,
            "reason": reason,
        }
        # Only looked at: a row of the ORM for each takes a tenth of the whole time.
        row = cast("ReferralEvent", SimpleNamespace(**event))
        self._hash = chain.link(self._hash, event_content(row))
        self.rows.add(ReferralEvent, **event, hash=self._hash)
        self.facts["changed_at"] = moment

    def begin(
        self,
        moment: datetime,
        by: Actor,
        reference: str,
        facts: dict[str, Any],
    ) -> None:
        """Start the draft."""
        self.facts |= facts | {
            "id": self.draws.id_at(moment),
            "reference": reference,
            "patient_id": self.patient.id,
            "practice_id": self.surgery.id,
            "contract_version_id": self.surgery.agreement.version_id,
            "specialty": SPECIALTY,
            "specialty_version": self.specialty.version,
            "started_by": by.person_id,
            "started_at": moment,
        }
        self.move(Move.START, moment, by)

    def start_clock(self, moment: datetime) -> None:
        """The specialists' time runs from now."""
        due: datetime = self.surgery.agreement.due(self.priority, moment)
        self.facts["due_at"] = due
        self.limits.append((moment, due))

    def reserve_for_whoever_asked(self, moment: datetime) -> None:
        """It goes back to them first."""
        hours = self.surgery.agreement.terms.reserved_for_hours
        self.facts["reserved_until"] = moment + timedelta(hours=hours)

    def end(self) -> None:
        """Write the referral as it stands now."""
        self.rows.add(Referral, **self.facts, state=self.state)
