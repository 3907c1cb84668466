"""How hard the patients' door may be knocked at."""

import tomllib
from datetime import date, timedelta
from functools import lru_cache

from pydantic import BaseModel, ConfigDict, Field

from core.config import REFERENCE


class Limits(BaseModel):
    """The figures of data/reference/invitations/limits.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    effective_from: date
    source: str
    wrong_from_one_place: int = Field(ge=1)
    visits_of_one_link: int = Field(ge=1)
    pictures_of_one_referral: int = Field(ge=1)
    idle_minutes: int = Field(ge=1)
    longest_hours: int = Field(ge=1)

    @property
    def idle(self) -> timedelta:
        """How long a visit lives without a click."""
        return timedelta(minutes=self.idle_minutes)

    @property
    def longest(self) -> timedelta:
        """How long a visit lives in all."""
        return timedelta(hours=self.longest_hours)


@lru_cache(maxsize=1)
def limits() -> Limits:
    """The limits in force."""
    file = REFERENCE / "invitations" / "limits.toml"
    return Limits.model_validate(tomllib.loads(file.read_text("utf-8")))
