"""Where on the body it is, asked of the patient: by a tap, or from a list of places.

The drawing is the practice's (``body_map/figure.js``); places and texts come from the
specialty and the language file.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from core.languages.model import Language
from core.ui.components.packaged import Packaged


Side = Literal["front", "back"]

_where = Packaged(
    "where",
    "where",
    answers=("pinned", "removed"),
    beside=("body_map", "body_map"),
)


@dataclass(frozen=True)
class Place:
    """A place of the list, and where the drawing has it (0 to 1 across and down)."""

    region: str
    label: str
    side: Side
    x: float
    y: float


@dataclass(frozen=True)
class Spot:
    """A place that is marked; ``id`` comes back when it is to be removed."""

    id: str
    number: int
    label: str
    side: Side
    x: float
    y: float


@dataclass(frozen=True)
class Marked:
    """What happened since the last rerun: a new place, or an old one to be removed.

    The region comes from the browser: whoever keeps it checks it.
    """

    place: Place | None = None
    removed: str = ""


def where(
    key: str, *, language: Language, spots: Sequence[Spot], places: Sequence[Place]
) -> Marked:
    """The body with what is marked so far, and the list. Not inside a form.

    It marks nothing by itself: keep the new place, and pass it back with its number.
    """
    answers = _where(
        key,
        {
            "texts": language.components["where"],
            "language": language.code,
            "direction": language.direction,
            "pins": [asdict(spot) for spot in spots],
            "places": [asdict(place) for place in places],
        },
    )
    tapped, labels = answers.get("pinned"), {one.region: one.label for one in places}
    if tapped is None or tapped["region"] not in labels:
        return Marked(removed=str(answers.get("removed") or ""))
    region, side = str(tapped["region"]), tapped["side"]
    return Marked(
        Place(
            region,
            labels[region],
            "back" if side == "back" else "front",
            min(1.0, max(0.0, float(tapped["x"]))),
            min(1.0, max(0.0, float(tapped["y"]))),
        )
    )
