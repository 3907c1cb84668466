"""The letter that tells a patient of an appointment, in words. Pure."""

from dataclasses import dataclass
from datetime import datetime

from core.clinics.model import LetterKind
from core.kernel import words
from core.kernel.clock import LONDON
from core.reviews.letter_parts import Content, frames, section
from core.specialties.model import Procedure


@dataclass(frozen=True)
class Facts:
    """What the letter tells."""

    on: datetime
    organisation: str
    patient: str
    address: tuple[str, ...]
    begins_at: datetime
    minutes: int
    site: str
    site_address: str
    clinician: str
    grade: str
    practice: str
    reference: str


def write(kind: LetterKind, facts: Facts, procedure: Procedure) -> Content:
    """Its words, in the order they are printed."""
    said = frames()["appointment"]
    local = facts.begins_at.astimezone(LONDON)
    when = {
        "weekday": f"{local:%A}",
        "day": words.long_day(local),
        "time": words.time_of_day(facts.begins_at),
    }
    if kind is LetterKind.CANCELLED:
        title, sections = said["title_cancelled"], _cancelled(said, facts, when)
    else:
        title, sections = said["title"], _booked(said, facts, procedure, when)
    return {
        "title": title,
        "from": facts.organisation,
        "date": words.long_day(facts.on.astimezone(LONDON)),
        "to": [facts.patient, *facts.address],
        "greeting": said["greeting"].format(patient=facts.patient),
        "sections": [one for one in sections if one],
        "closing": said["closing"] if kind is LetterKind.BOOKED else "",
    }


def _booked(
    said: Content, facts: Facts, procedure: Procedure, when: dict[str, str]
) -> list[Content]:
    planned = said["plan_for"].format(
        procedure=procedure.plain or procedure.label, minutes=facts.minutes
    )
    return [
        section(
            said["when"],
            [
                said["when_at"].format(**when),
                f"{facts.site}, {facts.site_address}",
                said["who"].format(clinician=facts.clinician, grade=facts.grade),
            ],
        ),
        section(said["plan"], [planned]),
        section(said["bring"], items=said["bring_items"]),
        section(said["risks"], [said["risks_words"]]),
        section(said["cannot"], [_reach(said, facts)]),
    ]


def _cancelled(said: Content, facts: Facts, when: dict[str, str]) -> list[Content]:
    gone = said["cancelled"].format(site=facts.site, **when)
    return [
        section(said["when"], [gone, said["next"]]),
        section(said["cannot"], [_reach(said, facts)]),
    ]


def _reach(said: Content, facts: Facts) -> str:
    reached: str = said["cannot_words"].format(
        practice=facts.practice, reference=facts.reference
    )
    return reached
