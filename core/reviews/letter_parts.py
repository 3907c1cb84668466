"""What letters are made of: the facts of a case, the words around them, sections."""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from core.config import REFERENCE
from core.kernel import words


Content = dict[str, Any]
Frames = dict[str, Any]


@dataclass(frozen=True)
class Shown:
    """A picture in the practice's letter, and what it shows."""

    image_id: str
    title: str


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


@lru_cache(maxsize=1)
def frames() -> Frames:
    """The words around, from the reference file."""
    return tomllib.loads((REFERENCE / "letters" / "words.toml").read_text("utf-8"))


def section(
    heading: str,
    paragraphs: Iterable[str] = (),
    *,
    items: Iterable[str] = (),
    ranked: bool = False,
    pairs: Iterable[Sequence[str]] = (),
    after: Iterable[str] = (),
) -> Content:
    """A piece of a letter; nothing where there is nothing to say."""
    made = {
        "heading": heading,
        "paragraphs": list(paragraphs),
        "items": list(items),
        "ranked": ranked,
        "pairs": [list(pair) for pair in pairs],
        "after": list(after),
    }
    return made if made["paragraphs"] or made["items"] or made["pairs"] else {}


def paragraphs(text: str) -> list[str]:
    """What somebody wrote, by its lines."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def replaces(facts: Facts, said: Frames) -> str:
    """That this letter takes another's place, where it does."""
    if facts.replaces is None:
        return ""
    notice: str = said["replaces"].format(day=words.long_day(facts.replaces))
    return notice
