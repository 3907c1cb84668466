"""What the service knows of a picture: words and numbers, never pixels."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from core.kernel.errors import Invalid


class Format(StrEnum):
    """The kinds of file we read, told by their first bytes and never by name."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    HEIC = "heic"
    AVIF = "avif"
    TIFF = "tiff"


class Fault(StrEnum):
    """Why a file was refused."""

    TOO_LARGE = "too_large"
    NOT_A_PICTURE = "not_a_picture"
    DAMAGED = "damaged"
    MOVING = "moving"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SMALL = "too_small"


SENTENCES = {
    Fault.TOO_LARGE: "This file is over 40 MB. Please send a smaller picture.",
    Fault.NOT_A_PICTURE: (
        "This is not a picture we can read, or the file is not what its name says. "
        "Please send a JPEG, PNG, HEIC, WebP, AVIF or TIFF picture."
    ),
    Fault.DAMAGED: (
        "This picture is damaged or incomplete. Please send it again, or take a new one."
    ),
    Fault.MOVING: (
        "This file holds a moving picture or several pages. "
        "Please send one still picture."
    ),
    Fault.TOO_MANY_PIXELS: (
        "This picture has more than 60 million pixels. "
        "Please choose a smaller size in the camera's settings and take it again."
    ),
    Fault.TOO_SMALL: (
        "This picture is too small to show anything. "
        "Please send the photograph itself, not its miniature."
    ),
}


class UnusableFile(Invalid):
    """A file refused at the door. ``fault`` is for counting, the sentence for people."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(SENTENCES[fault], field="picture")
        self.fault = fault


@dataclass(frozen=True)
class FileFacts:
    """What a file said about itself before its metadata were removed.

    ``taken_at`` is the camera's clock, which nobody checks: it is often an hour
    off, sometimes years. In UTC; London is assumed where the file names no offset.
    ``camera`` is the file's own claim. ``had_position`` says that it carried a
    place (GPS); the place itself is not kept anywhere.
    """

    format: Format
    taken_at: datetime | None = None
    camera: str | None = None
    had_position: bool = False

    def __post_init__(self) -> None:
        """Raise ValueError unless ``taken_at`` is in UTC."""
        if self.taken_at and self.taken_at.utcoffset() != timedelta(0):
            raise ValueError("taken_at must be in UTC")


@dataclass(frozen=True)
class CleanImage:
    """A picture drawn anew: upright, sRGB, without metadata; JPEG, 8 bits, 4:4:4.

    ``width`` and ``height`` in pixels, at most 4096; the thumbnail at most 320.
    """

    jpeg: bytes
    thumbnail: bytes
    width: int
    height: int
    facts: FileFacts


@dataclass(frozen=True)
class Measurements:
    """Numbers read off a clean picture. None of them is about the patient.

    reblur: share of the fine detail that a second blur would take away, in the
        sharper tiles, 0 to 1; higher is sharper.
    laplacian: variance of the 3 by 3 Laplacian of the grey levels (0 to 255) at a long edge
        of 1024 px; higher is sharper. It differs by kind of picture: a rough guide.
    bright_lightness: 99th percentile of CIE L* (0 to 100) in the lit field. The
        brightest spots, because mean brightness would refuse dark skin.
    burnt_share: share of the lit field with a channel at 254 or more, 0 to 1.
    skin_share: share of the lit field in colours that skin can have, 0 to 1. Brick,
        wood and coffee have them too.
    smallest_side: in pixels.
    page_share: share of the picture's tiles that look like writing on paper or on a
        screen and not like skin, 0 to 1. Pictures measured before it was looked at
        have none.
    """

    reblur: float
    laplacian: float
    bright_lightness: float
    burnt_share: float
    skin_share: float
    smallest_side: int
    page_share: float = 0.0


class FindingCode(StrEnum):
    """What the gate may remark on."""

    BLURRED = "blurred"
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    FEW_PIXELS = "few_pixels"
    NO_SKIN = "no_skin"
    DOCUMENT = "document"


@dataclass(frozen=True)
class QualityFinding:
    """One remark with its advice. Advice only: it never blocks a referral."""

    code: FindingCode
    advice: str


@dataclass(frozen=True)
class Threshold:
    """A limit, the day it came into force and where it comes from."""

    limit: float
    effective_from: date
    source: str

    def __post_init__(self) -> None:
        """Raise ValueError for a limit below nought or one nobody vouches for."""
        if not self.limit >= 0:
            raise ValueError("a limit cannot be below nought")
        if not self.source.strip():
            raise ValueError("a limit needs its source")


@dataclass(frozen=True)
class QualityRules:
    """The gate's limits, each in the unit of the measurement it is named for."""

    min_reblur: Threshold
    min_laplacian: Threshold
    min_bright_lightness: Threshold
    max_burnt_share: Threshold
    min_smallest_side: Threshold
    min_skin_share: Threshold
    max_page_share: Threshold
