"""What has to be ready when somebody comes: the room, and what to see to before. Pure."""

from dataclasses import dataclass

from core.specialties.model import Answers, Specialty


# The language in which nobody needs an interpreter.
_OWN_LANGUAGE = "english"


@dataclass(frozen=True)
class About:
    """What the record says of the patient beside the history."""

    allergies: str
    needs: str
    language: str


@dataclass(frozen=True)
class Preparation:
    """In words: what stands in the room, what to do before, what to be careful with."""

    equipment: tuple[str, ...]
    before: tuple[str, ...]
    careful: tuple[str, ...]
    # As the history has them: “none known” is an answer too, and no warning.
    allergies: str


def to_prepare(
    described: Specialty, procedure: str, answers: Answers, about: About
) -> Preparation:
    """What one procedure asks for with this patient."""
    planned = described.procedure(procedure)
    labels = {one.code: one.label for one in described.equipment}
    return Preparation(
        equipment=tuple(labels[code] for code in planned.equipment),
        before=planned.prepare,
        careful=(*_cautions(described, procedure, answers), *_patient(about)),
        allergies=about.allergies.strip() or "not asked",
    )


def _cautions(
    described: Specialty, procedure: str, answers: Answers
) -> tuple[str, ...]:
    return tuple(
        one.words
        for one in described.cautions
        if one.when.holds(answers)
        and (not one.procedures or procedure in one.procedures)
    )


def _patient(about: About) -> list[str]:
    said = []
    if about.language.strip().casefold() not in ("", _OWN_LANGUAGE):
        said.append(f"Speaks {about.language.strip()}: is an interpreter booked?")
    if about.needs.strip():
        said.append(f"Needs: {about.needs.strip()}")
    return said
