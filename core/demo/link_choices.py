"""Which patients get a weblink, who finishes, and what becomes of the others."""

from datetime import UTC, datetime, timedelta

from core.contracts.model import Priority
from core.demo.cast import Surgery
from core.demo.draws import Draws
from core.demo.opening import WorkingTime
from core.demo.parameters import parameters
from core.demo.story import Story
from core.demo.weblinks import ByWeblink
from core.invitations.model import InvitationState, Step, StopReason
from core.kernel.clock import LONDON


_LEAST_AGE = 16
# Of those who are asked without a parent there, most are told to come with one.
_CHILDREN = 12.0


class Links:
    """Chance decisions about weblinks, by the story's figures."""

    def __init__(self, draws: Draws, now: datetime, hours: WorkingTime) -> None:
        self.draws, self.now, self.hours = draws, now, hours
        self.told = parameters().weblinks

    def wanted(self, surgery: Surgery, priority: Priority, moment: datetime) -> bool:
        """Whether a referral comes by one: never where cancer is suspected beforehand."""
        if surgery.agreement.terms.invitations is None:
            return False
        ago = (self.now - moment) / timedelta(days=self.told.since_days_ago)
        if priority is Priority.SUSPECTED_CANCER or ago > 1:
            return False
        grown = self.told.now - self.told.at_first
        return self.draws.chance(self.told.at_first + grown * (1 - ago))

    def finishes(self, story: Story, moment: datetime) -> bool:
        """Whether this patient does."""
        age = story.patient.age(moment.astimezone(LONDON).date())
        least = max(one for one in self.told.finished if one <= age)
        often = self.told.finished[least]
        if story.patient.language != "English":
            often *= self.told.another_language
        return self.draws.chance(often)

    def in_spare_time(self, moment: datetime) -> datetime:
        """The evening of that day for some, if it is over; else the moment itself."""
        if not self.draws.chance(self.told.evening):
            return moment
        hours = self.draws.random.uniform(18.6, 22.2)
        evening = moment.astimezone(LONDON).replace(hour=0, minute=0, second=0)
        later = (evening + timedelta(seconds=int(hours * 3600))).astimezone(UTC)
        return later if later <= self.now else moment

    def drop(self, link: ByWeblink, moment: datetime) -> None:
        """Not finished: refused, cancelled, or run out."""
        link.ask(moment)
        how = self.draws.pick(self.told.otherwise)
        if how is Step.STOP:
            self._refuse(link, moment)
            return
        link.get_as_far_as(self.draws.pick(self.told.got_as_far_as))
        if how is Step.CANCEL:
            link.cancel(self.hours)
        else:
            link.run_out(self.hours)

    def leave(self, link: ByWeblink, asked: datetime, far: InvitationState) -> None:
        """As far as somebody is today who was asked then."""
        half = (self.now - asked) / 2
        if far is InvitationState.SUBMITTED:
            finished = self.now - (self.now - asked) / 3
            link.ask(asked)
            link.begin_before(finished)
            link.finish(finished.replace(microsecond=0), self.hours)
        elif far is InvitationState.STOPPED:
            link.ask(asked)
            self._refuse(link, asked, half)
        elif far is InvitationState.EXPIRED:
            link.ask(asked)
            link.run_out(self.hours)
        else:
            link.ask(asked)
            link.get_as_far_as(far, half)

    def _refuse(
        self, link: ByWeblink, asked: datetime, within: timedelta = timedelta(days=6)
    ) -> None:
        link.get_as_far_as(InvitationState.STOPPED, within)
        begun: datetime = link.asking.facts["verified_at"]
        reason = self.draws.pick(self._reasons(link.story, asked))
        link.refuse(begun + timedelta(minutes=2), self.hours, reason)

    def _reasons(self, story: Story, asked: datetime) -> dict[StopReason, float]:
        child = story.patient.age(asked.astimezone(LONDON).date()) < _LEAST_AGE
        reasons = dict(self.told.refused_for)
        reasons[StopReason.UNDER_AGE] *= _CHILDREN if child else 0.0
        return reasons
