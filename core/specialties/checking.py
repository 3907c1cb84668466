"""What a specialty file must not get wrong, beyond the types of its entries.

A misspelt name would not stop anything by itself: a question would never be asked, or
a sign of cancer never counted.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from core.access.model import Grade


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from core.specialties.model import Condition, Question, Specialty


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
    ]
    return {
        code for codes in lists for code, times in Counter(codes).items() if times > 1
    }


def _conditions(described: Specialty) -> Iterator[Condition]:
    for question in described.questions:
        if question.when:
            yield question.when
    for caution in described.cautions:
        yield caution.when
    for point in described.score.points:
        if point.condition:
            yield point.condition


def _answers(question: Question) -> set[object]:
    if question.kind == "yes_no":
        return {True, False}
    return {choice.code for choice in question.choices}
