"""What the two letters say: from the facts of a case to plain dicts of words.

A dict holds everything that is printed, in its order, and nothing else: the page that
previews a letter and the template that sets it are both drawn from the same one.
"""

import hashlib
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from core.config import REFERENCE
from core.kernel import words
from core.reviews.model import Audience, Certainty, Draft, Need
from core.specialties.model import Diagnosis, Plain, Specialty


Content = dict[str, Any]
Frames = dict[str, Any]


@dataclass(frozen=True)
class Shown:
    """A picture in the practice's letter, and what it shows."""

    image_id: str
    alt: str


@dataclass(frozen=True)
class Facts:
    """Everything the letters tell that is not in the opinion itself."""

    on: date
    reference: str
    patient: str
    called: str
    born: str
    nhs_number: str
    practice: str
    practice_email: str
    referrer: str
    referred_on: date
    priority: str
    problem: str
    sites: tuple[str, ...]
    pictures: int
    question: str
    working_diagnosis: str
    history: tuple[str, ...]
    specialist: str
    grade: str
    organisation: str
    # The day of the answer that this one replaces.
    replaces: date | None = None
    shown: tuple[Shown, ...] = ()
    note_to_patient: str = ""


@dataclass(frozen=True)
class Letters:
    """Both letters in words."""

    practice: Content
    patient: Content

    def of(self, audience: Audience) -> Content:
        """The one for somebody."""
        return self.practice if audience is Audience.PRACTICE else self.patient

    @property
    def digest(self) -> str:
        """The same for the same words, whoever asks and when."""
        both = json.dumps([self.practice, self.patient], sort_keys=True)
        return hashlib.sha256(both.encode()).hexdigest()


def write(described: Specialty, facts: Facts, opinion: Draft) -> Letters:
    """Both letters. Raises KeyError for a code that the specialty does not know."""
    return Letters(
        practice=_to_practice(described, facts, opinion, frames()["practice"]),
        patient=_to_patient(described, facts, opinion, frames()["patient"]),
    )


@lru_cache(maxsize=1)
def frames() -> Frames:
    """The words around, from the reference file."""
    return tomllib.loads((REFERENCE / "letters" / "words.toml").read_text("utf-8"))


def _to_practice(
    described: Specialty, facts: Facts, opinion: Draft, said: Frames
) -> Content:
    outcome = described.outcome(opinion.outcome)
    history = _section(said["history"], items=facts.history)
    sections = [
        _section(said["asked"], _question(facts, said)),
        history if facts.history else {},
        _section(
            said["diagnosis"],
            items=[_coded(described, one) for one in opinion.diagnoses],
            ranked=True,
        ),
        _section(said["advice"], _paragraphs(opinion.advice)),
        _section(said["prescribing"], _paragraphs(opinion.prescribing)),
        _section(said["outcome"], [outcome.label]),
        _section(said["next"], [outcome.next_step]),
        _need(described, opinion.need, said) if outcome.face_to_face else {},
        _section(said["told"], _told(facts, said)),
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
        "notice": _replaces(facts, said),
        "sections": [one for one in sections if one],
        "pictures": {
            "heading": said["pictures"],
            "shown": [{"image": one.image_id, "alt": one.alt} for one in facts.shown],
        },
        "signed": [facts.specialist, facts.grade, facts.organisation],
        "closing": said["closing"].format(
            pictures=words.plural(facts.pictures, "picture")
        ),
    }


def _question(facts: Facts, said: Frames) -> list[str]:
    asked = _paragraphs(facts.question)
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


def _coded(described: Specialty, one: Any) -> str:  # noqa: ANN401
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
    return _section(said["need"], pairs=pairs)


def _to_patient(
    described: Specialty, facts: Facts, opinion: Draft, said: Frames
) -> Content:
    sections = [
        _section(said["looked"], _looked_at(described, facts, said)),
        _section(said["found"], list(_found(described, opinion, said))),
        _section(said["next"], list(_next(described, opinion, said))),
        _section(said["note"], _paragraphs(facts.note_to_patient)),
        _section(
            said["help"],
            [said["call_when"]],
            items=described.problem(facts.problem).call_when,
            after=[said["emergency"]],
        ),
        _section(said["reach"], _reach(facts, said)),
    ]
    return {
        "title": said["title"],
        "from": facts.organisation,
        "date": words.long_day(facts.on),
        "to": [facts.called],
        "greeting": said["greeting"].format(patient=facts.called),
        "notice": _replaces(facts, said),
        "sections": [one for one in sections if one],
        "signed": [facts.specialist, facts.organisation],
        "closing": said["closing"],
    }


def _looked_at(described: Specialty, facts: Facts, said: Frames) -> list[str]:
    what = described.problem(facts.problem).plain or "your skin"
    if facts.sites:
        places = " and ".join(site.lower() for site in facts.sites)
        what = said["where"].format(what=what, sites=places)
    sent = said["looked_at"] if facts.pictures else said["looked_at_none"]
    return [
        sent.format(
            pictures=words.plural(facts.pictures, "picture"),
            what=what,
            day=words.long_day(facts.referred_on),
        ),
        said["looked_by"].format(specialist=facts.specialist),
    ]


def _found(described: Specialty, opinion: Draft, said: Frames) -> Iterator[str]:
    """What it is, the likeliest first; what is not certain is said so."""
    certain = True
    for rank, one in enumerate(opinion.diagnoses):
        plain = _plain(described.diagnosis(one.code))
        certain &= one.certainty is Certainty.CERTAIN and bool(plain.name)
        if plain.name:
            frame = said["also"] if rank else said[one.certainty.value]
            yield f"{frame.format(name=plain.name)} {plain.about}".strip()
        elif not rank:
            yield plain.about
    if not certain and described.outcome(opinion.outcome).face_to_face:
        yield said["more_tests"]


def _plain(found: Diagnosis) -> Plain:
    return found.plain or Plain(name=found.label, about="")


def _next(described: Specialty, opinion: Draft, said: Frames) -> Iterator[str]:
    outcome = described.outcome(opinion.outcome)
    yield from outcome.to_patient or [outcome.label]
    if outcome.unless_cancer_is_likely and not _cancer_is_likely(described, opinion):
        yield outcome.unless_cancer_is_likely
    if opinion.need is None or not outcome.face_to_face:
        return
    procedure = described.procedure(opinion.need.procedure)
    yield " ".join(
        [
            said["seen_for"].format(procedure=procedure.plain or procedure.label),
            said["seen_by"].format(day=words.long_day(opinion.need.see_by)),
        ]
    )


def _cancer_is_likely(described: Specialty, opinion: Draft) -> bool:
    return any(
        _plain(described.diagnosis(one.code)).cancer
        and one.certainty is not Certainty.POSSIBLE
        for one in opinion.diagnoses
    )


def _reach(facts: Facts, said: Frames) -> list[str]:
    return [
        said["reach_at"].format(practice=facts.practice, email=facts.practice_email),
        said["reference"].format(reference=facts.reference),
    ]


def _replaces(facts: Facts, said: Frames) -> str:
    if facts.replaces is None:
        return ""
    notice: str = said["replaces"].format(day=words.long_day(facts.replaces))
    return notice


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _section(
    heading: str,
    paragraphs: Any = (),  # noqa: ANN401
    *,
    items: Any = (),  # noqa: ANN401
    ranked: bool = False,
    pairs: Any = (),  # noqa: ANN401
    after: Any = (),  # noqa: ANN401
) -> Content:
    """A piece of a letter; nothing where there is nothing to say."""
    if not (list(paragraphs) or list(items) or list(pairs)):
        return {}
    return {
        "heading": heading,
        "paragraphs": list(paragraphs),
        "items": list(items),
        "ranked": ranked,
        "pairs": [list(pair) for pair in pairs],
        "after": list(after),
    }
