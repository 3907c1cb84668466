"""What comes after an answer: second reads, and what the practice made of it."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from core.access.model import Actor, Grade
from core.contracts.reference import bank_holidays
from core.demo.opening import WorkingTime
from core.demo.parameters import parameters
from core.demo.story import Story
from core.kernel.working_days import due_at
from core.reviews.model import Certainty, SecondReadState
from core.reviews.sampling import cause_of
from core.reviews.tables import Feedback, SecondRead


if TYPE_CHECKING:
    from core.demo.draws import Draws


_UNREAD: dict[str, Any] = dict.fromkeys(
    (
        "reader",
        "read_at",
        "diagnosis",
        "certainty",
        "outcome",
        "same_group",
        "same_outcome",
        "settled_by",
        "settled_at",
        "settled_for",
    )
) | {"settled_words": ""}
_WHY = "The pictures fit one reading better; the practice has been told."


class Afterwards:
    """What follows one answer of one story."""

    def __init__(self, story: Story, hours: WorkingTime, first: Actor) -> None:
        self.story, self.hours, self.first = story, hours, first
        self.draws: Draws = story.draws
        self.told = parameters().second_reads

    def second_read(
        self,
        opinion_id: uuid.UUID,
        moment: datetime,
        said: tuple[str, str],
        colleagues: Collection[Actor],
    ) -> None:
        """Read again what the contract asks for; ``said``: diagnosis and outcome."""
        story = self.story
        terms = story.surgery.agreement.terms
        wanted = terms.second_reads
        score = story.facts["score"]
        if wanted is None or not (
            cause := cause_of(wanted, opinion_id, said[1], story.priority, score)
        ):
            return
        readers = [one for one in colleagues if one != self.first]
        due = due_at(moment, wanted.working_days, terms.day_closes, bank_holidays())
        story.rows.add(
            SecondRead,
            id=self.draws.id_at(moment),
            referral_id=story.id,
            opinion_id=opinion_id,
            pool_id=self.first.organisation_id,
            cause=cause,
            created_at=moment,
            due_at=due,
            first_reader=self.first.person_id,
            **self._reading(moment, said, readers),
        )

    def _reading(
        self, moment: datetime, said: tuple[str, str], readers: list[Actor]
    ) -> dict[str, Any]:
        takes = self.draws.around(self.told.within_minutes, 0.8)
        read_at = self.hours.later(moment, takes)
        if not readers or read_at > self.story.now:
            return {"state": SecondReadState.WAITING, **_UNREAD}
        reader = self.draws.one_of(readers)
        agrees = self.draws.chance(self.told.agrees)
        diagnosis, outcome = said if agrees else self._otherwise()
        group = self.story.specialty.diagnosis
        same_group = group(diagnosis).group == group(said[0]).group
        same_outcome = outcome == said[1]
        agreed = same_group and same_outcome
        reading = {
            "state": SecondReadState.AGREED if agreed else SecondReadState.TO_SETTLE,
            "reader": reader.person_id,
            "read_at": read_at,
            "diagnosis": diagnosis,
            "certainty": Certainty.PROBABLE,
            "outcome": outcome,
            "same_group": same_group,
            "same_outcome": same_outcome,
        }
        if agreed:
            return _UNREAD | reading
        return _UNREAD | reading | self._settling(read_at, reader, readers)

    def _otherwise(self) -> tuple[str, str]:
        """Another likely reading of the same case."""
        case = self.story.case
        return self.draws.one_of(case.confused_with), self.draws.pick(case.outcomes)

    def _settling(
        self, read_at: datetime, reader: Actor, readers: list[Actor]
    ) -> dict[str, Any]:
        settled_at = read_at + timedelta(days=1)
        others = [
            one for one in readers if one.grade is Grade.CONSULTANT and one != reader
        ]
        wanted = others and self.draws.chance(self.told.settled)
        if not wanted or settled_at > self.story.now:
            return {}
        return {
            "state": SecondReadState.SETTLED,
            "settled_by": self.draws.one_of(others).person_id,
            "settled_at": settled_at,
            "settled_for": self.draws.pick(self.told.settled_for),
            "settled_words": _WHY,
        }

    def feedback(self, opinion_id: uuid.UUID, moment: datetime, by: Actor) -> None:
        """What the practice says when it takes the answer up, if it says anything."""
        told = parameters().feedback
        if self.draws.chance(told.says):
            self.story.rows.add(
                Feedback,
                opinion_id=opinion_id,
                person_id=by.person_id,
                moment=moment,
                helpful=self.draws.chance(told.helpful),
                instructive=self.draws.chance(told.instructive),
            )
