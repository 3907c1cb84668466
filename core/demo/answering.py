"""What specialists do with a referral, and how the practice takes it up."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from core.access.model import SYSTEM, Actor, Grade, Role
from core.contracts.model import Priority
from core.demo import reference
from core.demo.afterwards import Afterwards
from core.demo.opening import WorkingTime
from core.demo.routing import Routes
from core.demo.story import Story
from core.referrals.model import AcknowledgementState, Move
from core.referrals.tables import Acknowledgement
from core.reviews.model import Certainty, Complexity
from core.reviews.tables import Claim, Opinion, OpinionDiagnosis
from core.specialties.model import Outcome


# Working minutes until the answer: median, and spread of the logarithm.
_TURNAROUND = {
    Priority.ROUTINE: (275.0, 0.95),
    Priority.URGENT: (140.0, 0.85),
    Priority.SUSPECTED_CANCER: (105.0, 0.8),
}
_READING_SECONDS = 150.0
# Whoever sees that the time is nearly over is quicker, mostly.
_IN_TIME_AFTER_ALL = 0.6
_WITHDRAWN, _LET_GO, _RETURNED, _AMENDED = 0.015, 0.03, 0.07, 0.03
_TAKEN_UP_BY = {Role.GP: 60, Role.NURSE: 15, Role.PRACTICE_ADMINISTRATOR: 25}
# Outcomes whose first visit is for looking, whatever is done later.
_TO_LOOK = ("community_clinic", "secondary_care_routine")
_NEED = ("procedure", "complexity", "lowest_grade", "see_by", "minutes")


class Answering:
    """The specialists' part of one story."""

    def __init__(self, story: Story, hours: WorkingTime, routes: Routes) -> None:
        self.story, self.hours, self.draws = story, hours, story.draws
        self.routes = routes
        self.specialist = self.draws.pick(self._able())

    def answer(self, sent_at: datetime) -> None:
        """From the worklist to the practice's acknowledgement, with its detours."""
        if self.draws.chance(_WITHDRAWN):
            self._withdraw(sent_at)
            return
        waited_from = sent_at
        if self.draws.chance(_LET_GO):
            waited_from = self.let_go(sent_at)
        if self.draws.chance(_RETURNED):
            waited_from = self.ask_back(waited_from, self._takes() / 2)
        self.give_answer(self._in_time(waited_from))

    def give_answer(self, moment: datetime) -> None:
        """Answer at ``moment``; then the practice takes it up."""
        reading = timedelta(
            seconds=int(min(max(self.draws.around(_READING_SECONDS, 0.7), 25), 1500))
        )
        # Nobody reads a case before it was sent.
        began = max(moment - reading, self.story.facts["changed_at"])
        self._claim(began, moment)
        self.story.must_have_come(moment)
        self.story.facts["answered_at"] = moment
        self.story.facts |= {"reserved_for": None, "reserved_until": None}
        face_to_face = self._opinion(1, moment, (moment - began).total_seconds())
        self.story.move(Move.ANSWER, moment, self.specialist)
        self._taken_up(1, moment, face_to_face)

    def ask_back(self, sent_at: datetime, minutes: float) -> datetime:
        """Return it with a question; returns when the practice's answer came."""
        story = self.story
        asked = self.hours.later(sent_at, minutes)
        began = max(asked - timedelta(seconds=140), story.facts["changed_at"])
        self._claim(began, asked)
        story.must_have_come(asked)
        story.facts["reserved_for"] = self.specialist.person_id
        phrases = reference.phrases()
        question = self.draws.one_of(phrases["questions_back"])
        story.move(Move.RETURN, asked, self.specialist, question)
        supplied = self.hours.later(asked, self.draws.around(260, 0.8))
        # Only what has happened may change the row.
        story.must_have_come(supplied)
        story.reserve_for_whoever_asked(supplied)
        story.start_clock(supplied)
        self.routes.give_back(supplied)
        by = self.draws.one_of(story.surgery.staff[Role.GP])
        answer = self.draws.one_of(phrases["answers_back"])
        story.move(Move.SUPPLY, supplied, by, answer)
        return supplied

    def let_go(self, sent_at: datetime) -> datetime:
        """Somebody takes it, and puts it back or forgets it; returns when."""
        story = self.story
        began = self.hours.later(sent_at, self._takes() / 3)
        self.routes.wait_until(began)
        someone = self.draws.pick(self._able())
        lapse = story.surgery.agreement.terms.claim_lapses_after_minutes
        forgotten = self.draws.chance(0.5)
        ended = began + timedelta(minutes=lapse + 1 if forgotten else 4)
        self._claim(began, ended, someone)
        by, reason = (SYSTEM, "lapsed") if forgotten else (someone, "")
        story.move(Move.RELEASE, ended, by, reason)
        self.routes.desks.take(story.id, None)
        return ended

    def hold(self, moment: datetime) -> None:
        """Take it, and still be reading it now."""
        self._claim(moment, moment + timedelta(minutes=30))

    def _able(self) -> dict[Actor, float]:
        facts = self.story.facts
        return self.story.surgery.answering(
            self.story.priority, facts["pool_id"], facts["sub_specialty"]
        )

    def _takes(self) -> float:
        return self.draws.around(*_TURNAROUND[self.story.priority])

    def _in_time(self, waited_from: datetime) -> datetime:
        answered = self.hours.later(waited_from, self._takes())
        due = self.story.facts["due_at"]
        if answered > due and self.draws.chance(_IN_TIME_AFTER_ALL):
            left = self.hours.position(due) - self.hours.position(waited_from)
            if left > 0:
                share = self.draws.random.uniform(0.4, 0.97)
                answered = self.hours.later(waited_from, left * share)
        return answered

    def _withdraw(self, sent_at: datetime) -> None:
        moment = self.hours.later(sent_at, self._takes() / 3)
        by = self.draws.one_of(self.story.surgery.staff[Role.GP])
        reason = self.draws.one_of(reference.phrases()["withdrawals"])
        self.story.move(Move.WITHDRAW, moment, by, reason)
        self.routes.desks.take(self.story.id, moment)

    def _claim(self, began: datetime, ended: datetime, by: Actor | None = None) -> None:
        story = self.story
        self.routes.wait_until(began)
        able = self._able()
        if self.specialist not in able:
            self.specialist = self.draws.pick(able)
        by = by or self.specialist
        story.move(Move.CLAIM, began, by)
        self.routes.desks.take(story.id, began)
        lapse = story.surgery.agreement.terms.claim_lapses_after_minutes
        story.rows.add(
            Claim,
            id=self.draws.id_at(began),
            referral_id=story.id,
            person_id=by.person_id,
            started_at=began,
            lapses_at=began + timedelta(minutes=lapse),
            ended_at=ended if self._comes(ended) else None,
        )

    def _comes(self, moment: datetime) -> bool:
        stays = (
            self.story.ends_in is not None and self.story.state is self.story.ends_in
        )
        return moment <= self.story.now and not stays

    def _opinion(self, version: int, moment: datetime, seconds: float) -> bool:
        story, case = self.story, self.story.case
        outcome = story.specialty.outcome(self.draws.pick(case.outcomes))
        made = self.draws.id_at(moment)
        story.rows.add(
            Opinion,
            id=made,
            referral_id=story.id,
            version=version,
            person_id=self.specialist.person_id,
            organisation_id=self.specialist.organisation_id,
            moment=moment,
            seconds=seconds,
            advice=self.draws.one_of(case.advice),
            prescribing="",
            outcome=outcome.code,
            **self._need(outcome, moment),
        )
        likeliest = self._diagnose(made)
        self._opinion_id = made
        if version == 1:
            said = (likeliest, outcome.code)
            self._afterwards().second_read(made, moment, said, self._able())
        return outcome.face_to_face

    def _afterwards(self) -> Afterwards:
        return Afterwards(self.story, self.hours, self.specialist)

    def _diagnose(self, opinion_id: uuid.UUID) -> str:
        """Write the ranked diagnoses; returns the likeliest."""
        ranked = self._diagnoses()
        for rank, (code, certainty) in enumerate(ranked, start=1):
            self.story.rows.add(
                OpinionDiagnosis,
                opinion_id=opinion_id,
                rank=rank,
                code=code,
                certainty=certainty,
            )
        return ranked[0][0]

    def _need(self, outcome: Outcome, moment: datetime) -> dict[str, Any]:
        """What somebody has to be seen for; nothing where nobody has to be."""
        if not outcome.face_to_face:
            return dict.fromkeys(_NEED)
        story, case = self.story, self.story.case
        procedure = case.procedure
        if outcome.code in _TO_LOOK:
            procedure = "full_skin_check" if case.sites else "consultation"
        days = story.specialty.see_within_days[_urgency(outcome.code, story.priority)]
        return {
            "procedure": procedure,
            "complexity": self.draws.one_of(tuple(Complexity)),
            "lowest_grade": Grade(story.specialty.procedure(procedure).lowest_grade),
            "see_by": moment.date() + timedelta(days=days),
            "minutes": story.specialty.procedure(procedure).minutes,
        }

    def _diagnoses(self) -> list[tuple[str, Certainty]]:
        case, draws = self.story.case, self.draws
        sure = {Certainty.CERTAIN: 55, Certainty.PROBABLE: 35, Certainty.POSSIBLE: 10}
        certainty = draws.pick(sure)
        if case.diagnosis == "uncertain":
            certainty = Certainty.POSSIBLE
        found = [(case.diagnosis, certainty)]
        if certainty is not Certainty.CERTAIN and draws.chance(0.7):
            found.append((draws.one_of(case.confused_with), Certainty.POSSIBLE))
        return found

    def _taken_up(self, version: int, answered: datetime, face_to_face: bool) -> None:
        story = self.story
        quick = 60.0 if story.priority is Priority.SUSPECTED_CANCER else 210.0
        moment = self.hours.later(answered, self.draws.around(quick, 0.9))
        by = self.draws.one_of(story.surgery.staff[self.draws.pick(_TAKEN_UP_BY)])
        done = self._comes(moment)
        state = AcknowledgementState
        story.rows.add(
            Acknowledgement,
            referral_id=story.id,
            version=version,
            state=state.ACKNOWLEDGED if done else state.PENDING,
            closes=not face_to_face,
            person_id=by.person_id if done else None,
            moment=moment if done else None,
        )
        story.must_have_come(moment)
        story.facts["changed_at"] = moment
        self._afterwards().feedback(self._opinion_id, moment, by)
        if not face_to_face:
            story.move(Move.CLOSE, moment, by)
        elif version == 1 and self.draws.chance(_AMENDED):
            self._amend(self.hours.later(moment, self.draws.around(400, 0.6)))

    def _amend(self, moment: datetime) -> None:
        # Only an answer that is still open can be amended: one with a visit.
        self.story.must_have_come(moment)
        face_to_face = self._opinion(2, moment, 0.0)
        self.story.move(Move.AMEND, moment, self.specialist)
        self._taken_up(2, moment, face_to_face)


def _urgency(outcome: str, priority: Priority) -> Priority:
    urgent = outcome == "secondary_care_urgent_cancer"
    return Priority.SUSPECTED_CANCER if urgent else priority
