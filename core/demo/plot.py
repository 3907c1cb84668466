"""Tell stories: of the past, and of the work that is open today."""

from contextlib import suppress
from datetime import datetime, timedelta

from core.contracts.model import Priority
from core.demo import reference
from core.demo.answering import Answering
from core.demo.cast import Surgery
from core.demo.desks import Desks
from core.demo.draws import Draws, references
from core.demo.link_choices import Links
from core.demo.open_work import Open
from core.demo.opening import WorkingTime
from core.demo.overdue import write_overdue
from core.demo.parameters import parameters
from core.demo.pictures import Shelf
from core.demo.population import Known, Population
from core.demo.reference import Case
from core.demo.routing import Routes
from core.demo.rows import Rows
from core.demo.story import NotYetError, Story
from core.demo.weblinks import ByWeblink
from core.demo.writing import Writing
from core.invitations.model import InvitationState
from core.kernel.clock import LONDON
from core.referrals.model import State


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
        self.links = Links(draws, now, hours)

    def past(self, surgery: Surgery, sent_at: datetime) -> None:
        """A referral that was sent then; what is still to come has not happened."""
        priority = self.draws.pick(parameters().priorities)
        if self.links.wanted(surgery, priority, sent_at):
            self._past_by_weblink(surgery, sent_at, priority)
            return
        story = self._story(surgery, sent_at, priority, None)
        routes = Routes(story, self.desks)
        with suppress(NotYetError):
            self._writing(story, routes).send(sent_at)
            Answering(story, self.hours, routes).answer(sent_at)
        routes.wait_until(self.now)
        self._end(story)

    def _past_by_weblink(
        self, surgery: Surgery, moment: datetime, priority: Priority
    ) -> None:
        """One that its patient sent then; and before it those who never did."""
        while True:
            story = self._story(surgery, moment, priority, None)
            routes = Routes(story, self.desks)
            link = self._link(story, routes)
            finishes = self.links.finishes(story, moment)
            with suppress(NotYetError):
                if finishes:
                    sent_at = link.send_by(self.links.in_spare_time(moment), self.hours)
                    Answering(story, self.hours, routes).answer(sent_at)
                else:
                    self.links.drop(link, moment)
            routes.wait_until(self.now)
            self._end(story, link)
            if finishes:
                return

    def open(self, surgery: Surgery, work: Open) -> None:
        """A referral that stays where ``work`` says."""
        if work.far is not None:
            self._open_with_patient(surgery, work, work.far)
            return
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
        self._end(story)

    def _open_with_patient(
        self, surgery: Surgery, work: Open, far: InvitationState
    ) -> None:
        """One that its patient has, or sent back to the practice."""
        asked = self.hours.earlier(self.now, work.minutes)
        story = self._story(surgery, asked, work.priority, work.state)
        link = self._link(story, Routes(story, self.desks))
        with suppress(NotYetError):
            self.links.leave(link, asked, far)
        self._end(story, link)

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

    def _link(self, story: Story, routes: Routes) -> ByWeblink:
        return ByWeblink(story, self.shelf, next(self.references), routes)

    def _end(self, story: Story, link: ByWeblink | None = None) -> None:
        """Write how it stands, and what waited too long."""
        story.end()
        if link is not None:
            link.asking.end()
        write_overdue(story, link.asking if link else None)

    def _story(
        self,
        surgery: Surgery,
        sent_at: datetime,
        priority: Priority,
        ends_in: State | None,
    ) -> Story:
        # Registered some weeks before at the latest, as a patient list is: a weblink may
        # have been with its patient for two of them.
        patient = self.population.someone(surgery, sent_at - timedelta(days=25))
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
