"""Histories that fit what the patient has and how worried the referrer is."""

from core.contracts.model import Priority
from core.demo import reference
from core.demo.story import Story
from core.specialties.model import Answer


# How often the history of such a referral looks suspicious.
_SUSPICIOUS = {
    Priority.ROUTINE: 0.06,
    Priority.URGENT: 0.25,
    Priority.SUSPECTED_CANCER: 0.86,
}
_DURATION = {
    "under_4_weeks": 10,
    "4_to_8_weeks": 16,
    "2_to_6_months": 28,
    "6_to_12_months": 18,
    "over_1_year": 22,
    "not_known": 6,
}
_PLACES = ("face", "scalp", "trunk", "flexures", "extensors", "hands", "feet")


def history(story: Story) -> dict[str, Answer]:
    """Answers to the questions that this problem is asked, in their order."""
    answers: dict[str, Answer] = {"duration": story.draws.pick(_DURATION)}
    problem = story.case.problem
    answers |= {"lesion": _lesion, "rash": _rash, "other": _other}[problem](story)
    answers |= _general(story)
    asked = (question.id for question in story.specialty.asked(problem, answers))
    return {name: answers[name] for name in asked if name in answers}


def _lesion(story: Story) -> dict[str, Answer]:
    draws = story.draws
    size = min(max(draws.around(*_log(story.case.size)), 1.0), 120.0)
    answers: dict[str, Answer] = {
        "size_mm": float(round(size)),
        "skin_cancer": draws.pick({"none": 88, "other": 9, "melanoma": 3}),
        "family_melanoma": draws.chance(0.06),
        **_signs(story),
    }
    risks = {"immunosuppressed": 0.05, "many_naevi": 0.14, "sunburn": 0.2}
    risks |= {"sunbeds": 0.08, "outdoor": 0.16}
    answers["risks"] = [one for one, often in risks.items() if draws.chance(often)]
    surgery = {"anticoagulant": 0.12, "pacemaker": 0.03}
    answers["surgery_risks"] = [
        one for one, often in surgery.items() if draws.chance(often)
    ]
    return answers


def _signs(story: Story) -> dict[str, Answer]:
    draws = story.draws
    if draws.chance(_SUSPICIOUS[story.priority]):
        often = {"size": 0.8, "shape": 0.5, "colour": 0.55}
        symptoms = {"itch": 0.25, "pain": 0.12, "oozing": 0.25, "inflamed": 0.2}
    else:
        often = {"size": 0.12, "shape": 0.02, "colour": 0.02}
        symptoms = {"itch": 0.1, "pain": 0.03, "inflamed": 0.03}
    changes = [one for one, share in often.items() if draws.chance(share)]
    answers: dict[str, Answer] = {
        "changes": [*changes],
        "lesion_symptoms": [one for one, s in symptoms.items() if draws.chance(s)],
    }
    if "size" in changes:
        answers["growth"] = draws.pick({"weeks": 20, "months": 55, "years": 25})
    return answers


def _rash(story: Story) -> dict[str, Answer]:
    draws, random = story.draws, story.draws.random
    surface = float(round(min(draws.around(6, 0.9), 90)))
    return {
        "distribution": sorted(random.sample(_PLACES, random.choice((1, 1, 2, 3)))),
        "itch": float(min(max(round(random.gauss(5, 2.4)), 0), 10)),
        "body_surface": surface,
        "systemic_upset": draws.chance(0.04),
        "dlqi": float(min(max(round(random.gauss(9, 5)), 0), 30)),
        "atopy": draws.chance(0.4),
        "contacts": draws.one_of(reference.phrases()["contacts"]),
    }


def _other(story: Story) -> dict[str, Answer]:
    return {"description": story.draws.one_of(reference.phrases()["descriptions"])}


def _general(story: Story) -> dict[str, Answer]:
    draws, phrases = story.draws, reference.phrases()
    return {
        "treatment": draws.one_of(phrases["treatments"]),
        "skin_type": story.patient.skin_type,
        "conditions": draws.one_of(phrases["conditions"]),
        "medication": draws.one_of(phrases["medication"]),
        "allergies": draws.one_of(phrases["allergies"]),
    }


def _log(size: tuple[float, float]) -> tuple[float, float]:
    # The file names a factor ("give or take half as much again"); the draw its log.
    return size[0], size[1] - 1
