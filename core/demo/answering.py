"""What specialists do with a referral, and how the practice takes it up."""

from datetime import datetime, timedelta

from core.access.model import SYSTEM, Actor, Role
from core.contracts.model import Priority
from core.demo import reference
from core.demo.afterwards import Afterwards
from core.demo.opening import WorkingTime
from core.demo.opinions import mark_unusable, write_opinion
from core.demo.parameters import parameters
from core.demo.routing import Routes
from core.demo.story import Story
from core.referrals.model import AcknowledgementState, Move
from core.referrals.tables import Acknowledgement
from core.reviews.tables import Claim


class Answering:
    """The specialists' part of one story."""

    def __init__(self, story: Story, hours: WorkingTime, routes: Routes) -> None:
        self.story, self.hours, self.draws = story, hours, story.draws
        self.routes, self.told = routes, parameters().turnaround
        self.specialist = self.draws.pick(self._able())

    def answer(self, sent_at: datetime) -> None:
        """From the worklist to the practice's acknowledgement, with its detours."""
        told = parameters().answers
        if self.draws.chance(told.withdrawn):
            self._withdraw(sent_at)
            return
        waited_from = sent_at
        if self.draws.chance(told.let_go):
            waited_from = self.let_go(sent_at)
        if self.draws.chance(
            told.returned_unusable if self.story.unusable else told.returned
        ):
            waited_from = self.ask_back(waited_from, self._takes() / 2)
        self.give_answer(self._in_time(waited_from))

    def give_answer(self, moment: datetime) -> None:
        """Answer at ``moment``; then the practice takes it up."""
        reading = timedelta(
            seconds=int(
                min(max(self.draws.around(self.told.reading_seconds, 0.7), 25), 1500)
            )
        )
        # Nobody reads a case before it was sent.
        began = max(moment - reading, self.story.facts["changed_at"])
        self._claim(began, moment)
        self.story.must_have_come(moment)
        mark_unusable(self.story, self.specialist, began)
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
        asked_for = "pictures_back" if story.unusable else "questions_back"
        question = self.draws.one_of(phrases[asked_for])
        mark_unusable(story, self.specialist, began)
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
        """Minutes of work until the answer."""
        told, routing = self.told, self.story.surgery.routing
        minutes = self.draws.around(*told.minutes[self.story.priority])
        widened = self.story.now - timedelta(days=told.widened_days_ago)
        in_pool = routing.organisations.get(told.widened_pool)
        sent_at: datetime = self.story.facts["sent_at"]
        if self.story.facts["pool_id"] == in_pool and sent_at < widened:
            minutes *= told.before_widening
        return minutes * told.at_christmas if self._christmas() else minutes

    def _christmas(self) -> bool:
        first, last = self.told.christmas
        day = f"{self.story.facts['sent_at']:%m-%d}"
        return day >= first or day <= last

    def _in_time(self, waited_from: datetime) -> datetime:
        answered = self.hours.later(waited_from, self._takes())
        due = self.story.facts["due_at"]
        told = self.told
        christmas = self._christmas()
        often = told.in_time_at_christmas if christmas else told.in_time_after_all
        if answered > due and self.draws.chance(often):
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
        written = write_opinion(self.story, self.specialist, version, moment, seconds)
        self._opinion_id = written.id
        if version == 1:
            said = (written.likeliest, written.outcome.code)
            self._afterwards().second_read(written.id, moment, said, self._able())
        return written.outcome.face_to_face

    def _afterwards(self) -> Afterwards:
        return Afterwards(self.story, self.hours, self.specialist)

    def _taken_up(self, version: int, answered: datetime, face_to_face: bool) -> None:
        story = self.story
        quick = 60.0 if story.priority is Priority.SUSPECTED_CANCER else 210.0
        moment = self.hours.later(answered, self.draws.around(quick, 0.9))
        by = self.draws.one_of(
            story.surgery.staff[self.draws.pick(parameters().answers.taken_up_by)]
        )
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
        story.taken_up.append(moment)
        story.facts["changed_at"] = moment
        self._afterwards().feedback(self._opinion_id, moment, by)
        if not face_to_face:
            story.move(Move.CLOSE, moment, by)
        elif version == 1 and self.draws.chance(parameters().answers.amended):
            self._amend(self.hours.later(moment, self.draws.around(400, 0.6)))

    def _amend(self, moment: datetime) -> None:
        # Only an answer that is still open can be amended: one with a visit.
        self.story.must_have_come(moment)
        face_to_face = self._opinion(2, moment, 0.0)
        self.story.move(Move.AMEND, moment, self.specialist)
        self._taken_up(2, moment, face_to_face)
