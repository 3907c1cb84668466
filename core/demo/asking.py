"""One weblink on its way: its steps as the actions would have written them."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from core.access.model import SYSTEM, THE_PATIENT, Actor, OrganisationKind, Role
from core.contracts.model import InvitationTerms
from core.demo.story import NotYetError, Story
from core.invitations.model import (
    UNFINISHED,
    InvitationState,
    Step,
    StopReason,
    Way,
    next_state,
)
from core.invitations.tables import Invitation, InvitationEvent
from core.kernel.clock import LONDON
from core.languages.reference import code_for
from core.notify.model import Channel, Topic
from core.notify.tables import Outbox


_REMIND_AT = time(10)
_LAST = time(23, 59, 59)
# Where a step's first time stands.
_FIRST = {
    Step.SEND: "sent_at",
    Step.OPEN: "opened_at",
    Step.VERIFY: "verified_at",
    Step.SUBMIT: "finished_at",
}
_CHANNELS = {Way.EMAIL: Channel.EMAIL, Way.TEXT: Channel.TEXT}
_ENDS = (Step.SUBMIT, Step.STOP, Step.EXPIRE, Step.CANCEL)
_REMINDED = (InvitationState.SENT, InvitationState.OPENED, InvitationState.VERIFIED)


class Asking:
    """A weblink so far. What would be later than now raises NotYetError."""

    def __init__(
        self, story: Story, terms: InvitationTerms, by: Actor, moment: datetime
    ) -> None:
        self.story, self.terms = story, terms
        self.way, self.address = story.patient.reached_by(story.draws)
        self.state: InvitationState | None = None
        self.sent_at, self.reminders = moment, 0
        self.expires_at = _at(_day(moment, terms.expires_after_days), _LAST)
        self.facts: dict[str, Any] = dict.fromkeys((*_FIRST.values(), "ended_at"))
        self.facts |= {"stopped_for": None, "created_by": by.person_id}
        self.patient = Actor(
            person_id=THE_PATIENT,
            name="The patient",
            role=Role.PATIENT,
            organisation_id=story.surgery.id,
            organisation_name=story.surgery.entry.name,
            organisation_kind=OrganisationKind.PATIENT,
        )
        self.id = story.draws.id_at(moment)
        # A moment before, so that the order of its steps can be seen.
        self.step(Step.CREATE, moment - timedelta(seconds=1), by)
        self.step(Step.SEND, moment, by, self.way)

    def step(self, step: Step, moment: datetime, by: Actor, reason: str = "") -> None:
        """One step with its row. Raises NotYetError for one that is to come."""
        self.remind_until(min(moment, self.story.now))
        if moment > self.story.now:
            raise NotYetError
        self.state = next_state(self.state, step)
        if step in _FIRST:
            self.facts[_FIRST[step]] = moment
        if step in _ENDS:
            self.facts["ended_at"] = moment
        if step is Step.STOP:
            self.facts["stopped_for"] = StopReason(reason)
        if step is Step.SUBMIT:
            last = _day(moment, self.terms.status_for_days)
            self.expires_at = _at(last, _LAST)
        self._note(step, moment, by, reason)

    def by_patient(self, step: Step, moment: datetime, reason: str = "") -> None:
        """A step that the patient takes."""
        self.step(step, moment, self.patient, reason)

    def remind_until(self, moment: datetime) -> None:
        """Remind on the days that the contract says, while nothing has come."""
        while (due := self._next_reminder()) is not None and due <= moment:
            self.reminders += 1
            self._note(Step.REMIND, due, SYSTEM, "")

    def end(self) -> None:
        """Write the weblink as it stands now."""
        self.remind_until(self.story.now)
        story = self.story
        if self.state in UNFINISHED and self.way in _CHANNELS:
            self._message(_CHANNELS[self.way])
        story.rows.add(
            Invitation,
            id=self.id,
            referral_id=story.id,
            patient_id=story.patient.id,
            practice_id=story.surgery.id,
            contract_version_id=story.surgery.agreement.version_id,
            reference=story.facts["reference"],
            state=self.state,
            way=self.way,
            address=self.address,
            language=code_for(story.patient.language),
            wants_messages=True,
            created_at=self.sent_at,
            asked_at=self.sent_at,
            expires_at=self.expires_at,
            wrong_dates=self._wrong_dates(),
            reminders=self.reminders,
            remind_at=self._next_reminder(),
            **self.facts,
        )

    def _message(self, channel: Channel) -> None:
        """That brought it, of those that patients have today: long gone, and delivered."""
        came = min(self.sent_at + timedelta(seconds=50), self.story.now)
        self.story.rows.add(
            Outbox,
            id=self.story.draws.id_at(self.sent_at),
            topic=Topic.INVITED,
            channel=channel,
            language=code_for(self.story.patient.language),
            address=self.address,
            about_id=self.id,
            facts={"practice": self.story.surgery.entry.name},
            created_at=self.sent_at,
            available_at=self.sent_at,
            attempts=1,
            done_at=came,
            delivered_at=came,
        )

    def _wrong_dates(self) -> int:
        return self.terms.tries if self.state is InvitationState.LOCKED else 0

    def _next_reminder(self) -> datetime | None:
        days = sorted(self.terms.remind_after_days)
        if self.state not in _REMINDED or self.way not in _CHANNELS:
            return None
        if self.reminders >= len(days):
            return None
        due = _at(_day(self.sent_at, days[self.reminders]), _REMIND_AT)
        return due if due < self.expires_at else None

    def _note(self, step: Step, moment: datetime, by: Actor, reason: str) -> None:
        self.facts["changed_at"] = moment
        self.story.rows.add(
            InvitationEvent,
            id=self.story.draws.id_at(moment),
            invitation_id=self.id,
            step=step,
            state=self.state,
            moment=moment,
            person_id=by.person_id,
            role=by.role,
            reason=reason,
        )


def _day(moment: datetime, days: int) -> date:
    return moment.astimezone(LONDON).date() + timedelta(days=days)


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, LONDON).astimezone(UTC)
