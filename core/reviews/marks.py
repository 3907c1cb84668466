"""What can be drawn over a picture: points in its pixels, from the upper left."""

import math
from typing import Any, Final

from core.kernel.errors import Invalid
from core.reviews.model import MarkKind


# An outline by hand has some dozens of points.
MOST_POINTS: Final = 500
# A person's height; whoever enters more meant another unit.
LONGEST_MM: Final = 2000.0
_LEAST = {MarkKind.OUTLINE: (3, MOST_POINTS), MarkKind.UNUSABLE: (0, 0)}
_TWO = (2, 2)


def checked(
    kind: MarkKind, content: dict[str, Any], *, width: int, height: int
) -> dict[str, Any]:
    """The content as it is kept, for a picture of so many pixels.

    ``{"points": [[x, y], …]}``, for a scale also ``"mm"``, the length of its line.
    Nothing else that was sent is kept. Raises Invalid.
    """
    points = [_point(one, width, height) for one in _listed(content.get("points", []))]
    least, most = _LEAST.get(kind, _TWO)
    if not least <= len(points) <= most:
        raise Invalid(_how_many(kind), field="points")
    if kind is not MarkKind.UNUSABLE and len({tuple(one) for one in points}) < least:
        raise Invalid("The points of a mark lie apart. Draw it again.", field="points")
    if kind is not MarkKind.SCALE:
        return {"points": points}
    return {"points": points, "mm": _length(content.get("mm"))}


def _listed(points: object) -> list[Any]:
    if not isinstance(points, list):
        raise Invalid("A mark is made of points. Draw it again.", field="points")
    if len(points) > MOST_POINTS:
        raise Invalid(_how_many(MarkKind.OUTLINE), field="points")
    return points


def _point(point: object, width: int, height: int) -> list[float]:
    if not isinstance(point, list) or len(point) != 2:
        raise Invalid("A mark is made of points. Draw it again.", field="points")
    x, y = _number(point[0]), _number(point[1])
    if x is None or y is None or not (0 <= x <= width and 0 <= y <= height):
        raise Invalid("A mark stays inside its picture. Draw it again.", field="points")
    return [x, y]


def _length(value: object) -> float:
    mm = _number(value)
    if mm is None or not 0 < mm <= LONGEST_MM:
        raise Invalid(
            "Enter the length of the line in mm, more than 0 and at most 2,000.",
            field="mm",
        )
    return mm


def _number(value: object) -> float | None:
    """A finite number. True is none, though Python counts with it."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # An integer that is too large for a float is no place in a picture.
    if abs(value) > 1e9 or not math.isfinite(value):
        return None
    return float(value)


def _how_many(kind: MarkKind) -> str:
    if kind is MarkKind.OUTLINE:
        return f"An outline has 3 to {MOST_POINTS} points. Draw it again."
    if kind is MarkKind.UNUSABLE:
        return "“Unusable” is said of the whole picture, without points."
    return "This mark has two points. Draw it again."
