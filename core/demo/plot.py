"""Tell stories: of the past, and of the work that is open today."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.contracts.model import PRIORITY_ORDER, Priority
from core.demo import reference
from core.demo.answering import Answering
from core.demo.cast import Surgery
from core.demo.desks import Desks
from core.demo.draws import Draws, references
from core.demo.opening import WorkingTime
from core.demo.parameters import parameters
from core.demo.pictures import Shelf
from core.demo.population import Known, Population
from core.demo.reference import Case
from core.demo.routing import Routes
from core.demo.rows import Rows
from core.demo.story import NotYetError, Story
from core.demo.writing import Writing
from core.kernel.clock import LONDON
from core.referrals.model import State


@dataclass(frozen=True)
class Open:
    """Work that is open today: where it stands, for how many working minutes."""

    state: State
    practice: str
    priority: Priority
    minutes: float


class Plot:
    """Makes one story after another."""

    def __init__(
        self, rows: Rows, draws: Draws, shelf: Shelf, now: datetime, hours: WorkingTime
    ) -> None:
        self.rows, self.draws, self.shelf = rows, draws, shelf
        self.now, self.hours = now, hours
        self.population = Population(rows, draws)
        self.references = references(draws)
        self.desks = Desks()

    def past(self, surgery: Surgery, sent_at: datetime) -> None:
        """A referral that was sent then; what is still to come has not happened."""
        story = self._story(
            surgery, sent_at, self.draws.pick(parameters().priorities), None
        )
        routes = Routes(story, self.desks)
        with suppress(NotYetError):
            self._writing(story, routes).send(sent_at)
            Answering(story, self.hours, routes).answer(sent_at)
        routes.wait_until(self.now)
        story.end()

    def open(self, surgery: Surgery, work: Open) -> None:
        """A referral that stays where ``work`` says."""
        sent_at = self.hours.earlier(self.now, work.minutes)
        story = self._story(surgery, sent_at, work.priority, work.state)
        routes = Routes(story, self.desks)
        writing = self._writing(story, routes)
        with suppress(NotYetError):
            if work.state is State.LISTED:
                writing.list_only(sent_at, self.now)
            else:
                writing.send(sent_at)
                self._go_on(story, work, sent_at, routes)
        routes.wait_until(self.now)
        story.end()

    def _go_on(
        self, story: Story, work: Open, sent_at: datetime, routes: Routes
    ) -> None:
        answering = Answering(story, self.hours, routes)
        if work.state is State.RETURNED:
            answering.ask_back(sent_at, work.minutes * 0.4)
        elif work.state is State.ANSWERED:
            answering.give_answer(self.hours.later(sent_at, work.minutes * 0.6))
        elif work.state is State.IN_REVIEW:
            answering.hold(max(self.now - timedelta(minutes=4), sent_at))

    def _writing(self, story: Story, routes: Routes) -> Writing:
        return Writing(story, self.shelf, next(self.references), routes)

    def _story(
        self,
        surgery: Surgery,
        sent_at: datetime,
        priority: Priority,
        ends_in: State | None,
    ) -> Story:
        # Registered the working week before at the latest, as a patient list is.
        patient = self.population.someone(surgery, sent_at - timedelta(days=9))
        return Story(
            self.rows,
            self.draws,
            now=self.now,
            surgery=surgery,
            patient=patient,
            case=self._case(patient, priority, sent_at),
            priority=priority,
            ends_in=ends_in,
        )

    def _case(self, patient: Known, priority: Priority, moment: datetime) -> Case:
        age = patient.age(moment.astimezone(LONDON).date())
        weights = [_fits(case, patient, age, priority) for case in reference.cases()]
        return self.draws.random.choices(reference.cases(), weights)[0]


def _fits(case: Case, patient: Known, age: int, priority: Priority) -> float:
    usual, spread = case.age
    away = (age - usual) / spread
    # Never quite nought: the very old and the very young have something too.
    fits = 1 / (1 + away * away) ** 2 + 0.0001
    return case.share(priority) * fits * (case.dark if patient.is_dark else 1.0)


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
