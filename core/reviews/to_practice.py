"""The letter to the practice: complete, coded, and what has to be done."""

from core.kernel import words
from core.reviews.letter_parts import (
    Content,
    Facts,
    Frames,
    frames,
    paragraphs,
    replaces,
    section,
)
from core.reviews.model import Draft, Need, RankedDiagnosis
from core.specialties.model import Specialty


def to_practice(described: Specialty, facts: Facts, opinion: Draft) -> Content:
    """Its words, in the order they are printed."""
    said = frames()["practice"]
    outcome = described.outcome(opinion.outcome)
    history = section(said["history"], items=facts.history)
    sections = [
        section(said["asked"], _question(facts, said)),
        history if facts.history else {},
        section(
            said["diagnosis"],
            items=[_coded(described, one) for one in opinion.diagnoses],
            ranked=True,
        ),
        section(said["advice"], paragraphs(opinion.advice)),
        section(said["prescribing"], paragraphs(opinion.prescribing)),
        section(said["outcome"], [outcome.label]),
        section(said["next"], [outcome.next_step]),
        _need(described, opinion.need, said) if outcome.face_to_face else {},
        section(said["told"], _told(facts, said)),
    ]
    return {
        "title": said["title"].format(reference=facts.reference),
        "subject": said["subject"].format(
            specialty=described.name, patient=facts.patient
        ),
        "from": facts.organisation,
        "date": words.long_day(facts.on),
        "to": [facts.practice, facts.referrer],
        "facts": _facts(facts, said["facts"]),
        "notice": replaces(facts, said),
        "sections": [one for one in sections if one],
        "pictures": {
            "heading": said["pictures"],
            "shown": [
                {
                    "image": one.image_id,
                    "title": one.title,
                    "alt": said["picture"].format(title=one.title),
                }
                for one in facts.shown
            ],
        },
        "signed": [facts.specialist, facts.grade, facts.organisation],
        "closing": said["closing"].format(
            pictures=words.plural(facts.pictures, "picture")
        ),
    }


def _question(facts: Facts, said: Frames) -> list[str]:
    asked = paragraphs(facts.question)
    if facts.working_diagnosis.strip():
        asked.append(said["working_diagnosis"].format(words=facts.working_diagnosis))
    return asked


def _told(facts: Facts, said: Frames) -> list[str]:
    note = facts.note_to_patient.strip()
    added = [said["told_note"].format(words=note)] if note else []
    return [said["told_plain"], *added]


def _facts(facts: Facts, said: Frames) -> list[list[str]]:
    referred = f"{words.long_day(facts.referred_on)}, {facts.priority.lower()}"
    return [
        [said["patient"], facts.patient],
        [said["born"], facts.born],
        [said["nhs_number"], facts.nhs_number],
        [said["reference"], facts.reference],
        [said["referred"], referred],
        [said["referrer"], facts.referrer],
    ]


def _coded(described: Specialty, one: RankedDiagnosis) -> str:
    found = described.diagnosis(one.code)
    codes = [f"ICD-10 {found.icd10}"] if found.icd10 else []
    codes += [f"SNOMED CT {found.snomed}"] if found.snomed else []
    named = f"{found.label}, {one.certainty}"
    return f"{named} ({'; '.join(codes)})" if codes else named


def _need(described: Specialty, need: Need | None, said: Frames) -> Content:
    if need is None:
        return {}
    names = said["needs"]
    pairs = [
        [names["procedure"], described.procedure(need.procedure).label],
        [names["complexity"], need.complexity.value.capitalize()],
        [names["grade"], f"{need.lowest_grade.label} or more senior"],
        [names["minutes"], f"{need.minutes} minutes"],
        [names["see_by"], words.long_day(need.see_by)],
    ]
    return section(said["need"], pairs=pairs)
