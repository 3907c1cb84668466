"""What the demo's files say of organisations, and how any of its files is read."""

import tomllib
from typing import Any

from pydantic import BaseModel, ConfigDict

from core.config import REFERENCE
from core.contracts.model import Pool


FOLDER = REFERENCE / "demo"


def read(name: str) -> dict[str, Any]:
    """The content of one of the demo's own files."""
    return tomllib.loads((FOLDER / name).read_text("utf-8"))


class Entry(BaseModel):
    """A piece of a demo file: immutable, and without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class OrganisationEntry(Entry):
    """An organisation that does not exist."""

    name: str
    ods: str


class ServiceEntry(OrganisationEntry):
    """A specialist service."""

    pool: Pool


class PracticeEntry(OrganisationEntry):
    """A practice, how much it refers, since when, and whom it cares for (percent).

    ``lacking``: how many times as often as usual a picture is missing or unusable,
    until the staff was trained, ``trained_after`` days. ``deputy``: who of the practice
    is told where something has waited too long; nobody where there is none.
    """

    code: str
    contract: str
    patients: int
    decile: int
    rate: float
    live_after: int
    dermatoscope: str = ""
    lacking: float = 1.0
    trained_after: int | None = None
    deputy: str = ""
    east: float
    north: float
    asian: float
    black: float
    mixed: float
    other: float

    @property
    def ethnicities(self) -> dict[str, float]:
        """Shares of the list, in percent."""
        some = {
            "asian": self.asian,
            "black": self.black,
            "mixed": self.mixed,
            "other": self.other,
        }
        return {"white": 100 - sum(some.values()), **some}


class RoomEntry(Entry):
    """A room, with what stands in it."""

    name: str
    equipment: tuple[str, ...]


class SiteEntry(Entry):
    """Where a service holds clinics."""

    service: str
    name: str
    address: str
    east: float
    north: float
    rooms: tuple[RoomEntry, ...]


class Places(Entry):
    """All organisations with a name of their own, and where they hold clinics."""

    commissioners: dict[str, OrganisationEntry]
    platform: OrganisationEntry
    services: dict[str, ServiceEntry]
    pools: dict[str, tuple[str, ...]]
    practices: tuple[PracticeEntry, ...]
    sites: tuple[SiteEntry, ...]
