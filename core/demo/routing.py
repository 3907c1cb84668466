"""Route a story's referral as the actions do, by the same rules."""

from datetime import datetime

from core.contracts.model import PRIORITY_ORDER
from core.contracts.policy import Facts
from core.contracts.reference import bank_holidays
from core.contracts.routing import Decision, decide, fall_back, give_back, leaves_at
from core.demo.desks import Desks
from core.demo.story import Story
from core.kernel.clock import LONDON
from core.referrals.model import State
from core.referrals.tables import RoutingDecision


class Routes:
    """The decisions about one story."""

    def __init__(self, story: Story, desks: Desks) -> None:
        self.story, self.desks = story, desks
        self.routing = story.surgery.routing
        self._decisions: list[Decision] = []

    def send(self, moment: datetime) -> None:
        """The first decision, when it is sent."""
        story, routing = self.story, self.routing
        facts = Facts(
            story.priority,
            story.patient.age(moment.astimezone(LONDON).date()),
            story.case.problem,
            story.sites,
            story.answers,
        )
        # Counted only where there is a choice; the busiest service has none.
        choice = len(routing.organisations) > 1
        first = routing.organisations.get(routing.policy.first) if choice else None
        load = self.desks.load(first, moment)
        decision = decide(
            routing.policy, routing.pools, facts, load, moment, bank_holidays()
        )
        story.facts["urgency"] = PRIORITY_ORDER.index(story.priority)
        self._write(decision, moment)
        self.desks.give(story.facts["pool_id"], moment)

    def give_back(self, moment: datetime) -> None:
        """The practice has answered; it goes back to where it was asked."""
        last = self._decisions[-1]
        self._write(give_back(self.routing.pools, last, last.pool), moment)

    def wait_until(self, moment: datetime) -> None:
        """Nobody takes it before then: it may have gone to the other pool meanwhile."""
        story, routing = self.story, self.routing
        due = story.facts["falls_back_at"]
        if story.state is not State.SUBMITTED or due is None:
            return
        # A claim that ran when the time came is let end first.
        leaves = max(due, story.facts["changed_at"])
        if leaves > min(moment, story.now):
            return
        onward = fall_back(
            routing.policy, routing.pools, self._decisions[-1], story.priority
        )
        if onward is not None:
            self._write(onward, leaves)
            story.facts["changed_at"] = leaves

    def _write(self, decision: Decision, moment: datetime) -> None:
        story, routing = self.story, self.routing
        been = {one.pool for one in self._decisions}
        self._decisions.append(decision)
        pool_id = routing.organisations[decision.pool]
        since = max(moment, story.facts["reserved_until"] or moment)
        kept = decision.sub_specialty if decision.restricted else ""
        story.facts |= {
            "pool_id": pool_id,
            "routed_at": moment,
            "sub_specialty": kept,
            "falls_back_at": leaves_at(
                routing.policy, routing.pools, decision, story.priority, since, been
            ),
        }
        self.desks.put(pool_id, story.id, moment)
        story.rows.add(
            RoutingDecision,
            id=story.draws.id_at(moment),
            referral_id=story.id,
            number=len(self._decisions),
            moment=moment,
            pool=decision.pool,
            organisation_id=pool_id,
            policy_id=routing.policy_id,
            rule=decision.rule,
            reason=decision.reason,
            sub_specialty=decision.sub_specialty,
        )
