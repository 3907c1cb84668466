"""What a referral still needs, what its score offers, how good its pictures are."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import isfinite
from uuid import UUID

from core.contracts.model import Priority
from core.kernel import clock, words
from core.kernel.errors import Invalid
from core.referrals.model import ImageSet, Step
from core.specialties.model import Answer, Answers, Question, Specialty, View


class Imperfect(StrEnum):
    """Why a picture set is the best that can be had."""

    PATIENT_MOVED = "patient_moved"
    POSITIONING = "positioning"
    EXPOSURE = "exposure"
    ARTEFACT = "artefact"
    TECHNICAL = "technical"
    OTHER = "other"


@dataclass(frozen=True)
class Missing:
    """Something that is not there yet, in the words of whoever has to bring it."""

    step: Step
    sentence: str
    # Whether sending has to wait for it.
    blocks: bool = True


@dataclass(frozen=True)
class Content:
    """What a draft holds so far, as its rules need it."""

    problem: str | None
    answers: Answers
    lesions: Mapping[int, UUID]
    # Which views are there, by lesion; None stands for the whole patient.
    views: Collection[tuple[UUID | None, str]]
    has_dermatoscope: bool
    consented: bool
    question: str
    priority: Priority | None
    override_reason: str
    would_have_referred: bool | None
    acting_for: str
    needs_clinician: bool
    imperfect_reason: str
    intimate: bool
    chaperone: str
    # What a patient is asked for, by a weblink: less, and nothing through a dermatoscope.
    by_patient: bool = False


def offered_priority(specialty: Specialty, content: Content) -> Priority | None:
    """The priority that the score offers, if it offers one."""
    score = specialty.score
    if content.problem != score.problem or total(specialty, content) < score.offers_at:
        return None
    return Priority(score.offers_priority)


def total(specialty: Specialty, content: Content) -> int:
    """The score's points."""
    return sum(point.points for point in specialty.score.earned(content.answers))


def missing(specialty: Specialty, content: Content) -> list[Missing]:
    """Everything that is not there yet, in the order of the steps."""
    if content.problem is None:
        return [Missing(Step.PROBLEM, "Choose the problem.")]
    return [
        *_missing_pins(specialty, content, content.problem),
        *_missing_answers(specialty, content),
        *_missing_pictures(specialty, content),
        *_missing_at_the_end(specialty, content),
    ]


def missing_from_patient(specialty: Specialty, content: Content) -> list[Missing]:
    """What a patient still has to bring; the rest is the practice's."""
    if content.problem is None:
        return [Missing(Step.PROBLEM, "Choose the problem.")]
    lacking = [
        *_missing_pins(specialty, content, content.problem),
        *_missing_answers(specialty, content),
        *_missing_pictures(specialty, content),
    ]
    if not content.consented:
        lacking.append(Missing(Step.ASK_AND_SEND, "Say that you agree."))
    return lacking


def wanted_pictures(
    specialty: Specialty, content: Content
) -> Iterator[tuple[int | None, View]]:
    """The pictures wanted: for each lesion, by its number, or for the whole patient."""
    if content.problem is None:
        return
    views = [
        view
        for view in specialty.views_for(content.problem)
        if view.by_patient or not content.by_patient
    ]
    for view in views:
        if not view.per_lesion:
            yield None, view
    for number in sorted(content.lesions):
        for view in views:
            if view.per_lesion:
                yield number, view


def asked(specialty: Specialty, content: Content) -> list[Question]:
    """The questions of the history, of whoever answers them."""
    if content.problem is None:
        return []
    return [
        question
        for question in specialty.asked(content.problem, content.answers)
        if question.by_patient or not content.by_patient
    ]


def image_set(specialty: Specialty, content: Content) -> ImageSet:
    """Complete; or partial, when a reason says that it is the best to be had."""
    if not any(_lacking(specialty, content)):
        return ImageSet.COMPLETE
    return ImageSet.PARTIAL if content.imperfect_reason else ImageSet.INCOMPLETE


def checked_answer(question: Question, answer: Answer) -> Answer:
    """An answer of the right kind for its question. Raises Invalid."""
    fits = {
        "one": isinstance(answer, str) and answer in _codes(question),
        "many": isinstance(answer, list) and set(answer) <= _codes(question),
        "yes_no": isinstance(answer, bool),
        "number": isinstance(answer, int | float) and not isinstance(answer, bool),
        "text": isinstance(answer, str) and len(answer) <= 500,
        "long_text": isinstance(answer, str) and len(answer) <= 4000,
    }[question.kind]
    if not fits:
        raise Invalid(f"{question.label} That answer does not fit.", field=question.id)
    if isinstance(answer, int | float) and not isinstance(answer, bool):
        return _in_range(question, float(answer))
    return answer.strip() if isinstance(answer, str) else answer


def _codes(question: Question) -> set[str]:
    return {choice.code for choice in question.choices}


def _in_range(question: Question, number: float) -> float:
    if not isfinite(number):
        raise Invalid(f"{question.label}: enter a number.", field=question.id)
    low, high = question.minimum, question.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        unit = f" {question.unit}" if question.unit else ""
        raise Invalid(
            f"{question.label}: enter a number from {low:g} to {high:g}{unit}.",
            field=question.id,
        )
    return number


def _missing_pins(
    specialty: Specialty, content: Content, problem: str
) -> Iterator[Missing]:
    if specialty.problem(problem).has_lesions and not content.lesions:
        yield Missing(Step.PROBLEM, "Mark the lesion on the body map.")


def _missing_answers(specialty: Specialty, content: Content) -> Iterator[Missing]:
    for question in asked(specialty, content):
        if question.required and content.answers.get(question.id) in (None, "", []):
            yield Missing(Step.HISTORY, f"Answer: {question.label}")


def _lacking(
    specialty: Specialty, content: Content
) -> Iterator[tuple[int | None, View]]:
    for number, view in wanted_pictures(specialty, content):
        lesion = None if number is None else content.lesions[number]
        needed = view.is_required(has_dermatoscope=content.has_dermatoscope)
        if needed and (lesion, view.code) not in content.views:
            yield number, view


def _missing_pictures(specialty: Specialty, content: Content) -> Iterator[Missing]:
    # Whoever may have cancer is not kept waiting for a better picture.
    can_wait = content.priority in (None, Priority.ROUTINE)
    blocks = can_wait and not content.imperfect_reason
    for number, view in _lacking(specialty, content):
        where = f", lesion {number}" if number else ""
        yield Missing(Step.IMAGES, f"Picture: {view.label}{where}", blocks)
    if content.intimate and content.views and not content.chaperone.strip():
        yield Missing(
            Step.IMAGES, "Name the chaperone, or note that the patient declined one."
        )


def _missing_at_the_end(specialty: Specialty, content: Content) -> Iterator[Missing]:
    step = Step.ASK_AND_SEND
    if not content.question.strip():
        yield Missing(step, "Write the question for the specialist.")
    if content.priority is None:
        yield Missing(step, "Choose the priority.")
    elif _overridden(specialty, content) and not content.override_reason.strip():
        yield Missing(
            step, "Say why you chose another priority than the one suggested."
        )
    if content.would_have_referred is None:
        yield Missing(step, "Say whether you would have referred without this service.")
    if not content.consented:
        yield Missing(step, "Record the patient's consent.")
    if content.needs_clinician and not content.acting_for:
        yield Missing(step, "Name the clinician you are acting for.")


def _overridden(specialty: Specialty, content: Content) -> bool:
    offered = offered_priority(specialty, content)
    return offered is not None and content.priority is not offered


def under_age(specialty: Specialty, born: date) -> bool:
    """Whether somebody else has to answer for a patient who comes by a weblink."""
    least = specialty.patient.least_age if specialty.patient else 0
    return words.age(born, clock.today()) < least


def summary_of_missing(lacking: list[Missing]) -> str:
    """One sentence for somebody who tried to send too early."""
    blocking = [one for one in lacking if one.blocks]
    if not blocking:
        return ""
    count = words.plural(len(blocking), "thing")
    return f"Not sent yet: {count} still missing. {blocking[0].sentence}"
