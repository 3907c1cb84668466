"""Points at a place on the body; shows the places pointed at.

The drawing is ours (``figure.js``); the names of its regions are kept here, so that
a referral stores the id and every screen and letter says the same words for it.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final, Literal

from core.ui.components.packaged import Packaged


Side = Literal["front", "back"]

_MIDDLE: Final = {
    "scalp": "Scalp",
    "face": "Face",
    "neck": "Neck",
    "chest": "Chest",
    "abdomen": "Abdomen",
    "groin": "Groin",
    "upper_back": "Upper back",
    "lower_back": "Lower back",
}
_PAIRED: Final = {
    "ear": "ear",
    "upper_arm": "upper arm",
    "forearm": "forearm",
    "hand": "hand",
    "buttock": "buttock",
    "thigh": "thigh",
    "lower_leg": "lower leg",
    "foot": "foot",
}

REGIONS: Final[dict[str, str]] = _MIDDLE | {
    f"{hand}_{part}": f"{hand.capitalize()} {words}"
    for part, words in _PAIRED.items()
    for hand in ("left", "right")
}
"""Region id to label, left and right always the patient's own."""

_body_map = Packaged("body_map", "body_map", answers=("pinned",))


@dataclass(frozen=True)
class Pin:
    """A numbered place. ``x`` and ``y`` run from 0 to 1 over the drawing of that side."""

    number: int
    x: float
    y: float
    side: Side
    label: str

    def __post_init__(self) -> None:
        if not (0 <= self.x <= 1 and 0 <= self.y <= 1):
            raise ValueError("A pin lies on the drawing: x and y from 0 to 1.")


@dataclass(frozen=True)
class Pinned:
    """Where someone has just tapped, and the region that is there."""

    x: float
    y: float
    side: Side
    region: str

    def __post_init__(self) -> None:
        if self.region not in REGIONS:
            raise ValueError(f"No region of the body is called {self.region!r}.")

    @property
    def label(self) -> str:
        """The region in words, with the side where the name leaves it open."""
        return f"{REGIONS[self.region]}, {self.side}"


def body_map(
    key: str,
    *,
    pins: Sequence[Pin] = (),
    sites: Sequence[str] = (),
    read_only: bool = False,
) -> Pinned | None:
    """Front and back with the pins so far; a new place when someone taps one.

    ``sites`` are region ids to shade (a rash). The component adds no pin by itself:
    keep it, and pass it back with its number. Not inside a form.
    """
    unknown = set(sites) - set(REGIONS)
    if unknown:
        raise ValueError(f"No such regions of the body: {sorted(unknown)}.")
    data = {
        "pins": [asdict(pin) for pin in pins],
        "sites": list(sites),
        "labels": REGIONS,
        "read_only": read_only,
    }
    where = _body_map(key, data).get("pinned")
    if where is None:
        return None
    return Pinned(float(where["x"]), float(where["y"]), where["side"], where["region"])
