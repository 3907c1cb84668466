"""What codes and words of a specialty count as, by its reference file."""

from collections import defaultdict
from collections.abc import Callable
from functools import lru_cache

import pyarrow as pa  # type: ignore[import-untyped]

from core.specialties.model import Diagnosis, Specialty
from core.specialties.reference import codes, specialty


def of_all(part: Callable[[Specialty], list[str]]) -> list[str]:
    """Words of all specialties, in order, each once."""
    return sorted({word for code in codes() for word in part(specialty(code))})


def diagnoses_table() -> pa.Table:
    """Diagnoses by specialty and code: the group they count in, and whether each is
    treated as cancer until it is ruled out.
    """
    rows = [
        (code, one.code, *_meaning(one))
        for code in codes()
        for one in specialty(code).diagnoses
    ]
    return _table("code", rows)


def words_table() -> pa.Table:
    """The same by folded label, synonym and code, for what referrers write."""
    rows = [
        (code, word, *means)
        for code in codes()
        for word, means in meanings(code).items()
    ]
    return _table("word", rows)


@lru_cache
def meanings(code: str) -> dict[str, tuple[str, bool]]:
    """Group and cancer by folded label, synonym and code of a specialty's diagnoses.

    A word that stands for several things is in it only if they count as the same.
    """
    found = defaultdict(set)
    for one in specialty(code).diagnoses:
        for word in (one.code, one.label, *one.synonyms):
            found[word.strip().casefold()].add(_meaning(one))
    return {word: means.pop() for word, means in found.items() if len(means) == 1}


def dermoscopic_views() -> list[str]:
    """Codes of the views that only a dermatoscope can give."""
    return of_all(lambda one: [v.code for v in one.views if v.needs_dermatoscope])


def _meaning(one: Diagnosis) -> tuple[str, bool]:
    return one.group, bool(one.plain and one.plain.cancer)


def _table(by: str, rows: list[tuple[str, str, str, bool]]) -> pa.Table:
    names = ("specialty", by, "diagnosis_group", "cancer")
    return pa.table(dict(zip(names, zip(*rows, strict=True), strict=True)))
