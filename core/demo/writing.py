"""What the practice does: begin, fill in, send."""

import uuid
from datetime import datetime, timedelta

from core.access.model import Actor, Role
from core.demo import reference
from core.demo.camera import Camera, Shown
from core.demo.histories import history
from core.demo.parameters import parameters
from core.demo.pictures import Shelf
from core.demo.routing import Routes
from core.demo.story import Story
from core.kernel.clock import LONDON
from core.referrals import rules
from core.referrals.model import (
    ConsentForm,
    ConsentGiver,
    ConsentLevel,
    Move,
    Route,
    Step,
)
from core.referrals.tables import Consent, HistoryAnswer, Lesion, StepTime
from core.specialties.model import Answer


# What the rules look at and the referral's row holds.
_SAID = (
    "problem",
    "question",
    "priority",
    "override_reason",
    "would_have_referred",
    "acting_for",
    "imperfect_reason",
)
_STEPS = {
    Step.PATIENT: 0.13,
    Step.PROBLEM: 0.1,
    Step.HISTORY: 0.32,
    Step.IMAGES: 0.27,
    Step.ASK_AND_SEND: 0.18,
}
_BEGUN_BY = {
    Route.STAFF: {Role.NURSE: 3, Role.HEALTHCARE_ASSISTANT: 1},
    Route.STORED_PICTURES: {Role.PRACTICE_ADMINISTRATOR: 2, Role.GP: 1},
}
_CAPTURED_BY = {Role.NURSE: 2, Role.HEALTHCARE_ASSISTANT: 3}


class Writing:
    """The practice's part of one story."""

    def __init__(
        self, story: Story, shelf: Shelf, reference_number: str, routes: Routes
    ) -> None:
        self.story, self.shelf, self.reference = story, shelf, reference_number
        self.routes = routes
        self.draws = story.draws
        self.told = parameters().referrers
        self.seconds = self.draws.around(self.told.making_seconds, 0.5)

    def list_only(self, moment: datetime, day: datetime) -> None:
        """Put the patient on the telemedicine list, for somebody else to capture."""
        gp = self._one(Role.GP)
        begun = moment - timedelta(seconds=95)
        self.story.begin(begun, gp, self.reference, {"route": Route.GP_FACE_TO_FACE})
        self._choose()
        self.story.facts["listed_for"] = day.astimezone(LONDON).date()
        self.story.facts["route"] = Route.TELEMEDICINE_CLINIC
        self.story.move(Move.LIST, moment, gp)

    def send(self, sent_at: datetime) -> None:
        """Make the referral and send it at ``sent_at``."""
        route = self.draws.pick(self.told.routes)
        begins = sent_at - timedelta(seconds=int(self.seconds * 1.15))
        if route is Route.TELEMEDICINE_CLINIC:
            days = self.draws.one_of((1, 2, 3, 5, 7, 8))
            self.list_only(begins - timedelta(days=days), begins)
            by = self._one(self.draws.pick(_CAPTURED_BY))
            self.story.move(Move.CAPTURE, begins, by)
        else:
            by = self._one(self.draws.pick(_BEGUN_BY.get(route, {Role.GP: 1})))
            self.story.begin(begins, by, self.reference, {"route": route})
            self._choose()
        self._fill(by, begins)
        self._send(by, sent_at)

    def _one(self, role: Role) -> Actor:
        # The first of each role does most of it: somebody takes to it.
        staff = self.story.surgery.staff[role]
        return staff[0] if self.draws.chance(0.5) else self.draws.one_of(staff)

    def _choose(self) -> None:
        self.story.facts["problem"] = self.story.case.problem
        self.story.facts["working_diagnosis"] = self._wonders()

    def _wonders(self) -> str:
        """What the referrer thinks it may be: a diagnosis of the list, own words, or
        nothing."""
        case, draws = self.story.case, self.draws
        if case.diagnosis == "uncertain" or not draws.chance(
            self.told.names_a_diagnosis
        ):
            words = draws.chance(self.told.own_words)
            return draws.one_of(case.wondered) if words else ""
        same = draws.chance(self.told.names_the_same)
        code = case.diagnosis if same else draws.one_of(case.confused_with)
        known = self.story.specialty.diagnosis(code)
        label = known.label[0].lower() + known.label[1:]
        return draws.one_of((label, label, *known.synonyms))

    def _fill(self, by: Actor, begins: datetime) -> None:
        story = self.story
        answers = story.answers = history(story)
        for name, value in answers.items():
            content = {"value": value}
            story.rows.add(
                HistoryAnswer,
                referral_id=story.id,
                question_id=name,
                content=content,
            )
        lesions = self._pins()
        self._times(by)
        # A draft that is still open has neither been asked nor consented to.
        story.must_have_come(begins + timedelta(seconds=int(self.seconds)))
        camera = Camera(self.story, self.shelf, by)
        views = camera.take(lesions, begins, self.seconds)
        self._consent(by, begins)
        self._ask(by)
        self._judge(self._content(answers, lesions, views, by))

    def _judge(self, content: rules.Content) -> None:
        story, described = self.story, self.story.specialty
        offered = rules.offered_priority(described, content)
        story.facts["offered_priority"] = offered
        story.facts["score"] = rules.total(described, content)
        story.facts["image_set"] = rules.image_set(described, content)
        if offered is not None and offered is not story.priority:
            story.facts["override_reason"] = self.draws.one_of(
                reference.phrases()["overrides"]
            )

    def _send(self, by: Actor, sent_at: datetime) -> None:
        self.story.must_have_come(sent_at)
        self.story.facts |= {"sent_by": by.person_id, "sent_at": sent_at}
        self.story.start_clock(sent_at)
        self.routes.send(sent_at)
        self.story.move(Move.SEND, sent_at, by)

    def _pins(self) -> dict[int, uuid.UUID]:
        story, draws = self.story, self.draws
        if story.case.problem != "lesion":
            return {}
        lesions = {}
        for number in range(1, 1 + draws.pick({1: 86, 2: 11, 3: 3})):
            site = draws.one_of(story.case.sites)
            story.sites |= {site}
            side, x, y, wide, high = reference.body()[site]
            lesions[number] = draws.id_at(story.facts["started_at"])
            story.rows.add(
                Lesion,
                id=lesions[number],
                referral_id=story.id,
                number=number,
                site=site,
                side=side,
                x=round(x + draws.random.uniform(-wide, wide), 4),
                y=round(y + draws.random.uniform(-high, high), 4),
                removed_at=None,
            )
        return lesions

    def _times(self, by: Actor) -> None:
        for step, share in _STEPS.items():
            self.story.rows.add(
                StepTime,
                id=self.draws.id_at(self.story.facts["started_at"]),
                referral_id=self.story.id,
                step=step,
                person_id=by.person_id,
                seconds=round(min(self.seconds * share, 900.0), 1),
            )

    def _ask(self, by: Actor) -> None:
        story, draws = self.story, self.draws
        wondered = story.facts["working_diagnosis"].rstrip("?")
        asked = "questions" if wondered else "open_questions"
        question = draws.one_of(reference.phrases()[asked])
        story.facts |= {
            "question": question.format(wondered=wondered),
            "priority": story.priority,
            "would_have_referred": draws.chance(
                self.told.would_have_referred[story.priority]
            ),
        }
        if by.role is Role.PRACTICE_ADMINISTRATOR:
            story.facts["acting_for"] = self._one(Role.GP).name

    def _consent(self, by: Actor, begins: datetime) -> None:
        story, draws = self.story, self.draws
        child = story.patient.age(begins.date()) < 16
        story.rows.add(
            Consent,
            referral_id=story.id,
            level=draws.pick(
                {
                    ConsentLevel.RECORD_ONLY: 62,
                    ConsentLevel.TEACHING: 33,
                    ConsentLevel.PUBLICATION: 5,
                }
            ),
            form=ConsentForm.VERBAL if draws.chance(0.95) else ConsentForm.WRITTEN,
            given_by=ConsentGiver.PARENT if child else ConsentGiver.PATIENT,
            recorded_by=by.person_id,
            recorded_at=begins + timedelta(seconds=int(self.seconds)),
        )

    def _content(
        self,
        answers: dict[str, Answer],
        lesions: dict[int, uuid.UUID],
        views: set[Shown],
        by: Actor,
    ) -> rules.Content:
        facts = self.story.facts
        said = {name: facts[name] for name in _SAID}
        return rules.Content(
            **said,
            answers=answers,
            lesions=lesions,
            views=views,
            has_dermatoscope=bool(self.story.surgery.entry.dermatoscope),
            consented=True,
            needs_clinician=by.role is Role.PRACTICE_ADMINISTRATOR,
            # The demo's lesions are at no intimate site.
            intimate=False,
            chaperone="",
        )
