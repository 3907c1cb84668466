"""Noise, outlines and hairs: what drawn skin is made of. Arrays are height by width."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


# Always 32 bits when run; numpy's stubs take a Python float for a 64-bit one.
Plane = NDArray[np.floating[Any]]
Shape = tuple[int, int]

SPLINE_SPREAD = 0.479  # of a cubic B-spline surface over knots of spread 1


def cloud(rng: np.random.Generator, shape: Shape, cell: float) -> Plane:
    """Smooth noise, mean 0 and spread about 1; ``cell``: pixels between its hills."""
    height, width = shape
    rows, columns = (int(side / cell) + 4 for side in shape)
    grid = rng.standard_normal((rows, columns), dtype=np.float32)
    smooth = _spline(height, cell, rows) @ grid @ _spline(width, cell, columns).T
    spread: Plane = smooth / np.float32(SPLINE_SPREAD)
    return spread


def grain(rng: np.random.Generator, shape: Shape) -> Plane:
    """Noise of one pixel, spread 1: pores, dust and the camera's sensor."""
    height, width = shape
    # A tile rolled into place per band: drawing a million normals costs too much.
    tile = rng.standard_normal((min(height, 257), width), dtype=np.float32)
    bands = [
        np.roll(tile, int(rng.integers(width)), axis=1)
        for _ in range(-(-height // len(tile)))
    ]
    return np.concatenate(bands)[:height]


def pores(rng: np.random.Generator, shape: Shape) -> Plane:
    """Noise of three pixels, spread about 1."""
    fine = grain(rng, (shape[0] + 2, shape[1] + 2))
    rows = fine[:-2] + fine[1:-1] + fine[2:]
    smooth: Plane = (rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) / np.float32(3)
    return smooth


def furrows(rng: np.random.Generator, shape: Shape, spacing: float) -> Plane:
    """The criss-cross lines of skin: 0 on the plateaus, up to 1 in the lines."""
    y, x = grid(shape)
    bend = cloud(rng, shape, spacing * 5) * np.float32(1.4)
    other = cloud(rng, shape, spacing * 4) * np.float32(1.4)
    angle, lines = rng.uniform(0, np.pi), np.zeros(shape, np.float32)
    for turn, shift in ((0.0, bend), (1.1, other), (2.1, bend - other)):
        wave = np.pi / spacing
        down = np.float32(wave * np.sin(angle + turn)) * y
        across = np.float32(wave * np.cos(angle + turn)) * x
        line = 1 - np.abs(np.sin(across + down + shift))
        np.maximum(lines, line * line * line, out=lines)
    return lines


def honeycomb(rng: np.random.Generator, shape: Shape, spacing: float) -> Plane:
    """A pigment network: near 1 on its threads, near 0 in its holes."""
    y, x = grid(shape)
    bend, other = (cloud(rng, shape, spacing * 2.2) * np.float32(1.5) for _ in range(2))
    angle, total = rng.uniform(0, np.pi), np.zeros(shape, np.float32)
    for turn, shift in ((0.0, bend), (2 * np.pi / 3, other), (4 * np.pi / 3, -bend)):
        wave = 2 * np.pi / spacing
        down = np.float32(wave * np.sin(angle + turn)) * y
        total += np.cos(np.float32(wave * np.cos(angle + turn)) * x + down + shift)
    return step(0.9, -0.6, total)


def grid(shape: Shape) -> tuple[Plane, Plane]:
    """Row and column numbers, shaped to broadcast."""
    height, width = shape
    return (
        np.arange(height, dtype=np.float32)[:, None],
        np.arange(width, dtype=np.float32)[None, :],
    )


def step(start: float, end: float, values: Plane) -> Plane:
    """0 at ``start``, 1 at ``end``, a soft curve between and flat beyond."""
    share = np.clip((values - np.float32(start)) / np.float32(end - start), 0, 1)
    curve: Plane = share * share * (3 - 2 * share)
    return curve


def blob(
    rng: np.random.Generator,
    shape: Shape,
    centre: tuple[float, float],
    radius: float,
    irregular: float,
) -> Plane:
    """A lesion's outline: 1 inside, 0 outside, soft at the edge.

    ``centre``: row, column; ``radius`` in pixels; ``irregular``: 0 an oval, 1 a coast.
    """
    # Drawn in a window and laid in: a mole takes a hundredth of an arm's picture.
    reach = int(radius * (2.2 + irregular))
    top, left = (max(0, int(middle) - reach) for middle in centre)
    drawn = np.zeros(shape, np.float32)
    window = drawn[top : int(centre[0]) + reach, left : int(centre[1]) + reach]
    window[:] = _oval(
        rng, window.shape, (centre[0] - top, centre[1] - left), radius, irregular
    )
    return drawn


def _oval(
    rng: np.random.Generator,
    shape: Shape,
    centre: tuple[float, float],
    radius: float,
    irregular: float,
) -> Plane:
    y, x = grid(shape)
    angle, stretch = rng.uniform(0, np.pi), rng.uniform(1.0, 1.35)
    c, s = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    # Bending the paper, rather than moving the edge, gives lobes as lesions have them.
    bend = np.float32(radius * (0.06 + 0.3 * irregular))
    dy = y - np.float32(centre[0]) + bend * cloud(rng, shape, radius * 1.1)
    dx = x - np.float32(centre[1]) + bend * cloud(rng, shape, radius * 0.9)
    far = np.hypot(
        (c * dx + s * dy) / np.float32(stretch), (c * dy - s * dx) * np.float32(stretch)
    ) / np.float32(radius)
    coast = cloud(rng, shape, max(3.0, radius * 0.16)) * np.float32(0.045)
    return step(1.12, 0.9, far + coast)


def hairs(
    rng: np.random.Generator, shape: Shape, count: int, length: float, width: float
) -> Plane:
    """Curved hairs, 1 at the middle of each; ``length`` and ``width`` in pixels."""
    drawn = np.zeros(shape, np.float32)
    t = np.linspace(0, 1, max(8, int(length * 1.2)), dtype=np.float32)
    reach = int(np.ceil(width)) + 1
    near = np.arange(-reach, reach + 1)
    main = rng.uniform(0, np.pi)
    for _ in range(count):
        angle, bow = main + rng.normal(0, 0.5), rng.normal(0, 0.12) * length
        top, left = rng.uniform(0, shape[0]), rng.uniform(0, shape[1])
        bent = bow * 4 * t * (1 - t)
        y = top + np.sin(angle) * t * length + np.cos(angle) * bent
        x = left + np.cos(angle) * t * length - np.sin(angle) * bent
        _stamp(drawn, y, x, near, width * rng.uniform(0.7, 1.2) * (1 - 0.5 * t))
    return drawn


def _stamp(
    drawn: Plane, y: Plane, x: Plane, near: NDArray[np.int64], wide: Plane
) -> None:
    rows = np.round(y).astype(int)[:, None, None] + near[None, :, None]
    columns = np.round(x).astype(int)[:, None, None] + near[None, None, :]
    far = np.hypot(rows - y[:, None, None], columns - x[:, None, None])
    ink = np.clip(wide[:, None, None] / 2 + 0.5 - far, 0, 1).astype(np.float32)
    inside = (rows >= 0) & (rows < drawn.shape[0])
    inside = inside & (columns >= 0) & (columns < drawn.shape[1])
    rows, columns = np.broadcast_arrays(rows, columns)
    np.maximum.at(drawn, (rows[inside], columns[inside]), ink[inside])


def _spline(length: int, cell: float, knots: int) -> Plane:
    """Weights that spread ``knots`` values over ``length`` pixels (cubic B-spline)."""
    at = np.arange(length) / cell
    first = at.astype(int)
    t = at - first
    weights = (
        (1 - t) ** 3 / 6,
        (3 * t**3 - 6 * t**2 + 4) / 6,
        (-3 * t**3 + 3 * t**2 + 3 * t + 1) / 6,
        t**3 / 6,
    )
    spread = np.zeros((length, knots), np.float32)
    for offset, weight in enumerate(weights):
        spread[np.arange(length), first + offset] = weight
    return spread
