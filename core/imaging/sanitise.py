"""A stranger's file in; a picture we drew ourselves out.

Nothing of the file survives but its pixels: they are copied into a new image and
encoded anew, so that whatever else the file carried (a place, a name, a script, a
second file behind the first) stays behind.
"""

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageCms

from core.imaging.decode import MIN_SIDE, decode
from core.imaging.facts import read_exif, read_facts
from core.imaging.model import CleanImage, Fault, Format, UnusableFile


LONGEST_SIDE = 4096  # pixels
THUMBNAIL_SIDE = 320  # pixels
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def sanitise(data: bytes) -> CleanImage:
    """The picture in ``data``, drawn anew. Raises UnusableFile, and nothing else.

    Takes JPEG, PNG, WebP, HEIC, AVIF or TIFF up to 40 MB and 60 million pixels.
    """
    kind, image = decode(data)
    facts = read_facts(image, kind)
    try:
        picture = _upright(fitted(_plain(image), LONGEST_SIDE), image, kind)
    except (OSError, ValueError, MemoryError) as error:
        raise UnusableFile(Fault.DAMAGED) from error
    if min(picture.size) < MIN_SIDE:  # a ribbon, once its long side fits
        raise UnusableFile(Fault.TOO_SMALL)
    return CleanImage(
        jpeg=encoded(picture),
        thumbnail=encoded(fitted(picture, THUMBNAIL_SIDE)),
        width=picture.width,
        height=picture.height,
        facts=facts,
    )


def encode_jpeg(array: NDArray[np.uint8]) -> bytes:
    """A drawn picture as JPEG. ``array``: height by width by 3, sRGB."""
    return encoded(Image.fromarray(array, "RGB"))


def encoded(picture: Image.Image, quality: int = 90) -> bytes:
    """A picture as JPEG with nothing in it but its pixels."""
    # Pillow copies comments, profiles and EXIF from an image it has read; an image
    # that was never read from anything has none.
    fresh = Image.new("RGB", picture.size)
    fresh.paste(picture)
    out = BytesIO()
    # Full colour resolution: redness at a lesion's edge is what is looked at.
    fresh.save(out, "JPEG", quality=quality, subsampling="4:4:4")
    return out.getvalue()


def _plain(image: Image.Image) -> Image.Image:
    """8-bit sRGB on white, whatever the file held."""
    if image.mode == "F":  # measurements without a scale, from no camera
        raise UnusableFile(Fault.NOT_A_PICTURE)
    if image.mode.startswith("I"):
        image = _eight_bits(image)
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        layer = image.convert("RGBA")
        profile = image.info.get("icc_profile")
        image = Image.new("RGB", layer.size, "white")
        image.paste(layer, mask=layer.getchannel("A"))
        image.info["icc_profile"] = profile
    elif image.mode == "P":
        profile = image.info.get("icc_profile")
        image = image.convert("RGB")
        image.info["icc_profile"] = profile
    return _to_srgb(image)


def _eight_bits(image: Image.Image) -> Image.Image:
    levels = np.asarray(image).astype(np.int64).clip(0, 65535)
    return Image.fromarray(((levels + 128) // 257).astype(np.uint8))


def _to_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if not profile:
        return image.convert("RGB")
    try:
        transform = ImageCms.buildTransform(
            ImageCms.ImageCmsProfile(BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            image.mode,
            "RGB",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
        if image.mode == "RGB" and _changes_nothing(transform):
            return image
        return ImageCms.applyTransform(image, transform) or image.convert("RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        # A profile that is broken or made for other channels says nothing about
        # these colours; sRGB is then the likeliest.
        return image.convert("RGB")


def _changes_nothing(transform: ImageCms.ImageCmsTransform) -> bool:
    """Whether the profile is sRGB under another name, as most are.

    Asking 729 colours is cheap; transforming 12 million pixels takes half a second.
    """
    steps = np.linspace(0, 255, 9).astype(np.uint8)
    grid = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(27, 27, 3)
    seen = ImageCms.applyTransform(Image.fromarray(grid), transform)
    return seen is not None and bool(
        np.abs(np.asarray(seen).astype(int) - grid).max() <= 2
    )


def fitted(image: Image.Image, longest: int) -> Image.Image:
    """A picture whose longer side is at most ``longest`` pixels; never enlarged."""
    scale = longest / max(image.size)
    if scale >= 1:
        return image
    width, height = (max(1, round(side * scale)) for side in image.size)
    # Averaging whole blocks first costs a tenth and, at a gap of 2, shows nowhere.
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)


def _upright(picture: Image.Image, source: Image.Image, kind: Format) -> Image.Image:
    if kind is Format.HEIC:  # its decoder has turned it already
        return picture
    turn = UPRIGHT.get(read_exif(source).get(ExifTags.Base.Orientation, 1))
    return picture if turn is None else picture.transpose(turn)
