"""Cleaning a 12-megapixel photograph against bare Pillow decoding and encoding it."""

import statistics
import time
from collections.abc import Callable
from io import BytesIO

import pillow_heif
from PIL import Image

from core.demo.skin import draw
from core.imaging.sanitise import sanitise


ROUNDS = 5
SIZE = (4000, 3000)
BAR = 2.0


def run() -> list[tuple[str, float, str]]:
    """Name, value and unit of each figure; the bar for a ratio is 2."""
    jpeg = draw("close_up", problem="naevus", tone=3, seed=1, size=SIZE)
    heic = BytesIO()
    pillow_heif.from_pillow(Image.open(BytesIO(jpeg))).save(heic, quality=80)
    figures = []
    for name, data, opened in (
        ("JPEG", jpeg, _open_jpeg),
        ("HEIC", heic.getvalue(), _open_heic),
    ):
        ours, bare = _interleaved(data, opened)
        figures += [
            (f"sanitise 12 MP {name}", ours * 1000, "ms"),
            (f"bare Pillow 12 MP {name}", bare * 1000, "ms"),
            (f"sanitise ratio {name}", ours / bare, "times"),
        ]
    return figures


def _interleaved(
    data: bytes, opened: Callable[[bytes], Image.Image]
) -> tuple[float, float]:
    """Median seconds of ours and of bare Pillow, in turn: other load hits both."""
    ours, bare = [], []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        sanitise(data)
        between = time.perf_counter()
        opened(data).save(BytesIO(), "JPEG", quality=90, subsampling="4:4:4")
        ours.append(between - start)
        bare.append(time.perf_counter() - between)
    return statistics.median(ours), statistics.median(bare)


def _open_jpeg(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def _open_heic(data: bytes) -> Image.Image:
    return pillow_heif.open_heif(data).to_pillow()


if __name__ == "__main__":
    for name, value, unit in run():
        print(f"{name:28}{value:9.2f} {unit}")
