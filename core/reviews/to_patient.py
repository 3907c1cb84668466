"""The letter to the patient: plain words, nothing coded, nothing surer than it is."""

from collections.abc import Iterator

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
from core.reviews.model import Certainty, Draft
from core.specialties.model import Diagnosis, Plain, Specialty


def to_patient(described: Specialty, facts: Facts, opinion: Draft) -> Content:
    """Its words, in the order they are printed."""
    said = frames()["patient"]
    sections = [
        section(said["looked"], _looked_at(described, facts, said)),
        section(said["found"], list(_found(described, opinion, said))),
        section(said["next"], list(_next(described, opinion, said))),
        section(said["note"], paragraphs(facts.note_to_patient)),
        section(
            said["help"],
            [said["call_when"]],
            items=described.problem(facts.problem).call_when,
            after=[said["emergency"]],
        ),
        section(said["reach"], _reach(facts, said)),
    ]
    return {
        "title": said["title"],
        "from": facts.organisation,
        "date": words.long_day(facts.on),
        "to": [facts.called],
        "greeting": said["greeting"].format(patient=facts.called),
        "notice": replaces(facts, said),
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
