"""What a specialist writes: outcome, advice, ranked diagnoses, who has to be seen."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.access.model import Actor, Grade
from core.contracts.model import Priority
from core.demo.parameters import parameters
from core.demo.story import Story
from core.reviews.model import Certainty, Complexity, MarkKind
from core.reviews.tables import ImageMark, Opinion, OpinionDiagnosis
from core.specialties.model import Outcome


# Outcomes whose first visit is for looking, whatever is done later.
_TO_LOOK = ("community_clinic", "secondary_care_routine")
_NEED = ("procedure", "complexity", "lowest_grade", "see_by", "minutes")


@dataclass(frozen=True)
class Written:
    """An opinion that stands in the rows now."""

    id: uuid.UUID
    likeliest: str
    outcome: Outcome


def write_opinion(
    story: Story, by: Actor, version: int, moment: datetime, seconds: float
) -> Written:
    """One version of the answer to a story, with its diagnoses."""
    case, draws = story.case, story.draws
    outcome = story.specialty.outcome(draws.pick(case.outcomes))
    made = draws.id_at(moment)
    story.rows.add(
        Opinion,
        id=made,
        referral_id=story.id,
        version=version,
        person_id=by.person_id,
        organisation_id=by.organisation_id,
        moment=moment,
        seconds=seconds,
        advice=draws.one_of(case.advice),
        prescribing="",
        outcome=outcome.code,
        **_need(story, outcome, moment),
    )
    return Written(made, _diagnose(story, made), outcome)


def mark_unusable(story: Story, by: Actor, moment: datetime) -> None:
    """Say once of each picture that shows nothing that it does."""
    for image_id in story.unusable:
        story.rows.add(
            ImageMark,
            id=story.draws.id_at(moment),
            image_id=image_id,
            person_id=by.person_id,
            kind=MarkKind.UNUSABLE,
            content={"points": []},
            made_at=moment,
            removed_at=None,
        )
    story.unusable.clear()


def _diagnose(story: Story, opinion_id: uuid.UUID) -> str:
    """Write the ranked diagnoses; returns the likeliest."""
    ranked = _diagnoses(story)
    for rank, (code, certainty) in enumerate(ranked, start=1):
        story.rows.add(
            OpinionDiagnosis,
            opinion_id=opinion_id,
            rank=rank,
            code=code,
            certainty=certainty,
        )
    return ranked[0][0]


def _diagnoses(story: Story) -> list[tuple[str, Certainty]]:
    case, draws = story.case, story.draws
    certainty = draws.pick(parameters().answers.certainty)
    if case.diagnosis == "uncertain":
        certainty = Certainty.POSSIBLE
    found = [(case.diagnosis, certainty)]
    if certainty is not Certainty.CERTAIN and draws.chance(0.7):
        found.append((draws.one_of(case.confused_with), Certainty.POSSIBLE))
    return found


def _need(story: Story, outcome: Outcome, moment: datetime) -> dict[str, Any]:
    """What somebody has to be seen for; nothing where nobody has to be."""
    if not outcome.face_to_face:
        return dict.fromkeys(_NEED)
    procedure = story.case.procedure
    if outcome.code in _TO_LOOK:
        procedure = "full_skin_check" if story.case.sites else "consultation"
    described = story.specialty.procedure(procedure)
    days = story.specialty.see_within_days[_urgency(outcome.code, story.priority)]
    return {
        "procedure": procedure,
        "complexity": story.draws.one_of(tuple(Complexity)),
        "lowest_grade": Grade(described.lowest_grade),
        "see_by": moment.date() + timedelta(days=days),
        "minutes": described.minutes,
    }


def _urgency(outcome: str, priority: Priority) -> Priority:
    urgent = outcome == "secondary_care_urgent_cancer"
    return Priority.SUSPECTED_CANCER if urgent else priority
