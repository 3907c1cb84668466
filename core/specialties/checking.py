"""What a specialty file must not get wrong, beyond the types of its entries.

A misspelt name would not stop anything by itself: a question would never be asked, or
a sign of cancer never counted.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from core.access.model import Grade


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from core.specialties.model import Condition, Everyday, Question, Specialty


# The same for every specialty; contracts, which stand above, count by them.
PRIORITIES = {"routine", "urgent", "suspected_cancer"}
GRADES = {grade.value for grade in Grade}


def unknown_names(described: Specialty) -> set[str]:
    """Names that are used and stand for nothing, each with where it is used."""
    return {
        f"{where} {name!r}"
        for where, used, known in _uses(described)
        for name in set(used) - set(known)
    }


def _uses(
    described: Specialty,
) -> Iterator[tuple[str, Iterable[object], Iterable[object]]]:
    score = described.score
    questions = {one.id: one for one in described.questions}
    problems = [one.code for one in described.problems]
    for used in (
        *(question.problems for question in described.questions),
        *(view.problems for view in described.views),
    ):
        yield "problem", used, problems
    for condition in _conditions(described):
        yield "question", [condition.question], questions
        if condition.question in questions:
            can_be = _answers(questions[condition.question])
            yield f"answer to {condition.question}", condition.any_of, can_be
    counted = [one.question for one in score.points if one.question]
    yield "question", counted, questions
    yield "problem", [score.problem], problems
    yield "offers_priority", [score.offers_priority], PRIORITIES
    yield "see_within_days", described.see_within_days, PRIORITIES
    yield "see_within_days", PRIORITIES, described.see_within_days
    groups = {one.group for one in described.diagnoses}
    for snippet in described.snippets:
        yield f"group of snippet {snippet.code}", snippet.groups, groups
    onward = [one.onward_priority for one in described.outcomes if one.onward]
    yield "onward_priority", onward, PRIORITIES
    equipment = [one.code for one in described.equipment]
    procedures = [one.code for one in described.procedures]
    for procedure in described.procedures:
        yield f"equipment of {procedure.code}", procedure.equipment, equipment
    for caution in described.cautions:
        yield "procedure of a caution", caution.procedures, procedures
    grades = [one.lowest_grade for one in described.procedures]
    yield "lowest_grade", grades, GRADES
    yield from _uses_by_patients(described)


def _uses_by_patients(
    described: Specialty,
) -> Iterator[tuple[str, Iterable[object], Iterable[object]]]:
    asked = {one.id: one for one in described.questions if one.by_patient}
    for question in asked.values():
        # One that hangs on a question nobody asks would never come.
        if question.when:
            yield "question for patients", [question.when.question], asked
    part = described.patient
    if part is None:
        wanted = [one.code for one in described.views if one.by_patient]
        yield "by_patient without [patient]", [*asked, *wanted], []
        return
    problems = [one.code for one in described.problems]
    for warning in part.warnings:
        yield f"problem of warning {warning.code}", warning.problems, problems
    for condition in part.intimate_answers:
        yield "question for patients", [condition.question], asked
    yield "problem", part.leaves_out, problems
    can_wait = [one.id for one in asked.values() if not one.required]
    for out in part.leaves_out.values():
        yield "question to leave out", out, can_wait
    pinned = any(one.has_lesions for one in described.problems)
    lost = [one.code for one in described.sites if pinned and one.at is None]
    yield "site without a place on the drawing", lost, []
    yield from _uses_of_values(part.values, asked)


def _uses_of_values(
    values: Mapping[str, tuple[Everyday, ...]], asked: Mapping[str, Question]
) -> Iterator[tuple[str, Iterable[object], Iterable[object]]]:
    numbers = [one.id for one in asked.values() if one.kind == "number"]
    yield "number for patients", values, numbers
    for name in values.keys() & set(numbers):
        outside = [one.code for one in values[name] if not _fits(asked[name], one)]
        yield f"value out of range for {name}", outside, []


def _fits(question: Question, value: Everyday) -> bool:
    low, high = question.minimum, question.maximum
    above = low is None or value.number >= low
    return above and (high is None or value.number <= high)


def repeated_codes(described: Specialty) -> set[str]:
    """Codes that two entries of one list share: the second would never be found."""
    lists = [
        [one.id for one in described.questions],
        *([choice.code for choice in one.choices] for one in described.questions),
        *(
            [one.code for one in parts]
            for parts in (
                described.problems,
                described.views,
                described.sites,
                described.outcomes,
                described.procedures,
                described.diagnoses,
                described.snippets,
                described.equipment,
            )
        ),
        *_lists_for_patients(described),
    ]
    return {
        code for codes in lists for code, times in Counter(codes).items() if times > 1
    }


def _lists_for_patients(described: Specialty) -> Iterator[list[str]]:
    if described.patient:
        yield [one.code for one in described.patient.warnings]
        for values in described.patient.values.values():
            yield [one.code for one in values]


def _conditions(described: Specialty) -> Iterator[Condition]:
    for question in described.questions:
        if question.when:
            yield question.when
    for caution in described.cautions:
        yield caution.when
    for point in described.score.points:
        if point.condition:
            yield point.condition
    if described.patient:
        yield from described.patient.intimate_answers


def _answers(question: Question) -> set[object]:
    if question.kind == "yes_no":
        return {True, False}
    return {choice.code for choice in question.choices}
