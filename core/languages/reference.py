"""Read language files. A file that is wrong stops the process at its start."""

import tomllib
from functools import lru_cache
from pathlib import Path

from core.config import REFERENCE
from core.languages.model import Language


FIRST = "en"
"""The language where we have none of the patient's."""


def read(file: Path) -> Language:
    """One language. Raises pydantic's ValidationError, which names what is wrong."""
    return Language.model_validate(tomllib.loads(file.read_text("utf-8")))


@lru_cache
def language(code: str) -> Language:
    """The language under ``code``; English where we have none of that."""
    known = {one.code: one for one in languages()}
    return known.get(code, known[FIRST])


@lru_cache
def languages() -> list[Language]:
    """All there are: English, then by their own names."""
    found = [read(file) for file in (REFERENCE / "patient").glob("*.toml")]
    return sorted(found, key=lambda one: (one.code != FIRST, one.name))


def code_for(english_name: str) -> str:
    """The code of the language that a patient's record names; else English."""
    wanted = english_name.strip().casefold()
    names = {one.english_name.casefold(): one.code for one in languages()}
    return names.get(wanted, FIRST)
