"""What lies over the skin in a picture: a ruler, a dermatoscope's rim and ticks."""

from dataclasses import dataclass

import numpy as np

from core.demo.texture import Plane, Shape, cloud, grid, step


# Five rows of three dots.
GLYPHS = {
    "0": "111101101101111",
    "1": "010110010010111",
    "2": "111001111100111",
    "3": "111001111001111",
    "4": "101101111001001",
    "5": "111100111001111",
    "6": "111100111101111",
    "7": "111001010010010",
    "8": "111101111101111",
    "9": "111101111001111",
}


@dataclass(frozen=True)
class Overlay:
    """``cover``: 0 shows the skin, 1 the overlay; ``colour``: red, green, blue, 0 to 1."""

    cover: Plane
    colour: tuple[Plane, ...]


def ruler(rng: np.random.Generator, shape: Shape, mm: float) -> Overlay:
    """A paper ruler along the lower edge; ``mm``: pixels per millimetre."""
    top = int(shape[0] * rng.uniform(0.8, 0.84))
    y, x = grid(shape)
    at = (x / np.float32(mm) + np.float32(rng.uniform(0, 1))).astype(np.float32)
    number = np.round(at)
    near = np.abs(at - number) * np.float32(mm)
    stroke = np.clip(max(0.8, mm * 0.07) + 0.5 - near, 0, 1)
    tens, fives = number % 10 == 0, number % 5 == 0
    length = np.where(tens, 5.0, np.where(fives, 3.6, 2.4)) * mm
    ink = stroke * (y - top < length)
    _number(ink, top, at[0], mm)
    cover = np.broadcast_to(step(top - 1.0, top + 0.5, y), shape).astype(np.float32)
    paper = 0.88 + 0.012 * cloud(rng, shape, 40) - 0.05 * step(top + 3.0, top, y)
    level = (paper * (1 - 0.82 * ink)).astype(np.float32)
    return Overlay(cover, (level, level * np.float32(0.99), level * np.float32(0.96)))


def _number(ink: Plane, top: int, at: Plane, mm: float) -> None:
    """Write the centimetres below their ticks."""
    dot = max(1, round(mm * 0.3))
    first = int(np.ceil(at[0] / 10))
    for count in range(first, int(at[-1] // 10) + 1):
        glyph = np.array(list(GLYPHS[str(count % 10)]), dtype=np.float32)
        shape = np.kron(glyph.reshape(5, 3), np.ones((dot, dot), np.float32))
        row = top + round(5.4 * mm)
        column = round((count * 10 - float(at[0])) * mm) - shape.shape[1] // 2
        room = ink[row : row + shape.shape[0], max(0, column) : column + shape.shape[1]]
        if room.shape == shape.shape:
            room[:] = np.maximum(room, shape)


def dermatoscope(rng: np.random.Generator, shape: Shape, mm: float) -> Overlay:
    """A round field with half-millimetre ticks; now and then bubbles in the gel."""
    height, width = shape
    y, x = grid(shape)
    far = np.hypot(
        y - np.float32(height * rng.uniform(0.49, 0.51)),
        x - np.float32(width * rng.uniform(0.49, 0.51)),
    )
    radius = min(height, width) * 0.485
    cover, level = step(radius - 2, radius + 4, far), np.full(shape, 0.02, np.float32)
    if rng.random() < 0.4:
        _bubbles(rng, cover, level, radius)
    ticks = _ticks(shape, mm)
    cover = np.maximum(cover, ticks * step(radius, radius - 8, far))
    return Overlay(cover, (level, level, level))


def _ticks(shape: Shape, mm: float) -> Plane:
    """A scale across the field at nine tenths of its height."""
    height, width = shape
    y, x = grid(shape)
    at = (x - width / 2) / np.float32(mm / 2)
    number = np.round(at)
    near = np.abs(at - number) * np.float32(mm / 2)
    long = np.where(number % 10 == 0, 1.1, np.where(number % 2 == 0, 0.7, 0.4)) * mm
    base = height * 0.88
    stroke = np.clip(max(1.0, mm * 0.016) + 0.5 - near, 0, 1)
    drawn = stroke * ((y > base - long) & (y <= base)) * (np.abs(at) <= 10)
    ticks: Plane = (0.85 * drawn).astype(np.float32)
    return ticks


def _bubbles(
    rng: np.random.Generator, cover: Plane, level: Plane, radius: float
) -> None:
    """Rings, bright on the lamp's side. Draws into both planes."""
    height, width = cover.shape
    for _ in range(int(rng.integers(1, 6))):
        size = radius * rng.uniform(0.02, 0.06)
        turn, out = rng.uniform(0, 2 * np.pi), radius * rng.uniform(0.55, 0.9)
        row, column = height / 2 + out * np.sin(turn), width / 2 + out * np.cos(turn)
        reach = int(size * 1.4)
        top, left = max(0, int(row) - reach), max(0, int(column) - reach)
        window = np.s_[top : int(row) + reach, left : int(column) + reach]
        y, x = grid(cover[window].shape)
        y, x = y + np.float32(top - row), x + np.float32(left - column)
        ring = step(size * 0.22, 0, np.abs(np.hypot(y, x) - np.float32(size)))
        lit = ring * step(-size, size, -(x + y) / np.float32(1.4))
        cover[window] = np.maximum(cover[window], 0.75 * ring)
        level[window] = np.maximum(level[window], 0.88 * lit)
