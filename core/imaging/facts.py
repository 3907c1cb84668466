"""What a file says of itself: read once, before its metadata are thrown away."""

from datetime import UTC, datetime

from PIL import ExifTags, Image

from core.imaging.model import FileFacts, Format
from core.kernel.clock import LONDON


LONGEST_CAMERA_NAME = 80
FIRST_DIGITAL_YEAR = 1990  # earlier dates come from a camera whose clock was never set


def read_exif(image: Image.Image) -> Image.Exif:
    """The picture's EXIF; empty when there is none or it cannot be read."""
    try:
        return image.getexif()
    except Exception:  # noqa: BLE001  a spoilt label does not spoil the picture
        return Image.Exif()


def read_facts(image: Image.Image, kind: Format) -> FileFacts:
    """Date, camera and whether a place was named. Never raises: labels are optional."""
    exif = read_exif(image)
    return FileFacts(
        format=kind,
        taken_at=_taken_at(exif),
        camera=_camera(exif),
        had_position=_had_position(image, exif),
    )


def _folder(exif: Image.Exif, which: ExifTags.IFD) -> dict[int, object]:
    try:
        return dict(exif.get_ifd(which))
    except Exception:  # noqa: BLE001  a spoilt label does not spoil the picture
        return {}


def _taken_at(exif: Image.Exif) -> datetime | None:
    details = _folder(exif, ExifTags.IFD.Exif)
    tag = ExifTags.Base
    candidates = (
        (details.get(tag.DateTimeOriginal), details.get(tag.OffsetTimeOriginal)),
        (details.get(tag.DateTimeDigitized), details.get(tag.OffsetTimeDigitized)),
        (exif.get(tag.DateTime), details.get(tag.OffsetTime)),
    )
    return next(filter(None, (_moment(when, off) for when, off in candidates)), None)


def _moment(when: object, offset: object) -> datetime | None:
    if not isinstance(when, str):
        return None
    zone = _parse(_clean(offset), "%z")
    local = _parse(_clean(when), "%Y:%m:%d %H:%M:%S")
    if local is None or local.year < FIRST_DIGITAL_YEAR:
        return None
    return local.replace(tzinfo=zone.tzinfo if zone else LONDON).astimezone(UTC)


def _parse(text: str, pattern: str) -> datetime | None:
    try:
        return datetime.strptime(text, pattern)  # noqa: DTZ007  the zone comes apart
    except ValueError:
        return None


def _camera(exif: Image.Exif) -> str | None:
    maker, model = (
        _clean(exif.get(tag)) for tag in (ExifTags.Base.Make, ExifTags.Base.Model)
    )
    # Most models repeat their maker ("Canon", "Canon EOS 40D").
    name = model if model.lower().startswith(maker.lower()) else f"{maker} {model}"
    return name.strip()[:LONGEST_CAMERA_NAME].strip() or None


def _clean(value: object) -> str:
    """Printable text only: the bytes are a stranger's."""
    if not isinstance(value, str):
        return ""
    return "".join(letter for letter in value if letter.isprintable()).strip()


def _had_position(image: Image.Image, exif: Image.Exif) -> bool:
    gps = _folder(exif, ExifTags.IFD.GPSInfo)
    if gps.keys() & {ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLongitude}:
        return True
    xmp = image.info.get("xmp", b"")
    return b"GPSL" in (xmp if isinstance(xmp, bytes) else str(xmp).encode())
