"""Strangers' bytes to pixels: one decoder, chosen by content, under limits."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import pillow_heif
from PIL import Image

from core.imaging.model import Fault, Format, UnusableFile


MAX_BYTES = 40 * 1024 * 1024
MAX_PIXELS = 60_000_000
MIN_SIDE = 64  # pixels; below it there is nothing to see

# Brands of the ISO container (the "ftyp" box). Sequences are told apart from stills.
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis"}
AVIF_BRANDS = {b"avif"}
SEQUENCE_BRANDS = {b"hevc", b"hevx", b"hevm", b"hevs", b"msf1", b"avis"}
PILLOW_NAMES = {
    Format.JPEG: "JPEG",
    Format.PNG: "PNG",
    Format.WEBP: "WEBP",
    Format.AVIF: "AVIF",
    Format.TIFF: "TIFF",
}


@dataclass(frozen=True)
class Opened:
    """A file whose header has been read and whose pixels have not."""

    size: tuple[int, int]
    moving: bool
    load: Callable[[], Image.Image]


def sniff(data: bytes) -> Format:
    """The format by its first bytes. Raises UnusableFile for anything else."""
    if data.startswith(b"\xff\xd8\xff"):
        return Format.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Format.PNG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Format.WEBP
    if data[:4] in (b"II*\0", b"MM\0*"):
        return Format.TIFF
    if data[4:8] == b"ftyp":
        return _sniff_container(data)
    raise UnusableFile(Fault.NOT_A_PICTURE)


def decode(data: bytes) -> tuple[Format, Image.Image]:
    """The loaded picture, in whatever mode the file has. Raises UnusableFile."""
    if len(data) > MAX_BYTES:
        raise UnusableFile(Fault.TOO_LARGE)
    kind = sniff(data)
    try:
        opened = _open(data, kind)
        _check(opened)
        return kind, opened.load()
    except UnusableFile:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as bomb:
        raise UnusableFile(Fault.TOO_MANY_PIXELS) from bomb
    except Exception as error:
        # Decoders raise nearly anything on a broken file (struct.error, KeyError,
        # MemoryError, …), and for the sender every one of them means the same.
        raise UnusableFile(Fault.DAMAGED) from error


def _sniff_container(data: bytes) -> Format:
    length = min(int.from_bytes(data[:4], "big"), 256)
    brands = {data[8:12], *(data[at : at + 4] for at in range(16, length, 4))}
    if data[8:12] in SEQUENCE_BRANDS:
        raise UnusableFile(Fault.MOVING)
    if brands & AVIF_BRANDS:
        return Format.AVIF
    if brands & HEIC_BRANDS:
        return Format.HEIC
    raise UnusableFile(Fault.NOT_A_PICTURE)


def _open(data: bytes, kind: Format) -> Opened:
    if kind is Format.HEIC:
        # Called directly: registering it as a Pillow plugin would change what
        # Image.open accepts in the whole process.
        heif = pillow_heif.open_heif(data)
        return Opened(heif.size, moving=False, load=heif.to_pillow)
    image = Image.open(BytesIO(data), formats=[PILLOW_NAMES[kind]])

    def load() -> Image.Image:
        image.load()
        return image

    # A phone's JPEG often carries a second frame (depth, HDR gain): still a still.
    moving = kind is not Format.JPEG and getattr(image, "is_animated", False)
    return Opened(image.size, moving, load)


def _check(opened: Opened) -> None:
    # Pillow's own limit is a global and its warning filters are not thread-safe;
    # the size is known before any pixel is decoded, so we look for ourselves.
    width, height = opened.size
    if width * height > MAX_PIXELS:
        raise UnusableFile(Fault.TOO_MANY_PIXELS)
    if min(width, height) < MIN_SIDE:
        raise UnusableFile(Fault.TOO_SMALL)
    if opened.moving:
        raise UnusableFile(Fault.MOVING)
