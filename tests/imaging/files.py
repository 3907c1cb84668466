"""Files for the tests: honest ones, and ones no camera would write."""

import struct
import zlib
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from core.imaging.model import Format


KINDS = {
    "JPEG": Format.JPEG,
    "PNG": Format.PNG,
    "WEBP": Format.WEBP,
    "HEIF": Format.HEIC,
    "AVIF": Format.AVIF,
    "TIFF": Format.TIFF,
}

REAL = Path(__file__).parents[3] / "shared" / "images"


def real(name: str) -> bytes:
    """A real photograph; the test is skipped where the photographs are not."""
    path = REAL / name
    if not path.is_file():
        pytest.skip(f"the real photographs are not here ({name})")
    return path.read_bytes()


@cache
def scene() -> Image.Image:
    """160 by 120: red, green, blue and yellow quarters, to tell which way is up."""
    pixels = np.empty((120, 160, 3), np.uint8)
    pixels[:60, :80], pixels[:60, 80:] = (200, 30, 30), (30, 160, 30)
    pixels[60:, :80], pixels[60:, 80:] = (30, 30, 200), (210, 200, 40)
    return Image.fromarray(pixels)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    """The image as a file of this kind."""
    out = BytesIO()
    if kind == "HEIF":
        pillow_heif.from_pillow(image).save(out, quality=90, **options)
    else:
        image.save(out, kind, **options)
    return out.getvalue()


def png(width: int, height: int, *chunks: tuple[bytes, bytes], pixels: bytes) -> bytes:
    """A PNG by hand, grey, 8 bits; ``pixels`` already compressed."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), *chunks, (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _chunk(name: bytes, body: bytes) -> bytes:
    check = zlib.crc32(name + body)
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", check)


def huge_png() -> bytes:
    """900 million pixels of black in under a megabyte, valid to the last byte."""
    return png(30_000, 30_000, pixels=_zeros(30_001 * 30_000))


def text_bomb() -> bytes:
    """A small picture with a compressed note of 200 MB."""
    body = b"Comment\0\0" + _zeros(200_000_000)
    return png(100, 100, (b"zTXt", body), pixels=zlib.compress(bytes(101 * 100)))


def _zeros(count: int) -> bytes:
    """``count`` noughts, compressed.

    One flushed block said again and again: squeezing them all would take seconds.
    """
    squeeze = zlib.compressobj(9)
    start = squeeze.compress(b"") + squeeze.flush(zlib.Z_FULL_FLUSH)
    block = squeeze.compress(bytes(1_000_000)) + squeeze.flush(zlib.Z_FULL_FLUSH)
    rest = squeeze.compress(bytes(count % 1_000_000)) + squeeze.flush(zlib.Z_FULL_FLUSH)
    last = b"\x03\x00" + struct.pack(">I", (count % 65521) << 16 | 1)  # Adler-32
    return start + block * (count // 1_000_000) + rest + last


def forged_jpeg() -> bytes:
    """A small JPEG whose header claims 65,500 by 65,500 pixels."""
    data = bytearray(saved(scene(), "JPEG"))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", 65_500, 65_500)
    return bytes(data)


def animated(kind: str) -> bytes:
    """Three different frames."""
    frames = [scene().rotate(turn) for turn in (0, 90, 180)]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


DISGUISES: dict[str, Callable[[], bytes]] = {
    "a PDF": lambda: b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n",
    "an SVG": lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
    "a program": lambda: b"MZ\x90\0\x03\0\0\0" + bytes(512),
    "a GIF": lambda: saved(scene(), "GIF"),
    "a BMP": lambda: saved(scene(), "BMP"),
    "an EPS": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n",
    "a film": lambda: b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(64),
    "a telephone's film": lambda: b"\0\0\0\x20ftypisom\0\0\2\0isomiso2" + bytes(64),
    "an iPhone's film": lambda: b"\0\0\0\x14ftypqt  \0\0\0\0qt  " + bytes(64),
    "nothing": lambda: b"",
}
