"""The dermatology file: what it asks, what it wants, what its score offers."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.contracts.model import Priority
from core.kernel.errors import Invalid
from core.referrals import rules
from core.referrals.model import ImageSet
from core.referrals.rules import Content
from core.specialties.reference import specialty
from core.ui.components.body_map import REGIONS


DERMATOLOGY = specialty("dermatology")
LESION = uuid4()
VIEWS = {"location", "close_up_scale", "close_up", "dermoscopic"}
ANSWERS = {
    "duration": "2_to_6_months",
    "size_mm": 5.0,
    "skin_cancer": "none",
    "skin_type": "III",
    "allergies": "none known",
}


def content(**changes):
    """A lesion that lacks nothing, but for the changes."""
    whole = {
        "problem": "lesion",
        "answers": ANSWERS,
        "lesions": {1: LESION},
        "views": {(LESION, view) for view in VIEWS},
        "has_dermatoscope": True,
        "consented": True,
        "question": "Is this harmless?",
        "priority": Priority.ROUTINE,
        "override_reason": "",
        "would_have_referred": True,
        "acting_for": "",
        "needs_clinician": False,
        "imperfect_reason": "",
    }
    return Content(**{**whole, **changes})


def lacking(**changes):
    return [one.sentence for one in rules.missing(DERMATOLOGY, content(**changes))]


def test_its_places_are_the_body_maps_regions_by_the_same_names():
    assert {site.code: site.label for site in DERMATOLOGY.sites} == REGIONS


def test_no_code_is_there_twice():
    for parts in (
        DERMATOLOGY.problems,
        DERMATOLOGY.views,
        DERMATOLOGY.diagnoses,
        DERMATOLOGY.outcomes,
        DERMATOLOGY.procedures,
    ):
        codes = [one.code for one in parts]
        assert len(set(codes)) == len(codes)
    ids = [question.id for question in DERMATOLOGY.questions]
    assert len(set(ids)) == len(ids)


def test_every_question_can_be_answered_and_what_is_notable_exists():
    for question in DERMATOLOGY.questions:
        codes = {choice.code for choice in question.choices}
        assert bool(codes) == (question.kind in ("one", "many")), question.id
        answerable = {True, False} if question.kind == "yes_no" else codes
        assert set(question.notable) <= answerable, question.id
        if question.when:
            earlier = [q.id for q in DERMATOLOGY.questions]
            asked_before = earlier[: earlier.index(question.id)]
            assert question.when.question in asked_before, question.id


def test_the_terms_of_the_file_are_those_of_the_service():
    assert set(DERMATOLOGY.see_within_days) == {one.value for one in Priority}
    assert Priority(DERMATOLOGY.score.offers_priority) is Priority.SUSPECTED_CANCER


@pytest.mark.parametrize(
    ("answers", "points"),
    [
        ({}, 0),
        ({"changes": ["size"]}, 2),
        ({"changes": ["size", "shape", "colour"]}, 6),
        ({"size_mm": 6.9}, 0),
        ({"size_mm": 7.0}, 1),
        ({"size_mm": 7}, 1),
        ({"lesion_symptoms": ["inflamed", "oozing"]}, 2),
        # Itch, pain and another change in sensation are one sign.
        ({"lesion_symptoms": ["itch", "pain", "sensation"]}, 1),
        ({"lesion_symptoms": ["ulcer"]}, 0),
        ({"changes": ["colour"], "size_mm": 12.0}, 3),
        (
            {
                "changes": ["size", "shape", "colour"],
                "size_mm": 8.0,
                "lesion_symptoms": ["inflamed", "oozing", "itch"],
            },
            10,
        ),
    ],
)
def test_the_seven_point_checklist_counted_by_hand(answers, points):
    whole = content(answers=answers)
    offered = Priority.SUSPECTED_CANCER if points >= 3 else None
    assert rules.total(DERMATOLOGY, whole) == points
    assert rules.offered_priority(DERMATOLOGY, whole) is offered


CHOSEN = st.fixed_dictionaries(
    {
        "changes": st.sets(st.sampled_from(["size", "shape", "colour"])).map(list),
        "lesion_symptoms": st.sets(
            st.sampled_from(["itch", "pain", "sensation", "oozing", "inflamed"])
        ).map(list),
        "size_mm": st.floats(0.5, 300),
    }
)


@given(CHOSEN)
def test_the_checklist_agrees_with_its_definition(answers):
    signs = set(answers["lesion_symptoms"])
    points = 2 * len(answers["changes"]) + (answers["size_mm"] >= 7)
    points += len(signs & {"oozing", "inflamed"})
    points += bool(signs & {"itch", "pain", "sensation"})
    assert rules.total(DERMATOLOGY, content(answers=answers)) == points


def test_a_rash_is_never_scored():
    answers = {"changes": ["size", "shape", "colour"]}
    whole = content(problem="rash", answers=answers)
    assert rules.offered_priority(DERMATOLOGY, whole) is None


def test_how_fast_it_grew_is_asked_once_it_grew():
    def asked(**answers):
        return {question.id for question in DERMATOLOGY.asked("lesion", answers)}

    assert "growth" not in asked()
    assert "growth" not in asked(changes=["colour"])
    assert "growth" in asked(changes=["colour", "size"])
    assert "itch" not in asked()


def test_a_whole_lesion_lacks_nothing():
    assert lacking() == []
    assert rules.image_set(DERMATOLOGY, content()) is ImageSet.COMPLETE


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"problem": None}, "Choose the problem."),
        ({"lesions": {}, "views": set()}, "Mark the lesion on the body map."),
        ({"answers": ANSWERS | {"allergies": ""}}, "Answer: Allergies"),
        (
            {"answers": ANSWERS | {"changes": ["size"]}},
            "Answer: How fast has it grown?",
        ),
        ({"views": set()}, "Picture: Close-up, lesion 1"),
        ({"question": " \n"}, "Write the question for the specialist."),
        ({"priority": None}, "Choose the priority."),
        (
            {"would_have_referred": None},
            "Say whether you would have referred without this service.",
        ),
        ({"consented": False}, "Record the patient's consent."),
        ({"needs_clinician": True}, "Name the clinician you are acting for."),
    ],
)
def test_what_is_missing_is_said(changes, sentence):
    assert sentence in lacking(**changes)


def test_no_is_an_answer_to_a_required_question():
    answers = {"systemic_upset": False, "itch": 0.0}
    missing = lacking(problem="rash", answers=answers)
    assert "Answer: Unwell with it (fever, malaise)?" not in missing
    assert "Answer: Itch, from 0 (none) to 10 (worst)" not in missing


def test_a_practice_without_a_dermatoscope_owes_no_dermoscopic_picture():
    rest = {(LESION, view) for view in VIEWS - {"dermoscopic"}}
    assert lacking(views=rest) == ["Picture: Dermoscopic, lesion 1"]
    assert lacking(views=rest, has_dermatoscope=False) == []


def test_each_lesion_needs_its_own_pictures():
    second = uuid4()
    missing = lacking(lesions={1: LESION, 3: second})
    assert len(missing) == 4
    assert all(sentence.endswith(", lesion 3") for sentence in missing)


def test_a_reason_makes_an_incomplete_set_partial_and_lets_it_go():
    few = content(views=set(), imperfect_reason="patient_moved")
    assert rules.image_set(DERMATOLOGY, few) is ImageSet.PARTIAL
    assert not any(one.blocks for one in rules.missing(DERMATOLOGY, few))
    bare = content(views=set())
    assert rules.image_set(DERMATOLOGY, bare) is ImageSet.INCOMPLETE
    assert all(one.blocks for one in rules.missing(DERMATOLOGY, bare))


@pytest.mark.parametrize("priority", [Priority.URGENT, Priority.SUSPECTED_CANCER])
def test_whoever_may_have_cancer_is_not_kept_waiting_for_a_picture(priority):
    bare = content(views=set(), priority=priority)
    missing = rules.missing(DERMATOLOGY, bare)
    assert missing
    assert not any(one.blocks for one in missing)


def test_declining_the_suggested_pathway_needs_a_reason():
    suspicious = ANSWERS | {"changes": ["shape"], "size_mm": 9.0}
    because = "Say why you chose another priority than the one suggested."
    assert lacking(answers=suspicious) == [because]
    assert lacking(answers=suspicious, override_reason="Seen in 2024") == []
    assert lacking(answers=suspicious, priority=Priority.SUSPECTED_CANCER) == []


NUMBER = next(one for one in DERMATOLOGY.questions if one.id == "size_mm")


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), 0.4, 301, True, "5"])
def test_a_number_is_a_number_in_its_range(wrong):
    with pytest.raises(Invalid):
        rules.checked_answer(NUMBER, wrong)


@given(st.one_of(st.text(), st.booleans(), st.floats(), st.lists(st.text())))
def test_no_answer_of_any_kind_breaks_a_question(answer):
    for question in DERMATOLOGY.questions:
        try:
            kept = rules.checked_answer(question, answer)
        except Invalid:
            continue
        assert question.in_words(kept) is not None
