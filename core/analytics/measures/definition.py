"""A measure as its file defines it. A file with a mistake is refused, with its name."""

import tomllib
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from core.kernel.errors import NotFound


FOLDER = Path(__file__).parent
_DIMENSIONS = "dimensions.toml"
_STRICT = ConfigDict(extra="forbid", frozen=True)

Kind = Literal["count", "share", "hours"]
Better = Literal["higher", "lower", "neither"]
Sentence = Annotated[str, Field(min_length=10)]
Name = Annotated[str, Field(min_length=2)]
_Model = TypeVar("_Model", bound=BaseModel)


class Target(BaseModel):
    """What is aimed at, from a day on. In the measure's unit: percent, hours or a count."""

    model_config = _STRICT

    effective_from: date
    value: float
    source: Sentence


class Measure(BaseModel):
    """What is counted, of what, by which day, why, and what it cannot tell.

    ``kind``: a count; a share in percent, of counts; or hours, of which the median and the
    ninetieth percentile are told. ``base`` names the denominator: measures with the same
    base have the same one. ``counted`` says what a share's numerator, or the amount, is;
    with ``told`` rest the rows that count are the others: what is rare, as a breach is,
    would be hidden nearly everywhere, and is told as what the many leave. ``spoken`` is how
    a sentence about it begins, ``each`` what tables call those that are counted.
    """

    model_config = _STRICT

    measure: Name
    title: Name
    tile: Name
    spoken: Name
    kind: Kind
    told: Literal["part", "rest"] = "part"
    better: Better
    why: Sentence
    counted: Sentence
    of: Sentence
    by: Sentence
    base: Name
    each: Name = "Referrals"
    by_practice: bool = False
    dimensions: tuple[str, ...] = ()
    targets: tuple[Target, ...] = ()
    limitations: Annotated[tuple[Sentence, ...], Field(min_length=1)]
    author: Name
    checker: Name
    reviewed: date
    next_review: date

    @model_validator(mode="after")
    def _is_reviewed_again(self) -> "Measure":
        if self.next_review <= self.reviewed:
            raise ValueError("next_review has to come after reviewed")
        if self.told == "rest" and self.kind != "share":
            raise ValueError("only a share can be told as the rest")
        days = [target.effective_from for target in self.targets]
        if days != sorted(days):
            raise ValueError("targets stand in the order of their days")
        return self

    def target_on(self, day: date) -> float | None:
        """What was aimed at on a day; None where nothing was."""
        held = [one.value for one in self.targets if one.effective_from <= day]
        return held[-1] if held else None


class Dimension(BaseModel):
    """What measures are broken down by. Categories that are not listed may come as met.

    ``finest``: the shortest period in which its categories are large enough to count.
    ``equity``: it tells groups of people apart. ``labels``: what those are called that are
    not listed, where they are met.
    """

    model_config = _STRICT

    dimension: Name
    title: Name
    finest: Literal["month", "quarter", "year"] = "quarter"
    equity: bool = False
    note: str = ""
    categories: dict[str, str] = Field(default_factory=dict)
    labels: dict[str, str] = Field(default_factory=dict)


class WrongMeasureError(Exception):
    """A measure's file that cannot be used: which one, and what is wrong with it."""


@lru_cache(maxsize=1)
def dimensions() -> dict[str, Dimension]:
    """All dimensions by name, in the order of the screens."""
    found = [_checked(Dimension, one, _DIMENSIONS) for one in _raw_dimensions()]
    return {one.dimension: one for one in found}


@lru_cache(maxsize=1)
def measures() -> dict[str, Measure]:
    """All measures by name. Raises WrongMeasureError."""
    files = sorted(FOLDER.glob("*.toml"))
    found = [_read(file) for file in files if file.name != _DIMENSIONS]
    return {one.measure: one for one in found}


def measure(name: str) -> Measure:
    """One measure. Raises NotFound with the names there are."""
    found = measures().get(name)
    if found is None:
        raise NotFound(
            f"There is no measure “{name}”. There are: {', '.join(measures())}."
        )
    return found


def parsed(text: str, name: str) -> Measure:
    """A measure's file as text. Raises WrongMeasureError."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise WrongMeasureError(f"{name}: {wrong}") from wrong
    named = _checked(Measure, {"measure": name, **raw, **_spread(raw)}, f"{name}.toml")
    unknown = set(named.dimensions) - set(dimensions())
    if unknown:
        raise WrongMeasureError(f"{name}.toml: no dimension {', '.join(unknown)}")
    return named


def _read(file: Path) -> Measure:
    return parsed(file.read_text("utf-8"), file.stem)


def _spread(raw: dict[str, Any]) -> dict[str, Any]:
    """``equity`` stands for all dimensions that tell groups of people apart."""
    asked = raw.get("dimensions", [])
    every = [name for name, one in dimensions().items() if one.equity]
    spread = [part for one in asked for part in (every if one == "equity" else [one])]
    return {"dimensions": spread}


def _raw_dimensions() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(
        (FOLDER / _DIMENSIONS).read_text("utf-8")
    )["dimensions"]
    return found


def _checked(kind: type[_Model], raw: dict[str, Any], file: str) -> _Model:
    try:
        return kind.model_validate(raw)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise WrongMeasureError(f"{file}: {place}: {first['msg']}") from wrong
