"""Files that are refused at the door, each with one sentence and at little cost."""

import resource
import zlib
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.imaging.decode import MAX_BYTES
from core.imaging.model import Fault, UnusableFile
from core.imaging.sanitise import sanitise
from tests.imaging import files
from tests.imaging.files import KINDS, saved, scene


def refused(data: bytes) -> Fault:
    with pytest.raises(UnusableFile) as caught:
        sanitise(data)
    assert caught.value.sentence.endswith(".")
    return caught.value.fault


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "HEIF"])
def test_a_truncated_file_is_refused_with_one_clear_sentence(kind: str) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (120, 160, 3), np.uint8)
    data = saved(Image.fromarray(noise), kind)

    assert refused(data[: len(data) // 2]) is Fault.DAMAGED


def test_a_jpeg_two_bytes_short_is_refused() -> None:
    assert refused(saved(scene(), "JPEG")[:-2]) is Fault.DAMAGED


@pytest.mark.parametrize("disguise", files.DISGUISES)
def test_a_file_that_is_no_picture_is_refused_whatever_its_name(disguise: str) -> None:
    assert refused(files.DISGUISES[disguise]()) is Fault.NOT_A_PICTURE


@pytest.mark.parametrize("kind", ["WEBP", "PNG", "TIFF", "AVIF"])
def test_a_moving_picture_is_refused(kind: str) -> None:
    assert refused(files.animated(kind)) is Fault.MOVING


def test_a_nine_hundred_megapixel_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = files.huge_png()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    assert refused(bomb) is Fault.TOO_MANY_PIXELS
    # Unpacked it would take 900 MB; ru_maxrss is in kB on Linux.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def test_a_picture_just_over_the_limit_is_refused() -> None:
    pixels = zlib.compress(bytes(8001 * 7501), 1)

    assert refused(files.png(8000, 7501, pixels=pixels)) is Fault.TOO_MANY_PIXELS


def test_a_jpeg_that_claims_more_pixels_than_it_has_is_refused() -> None:
    assert refused(files.forged_jpeg()) is Fault.TOO_MANY_PIXELS


def test_a_text_bomb_is_refused() -> None:
    assert refused(files.text_bomb()) is Fault.DAMAGED


def test_a_file_over_forty_megabytes_is_refused_unread() -> None:
    assert refused(b"\xff\xd8\xff" + bytes(MAX_BYTES)) is Fault.TOO_LARGE


@pytest.mark.parametrize("size", [(1, 1), (63, 400), (9000, 70)])
def test_a_picture_too_small_to_show_anything_is_refused(size: tuple[int, int]) -> None:
    assert refused(saved(Image.new("RGB", size), "PNG")) is Fault.TOO_SMALL


def test_levels_without_a_scale_are_no_picture() -> None:
    levels = Image.fromarray(np.ones((100, 100), np.float32))

    assert refused(saved(levels, "TIFF")) is Fault.NOT_A_PICTURE


SAMPLES = {kind: saved(scene(), kind) for kind in KINDS}


def clean_or_refused(data: bytes) -> None:
    try:
        clean = sanitise(data)
    except UnusableFile:
        return
    assert Image.open(BytesIO(clean.jpeg)).size == (clean.width, clean.height)


@given(data=st.binary(max_size=400), start=st.sampled_from(sorted(KINDS)))
@settings(max_examples=100, deadline=None)
def test_any_bytes_at_all_are_cleaned_or_refused(data: bytes, start: str) -> None:
    clean_or_refused(data)
    clean_or_refused(SAMPLES[start][:12] + data)


@given(
    kind=st.sampled_from(sorted(KINDS)),
    changes=st.lists(
        st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=12
    ),
    kept=st.floats(0.2, 1),
)
@settings(max_examples=150, deadline=None)
def test_any_broken_picture_is_cleaned_or_refused(
    kind: str, changes: list[tuple[float, int]], kept: float
) -> None:
    data = bytearray(SAMPLES[kind])
    for where, value in changes:
        data[int(where * len(data))] = value
    clean_or_refused(bytes(data[: int(len(data) * kept)]))
