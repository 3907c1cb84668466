"""What an opinion lacks."""

from collections.abc import Iterator
from datetime import date

from core.access.model import Grade
from core.kernel.errors import Invalid
from core.reviews.model import Certainty, Draft
from core.specialties.model import Specialty


_GRADES = tuple(Grade)


def problems(
    specialty: Specialty, opinion: Draft, today: date
) -> Iterator[tuple[str, str]]:
    """What is missing or wrong: field and sentence."""
    codes = [one.code for one in opinion.diagnoses]
    known = {one.code for one in specialty.diagnoses}
    if not codes:
        yield "diagnoses", "Choose at least one diagnosis, or “Diagnosis uncertain”."
    if len(set(codes)) < len(codes) or not set(codes) <= known:
        yield "diagnoses", "A diagnosis is chosen twice, or is not on the list."
    if not opinion.advice.strip():
        yield "advice", "Write the advice for the practice."
    outcomes = {one.code: one for one in specialty.outcomes}
    if opinion.outcome not in outcomes:
        yield "outcome", "Choose the outcome."
    elif outcomes[opinion.outcome].face_to_face:
        yield from _need_problems(specialty, opinion, today)


def refuse_incomplete(specialty: Specialty, opinion: Draft, today: date) -> None:
    """Raise Invalid with everything that is missing or wrong, in one go.

    Nobody likes to be asked one thing after another.
    """
    lacking = list(problems(specialty, opinion, today))
    if lacking:
        raise Invalid(" ".join(said for _, said in lacking), field=lacking[0][0])


def unsaid(specialty: Specialty, opinion: Draft, score: int | None) -> Iterator[str]:
    """What a colleague would ask about a complete opinion. It is asked once."""
    outcome = next((o for o in specialty.outcomes if o.code == opinion.outcome), None)
    if outcome is None:
        return
    if outcome.asks_prescribing and not opinion.prescribing.strip():
        yield "You advise treatment and say nothing to prescribe."
    at_risk = score is not None and score >= specialty.score.offers_at
    if at_risk and not outcome.face_to_face:
        yield (
            f"{specialty.score.title} is {score}, and nobody is to see the patient. "
            "Does your advice say why?"
        )
    if not outcome.face_to_face and _unsure(opinion):
        yield "You are not sure, and nobody is to see the patient. When to look again?"


def _unsure(opinion: Draft) -> bool:
    first = opinion.diagnoses[0] if opinion.diagnoses else None
    return first is not None and first.certainty is Certainty.POSSIBLE


def is_below(grade: Grade, lowest: Grade) -> bool:
    """Whether ``grade`` is less senior than ``lowest``."""
    return _GRADES.index(grade) > _GRADES.index(lowest)


def _need_problems(
    specialty: Specialty, opinion: Draft, today: date
) -> Iterator[tuple[str, str]]:
    need = opinion.need
    if need is None:
        yield "need", "Say what the patient must be seen for."
        return
    procedures = {one.code: one for one in specialty.procedures}
    if need.procedure not in procedures:
        yield "need", "Choose the procedure."
    elif is_below(need.lowest_grade, Grade(procedures[need.procedure].lowest_grade)):
        yield "need", "That grade is below the lowest that may do this procedure."
    if not 5 <= need.minutes <= 240:
        yield "need", "Enter the minutes it takes, from 5 to 240."
    if need.see_by < today:
        yield "need", "The date to be seen by is in the past."
