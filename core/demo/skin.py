"""Skin pictures for the demo, drawn from nothing: no patient was ever photographed."""

import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.demo.looks import LOOKS, TONES, Look, Pattern
from core.demo.texture import (
    Plane,
    Shape,
    blob,
    cloud,
    furrows,
    grain,
    grid,
    hairs,
    honeycomb,
    pores,
    step,
)
from core.demo.tools import Overlay, dermatoscope, ruler
from core.imaging.sanitise import encode_jpeg


PROBLEMS = tuple(LOOKS)
# Width of the frame, in millimetres on the skin.
FRAME_MM = {
    "location": 260.0,
    "distribution": 260.0,
    "close_up_scale": 60.0,
    "close_up": 32.0,
    "dermoscopic": 15.0,
}
VIEWS = tuple(FRAME_MM)
# Absorption of red, green and blue light by melanin and by blood.
MELANIN = (0.58, 0.82, 1.08)
BLOOD = (0.14, 0.78, 0.68)
LAMP = (0.96, 0.93, 0.90)
CLOTHS = (
    (0.35, 0.46, 0.58),
    (0.38, 0.52, 0.47),
    (0.55, 0.56, 0.58),
    (0.28, 0.34, 0.42),
)


@dataclass
class Sheet:
    """A picture in the making; every plane is height by width."""

    rng: np.random.Generator
    look: Look
    mm: float  # pixels per millimetre
    melanin: Plane
    blood: Plane
    light: Plane
    white: Plane  # share of scale lying on the skin
    gloss: Plane  # the lamp mirrored, of its own colour

    @property
    def shape(self) -> Shape:
        """Rows, columns."""
        height, width = self.melanin.shape
        return height, width


def draw(
    view: str,
    *,
    problem: str,
    tone: int,
    seed: int,
    size: tuple[int, int] = (1200, 900),
) -> bytes:
    """A JPEG of ``problem`` (one of PROBLEMS) on skin of Fitzpatrick ``tone`` 1 to 6.

    ``view``: one of VIEWS; ``size``: width, height in pixels. The same arguments give
    the same bytes. Raises KeyError for a view, problem or tone that is not drawn.
    """
    # The view and problem stir the seed, or all views would share their noise.
    stir = zlib.crc32(f"{view} {problem} {tone}".encode())
    rng = np.random.default_rng((seed, stir))
    sheet = _bare(rng, LOOKS[problem], TONES[tone], FRAME_MM[view], size)
    overlay = _compose(view, sheet)
    return encode_jpeg(_developed(sheet, overlay))


def _bare(
    rng: np.random.Generator,
    look: Look,
    tone: tuple[float, float],
    frame_mm: float,
    size: tuple[int, int],
) -> Sheet:
    width, height = size
    shape, mm = (height, width), width / frame_mm
    melanin, exposure = tone
    mottle, flush = cloud(rng, shape, width / 6), cloud(rng, shape, width / 9)
    freckle = cloud(rng, shape, max(9.0, mm * 1.5))
    y, x = grid(shape)
    slope = rng.uniform(-0.09, 0.09) * (y / height - 0.5)
    slope = slope + rng.uniform(-0.09, 0.09) * (x / width - 0.5)
    return Sheet(
        rng=rng,
        look=look,
        mm=mm,
        melanin=melanin * (1 + 0.07 * mottle + 0.04 * freckle),
        blood=0.19 + 0.03 * flush + 0.012 * freckle,
        light=exposure * rng.uniform(0.94, 1.02) * (1 + slope),
        white=np.zeros(shape, np.float32),
        gloss=np.zeros(shape, np.float32),
    )


def _compose(view: str, sheet: Sheet) -> Overlay | None:
    if view in ("location", "distribution"):
        return _overview(sheet)
    _relief(sheet)
    _problem(sheet, np.ones(sheet.shape, np.float32), dermoscopic=view == "dermoscopic")
    if view == "dermoscopic":
        _add_hair(sheet, int(sheet.rng.integers(0, 9)), 0.09)
        return dermatoscope(sheet.rng, sheet.shape, sheet.mm)
    _add_hair(sheet, int(sheet.rng.integers(0, 14)), 0.09)
    return ruler(sheet.rng, sheet.shape, sheet.mm) if view == "close_up_scale" else None


def _overview(sheet: Sheet) -> Overlay:
    """A limb or a back on a cloth, lit from one side, with the problem on it."""
    rng, (height, width) = sheet.rng, sheet.shape
    y, x = grid(sheet.shape)
    angle = rng.uniform(-0.25, 0.25)
    c, s = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    across = (y - height / 2) * c - (x - width / 2) * s
    along = ((x - width / 2) * c + (y - height / 2) * s) / width
    taper, swell = rng.uniform(0.15, 0.5), rng.uniform(0.02, 0.07)
    half = height * rng.uniform(0.3, 0.4) * (1 - taper * along)
    half = half * (1 + swell * np.sin(along * 6 + rng.uniform(0, 6)))
    side = across / half
    inside = step(1.012, 0.995, np.abs(side))
    roundness = np.sqrt(np.clip(1.02 - (side + rng.uniform(-0.15, 0.15)) ** 2, 0.03, 1))
    sheet.light *= 0.42 + 0.62 * roundness
    _relief(sheet)
    _problem(sheet, step(0.92, 0.7, np.abs(side)), dermoscopic=False)
    _add_hair(sheet, int(rng.integers(10, 60)), 0.25)
    shadow = 1 - 0.45 * step(1.5, 0.98, np.abs(side - np.float32(0.06)))
    return _cloth(rng, sheet.shape, 1 - inside, shadow)


def _cloth(
    rng: np.random.Generator, shape: Shape, cover: Plane, shadow: Plane
) -> Overlay:
    y, x = grid(shape)
    weave = 0.012 * (np.sin(x * np.float32(2.1)) + np.sin(y * np.float32(2.1)))
    folds = 0.05 * cloud(rng, shape, shape[1] / 5)
    level = shadow * (1 + folds + weave + 0.015 * grain(rng, shape))
    colour = CLOTHS[int(rng.integers(len(CLOTHS)))]
    return Overlay(cover, tuple(np.float32(part) * level for part in colour))


def _relief(sheet: Sheet) -> None:
    """Furrows, pores and gloss; the gloss shows most on dark skin, as it does in life."""
    rng, shape = sheet.rng, sheet.shape
    lines = furrows(rng, shape, max(5.0, sheet.mm * 0.42))
    fine = pores(rng, shape)
    sheet.light *= 1 - 0.075 * lines + 0.022 * fine
    shine = cloud(rng, shape, shape[1] / 7)
    # A twentieth of the skin, wherever the hills of this seed happen to be.
    start = float(np.quantile(shine[::8, ::8], 0.7))
    spots = step(start, start + 1.6, shine) * (1 - lines) * step(-0.5, 2.0, fine)
    sheet.gloss = (0.12 + 0.3 * float(sheet.melanin.mean())) * spots


def _problem(sheet: Sheet, where: Plane, *, dermoscopic: bool) -> None:
    mask = _rash(sheet) if sheet.look.cover else _lesion(sheet, dermoscopic)
    mask = mask * where
    look, rng, shape = sheet.look, sheet.rng, sheet.shape
    size = max(6.0, look.width_mm * sheet.mm)
    patches = cloud(rng, shape, max(12.0, size * 0.3))
    wild = np.maximum(1 + 0.5 * look.variegated * patches, 0.45)
    pigment = look.melanin * wild
    if dermoscopic:
        pigment = pigment * _pattern(sheet)
    rim = 4 * mask * (1 - mask)  # inflamed skin runs a little past the edge
    sheet.melanin = np.maximum(sheet.melanin + mask * pigment, 0.02)
    sheet.blood += mask * look.blood * (1 + 0.3 * patches) + 0.12 * look.blood * rim
    if look.scale:
        flakes = step(1.2 - 2.2 * look.scale, 2.6, cloud(rng, shape, sheet.mm + 5))
        flakes = flakes * (0.75 + 0.25 * pores(rng, shape))
        sheet.white = np.clip(mask * flakes * (0.4 + look.scale), 0, 0.85)


def _lesion(sheet: Sheet, dermoscopic: bool) -> Plane:
    rng, (height, width) = sheet.rng, sheet.shape
    reach = 0.03 if dermoscopic else 0.1
    centre = (
        height * (0.5 + rng.uniform(-reach, reach)),
        width * (0.5 + rng.uniform(-reach, reach)),
    )
    radius = sheet.look.width_mm * sheet.mm / 2 * rng.uniform(0.8, 1.25)
    # Wider than a third of the frame, a lesion would hide its own border.
    radius = min(max(radius, 5.0), 0.36 * height)
    return blob(rng, sheet.shape, centre, radius, sheet.look.irregular)


def _rash(sheet: Sheet) -> Plane:
    rng, shape, look = sheet.rng, sheet.shape, sheet.look
    patch = min(max(6.0, look.width_mm * sheet.mm), shape[1] / 3)
    hills = cloud(rng, shape, patch * 0.8)
    hills += (0.15 + 0.25 * look.irregular) * cloud(rng, shape, patch * 0.2)
    level = float(np.quantile(hills[::8, ::8], 1 - look.cover))
    return step(level - 0.12, level + 0.3, hills)


def _pattern(sheet: Sheet) -> Plane:
    rng, shape, mm = sheet.rng, sheet.shape, sheet.mm
    if sheet.look.pattern is Pattern.NETWORK:
        return 0.55 + 0.75 * honeycomb(rng, shape, max(6.0, mm * 0.28))
    if sheet.look.pattern is Pattern.DOTS:
        return 0.75 + 1.3 * step(1.1, 1.7, cloud(rng, shape, max(3.0, mm * 0.16)))
    return 1 + 0.12 * cloud(rng, shape, max(4.0, mm * 0.5))


def _add_hair(sheet: Sheet, count: int, width_mm: float) -> None:
    wide = max(1.1, width_mm * sheet.mm)
    length = min(sheet.shape[1] * 0.5, 14 * sheet.mm)
    strands = hairs(sheet.rng, sheet.shape, count, length, wide)
    sheet.melanin += sheet.rng.uniform(0.7, 1.8) * strands


def _developed(sheet: Sheet, overlay: Overlay | None) -> NDArray[np.uint8]:
    noise = 0.01 * grain(sheet.rng, sheet.shape)
    picture = np.empty((*sheet.shape, 3), np.uint8)
    for channel in range(3):
        depth = sheet.melanin * np.float32(MELANIN[channel])
        depth += sheet.blood * np.float32(BLOOD[channel])
        level = np.exp(-depth) * sheet.light * np.float32(LAMP[channel])
        level += sheet.white * (np.float32(0.86) * sheet.light - level)
        level += sheet.gloss
        if overlay:
            level += overlay.cover * (overlay.colour[channel] - level)
        picture[..., channel] = np.clip((level + noise) * 255, 0, 250)
    return picture
