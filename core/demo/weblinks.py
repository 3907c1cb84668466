"""What a practice and its patient do who sends history and pictures by a weblink."""

import uuid
from datetime import datetime, timedelta

from core.access.model import SYSTEM, Actor, Role
from core.contracts.model import InvitationTerms
from core.demo import reference
from core.demo.asking import Asking
from core.demo.camera import Camera, Shown
from core.demo.histories import history
from core.demo.opening import WorkingTime
from core.demo.parameters import parameters
from core.demo.writing import Writing
from core.invitations.model import InvitationState, StopReason
from core.invitations.model import Step as LinkStep
from core.referrals import rules
from core.referrals.model import (
    ConsentForm,
    ConsentGiver,
    ConsentLevel,
    Move,
    Route,
    Step,
)
from core.referrals.tables import Consent, HistoryAnswer, StepTime
from core.specialties.model import Answer


# Nobody took longer: a link runs out.
_LONGEST_HOURS = 200.0
_OPENED_WITHIN = timedelta(hours=150)
_CHILD = 16
_STEPS = {Step.PATIENT: 0.4, Step.PROBLEM: 0.35, Step.ASK_AND_SEND: 0.25}
_MINUTE = timedelta(minutes=1)


class ByWeblink(Writing):
    """The practice's and the patient's part of one story."""

    asking: Asking

    @property
    def terms(self) -> InvitationTerms:
        """The contract's. Raises ValueError where it has none."""
        terms = self.story.surgery.agreement.terms.invitations
        if terms is None:
            raise ValueError("The contract has no weblinks.")
        return terms

    def ask(self, moment: datetime) -> None:
        """The practice sends the weblink."""
        story, told = self.story, parameters().weblinks
        by = self._one(self.draws.pick(told.asked_by))
        self.seconds = min(self.seconds * 0.4, 600.0)
        begun = moment - timedelta(seconds=int(self.seconds * 1.15))
        story.begin(begun, by, self.reference, {"route": Route.PATIENT_LINK})
        story.facts |= {
            "problem": story.case.problem,
            "priority": story.priority,
            "question": self.terms.question,
            "would_have_referred": self.draws.chance(
                self.told.would_have_referred[story.priority]
            ),
        }
        if by.role is Role.PRACTICE_ADMINISTRATOR:
            story.facts["acting_for"] = self._one(Role.GP).name
        self._times(by)
        story.move(Move.INVITE, moment, by)
        self.asking = Asking(story, self.terms, by, moment)

    def send_by(self, finished: datetime, hours: WorkingTime) -> datetime:
        """All of it, until it is with the specialists. Returns when it is."""
        self.ask(self._asked_before(finished, hours))
        self.begin_before(finished)
        return self.finish(finished, hours)

    def begin_before(self, finished: datetime) -> None:
        """The patient opens the link, and says when they were born."""
        asked, told = self.asking.sent_at, parameters().weblinks
        latest = finished - timedelta(minutes=self.draws.random.uniform(6, 22))
        latest = max(latest, asked + 2 * _MINUTE)
        waits = timedelta(hours=self.draws.around(*told.hours_to_open))
        opened = asked + max(waits, _MINUTE)
        if opened > latest - _MINUTE:
            opened = asked + (latest - asked) * self.draws.random.uniform(0.1, 0.9)
        self.asking.by_patient(LinkStep.OPEN, _whole(opened))
        at_once = self.draws.chance(0.6)
        begun = min(opened + 1.5 * _MINUTE, latest) if at_once else latest
        self.asking.by_patient(LinkStep.VERIFY, _whole(begun))

    def finish(self, moment: datetime, hours: WorkingTime) -> datetime:
        """The patient fills it in and sends it. Returns when the specialists have it."""
        story, asking = self.story, self.asking
        views = self._fill_in(moment)
        asking.by_patient(LinkStep.SUBMIT, moment)
        if views and not self.terms.practice_reviews:
            story.facts |= {"sent_by": None, "sent_at": moment}
            self._to_specialists(moment)
            story.move(Move.PATIENT_SENDS, moment, asking.patient)
            return moment
        story.move(Move.PATIENT_HANDS_IN, moment, asking.patient)
        waits = self.draws.around(*parameters().weblinks.looked_at_minutes)
        sent_at = hours.later(moment, waits)
        story.must_have_come(sent_at)
        gp = self._one(Role.GP)
        story.facts |= {"sent_by": gp.person_id, "sent_at": sent_at}
        self._to_specialists(sent_at)
        story.move(Move.SEND, sent_at, gp)
        return sent_at

    def refuse(self, moment: datetime, hours: WorkingTime, reason: StopReason) -> None:
        """The answers end it; the practice sees to it, and takes the referral back."""
        self.asking.by_patient(LinkStep.STOP, moment, reason)
        patient = self.asking.patient
        self.story.move(Move.PATIENT_STOPS, moment, patient, reason.label)
        self._take_back(moment, hours)

    def run_out(self, hours: WorkingTime) -> None:
        """Nothing comes; the practice decides."""
        moment = self.asking.expires_at + timedelta(seconds=31)
        self.asking.step(LinkStep.EXPIRE, moment, SYSTEM)
        self.story.move(Move.LAPSE, moment, SYSTEM)
        self._take_back(moment, hours)

    def cancel(self, hours: WorkingTime) -> None:
        """The practice ends it, because the patient came in person for instance."""
        asked = self.asking.sent_at
        moment = hours.later(asked, min(self.draws.around(900, 0.8), 4000))
        reason = self.draws.one_of(reference.phrases()["weblinks_cancelled"])
        gp = self._one(Role.GP)
        self.asking.step(LinkStep.CANCEL, moment, gp, reason)
        self.story.move(Move.WITHDRAW, moment, gp, reason)

    def get_as_far_as(
        self, state: InvitationState, within: timedelta = _OPENED_WITHIN
    ) -> None:
        """Open it ``within`` that time, or begin, and leave it there."""
        asked = self.asking.sent_at
        waits = self.draws.around(*parameters().weblinks.hours_to_open)
        opened = _whole(asked + min(timedelta(hours=max(waits, 0.05)), within))
        if state is not InvitationState.SENT:
            self.asking.by_patient(LinkStep.OPEN, opened)
        if state in (InvitationState.VERIFIED, InvitationState.STOPPED):
            self.asking.by_patient(LinkStep.VERIFY, opened + 2 * _MINUTE)
        if state is InvitationState.LOCKED:
            self.asking.by_patient(LinkStep.LOCK, opened + 3 * _MINUTE)

    def _asked_before(self, finished: datetime, hours: WorkingTime) -> datetime:
        told = parameters().weblinks
        waited = min(max(self.draws.around(*told.hours_to_finish), 0.5), _LONGEST_HOURS)
        before = hours.position(finished - timedelta(hours=waited))
        return hours.at(before - self.draws.random.uniform(3, 90))

    def _take_back(self, moment: datetime, hours: WorkingTime) -> None:
        moment = hours.later(moment, self.draws.around(300, 0.8))
        reason = self.draws.one_of(reference.phrases()["weblinks_taken_back"])
        self.story.move(Move.WITHDRAW, moment, self._one(Role.GP), reason)

    def _fill_in(self, moment: datetime) -> set[Shown]:
        """Returns which pictures there are."""
        story, begun = self.story, self.asking.facts["verified_at"]
        began = max(begun, moment - 20 * _MINUTE)
        asked = {one.id for one in story.specialty.questions if one.by_patient}
        answers = {name: said for name, said in history(story).items() if name in asked}
        story.answers = answers
        for name, value in answers.items():
            story.rows.add(
                HistoryAnswer,
                referral_id=story.id,
                question_id=name,
                content={"value": value},
            )
        lesions = self._pins()
        camera = Camera(story, self.shelf, self.asking.patient)
        views = camera.take(lesions, began, (moment - began).total_seconds() * 0.8)
        if story.facts["imperfect_reason"]:
            # That it cannot be taken is all that a patient says.
            story.facts["imperfect_reason"] = rules.Imperfect.OTHER.value
        self._agree(began)
        self._judge(self._asked(answers, lesions, views))
        return views

    def _judge(self, content: rules.Content) -> None:
        """What the answers earn holds, where it is more urgent."""
        offered = rules.offered_priority(self.story.specialty, content)
        if offered is not None:
            self.story.priority = self.story.facts["priority"] = offered
        super()._judge(content)

    def _to_specialists(self, moment: datetime) -> None:
        self.story.start_clock(moment)
        self.routes.send(moment)

    def _times(self, by: Actor) -> None:
        for step, share in _STEPS.items():
            self.story.rows.add(
                StepTime,
                id=self.draws.id_at(self.story.facts["started_at"]),
                referral_id=self.story.id,
                step=step,
                person_id=by.person_id,
                seconds=round(self.seconds * share, 1),
            )

    def _agree(self, moment: datetime) -> None:
        child = self.story.patient.age(moment.date()) < _CHILD
        self.story.rows.add(
            Consent,
            referral_id=self.story.id,
            level=ConsentLevel.RECORD_ONLY,
            form=ConsentForm.WRITTEN,
            given_by=ConsentGiver.PARENT if child else ConsentGiver.PATIENT,
            recorded_by=self.asking.patient.person_id,
            recorded_at=moment,
        )

    def _asked(
        self,
        answers: dict[str, Answer],
        lesions: dict[int, uuid.UUID],
        views: set[Shown],
    ) -> rules.Content:
        """As the rules look at what a patient filled in."""
        facts = self.story.facts
        return rules.Content(
            problem=facts["problem"],
            answers=answers,
            lesions=lesions,
            views=views,
            has_dermatoscope=False,
            consented=True,
            question=facts["question"],
            priority=facts["priority"],
            override_reason="",
            would_have_referred=facts["would_have_referred"],
            acting_for=facts["acting_for"],
            needs_clinician=False,
            imperfect_reason=facts["imperfect_reason"],
            intimate=False,
            chaperone="",
            by_patient=True,
        )


def _whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
