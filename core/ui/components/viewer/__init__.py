"""Looks closely at images, at their full resolution, and keeps what is drawn on them.

The pictures come from their own addresses (a route with a ticket): ``st.image``
would shrink and re-encode them, and serve them to anyone who has the link. Marks are
lines over a picture and come back as data; the picture itself is never touched.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from core.ui.components.packaged import Packaged


STAGE_HEIGHT: Final = 560

# What the keys do, for whoever lists them. They work on the whole page, but not while
# somebody types; the arrows, 0, Enter and Escape once the image has the focus.
KEYS: Final[tuple[tuple[str, str], ...]] = (
    ("1 – 9", "choose an image"),
    ("Shift 1 – 9", "choose the other image of a comparison"),
    ("+ −", "zoom in, zoom out"),
    ("f", "fit the image"),
    ("z", "actual size, 1:1"),
    ("arrows", "move the image, or the cross-hair of a tool (Shift: faster)"),
    ("m", "measure"),
    ("l", "outline (a line round something)"),
    ("w", "arrow"),
    ("k", "set the scale along a ruler"),
    ("Space", "set a point where the cross-hair is"),
    ("Enter", "the same; closes an outline"),
    ("Backspace", "take the last point back"),
    ("Esc", "leave a tool, the comparison or the blink"),
    ("Delete", "remove your selected or last mark on this image"),
    ("h", "hide or show the marks"),
    ("u", "mark this image unusable, or usable again"),
    ("c", "compare two images side by side"),
    ("b", "blink between two images"),
    ("p", "pause the blink, or go on"),
)

_viewer = Packaged("viewer", "viewer", answers=("selected", "renew", "changes"))


@dataclass(frozen=True)
class ViewerImage:
    """One image to look at. ``width`` and ``height`` are those of the full image, in px.

    ``id`` tells the viewer that it has this picture already, though its address is new.
    ``lesion`` and ``dermoscopic`` find the partner to compare it with.
    """

    id: str
    url: str
    thumb_url: str
    alt: str
    label: str
    width: int
    height: int
    lesion: int | None = None
    dermoscopic: bool = False

    def __post_init__(self) -> None:
        if not self.alt:
            raise ValueError("An image says what it shows to those who cannot see it.")


@dataclass(frozen=True)
class ViewerMark:
    """A mark on the image with the id ``image``: points in its px, a scale's mm.

    ``kind`` is scale, measure, outline, arrow or unusable; ``by`` is its author's name.
    """

    id: str
    image: str
    kind: str
    points: Sequence[Sequence[float]]
    by: str
    mine: bool
    mm: float | None = None


@dataclass(frozen=True)
class Change:
    """A mark that somebody drew or removed; it comes from outside and is unchecked.

    The browser makes both ids: ``id`` is the change's own, and ``mark`` that of the mark.
    The same change may arrive more than once.
    """

    id: str
    mark: str
    removed: bool
    image: str = ""
    kind: str = ""
    content: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Viewed:
    """Which image is on the stage, from 0.

    ``renew`` asks for new addresses: a picture could not be fetched. Make them, then
    ``st.rerun()``; the viewer tries again by itself. ``changes`` want to be kept, in
    their order; then answer each, and ``st.rerun()`` with the new marks.
    """

    selected: int
    renew: bool = False
    changes: tuple[Change, ...] = ()


def viewer(
    key: str,
    *,
    images: Sequence[ViewerImage],
    marks: Sequence[ViewerMark] = (),
    may_mark: bool = False,
    answered: Mapping[str, str] | None = None,
    selected: int = 0,
    height: int = STAGE_HEIGHT,
) -> Viewed:
    """Zoom, move, compare, blink, measure, mark; ``KEYS`` lists what the keys do.

    ``selected`` is the image to begin with, and moves the viewer when it changes.
    Mint addresses once per view and keep them in the session: a new address for a new
    ``id`` is a new download. Without ``may_mark`` marks are only shown. ``answered``
    has for each change, by its id, "" where it was kept, or the sentence that refused
    it: the viewer takes that one back and says why. An unanswered change comes again.
    """
    data = {
        "images": [asdict(image) for image in images],
        "marks": [asdict(mark) for mark in marks],
        "may_mark": may_mark,
        "answered": dict(answered or {}),
        "selected": selected,
        "height": height,
    }
    answers = _viewer(key, data)
    chosen = answers.get("selected")
    index = selected if chosen is None else int(chosen)
    return Viewed(
        selected=index if 0 <= index < len(images) else 0,
        renew=bool(answers.get("renew")),
        changes=tuple(_change(one) for one in answers.get("changes") or []),
    )


def _change(answer: dict[str, Any]) -> Change:
    content = answer.get("content")
    return Change(
        id=str(answer["id"]),
        mark=str(answer["mark"]),
        removed=answer.get("removed") is True,
        image=str(answer.get("image", "")),
        kind=str(answer.get("kind", "")),
        content=content if isinstance(content, dict) else {},
    )
