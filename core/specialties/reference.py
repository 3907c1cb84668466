"""Read specialty files. A file that is wrong stops the process at its start."""

import tomllib
from functools import lru_cache
from pathlib import Path

from core.config import REFERENCE
from core.specialties.model import Specialty


def read(file: Path) -> Specialty:
    """One specialty. Raises pydantic's ValidationError, which names what is wrong."""
    return Specialty.model_validate(tomllib.loads(file.read_text("utf-8")))


def codes() -> list[str]:
    """Every specialty that has a file, in order."""
    return sorted(file.stem for file in (REFERENCE / "specialties").glob("*.toml"))


@lru_cache
def specialty(code: str) -> Specialty:
    """The specialty in force under ``code``. Raises FileNotFoundError."""
    return read(REFERENCE / "specialties" / f"{code}.toml")
