"""Take a file in: clean it, measure it, put it into the vault."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from core.config import REFERENCE, settings
from core.imaging.model import QualityRules
from core.imaging.quality import measure
from core.imaging.reference import load_quality_rules
from core.imaging.rules import judge
from core.imaging.sanitise import sanitise
from core.imaging.vault import BlobId, Vault


@dataclass(frozen=True)
class Kept:
    """A picture in the vault, and what is known of it. Sizes in pixels."""

    original_blob: str
    clean_blob: str
    thumbnail_blob: str
    width: int
    height: int
    file_format: str
    taken_at: datetime | None
    had_position: bool
    measurements: dict[str, Any]
    advice: list[str]
    # The same remarks by their codes, for whoever says them in another language.
    findings: list[str] = field(default_factory=list)


def keep(data: bytes) -> Kept:
    """Take a file in, as it came and as a clean copy.

    Raises UnusableFile, in words for whoever sent it; then nothing is kept.
    """
    clean = sanitise(data)
    measured = measure(clean.jpeg)
    remarks = judge(measured, _quality_rules())
    sealed = vault()
    return Kept(
        original_blob=sealed.put(data),
        clean_blob=sealed.put(clean.jpeg),
        thumbnail_blob=sealed.put(clean.thumbnail),
        width=clean.width,
        height=clean.height,
        file_format=clean.facts.format,
        taken_at=clean.facts.taken_at,
        had_position=clean.facts.had_position,
        measurements=asdict(measured),
        advice=[remark.advice for remark in remarks],
        findings=[remark.code.value for remark in remarks],
    )


def fetch(blob: str) -> bytes:
    """What was kept under a name."""
    return vault().get(BlobId(blob))


@lru_cache(maxsize=1)
def vault() -> Vault:
    """The vault that the settings name."""
    return Vault(settings().vault_folder, settings().key("vault"))


@lru_cache(maxsize=1)
def _quality_rules() -> QualityRules:
    return load_quality_rules(REFERENCE / "imaging" / "quality.toml")
