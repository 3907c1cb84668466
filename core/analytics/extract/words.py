"""What codes and words of a specialty count as, by its reference file."""

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

from core.analytics.extract.feed import Values
from core.specialties.reference import codes, specialty


def groups_of(
    specialties: Sequence[str], diagnoses: Sequence[str | None]
) -> list[str | None]:
    """The groups that diagnoses count in; one that no list of ours has is in none."""
    groups = {
        (code, one.code): one.group
        for code in set(specialties)
        for one in specialty(code).diagnoses
    }
    said = zip(specialties, diagnoses, strict=True)
    return [groups.get((code, one)) if one else None for code, one in said]


def cancers_of(
    specialties: Sequence[str], diagnoses: Sequence[str | None]
) -> list[bool]:
    """Whether each is treated as cancer until it is ruled out."""
    cancers = {
        (name, one.code)
        for name in set(specialties)
        for one in specialty(name).diagnoses
        if one.plain and one.plain.cancer
    }
    return [pair in cancers for pair in zip(specialties, diagnoses, strict=True)]


def working_diagnoses(specialties: Sequence[str], words: Sequence[str]) -> Values:
    """Group, and cancer or not, of what referrers wrote: null for other words."""
    known = {code: meanings(code) for code in set(specialties)}
    asked = zip(specialties, words, strict=True)
    found = [known[code].get(said.strip().casefold()) for code, said in asked]
    return {
        "working_group": [one[0] if one else None for one in found],
        "working_cancer": [one[1] if one else None for one in found],
    }


@lru_cache
def meanings(code: str) -> dict[str, tuple[str, bool]]:
    """Group and cancer by folded label, synonym and code of a specialty's diagnoses.

    A word that stands for several things is in it only if they count as the same.
    """
    found = defaultdict(set)
    for one in specialty(code).diagnoses:
        means = (one.group, bool(one.plain and one.plain.cancer))
        for word in (one.code, one.label, *one.synonyms):
            found[word.strip().casefold()].add(means)
    return {word: means.pop() for word, means in found.items() if len(means) == 1}


@lru_cache
def dermoscopic_views() -> list[str]:
    """Codes of the views that only a dermatoscope can give, of all specialties."""
    return sorted(
        {
            view.code
            for code in codes()
            for view in specialty(code).views
            if view.needs_dermatoscope
        }
    )
