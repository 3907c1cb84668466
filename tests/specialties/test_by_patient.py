"""What a patient alone is asked of the skin: little, safe, and enough to be sent."""

import pytest

from core.specialties.reference import specialty
from core.ui.components.body_map import REGIONS


SKIN = specialty("dermatology")
# A spot that grows; beside them stand the red flags, the place and the last look.
MOST_PAGES = 12


def every_answer(question):
    if question.kind == "many":
        return [choice.code for choice in question.choices]
    return {"yes_no": True, "number": 5.0}.get(question.kind, "words")


@pytest.mark.parametrize("problem", [one.code for one in SKIN.problems])
def test_whoever_says_yes_to_everything_still_has_few_pages(problem):
    answers = {one.id: every_answer(one) for one in SKIN.questions}
    pages = SKIN.asked_of_patient(problem, answers), SKIN.views_by_patient(problem)
    assert sum(map(len, pages)) <= MOST_PAGES


@pytest.mark.parametrize("problem", [one.code for one in SKIN.problems])
def test_what_must_be_known_is_asked_and_a_picture_is_wanted(problem):
    required = [
        one
        for one in SKIN.questions
        if one.required and problem in one.problems and not one.by_patient
    ]
    assert required == []
    assert any(view.required for view in SKIN.views_by_patient(problem))


def test_every_number_is_chosen_by_something_everybody_knows():
    asked = [one for one in SKIN.questions if one.by_patient and one.kind == "number"]
    assert {one.id for one in asked} == set(SKIN.patient.values)
    # A specialist's threshold of 7 mm has a thing of its own.
    sizes = [value.number for value in SKIN.patient.values["size_mm"]]
    assert sizes == sorted(sizes)
    assert 7 in sizes


def test_a_place_chosen_from_the_list_is_pinned_on_the_drawing():
    assert {one.code for one in SKIN.sites if one.at} == set(REGIONS)
    for one in SKIN.sites:
        side, across, _ = one.at
        named = one.code.partition("_")[0]
        # Seen from the front, the person's left is on the right of the sheet.
        if named in ("left", "right"):
            assert (across > 0.5) == ((named == "left") == (side == "front")), one


def test_a_rash_on_private_parts_is_told_from_any_other():
    assert SKIN.patient.is_intimate({"distribution": ["face", "genital"]})
    assert not SKIN.patient.is_intimate({"distribution": ["face"]})
    assert not SKIN.patient.is_intimate({})


def test_red_flags_come_with_every_problem_and_the_worst_first():
    for problem in SKIN.problems:
        flags = [one.urgent for one in SKIN.patient.warnings_for(problem.code)]
        assert flags == sorted(flags, reverse=True)
        assert {"999", "111"} <= set(flags)
