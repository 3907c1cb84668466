"""Read the numbers off a clean picture that the quality gate speaks about."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from core.imaging.model import Measurements


# OpenCV's own stubs promise no more than "numbers".
Pixels = NDArray[np.integer[Any] | np.floating[Any]]

# Working sizes, long edge in pixels. At 1024 sensor noise no longer passes for detail.
SHARPNESS_EDGE = 1024
EXPOSURE_EDGE = 384
TILE = 64  # pixels: large enough to average noise, small enough to find one sharp spot
BLUR_WIDTH = 5  # pixels; 9 (Crete et al. 2007) parts sharp from soft less well here
# Mean grey levels a pixel. In a flatter tile noise outweighs detail, and noise over a
# blurred picture would pass for sharpness.
TEXTURED = 2.0
SHARP_TILES = 80  # percentile: a lesion in focus on a soft background is in focus
DARK = 25  # grey level below which a border is a dermatoscope's surround, not skin
BURNT = 254
# Writing: strokes darker than what they stand on, on ground that has light and no colour.
STROKE_REACH = 25  # pixels at the sharpness edge: wider than a pen's stroke
STROKE_DEPTH = 25  # CIE L* below the ground
INKED = (0.03, 0.5)  # share of a tile: less is dirt, more is a dark thing
LIGHT_GROUND = 45  # CIE L*
GREY_GROUND = 12  # CIE chroma; the palest skin of a photograph lies above it, mostly
SKIN_IN_TILE = 0.2


def measure(jpeg: bytes) -> Measurements:
    """Numbers of a clean JPEG, from ``sanitise``: never hand it a stranger's file.

    Raises ValueError when the bytes are not a picture.
    """
    pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    if pixels is None:
        raise ValueError("not a picture")
    middling = _shrunk(pixels, SHARPNESS_EDGE)
    grey = cv2.cvtColor(middling, cv2.COLOR_BGR2GRAY)
    small = _shrunk(pixels, EXPOSURE_EDGE)
    field = lit_field(small)
    lightness = cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_BGR2LAB)[..., 0]
    return Measurements(
        reblur=_reblur(grey),
        laplacian=float(cv2.Laplacian(grey, cv2.CV_32F, ksize=3).var()),
        bright_lightness=float(np.percentile(lightness[field], 99)),
        burnt_share=float((small.max(axis=2) >= BURNT)[field].mean()),
        skin_share=float(_skin_coloured(small)[field].mean()),
        smallest_side=min(pixels.shape[:2]),
        page_share=_page_share(middling),
    )


def lit_field(bgr: Pixels) -> NDArray[np.bool_]:
    """Where the picture shows something: all but darkness that touches the border.

    Height by width. A picture that is dark throughout counts as a whole.
    """
    dark = (cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY) < DARK).astype(np.uint8)
    _, labels = cv2.connectedComponents(dark)
    rim = np.concatenate((labels[0], labels[-1], labels[:, 0], labels[:, -1]))
    surround = np.isin(labels, np.unique(rim[rim > 0]))
    return np.ones_like(surround) if surround.all() else ~surround


def _shrunk(pixels: Pixels, edge: int) -> Pixels:
    height, width = pixels.shape[:2]
    scale = edge / max(height, width)
    if scale >= 1:
        return pixels
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)


def _reblur(grey: Pixels) -> float:
    """The softer direction of the two: movement blurs only one."""
    levels = grey.astype(np.float32)
    return min(_reblur_across(levels), _reblur_across(levels.T))


def _reblur_across(levels: NDArray[np.float32]) -> float:
    """Share of horizontal detail lost to one more blur (Crete et al. 2007), 0 to 1."""
    blurred = cv2.blur(levels, (BLUR_WIDTH, 1))
    steps = np.abs(np.diff(levels, axis=1))
    lost = np.maximum(steps - np.abs(np.diff(blurred, axis=1)), 0)
    detail, taken = _tile_means(steps), _tile_means(lost)
    textured = detail > TEXTURED
    if not textured.any():
        return 0.0
    return float(np.percentile(taken[textured] / detail[textured], SHARP_TILES))


def _tile_means(values: NDArray[np.float32]) -> NDArray[np.float32]:
    rows, columns = (max(1, side // TILE) for side in values.shape)
    high, wide = values.shape[0] // rows, values.shape[1] // columns
    tiles = values[: rows * high, : columns * wide]
    means: NDArray[np.float32] = tiles.reshape(rows, high, columns, wide).mean((1, 3))
    return means


def _page_share(bgr: Pixels) -> float:
    """Share of tiles with writing: grey, light ground, thin dark strokes, no skin."""
    lightness, *colours = cv2.split(
        cv2.cvtColor(bgr.astype(np.float32) / 255, cv2.COLOR_BGR2LAB)
    )
    reach = (STROKE_REACH, STROKE_REACH)
    nib = cv2.getStructuringElement(cv2.MORPH_RECT, reach)
    ground = cv2.morphologyEx(lightness, cv2.MORPH_CLOSE, nib)
    chroma = np.hypot(*(cv2.blur(colour, reach) for colour in colours))
    strokes = (ground - lightness > STROKE_DEPTH).astype(np.float32)
    ink, skin = _tile_means(strokes), _tile_means(_skin_coloured(bgr) * np.float32(1))
    written = (INKED[0] < ink) & (ink < INKED[1]) & (skin < SKIN_IN_TILE)
    light = _tile_means(ground.astype(np.float32))
    grey = _tile_means(chroma.astype(np.float32))
    return float((written & (light > LIGHT_GROUND) & (grey < GREY_GROUND)).mean())


def _skin_coloured(bgr: Pixels) -> NDArray[np.bool_]:
    """Where both colour models find skin possible; very dark pixels never count."""
    ycrcb = cv2.inRange(
        cv2.cvtColor(bgr, cv2.COLOR_BGR2YCrCb),
        np.array((0, 133, 77)),
        np.array((255, 183, 135)),
    )
    hue, saturation, value = cv2.split(cv2.cvtColor(bgr, cv2.COLOR_BGR2HSV))
    reddish = (hue <= 25) | (hue >= 165)  # half degrees: 330° round to 50°
    return (ycrcb > 0) & reddish & (saturation >= 20) & (value >= 30)
