"""Looks closely at images, at their full resolution.

The pictures come from their own addresses (a route with a ticket): ``st.image``
would shrink and re-encode them, and serve them to anyone who has the link.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

from core.ui.components.packaged import Packaged


STAGE_HEIGHT: Final = 560

_viewer = Packaged("viewer", "viewer", answers=("selected", "renew"))


@dataclass(frozen=True)
class ViewerImage:
    """One image to look at. ``width`` and ``height`` are those of the full image, in px.

    ``id`` tells the viewer that it has this picture already, though its address is new.
    """

    id: str
    url: str
    thumb_url: str
    alt: str
    label: str
    width: int
    height: int

    def __post_init__(self) -> None:
        if not self.alt:
            raise ValueError("An image says what it shows to those who cannot see it.")


@dataclass(frozen=True)
class Viewed:
    """Which image is on the stage, from 0.

    ``renew`` asks for new addresses: a picture could not be fetched. Make them, then
    ``st.rerun()``; the viewer tries again by itself.
    """

    selected: int
    renew: bool = False


def viewer(
    key: str,
    *,
    images: Sequence[ViewerImage],
    selected: int = 0,
    height: int = STAGE_HEIGHT,
) -> Viewed:
    """Zoom, move, fit, actual size; a strip of thumbnails; keys 1 to 9 choose.

    ``selected`` is the image to begin with, and moves the viewer when it changes.
    Mint addresses once per view and keep them in the session: a new address for a new
    ``id`` is a new download.
    """
    data = {
        "images": [asdict(image) for image in images],
        "selected": selected,
        "height": height,
    }
    answers = _viewer(key, data)
    chosen = answers.get("selected")
    index = selected if chosen is None else int(chosen)
    return Viewed(
        selected=index if 0 <= index < len(images) else 0,
        renew=bool(answers.get("renew")),
    )
