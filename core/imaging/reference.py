"""The gate's limits, read from the reference folder."""

import tomllib
from pathlib import Path

from pydantic import TypeAdapter

from core.imaging.model import QualityRules


def load_quality_rules(path: Path) -> QualityRules:
    """The limits in force. Raises ValueError for a file that is not complete."""
    with path.open("rb") as file:
        return TypeAdapter(QualityRules).validate_python(tomllib.load(file))
