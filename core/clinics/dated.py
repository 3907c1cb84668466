"""Rules of the clinics: versions in a file, each with its date and its source."""

import tomllib
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict

from core.config import REFERENCE


class Dated(BaseModel):
    """One version, in force from a day on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    effective_from: date
    source: str


Version = TypeVar("Version", bound=Dated)


def held(name: str, kind: type[Version], day: date) -> Version:
    """The version of a file in force on a day. Raises LookupError before the first."""
    versions = map(kind.model_validate, _rows(name))
    begun = [one for one in versions if one.effective_from <= day]
    if not begun:
        raise LookupError(f"no {name} version holds yet")
    return max(begun, key=lambda one: one.effective_from)


@lru_cache
def _rows(name: str) -> tuple[dict[str, Any], ...]:
    text = (REFERENCE / "clinics" / f"{name}.toml").read_text("utf-8")
    return tuple(tomllib.loads(text)["versions"])
