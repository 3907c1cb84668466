"""What comes out of a stranger's file, and what stays behind."""

from datetime import UTC, datetime
from io import BytesIO

import numpy as np
import pillow_heif
import pytest
from PIL import ExifTags, Image, ImageCms, ImageOps

from core.imaging.model import CleanImage, FileFacts, Format
from core.imaging.sanitise import encode_jpeg, sanitise
from tests.imaging import files
from tests.imaging.files import KINDS, saved, scene


def opened(jpeg: bytes) -> Image.Image:
    return Image.open(BytesIO(jpeg))


def corners(image: CleanImage) -> list[str]:
    """The quarters' colours, from the top left by rows."""
    names = {
        (200, 30, 30): "red",
        (30, 160, 30): "green",
        (30, 30, 200): "blue",
        (210, 200, 40): "yellow",
    }
    picture, seen = np.asarray(opened(image.jpeg)).astype(int), []
    for row in (0.25, 0.75):
        for column in (0.25, 0.75):
            colour = picture[int(image.height * row), int(image.width * column)]
            seen.append(min(names, key=lambda name: np.abs(colour - name).sum()))
    return [names[colour] for colour in seen]


@pytest.mark.parametrize("kind", KINDS)
def test_each_format_we_promise_comes_out_as_the_same_picture(kind: str) -> None:
    clean = sanitise(saved(scene(), kind))

    assert clean.facts.format is KINDS[kind]
    assert (clean.width, clean.height) == (160, 120)
    assert corners(clean) == ["red", "green", "blue", "yellow"]
    assert opened(clean.jpeg).format == "JPEG"


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "HEIF"])
def test_a_picture_is_turned_upright_once(kind: str, orientation: int) -> None:
    # Store the picture the way a camera held so would: the tag's own inverse.
    inverse = {6: 8, 8: 6}.get(orientation, orientation)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = inverse
    held = scene().copy()
    held.getexif()[ExifTags.Base.Orientation] = inverse
    held = ImageOps.exif_transpose(held)
    exif[ExifTags.Base.Orientation] = orientation

    clean = sanitise(saved(held, kind, exif=exif.tobytes()))

    assert (clean.width, clean.height) == (160, 120)
    assert corners(clean) == ["red", "green", "blue", "yellow"]


def labelled() -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = "Apple", "iPhone 13"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = (
        "2026:07:01 09:30:00"
    )
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(
        {ExifTags.GPS.GPSLatitudeRef: "N", ExifTags.GPS.GPSLatitude: (51.5, 7.0, 3.0)}
    )
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return saved(
        scene(),
        "JPEG",
        exif=exif.tobytes(),
        icc_profile=profile,
        comment=b"<script>alert(1)</script>",
        xmp=b"<x:xmpmeta>Mrs Example</x:xmpmeta>",
    )


def test_the_facts_are_kept_and_the_place_is_only_remembered_as_having_been() -> None:
    assert sanitise(labelled()).facts == FileFacts(
        format=Format.JPEG,
        taken_at=datetime(2026, 7, 1, 8, 30, tzinfo=UTC),  # London is an hour ahead
        camera="Apple iPhone 13",
        had_position=True,
    )


def test_nothing_of_the_file_but_its_pixels_comes_out() -> None:
    clean = sanitise(labelled() + b"PK\x03\x04 a second file behind the first")

    for jpeg in (clean.jpeg, clean.thumbnail):
        image = opened(jpeg)
        assert not image.getexif()
        assert set(image.info) == {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert jpeg.endswith(b"\xff\xd9")
        for trace in (b"PK\x03\x04", b"script", b"Example", b"Apple", b"ICC_PROFILE"):
            assert trace not in jpeg


def test_a_picture_without_labels_has_no_facts() -> None:
    assert sanitise(saved(scene(), "PNG")).facts == FileFacts(Format.PNG)


@pytest.mark.parametrize(
    "when", ["0000:00:00 00:00:00", "yesterday", "1970:01:01 00:00:00"]
)
def test_a_date_no_camera_could_mean_is_left_out(when: str) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.DateTime] = when

    assert sanitise(saved(scene(), "JPEG", exif=exif.tobytes())).facts.taken_at is None


def test_a_date_with_an_offset_is_taken_at_its_word() -> None:
    exif = Image.Exif()
    details = exif.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = "2026:07:01 09:30:00"
    details[ExifTags.Base.OffsetTimeOriginal] = "-05:00"

    facts = sanitise(saved(scene(), "JPEG", exif=exif.tobytes())).facts

    assert facts.taken_at == datetime(2026, 7, 1, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("image", "kind"),
    [
        (scene().convert("CMYK"), "JPEG"),
        (scene().convert("CMYK"), "TIFF"),
        (scene().quantize(16), "PNG"),
        (scene().convert("RGBA"), "PNG"),
        (scene().convert("RGBA"), "WEBP"),
    ],
    ids=["CMYK JPEG", "CMYK TIFF", "palette", "RGBA PNG", "RGBA WebP"],
)
def test_every_way_of_storing_colour_comes_out_right(
    image: Image.Image, kind: str
) -> None:
    assert corners(sanitise(saved(image, kind))) == ["red", "green", "blue", "yellow"]


def test_what_is_transparent_lies_on_white() -> None:
    clear = Image.new("RGBA", (100, 100), (10, 20, 30, 0))

    assert np.asarray(opened(sanitise(saved(clear, "PNG")).jpeg)).min() >= 253


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits_of_grey_are_scaled_and_not_clipped(kind: str) -> None:
    ramp = np.tile(np.linspace(0, 65535, 256).astype(np.uint16), (100, 1))

    clean = sanitise(saved(Image.fromarray(ramp), kind))

    row = np.asarray(opened(clean.jpeg).convert("L"))[50].astype(int)
    assert np.abs(row - np.arange(256)).max() <= 2


def test_display_p3_from_an_iphone_is_brought_to_srgb() -> None:
    data = files.real("exif_heic__mobile__iphone_13_pro_max.HEIC")
    heif = pillow_heif.open_heif(data)
    raw = np.asarray(heif.to_pillow().convert("RGB").reduce(8)).astype(int)

    clean = np.asarray(opened(sanitise(data).jpeg).reduce(8)).astype(int)

    # sRGB needs larger numbers for the same saturated red.
    redness = (raw[..., 0] - raw[..., 2]).ravel()
    reddest = redness.argsort()[-200:]
    gained = (clean[..., 0] - clean[..., 2]).ravel()[reddest] - redness[reddest]
    assert gained.mean() > 3


def test_a_real_photograph_loses_its_position() -> None:
    clean = sanitise(files.real("exif_jpg__gps__DSCN0010.jpg"))

    assert clean.facts.had_position
    assert clean.facts.camera == "NIKON COOLPIX P6000"
    assert not opened(clean.jpeg).getexif()


def test_an_iphones_second_frame_does_not_make_it_a_film() -> None:
    clean = sanitise(files.real("exif_jpg__hdr__iphone_hdr_YES.jpg"))

    assert (clean.width, clean.height) == (3264, 2448)


def test_a_large_picture_is_brought_to_4096_and_its_thumbnail_to_320() -> None:
    clean = sanitise(saved(Image.new("L", (6000, 3000), 128), "PNG"))

    assert (clean.width, clean.height) == (4096, 2048)
    assert opened(clean.jpeg).size == (4096, 2048)
    assert opened(clean.thumbnail).size == (320, 160)


def test_a_spoilt_profile_or_label_does_not_spoil_the_picture() -> None:
    data = saved(scene(), "JPEG", icc_profile=b"not a profile", exif=b"Exif\0\0junk")

    assert corners(sanitise(data)) == ["red", "green", "blue", "yellow"]


def test_a_drawn_picture_is_encoded_as_it_is() -> None:
    drawn = np.full((70, 90, 3), (180, 120, 100), np.uint8)

    back = np.asarray(opened(encode_jpeg(drawn))).astype(int)

    assert back.shape == (70, 90, 3)
    assert np.abs(back - (180, 120, 100)).max() <= 2
