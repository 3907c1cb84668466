"""Pictures made small enough for where they go: a letter, a file for a hospital."""

from io import BytesIO

from PIL import Image

from core.imaging.sanitise import encoded, fitted


IN_LETTERS = 1600  # pixels; a column of a page shows no more
_QUALITIES = (90, 80, 70)
_STEP = 0.75


def for_letter(jpeg: bytes) -> bytes:
    """A clean picture for print, its longer side at most 1600 pixels."""
    picture = _loaded(jpeg)
    if max(picture.size) <= IN_LETTERS:
        return jpeg
    return encoded(fitted(picture, IN_LETTERS))


def within(jpeg: bytes, most: int) -> bytes:
    """A clean picture in at most ``most`` bytes, as good as they allow.

    Never fails: where compressing it harder is not enough it gets smaller, to a
    single pixel if need be.
    """
    if len(jpeg) <= most:
        return jpeg
    picture = _loaded(jpeg)
    while True:
        for quality in _QUALITIES:
            made = encoded(picture, quality)
            if len(made) <= most or max(picture.size) == 1:
                return made
        picture = fitted(picture, max(1, int(max(picture.size) * _STEP)))


def _loaded(jpeg: bytes) -> Image.Image:
    picture = Image.open(BytesIO(jpeg), formats=["JPEG"])
    picture.load()
    return picture
